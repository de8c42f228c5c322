//! Reads what it sees.

use exports::sets::views::reader::{Guest, Spread, View};
use resources::log;

wit_bindgen::generate!({
    path: ["items", "views"],
    world: "sets:views/plain-reader",
    generate_all,
});

struct Reader;

impl Guest for Reader {
    fn read(View { item, note }: View<'_>) -> String {
        log!("reader: read, {note}");
        format!("{} ({note})", item.label())
    }

    fn read_both(Spread { left, right, hidden }: Spread<'_>) -> (String, Option<String>) {
        log!("reader: read-both, {hidden}");
        (Self::read(left), right.filter(|_| !hidden).map(Self::read))
    }
}

export!(Reader);
