//! Keeps items of one package in cards of another, in a resource of its own.

use std::cell::RefCell;

use exports::library::cards::cards::Card;
use exports::library::catalog::catalog::{self, Guest, GuestCatalog};
use resources::{Name, log};
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "packages/cards", "packages/library"],
    world: "library:catalog/librarian",
    generate_all,
});

struct Librarian;

struct Catalog {
    name: Name,
    cards: RefCell<Vec<Card>>,
}

impl Guest for Librarian {
    type Catalog = Catalog;
}

impl GuestCatalog for Catalog {
    fn new() -> Catalog {
        let name = Name::new("librarian: catalog");
        log!("{name} is made");
        Catalog { name, cards: RefCell::default() }
    }

    fn add(&self, item: Item) -> u32 {
        log!("{}.add({})", self.name, item.label());
        let mut cards = self.cards.borrow_mut();
        let number = cards.last().map_or(1, |card| card.number + 1);
        cards.push(Card { number, item });
        number
    }

    fn take(&self, number: u32) -> Option<Card> {
        log!("{}.take({number})", self.name);
        let mut cards = self.cards.borrow_mut();
        let index = cards.iter().position(|card| card.number == number)?;
        Some(cards.remove(index))
    }

    fn renew(catalog: catalog::Catalog) -> (catalog::Catalog, Vec<Card>) {
        let old = catalog.into_inner::<Catalog>();
        log!("librarian: renew({})", old.name);
        (catalog::Catalog::new(<Catalog as GuestCatalog>::new()), old.cards.take())
    }
}

export!(Librarian);
