//! Passes on what it sees, with another note.

use exports::sets::views::reader::{Guest, Spread, View};
use resources::log;
use sets::views::reader as inner;

wit_bindgen::generate!({
    path: ["items", "views"],
    world: "sets:views/editor",
    generate_all,
});

struct Editor;

impl Guest for Editor {
    fn read(View { item, note }: View<'_>) -> String {
        log!("editor: read, {note}");
        item.rename(&format!("{}*", item.label()));
        inner::read(&inner::View { item, note: note + ", edited" })
    }

    fn read_both(Spread { left, right, hidden }: Spread<'_>) -> (String, Option<String>) {
        log!("editor: read-both, {hidden}");
        let again = inner::View { item: left.item, note: "again".into() };
        let first = Self::read(left);
        (first + ", " + &inner::read(&again), right.map(Self::read))
    }
}

export!(Editor);
