//! The page of the book, and its charts.

use std::fmt::Write;
use std::process::Command;

use crate::chart;
use crate::fuser::{Cost as FuserCost, Sandboxed};
use crate::growth::{Curve, Point};
use crate::handles::Phase;
use crate::meld::{Composition, Meld};
use crate::strings::Cost as StringCost;
use crate::tasks::Call;
use crate::works::{IN_NODE, Work};

/// All that was measured.
pub struct Book {
    pub works: Vec<Work>,
    pub in_node: Option<InNode>,
    pub handles: Vec<Phase>,
    pub tasks: Vec<Call>,
    pub strings: Vec<StringCost>,
    pub starts: Vec<(&'static str, f64)>,
    /// The forms, and the size of each.
    pub sizes: Vec<(&'static str, usize)>,
    pub fuser: Vec<FuserCost>,
    pub meld: Option<Meld>,
    pub growth: Vec<Curve>,
}

/// Works in Node.js: nanoseconds in the forms of [`IN_NODE`].
pub struct InNode {
    pub engine: String,
    pub works: Vec<(String, Vec<f64>)>,
}

/// The charts, by file name.
pub fn charts(book: &Book) -> Vec<(&'static str, String)> {
    let forms: Vec<_> = book.sizes.iter().map(|(name, _)| *name).collect();
    let groups: Vec<_> =
        book.works.iter().map(|work| (work.name.to_string(), work.times.clone())).collect();
    let works = chart::bars("Time of a work, as a share of the composition's", &forms, &groups);
    let ascii: Vec<_> = book.strings.iter().filter(|it| it.text == "ascii").collect();
    let axis: Vec<u32> = ascii.iter().map(|it| it.units).collect();
    let texts = ["ascii", "mixed"];
    let share = |text| {
        let costs = book.strings.iter().filter(move |it| it.text == text);
        costs.map(|it| it.times[2] / it.times[0]).collect::<Vec<_>>()
    };
    let shares: Vec<_> = texts.iter().map(|text| share(*text)).collect();
    let title = "A string of UTF-8, by its bytes: fused, as a share of the composition's time";
    let strings = chart::lines(title, &texts, &axis, &shares);
    let kinds: Vec<_> = book.growth.iter().map(|curve| curve.name).collect();
    let per_byte = |point: &Point| point.fuse / point.bytes as f64;
    let shares = |curve: &Curve| {
        let first = curve.points.first().map_or(1.0, per_byte);
        curve.points.iter().map(|point| per_byte(point) / first).collect::<Vec<_>>()
    };
    let shares: Vec<_> = book.growth.iter().map(shares).collect();
    let title = "The fuser's time for a byte, from small to large, as a share of the smallest's";
    let growth = chart::lines(title, &kinds, &[1, 2, 3, 4, 5], &shares);
    vec![("works.svg", works), ("strings.svg", strings), ("growth.svg", growth)]
}

/// The page.
pub fn page(book: &Book) -> String {
    let mut page = String::from(
        "# Benchmarks\n\n\
         Written by `make bench`. What is compared runs in turns in one process, so ratios say more than \
         times: they come first, and below 1 the fused form is the faster one. Each time is the least of \
         many rounds: what else the machine does makes none shorter.\n\n",
    );
    let _ = writeln!(page, "{}\n", machine());
    page.push_str(&works(&book.works, &book.sizes, book.in_node.as_ref()));
    page.push_str(&handles(&book.handles));
    page.push_str(&calls(&book.tasks));
    strings(&book.strings, &mut page);
    starts(book, &mut page);
    page.push_str(&fuser(&book.fuser));
    page.push_str(&meld(book.meld.as_ref()));
    page.push_str(&growth(&book.growth));
    page
}

/// The tables of whole works.
pub fn works(works: &[Work], sizes: &[(&str, usize)], in_node: Option<&InNode>) -> String {
    let mut page = String::new();
    let names: Vec<_> = sizes.iter().map(|(name, _)| *name).collect();
    let at = |name: &str| names.iter().position(|it| *it == name);
    let _ = writeln!(
        page,
        "## Works\n\n\
         The guests are in `examples/bench/guests`: two components, one of which calls the other. *static* is the \
         same sources, linked by the compiler, without a boundary: nothing is allocated or copied there, \
         as it has to be between two memories. *split* and *single* are `--memory split` and `single`, \
         *optimised* is `-O`.\n\n\
         ![Times of the works in each form](benchmarks/works.svg)\n"
    );
    let _ = writeln!(page, "| work | fused / composed | fused / static | {} |", names.join(" | "));
    let _ = writeln!(page, "|---|---|---|{}", "---|".repeat(names.len()));
    for work in works {
        let ratio = |of: &str| match (at("fused"), at(of)) {
            (Some(fused), Some(of)) => format!("{:.2}", work.times[fused] / work.times[of]),
            _ => String::new(),
        };
        let times: Vec<_> = work.times.iter().map(|time| duration(*time)).collect();
        let (composed, linked) = (ratio("composed"), ratio("static"));
        let _ =
            writeln!(page, "| {} | **{composed}** | {linked} | {} |", work.what, times.join(" | "));
    }
    page.push_str(
        "\nA profiler says what is left. Of the text, 39 % of the time is guests' own work, 49 % is their \
         `realloc`, `free` and `memory.copy`, which a token costs three times, and 12 % is crossing: reading and \
         checking an element, allocating, copying its text. Of the JSON, that is 64, 25 and 11 %. If crossing took \
         no time at all, they would take 0.60 and 0.73 of composed, and 1.8 and 1.3 of static.\n",
    );
    let Some(in_node) = in_node else {
        page.push('\n');
        return page;
    };
    let _ = writeln!(page, "\nThe same in {}, through jco:\n", in_node.engine);
    let _ = writeln!(page, "| work | {0} / composed | {1} |", IN_NODE[1], IN_NODE.join(" | "));
    let _ = writeln!(page, "|---|---|{}", "---|".repeat(IN_NODE.len()));
    for (name, times) in &in_node.works {
        let what = works.iter().find(|work| work.name == name).map_or("", |work| work.what);
        let ratio = times.get(1).zip(times.first()).map_or(f64::NAN, |(fused, it)| fused / it);
        let times: Vec<_> = times.iter().map(|time| duration(*time)).collect();
        let _ = writeln!(page, "| {what} | **{ratio:.4}** | {} |", times.join(" | "));
    }
    page.push('\n');
    page
}

/// The table of handles.
pub fn handles(phases: &[Phase]) -> String {
    let mut page = String::new();
    let _ = writeln!(
        page,
        "## Handles\n\n\
         A resource's handle, with a destructor, and with one more guest that it is passed to. Wasmtime's \
         support of concurrency makes the composition's crossings dearer.\n\n\
         | | concurrency | fused / composed | composed | fused |\n|---|---|---|---|---|"
    );
    for Phase { name, has_concurrency, composed, fused } in phases {
        let with = if *has_concurrency { "with" } else { "without" };
        let _ = writeln!(
            page,
            "| {name} | {with} | **{:.2}** | {} | {} |",
            fused / composed,
            duration(*composed),
            duration(*fused)
        );
    }
    page.push('\n');
    page
}

/// The table of calls of `async` functions.
pub fn calls(calls: &[Call]) -> String {
    let mut page = String::from(
        "## Calls of `async` functions\n\n\
         Of a function with a callback, from one guest to another: what waits has a turn, and returns then. \
         Fused, the module keeps the tasks.\n\n\
         | | fused / composed | composed | fused | optimised |\n|---|---|---|---|---|\n",
    );
    for Call { name, composed, fused, optimised } in calls {
        let _ = writeln!(
            page,
            "| {name} | **{:.3}** | {} | {} | {} |",
            fused / composed,
            duration(*composed),
            duration(*fused),
            optimised.map_or_else(String::new, duration)
        );
    }
    page.push('\n');
    page
}

fn strings(costs: &[StringCost], page: &mut String) {
    let _ = writeln!(
        page,
        "## Strings\n\n\
         One string of UTF-8 for a callee with UTF-8, by its bytes; and *listed*, one in a `list` of 16 records, \
         each of a number and a string. *wide* is Japanese. `bench strings` prints all pairs of encodings.\n\n\
         ![A string's time by its length](benchmarks/strings.svg)\n\n\
         | text | bytes | fused / composed | without vectors | listed | without vectors | composed | fused |\n\
         |---|---|---|---|---|---|---|---|"
    );
    for StringCost { text, units, times: [composed, scalar, simd], listed } in costs {
        let _ = writeln!(
            page,
            "| {text} | {units} | **{:.2}** | {:.2} | **{:.2}** | {:.2} | {} | {} |",
            simd / composed,
            scalar / composed,
            listed[2] / listed[0],
            listed[1] / listed[0],
            duration(*composed),
            duration(*simd)
        );
    }
    page.push_str(
        "\nWithout vectors, what is long and ASCII is copied by one instruction, 2 KiB at a time, and looked at eight \
         bytes at a time while it is near. And Latin-1 to UTF-16 takes three to five times as long as composed, where \
         native code makes units of sixteen bytes at a time: without vectors it is four, in more steps.\n\n",
    );
}

fn starts(book: &Book, page: &mut String) {
    let _ = writeln!(
        page,
        "## Size and instantiation\n\n\
         Of the works' component, names included; to instantiate is what it takes once it is compiled.\n\n\
         | form | size / composed | bytes | instantiation / composed | instantiation |\n\
         |---|---|---|---|---|"
    );
    let (first, start) = (book.sizes[0].1 as f64, book.starts[0].1);
    for ((name, size), (_, time)) in book.sizes.iter().zip(&book.starts) {
        let _ = writeln!(
            page,
            "| {name} | **{:.2}** | {size} | **{:.2}** | {} |",
            *size as f64 / first,
            time / start,
            duration(time * 1e3)
        );
    }
    page.push_str(
        "\nWhat there is to a size: guests' code, which is 131 kB of the composition and cannot be removed without an \
         optimiser, their data, 31 kB, and names, of which each says whose function it is, 28 kB: `--names drop` gives \
         0.81. Adapters and what the runtime needs are 13 kB of code.\n\n\
         A profiler says that an instance is mostly what the kernel does for its memories: each is mapped, \
         protected and unmapped, which takes a seventh of an instantiation, and two thirds of that if there is a page \
         to be protected. The fused form has three: one for each guest, and one without a page at first, for \
         handles and what goes to the host and back with handles in it. In one memory, what guests begin with lies far \
         apart, and is copied where it would be mapped.\n",
    );
    page.push('\n');
}

/// What fusing costs.
pub fn fuser(costs: &[FuserCost]) -> String {
    let mut page = String::new();
    let _ = writeln!(
        page,
        "## Fusing\n\n\
         The library, native, against one validation of the same bytes by `wasmparser`, in one thread. \
         *Memory* is what a process needs more at some time than before it reads the input, as a multiple \
         of the input.\n\n\
         | input | bytes | fusing / validation | memory | validation | fusing |\n|---|---|---|---|---|---|"
    );
    let multiple = |peak: usize, bytes: usize| format!("{:.1}", peak as f64 / bytes as f64);
    for FuserCost { what, bytes, validate, fuse, peak, .. } in costs {
        let _ = writeln!(
            page,
            "| {what} | {bytes} | **{:.2}** | {} | {} | {} |",
            fuse / validate,
            peak.map_or(String::new(), |peak| multiple(peak, *bytes)),
            duration(validate * 1e6),
            duration(fuse * 1e6)
        );
    }
    page.push_str(
        "\nA profiler says where instructions go. Of a large input, validation takes 70 % of them, and what it notes \
         for merging on the way 13; copying bodies takes 5, decisions and what else is written 9, and \
         validating the result, in which those bodies are not validated again, 2. Of a small one, validation takes 39 %, and notes 5; \
         generating adapters takes 8, merging 22, of which half is writing, and validating what was generated and \
         the result 10; the rest is in many places: decoding, the graph, decisions, the boundary, and the report.\n",
    );
    if costs.iter().all(|cost| cost.sandbox.is_none()) {
        return page + "\n";
    }
    let _ = writeln!(
        page,
        "\nThe component, in wasmtime, against its own `link`, which validates a single input, with the notes \
         that fusing takes on the way, and passes it on.\n\n\
         | input | fusing / linking | memory | linking | fusing |\n|---|---|---|---|---|"
    );
    for FuserCost { what, bytes, sandbox, .. } in costs {
        let Some(Sandboxed { link, fuse, peak }) = sandbox else { continue };
        let _ = writeln!(
            page,
            "| {what} | **{:.2}** | {} | {} | {} |",
            fuse / link,
            multiple(*peak, *bytes),
            duration(link * 1e6),
            duration(fuse * 1e6)
        );
    }
    page + "\n"
}

/// An error as it is on any machine, to be put between backticks: without paths.
fn anywhere(error: &str) -> String {
    let words = error.split(' ').map(|word| if word.starts_with('/') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").replace('`', "'")
}

/// What another fuser makes of compositions.
pub fn meld(meld: Option<&Meld>) -> String {
    let mut page = String::from("## Another fuser\n\n");
    let Some(Meld { version, compositions, works }) = meld else {
        return page + "`meld` is not installed here: nothing is compared with it.\n\n";
    };
    let time = compositions.first().and_then(|it| it.time).map_or(String::new(), |time| {
        format!(" It takes {} for the works, with the start of the process.", duration(time * 1e6))
    });
    let _ = writeln!(
        page,
        "{version}, which is given what we are given: the composition in one file, for a component. What it writes \
         is compared where it does what the composition does.{time}\n\n\
         | composition | with names: fused / meld | fused | meld | without: fused / meld | fused | meld | composed |\n\
         |---|---|---|---|---|---|---|---|"
    );
    for Composition { name, composed, fused, meld, .. } in compositions {
        let Ok(meld) = meld else { continue };
        let sizes = |fused: usize, meld: usize| {
            format!("**{:.2}** | {fused} | {meld}", fused as f64 / meld as f64)
        };
        let named = sizes(fused.named, meld.named);
        let nameless = sizes(fused.nameless, meld.nameless);
        let _ = writeln!(page, "| {name} | {named} | {nameless} | {composed} |");
    }
    let failed = compositions.iter().filter_map(|it| Some((&it.name, it.meld.as_ref().err()?)));
    let failed: Vec<_> =
        failed.map(|(name, error)| format!("- {name}: `{}`\n", anywhere(error))).collect();
    if !failed.is_empty() {
        let _ = write!(
            page,
            "\nThe others it does not fuse, or not to what does the same:\n\n{}",
            failed.concat()
        );
    }
    match works {
        Err(error) => {
            let _ = writeln!(page, "\nIt does not do the works: `{}`.", anywhere(error));
        }
        Ok(works) => {
            page.push_str(
                "\n| work | fused / meld | composed | fused | meld |\n|---|---|---|---|---|\n",
            );
            for work in works {
                let [composed, fused, meld] = [0, 1, 2].map(|form| work.times[form]);
                let _ = writeln!(
                    page,
                    "| {} | **{:.2}** | {} | {} | {} |",
                    work.what,
                    fused / meld,
                    duration(composed),
                    duration(fused),
                    duration(meld)
                );
            }
        }
    }
    page + "\n"
}

/// How the fuser's time grows.
pub fn growth(curves: &[Curve]) -> String {
    let mut page = String::from(
        "## Growth\n\n\
         Guests that do next to nothing, so that there is hardly any code: what components and crossings \
         cost.\n\n\
         ![The fuser's time for a byte of input](benchmarks/growth.svg)\n\n\
         | input | size | bytes | fusing / validation | validation | fusing | fusing, for each |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for Curve { name, what, points } in curves {
        for Point { size, bytes, validate, fuse } in points {
            let _ = writeln!(
                page,
                "| *{name}*: {what} | {size} | {bytes} | **{:.2}** | {} | {} | {} |",
                fuse / validate,
                duration(validate * 1e6),
                duration(fuse * 1e6),
                duration(fuse * 1e6 / f64::from(*size))
            );
        }
    }
    page
}

/// What it was measured on.
fn machine() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?.to_string();
        Some(line.split_once(':')?.1.trim().to_string())
    });
    let date = said("date", &["+%Y-%m-%d"]).unwrap_or_default();
    let lock = include_str!("../../Cargo.lock");
    let wasmtime = lock.split("name = \"wasmtime\"\nversion = \"").nth(1);
    let wasmtime = wasmtime.and_then(|text| text.split('"').next()).unwrap_or_default();
    format!(
        "{date}, wasm-fuser {}, wasmtime {wasmtime}, {}, {}.",
        env!("CARGO_PKG_VERSION"),
        said("rustc", &["--version"]).unwrap_or_default(),
        processor.unwrap_or_else(|| std::env::consts::ARCH.into()),
    )
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.1} ns"),
        ..1e6 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.2} ms", nanoseconds / 1e6),
    }
}
