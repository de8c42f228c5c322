//! Drafts a text, changes it meanwhile, and has both in the end.

use resources::{Run, log};
use sets::ownership::drafts::Draft;
use sets::ownership::texts::Text;

wit_bindgen::generate!({ path: "ownership", world: "runner" });

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let text = Text::new("It began");
        log!("runner: copied: {}", text.append(" thus."));
        let draft = Draft::new(&text);
        draft.write(" And");
        draft.write(" it never");
        log!("runner: undone: {}", draft.undo());
        draft.write(" ended.");
        log!("runner: copied: {}", text.append(" Or not."));

        let other = Draft::new(&text);
        log!("runner: undone: {}", other.undo());
        let untouched = Draft::commit(other);
        log!("runner: the same: {}", text.same(&untouched));
        log!("runner: the same as itself: {}", text.same(&text));
        drop(text);
        log!("runner: copied: {}", untouched.append("!"));

        let committed = Draft::commit(draft);
        log!("runner: {}", committed.read());
        log!("runner: {}", untouched.read());
        Ok(())
    }
}

resources::runner!(Runner);
