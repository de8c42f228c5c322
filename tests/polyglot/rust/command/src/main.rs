//! A command over a chain of languages: it prints what the first of them says of its arguments.

use polyglot::chain::words::{self, Note, Order};

wit_bindgen::generate!({ path: "../../wit", world: "command" });

fn main() {
    println!("{}", words::languages().join(" "));
    let words: Vec<String> = std::env::args().skip(1).collect();
    let text = words.join(" ");
    println!("{}", words::shout(&text));
    for word in words::count(&text, Order::Alphabetic) {
        println!("{} {} {:?} {:.3}", word.text, word.count, word.first, word.share);
    }
    println!("{:?} {:?}", words::longest(&words), words::look(&text));
    println!("{:?}", words::revise(&Note::Text(text.clone())));
    println!("{:?}", words::revise(&Note::Many(words)));
    println!("{}", words::sum(&[1.5, 2.25]));
    println!("{:?}", words::turn(text.as_bytes()));
}
