//! Sends items in all shapes, and says what comes back.

use resources::{Run, log};
use sets::aggregates::aggregates::{self as there, Choice, Pair, Views};
use shared::items::items::{self, Item};

wit_bindgen::generate!({
    path: ["items", "aggregates"],
    world: "sets:aggregates/runner",
    generate_all,
});

struct Runner;

fn item(label: &str) -> Item {
    Item::new(label)
}

fn labels(what: &str, all: &[&Item]) {
    log!("runner: {what}: {}", items::labels(all).join(", "));
}

impl Run for Runner {
    fn run() -> Result<(), ()> {
        let reversed = there::reverse(vec![item("a"), item("b"), item("c")]);
        labels("reversed", &reversed.iter().collect::<Vec<_>>());
        log!("runner: of none: {}", there::reverse(Vec::new()).len());

        log!("runner: nothing is {}", there::maybe(Some(item("maybe"))).is_none());
        let made = there::maybe(None).ok_or(())?;
        let label = there::flip(Ok(made)).map_err(drop)?;
        let made = there::flip(Err(label)).err().ok_or(())?;
        let (last, first, number) = there::rotate((made, 7, item("last")));
        labels(&format!("rotated {number}"), &[&last, &first]);
        let pair = there::swap(Pair { first, note: "a note".into(), second: last });
        labels(&pair.note, &[&pair.first, &pair.second]);

        let mut choice = Choice::Nothing;
        for _ in 0..4 {
            choice = there::next(choice);
        }
        if let Choice::One(item) = &choice {
            labels("chosen", &[item]);
        }
        there::next(choice);

        let views = Views { first: &pair.first, maybe: None, both: (&reversed[0], &reversed[0]) };
        log!("runner: seen: {}", there::look(&views, Ok(&pair.second)));
        let both = (&pair.second, &pair.first);
        let views = Views { first: &reversed[2], maybe: Some(&reversed[1]), both };
        log!("runner: seen: {}", there::look(&views, Err((3, &pair.second))));

        let deep = there::deep(vec![
            Some(("renamed".into(), Ok(item("deep")))),
            None,
            Some(("many".into(), Err(reversed))),
            Some(("none".into(), Err(Vec::new()))),
        ]);
        for (number, items) in deep.iter().enumerate() {
            labels(&format!("deep {number}"), &items.iter().collect::<Vec<_>>());
        }
        let fixed = there::fixed([pair.first, item("of three"), pair.second]);
        labels("fixed", &fixed.each_ref());

        let [a, b, c] = fixed;
        let first = Pair { first: a, note: "first".into(), second: b };
        let second = Pair { first: c, note: ", second".into(), second: item("d") };
        let many = Choice::Many(vec![item("e"), item("f")]);
        let (x, y) = (item("x"), item("y"));
        let views = Views { first: &x, maybe: Some(&y), both: (&x, &y) };
        let items = (item("h"), 9, item("i"));
        let (pair, others, seen) = there::all(first, many, second, Some(item("g")), items, &views);
        log!("runner: seen: {seen}");
        labels(&pair.note, &[&pair.first, &pair.second]);
        labels("others", &others.iter().collect::<Vec<_>>());
        Ok(())
    }
}

resources::runner!(Runner);
