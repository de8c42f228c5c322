//! Prints the log, for who wants to see it where no host keeps it.

use exports::resources::common::log::Guest;

wit_bindgen::generate!({ path: "wit", world: "printer" });

struct Printer;

impl Guest for Printer {
    fn write(line: String) {
        println!("{line}");
    }
}

export!(Printer);
