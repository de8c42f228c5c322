//! A draft has every state of a text, and gives one back in the end.

use std::cell::RefCell;

use exports::sets::ownership::drafts::{self, Guest, GuestDraft};
use resources::{Name, log};
use sets::ownership::texts::Text;

wit_bindgen::generate!({ path: "ownership", world: "editor" });

struct Editor;

struct Draft {
    name: Name,
    /// The last is the newest; there is always one.
    states: RefCell<Vec<Text>>,
}

impl Guest for Editor {
    type Draft = Draft;
}

impl GuestDraft for Draft {
    fn new(text: &Text) -> Draft {
        let name = Name::new("editor: draft");
        log!("{name} is made");
        Draft { name, states: RefCell::new(vec![text.share()]) }
    }

    fn write(&self, more: String) {
        log!("{}.write({more})", self.name);
        let mut states = self.states.borrow_mut();
        let next = states[states.len() - 1].share();
        next.append(&more);
        states.push(next);
    }

    fn undo(&self) -> bool {
        log!("{}.undo()", self.name);
        let mut states = self.states.borrow_mut();
        if states.len() > 1 {
            states.pop();
            return true;
        }
        false
    }

    fn commit(draft: drafts::Draft) -> Text {
        let Draft { name, states } = draft.into_inner::<Draft>();
        log!("editor: commit({name})");
        let mut states = states.into_inner();
        states.swap_remove(states.len() - 1)
    }
}

export!(Editor);
