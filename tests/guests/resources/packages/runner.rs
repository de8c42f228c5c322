//! Lends from a catalog, and lets it go with what is in it.

use library::catalog::catalog::Catalog;
use resources::{Run, log};
use shared::items::items::Item;

wit_bindgen::generate!({
    path: ["items", "packages/cards", "packages/library"],
    world: "library:catalog/runner",
    generate_all,
});

struct Runner;

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let catalog = Catalog::new();
        for label in ["atlas", "bible", "comic"] {
            log!("runner: number {}", catalog.add(Item::new(label)));
        }
        let card = catalog.take(2).ok_or(())?;
        log!("runner: {} is {}", card.number, card.item.label());
        log!("runner: once only: {}", catalog.take(2).is_none());

        let (renewed, cards) = Catalog::renew(catalog);
        for card in cards {
            log!("runner: again {}", renewed.add(card.item));
        }
        drop(renewed);
        log!("runner: {} is still here", card.item.label());
        Ok(())
    }
}

resources::runner!(Runner);
