//! Keeps numbers, and no resource.

use std::cell::RefCell;
use std::collections::BTreeMap;

use exports::sets::state::store::Guest;
use resources::log;

wit_bindgen::generate!({ path: "state", world: "store-keeper" });

struct StoreKeeper;

thread_local! {
    static STORE: RefCell<BTreeMap<u32, Vec<i32>>> = const { RefCell::new(BTreeMap::new()) };
}

fn with<T>(number: u32, act: impl FnOnce(&mut Vec<i32>) -> T) -> T {
    STORE.with_borrow_mut(|store| act(store.get_mut(&number).expect("it is open")))
}

impl Guest for StoreKeeper {
    fn open() -> u32 {
        STORE.with_borrow_mut(|store| {
            let number = store.last_key_value().map_or(10, |(last, _)| last + 10);
            log!("store: open() = {number}");
            store.insert(number, Vec::new());
            number
        })
    }

    fn push(number: u32, value: i32) {
        log!("store: push({number}, {value})");
        with(number, |values| values.push(value));
    }

    fn pop(number: u32) -> Option<i32> {
        let value = with(number, Vec::pop);
        log!("store: pop({number}) = {value:?}");
        value
    }

    fn close(number: u32) {
        let left = STORE.with_borrow_mut(|store| store.remove(&number)).expect("it is open");
        log!("store: close({number}) with {left:?}");
    }
}

export!(StoreKeeper);
