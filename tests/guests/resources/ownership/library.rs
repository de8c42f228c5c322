//! A text is a reference to what several may hold.

use std::cell::RefCell;
use std::rc::Rc;

use exports::sets::ownership::texts::{self, Guest, GuestText, TextBorrow};
use resources::{Name, log};

wit_bindgen::generate!({ path: "ownership", world: "library" });

struct Library;

struct Text {
    name: Name,
    content: RefCell<Rc<String>>,
}

impl Guest for Library {
    type Text = Text;
}

impl GuestText for Text {
    fn new(content: String) -> Text {
        let name = Name::new("library: text");
        log!("{name} is made: {content}");
        Text { name, content: RefCell::new(Rc::new(content)) }
    }

    fn share(&self) -> texts::Text {
        let name = Name::new("library: text");
        let content = self.content.clone();
        log!("{name} is {}: {} have it", self.name, Rc::strong_count(&content.borrow()));
        texts::Text::new(Text { name, content })
    }

    fn read(&self) -> String {
        log!("{}.read() = {}", self.name, self.content.borrow());
        self.content.borrow().to_string()
    }

    fn append(&self, more: String) -> bool {
        let mut content = self.content.borrow_mut();
        let copied = Rc::strong_count(&content) > 1;
        log!("{}.append({more}), copied: {copied}", self.name);
        Rc::make_mut(&mut content).push_str(&more);
        copied
    }

    fn same(&self, other: TextBorrow<'_>) -> bool {
        let other = other.get::<Text>();
        log!("{}.same({})", self.name, other.name);
        Rc::ptr_eq(&self.content.borrow(), &other.content.borrow())
    }
}

export!(Library);
