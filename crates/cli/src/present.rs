//! Results as text: `--explain`, `--report`, the graph of `inspect`, and errors.
//!
//! `--explain` prints the decisions as they are in the report and adds no judgement of its own:
//!
//! ```text
//! 2 crossings: 1 direct, 1 adapted by 212 bytes of code
//!
//! app -> words  demo:words/count
//!   count  direct           scalars only
//!   split  adapt     212 B  `text`: string, one memory.copy
//!
//! resource  owner   handles
//! cursor    words   internal: the boundary does not mention it
//! ```
//!
//! All of it is a function of the report alone, so that every host prints the same. It is made of
//! [`Lines`]: names of inputs in it are escaped, whatever they are. JSON has them as they are.

use std::collections::BTreeMap;

use super::style::{headings, labels};
use super::table::{Cell, counted, grouped, table};
use super::{FuseCommand, GraphFormat, LinkCommand, Presentation, Sink, Terminal, Written};
use wasm_fuser::options::DebugInfo;
use wasm_fuser::report::{
    Crossing, DebugSizes, EdgeKind, Fused, Graph, HandlePolicy, Node, NodeKind, Report,
    ResourceHandles, Strategy, Totals,
};
use wasm_fuser::text::{self, Lines, escaped};
use wasm_fuser::{Composition, Error};
use wasm_fuser_interface::{flag, flags};

/// What to write and print after `fuse` succeeded.
pub fn present_fused(command: &FuseCommand, fused: &Fused, terminal: Terminal) -> Presentation {
    let report = &fused.report;
    let mut files = Vec::new();
    if let Some(folder) = &command.shims {
        files.extend(fused.shims.iter().map(|shim| Written {
            sink: Sink::File(format!("{folder}/{}.wasm", shim.name)),
            replaces: true,
            bytes: shim.bytes.clone(),
        }));
    }
    if let Some(sink) = &command.report {
        let bytes = json(report).into_bytes();
        files.push(Written { sink: sink.clone(), replaces: false, bytes });
    }

    let stdout_is_taken = command.output == Sink::Stdout || command.report == Some(Sink::Stdout);
    let has_colors = if stdout_is_taken { terminal.error_colors } else { terminal.output_colors };
    let mut asked_for = String::new();
    if command.explain {
        let mut explained = Lines::default();
        if let Some(target) = &command.target {
            explained.line(format_args!("target {target}: {}", flags(&command.options)));
        }
        explained.append(&explain(report, terminal.columns));
        asked_for += &headings(&explained.into_text(), has_colors);
    }
    let mut dumped = Lines::default();
    for dump in &report.dumps {
        dumped.line(format_args!("# {}", dump.stage));
        dumped.line("");
        dumped.lines(dump.text.trim_end());
    }
    asked_for += &dumped.into_text();
    let mut said = Lines::default();
    warnings(&mut said, &report.warnings);
    if !command.quiet {
        notes(&mut said, &report.notes);
        debug_information(&mut said, command.options.debug, report);
        said.line(summary(&command.output, report));
    }
    let said = labels(&said.into_text(), terminal.error_colors);
    let (stdout, stderr) = match stdout_is_taken {
        true => (String::new(), asked_for + &said),
        false => (asked_for, said),
    };
    Presentation { stdout, stderr, files }
}

/// What to print after `link` succeeded.
pub fn present_linked(
    command: &LinkCommand,
    composition: &Composition,
    terminal: Terminal,
) -> String {
    let mut said = Lines::default();
    warnings(&mut said, &composition.warnings);
    if !command.quiet {
        notes(&mut said, &composition.notes);
    }
    labels(&said.into_text(), terminal.error_colors)
}

fn warnings(said: &mut Lines, warnings: &[String]) {
    warnings.iter().for_each(|warning| said.line(format_args!("warning: {warning}")));
}

fn notes(said: &mut Lines, notes: &[String]) {
    notes.iter().for_each(|note| said.line(format_args!("note: {note}")));
}

/// What to print after `inspect` succeeded.
pub fn present_graph(format: GraphFormat, graph: &Graph) -> String {
    match format {
        GraphFormat::Text => graph_text(graph).into_text(),
        GraphFormat::Json => json(graph),
        GraphFormat::Dot => graph_dot(graph).into_text(),
    }
}

/// An error with its place and what to do next.
pub fn present_error(error: &Error, terminal: Terminal) -> String {
    let text = format!("{}\n  see: wasm-fuser explain {}\n", error.worded(flag), error.code());
    labels(&text, terminal.error_colors)
}

fn json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value)
        .expect("records of strings and numbers can always be written as JSON");
    text.push('\n');
    text::json(&text)
}

/// One line on what was written.
fn summary(output: &Sink, report: &Report) -> String {
    let Report { before, after, crossings, .. } = report;
    let compiled = crossings.iter().filter(|crossing| crossing.strategy != Strategy::Engine);
    let output = match output {
        Sink::File(path) => path,
        Sink::Stdout => "standard output",
    };
    format!(
        "{output}: {} bytes from {}, {} from {}, {} compiled",
        grouped(after.bytes),
        grouped(before.bytes),
        counted(after.core_modules.into(), "core module"),
        before.core_modules,
        counted(compiled.count() as u64, "crossing"),
    )
}

/// A line on what debug information costs, and on how there can be less.
fn debug_information(said: &mut Lines, level: DebugInfo, report: &Report) {
    let DebugSizes { before, after } = report.debug;
    let less = match level {
        DebugInfo::Keep => "; `--debug lines` keeps less",
        DebugInfo::Lines | DebugInfo::Drop => "",
    };
    if after > 0 {
        let (before, after) = (grouped(before), grouped(after));
        said.line(format_args!("debug information: {after} bytes from {before}{less}"));
    }
}

/// Each crossing and each resource, in lines of so many characters if there is a limit.
fn explain(report: &Report, columns: Option<u32>) -> Lines {
    let mut text = Lines::default();
    let by = |strategy| report.crossings.iter().filter(move |it| it.strategy == strategy);
    let engine = match by(Strategy::Engine).count() {
        0 => String::new(),
        engine => format!(", {engine} by the engine"),
    };
    text.line(format_args!(
        "{}: {} direct, {} adapted by {} bytes of code{engine}",
        counted(report.crossings.len() as u64, "crossing"),
        by(Strategy::Direct).count(),
        by(Strategy::Adapt).count(),
        grouped(by(Strategy::Adapt).map(|crossing| u64::from(crossing.size)).sum()),
    ));
    for ((from, to, interface), crossings) in by_boundary(&report.crossings) {
        text.line("");
        text.line(format!("{from} -> {to}  {}", interface.unwrap_or_default()).trim_end());
        text.append(&crossings_table(&crossings, columns));
    }
    let mut section = |table: Lines| {
        text.line("");
        text.append(&table);
    };
    if !report.resources.is_empty() {
        section(resources_table(&report.resources, columns));
    }
    if report.blocks.len() > 1 {
        section(blocks_table(report, columns));
    }
    if !report.memories.is_empty() {
        section(memories_table(report));
    }
    section(totals_table(&report.before, &report.after));
    text.line("");
    text
}

/// Who calls whom, and through which interface.
type Boundary<'r> = (&'r str, &'r str, Option<&'r str>);

/// Crossings of one boundary together, in the order in which each boundary is first there.
fn by_boundary(crossings: &[Crossing]) -> Vec<(Boundary<'_>, Vec<&Crossing>)> {
    let mut groups: Vec<(Boundary<'_>, Vec<&Crossing>)> = Vec::new();
    let mut places = BTreeMap::new();
    for crossing in crossings {
        let Crossing { from, to, interface, .. } = crossing;
        let boundary = (&**from, &**to, interface.as_deref());
        let place = *places.entry(boundary).or_insert(groups.len());
        if place == groups.len() {
            groups.push((boundary, Vec::new()));
        }
        groups[place].1.push(crossing);
    }
    groups
}

fn crossings_table(crossings: &[&Crossing], columns: Option<u32>) -> Lines {
    let rows = crossings.iter().map(|crossing| {
        let (strategy, size) = match crossing.strategy {
            Strategy::Direct => ("direct", String::new()),
            Strategy::Adapt => ("adapt", format!("{} B", grouped(crossing.size.into()))),
            Strategy::Engine => ("engine", String::new()),
        };
        [
            Cell::Left(format!("  {}", crossing.function)),
            Cell::Left(strategy.into()),
            Cell::Right(size),
            Cell::Left(crossing.reason.clone()),
        ]
    });
    table(rows, columns)
}

fn blocks_table(report: &Report, columns: Option<u32>) -> Lines {
    let heading = ["module", "bytes", "has"].map(|name| Cell::Left(name.into()));
    let rows = report.blocks.iter().map(|block| {
        let bytes = match block.imported {
            true => "imported".into(),
            false => grouped(block.bytes),
        };
        [Cell::Left(block.name.clone()), Cell::Right(bytes), Cell::Left(block.reason.clone())]
    });
    table([heading].into_iter().chain(rows), columns)
}

fn resources_table(resources: &[ResourceHandles], columns: Option<u32>) -> Lines {
    let heading = ["resource", "owner", "handles"].map(|name| Cell::Left(name.into()));
    let rows = resources.iter().map(|resource| {
        let policy = match resource.policy {
            HandlePolicy::Internal => "internal",
            HandlePolicy::Passthrough => "passthrough",
            HandlePolicy::Bridged => "bridged",
        };
        [
            Cell::Left(resource.name.clone()),
            Cell::Left(resource.owner.clone().unwrap_or_else(|| "(the host)".into())),
            Cell::Left(format!("{policy}: {}", resource.reason)),
        ]
    });
    table([heading].into_iter().chain(rows), columns)
}

fn memories_table(report: &Report) -> Lines {
    let heading =
        ["memory", "module", "owner", "pages", "at most"].map(|name| Cell::Left(name.into()));
    let rows = report.memories.iter().map(|memory| {
        let owner = if memory.owner.is_empty() { "(the fuser's own)" } else { &memory.owner };
        [
            Cell::Right(memory.index.to_string()),
            Cell::Left(memory.module.clone()),
            Cell::Left(owner.into()),
            Cell::Right(grouped(memory.initial)),
            Cell::Right(memory.maximum.map_or_else(String::new, grouped)),
        ]
    });
    table([heading].into_iter().chain(rows), None)
}

fn totals_table(before: &Totals, after: &Totals) -> Lines {
    let heading = ["", "before", "after"].map(|name| Cell::Right(name.into()));
    let rows = rows(before).into_iter().zip(rows(after)).map(|((name, before), (_, after))| {
        [Cell::Left(name.into()), Cell::Right(grouped(before)), Cell::Right(grouped(after))]
    });
    table([heading].into_iter().chain(rows), None)
}

fn rows(totals: &Totals) -> [(&'static str, u64); 5] {
    let Totals { bytes, components, core_modules, core_instances, functions } = *totals;
    [
        ("bytes", bytes),
        ("components", components.into()),
        ("core modules", core_modules.into()),
        ("core instances", core_instances.into()),
        ("core functions", functions.into()),
    ]
}

fn graph_text(graph: &Graph) -> Lines {
    let mut text = Lines::default();
    for (name, count) in rows(&graph.totals) {
        text.line(format_args!("{name:<15}{:>12}", grouped(count)));
    }
    for (title, names) in [("imports", &graph.imports), ("exports", &graph.exports)] {
        text.line("");
        text.line(format_args!("{title}{}", if names.is_empty() { ": none" } else { "" }));
        for name in names {
            text.line(format_args!("  {name}"));
        }
    }
    text.line("");
    text.line("instances");
    for (depth, node) in tree(graph) {
        let what = match (node.kind, node.size) {
            (NodeKind::CoreInstance, Some(size)) => format!(" (core, {} bytes)", grouped(size)),
            (NodeKind::CoreInstance, None) => " (core)".into(),
            _ => String::new(),
        };
        text.line(format_args!("{:depth$}{}{what}", "", node.label));
    }
    for (title, kind) in [("crossings", EdgeKind::Crossing), ("boundary", EdgeKind::Boundary)] {
        let edges: Vec<_> = graph.edges.iter().filter(|edge| edge.kind == kind).collect();
        text.line("");
        text.line(format_args!("{title}{}", if edges.is_empty() { ": none" } else { "" }));
        for edge in edges {
            let (from, to) = (label(graph, edge.from), label(graph, edge.to));
            text.line(format_args!("  {from} -> {to}: {}", by_interface(&edge.labels)));
        }
    }
    text
}

/// Functions, each interface named once: `demo:words/count: count, split; log`.
fn by_interface(labels: &[String]) -> String {
    let mut text = String::new();
    let mut open = None;
    for label in labels {
        let (interface, function) = match label.split_once('#') {
            Some((interface, function)) => (Some(interface), function),
            None => (None, label.as_str()),
        };
        text += match (text.is_empty(), open == Some(interface)) {
            (true, _) => "",
            (false, true) => ", ",
            (false, false) => "; ",
        };
        if let Some(interface) = interface.filter(|_| open != Some(interface)) {
            text += interface;
            text += ": ";
        }
        open = Some(interface);
        text += function;
    }
    text
}

/// The instances with the columns to indent them by, each before what is in it.
fn tree(graph: &Graph) -> Vec<(usize, &Node)> {
    let instance = |node: &Node| match node.kind {
        NodeKind::ComponentInstance | NodeKind::CoreInstance => true,
        NodeKind::Imported | NodeKind::Exported => false,
    };
    let mut children = vec![Vec::new(); graph.nodes.len()];
    let mut stack = Vec::new();
    for (index, node) in graph.nodes.iter().enumerate().filter(|(_, node)| instance(node)) {
        match parent(node, index) {
            Some(parent) => children[parent].push(index),
            None => stack.push((2, index)),
        }
    }
    stack.reverse();
    let mut tree = Vec::new();
    while let Some((depth, index)) = stack.pop() {
        tree.push((depth, &graph.nodes[index]));
        stack.extend(children[index].iter().rev().map(|&child| (depth + 2, child)));
    }
    tree
}

/// A parent comes before its children; what claims another is shown as having none.
fn parent(node: &Node, index: usize) -> Option<usize> {
    node.parent.map(|parent| parent as usize).filter(|&parent| parent < index)
}

fn label(graph: &Graph, node: u32) -> &str {
    graph.nodes.get(node as usize).map_or("?", |node| &node.label)
}

fn graph_dot(graph: &Graph) -> Lines {
    let mut text = Lines::default();
    text.lines("digraph {\n  rankdir=LR;\n  node [shape=box];");
    for (index, node) in graph.nodes.iter().enumerate() {
        let style = match node.kind {
            NodeKind::ComponentInstance => "style=rounded",
            NodeKind::CoreInstance => "style=dashed",
            NodeKind::Imported | NodeKind::Exported => "shape=plaintext",
        };
        text.line(format_args!("  n{index} [label=\"{}\", {style}];", within_quotes(&node.label)));
        if let Some(parent) = parent(node, index) {
            text.line(format_args!("  n{parent} -> n{index} [arrowhead=none, style=dotted];"));
        }
    }
    for edge in &graph.edges {
        let style = match edge.kind {
            EdgeKind::Crossing => "bold",
            EdgeKind::Boundary => "solid",
            EdgeKind::Core => "dashed",
        };
        let labels: Vec<_> = edge.labels.iter().map(|label| within_quotes(label)).collect();
        let (from, to, label) = (edge.from, edge.to, labels.join("\\n"));
        text.line(format_args!("  n{from} -> n{to} [label=\"{label}\", style={style}];"));
    }
    text.line("}");
    text
}

/// A name in a string of Graphviz, which has escapes of its own: what is escaped is shown as such.
fn within_quotes(name: &str) -> String {
    escaped(name).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, NamedSource, Source};
    use wasm_fuser::report::{Dump, Edge, MemoryUse, Shim};
    use wasm_fuser::{Code, Options};

    fn fused() -> Fused {
        let crossing = |function: &str, strategy, size, reason: &str| Crossing {
            from: "app".into(),
            to: "words".into(),
            interface: Some("demo:words/count".into()),
            function: function.into(),
            strategy,
            reason: reason.into(),
            size,
        };
        let memory = |owner: &str, index, maximum| MemoryUse {
            owner: owner.into(),
            module: "fused".into(),
            index,
            base: 0,
            initial: 17,
            maximum,
        };
        let resource = |name: &str, owner: Option<&str>| ResourceHandles {
            name: name.into(),
            owner: owner.map(str::to_string),
            policy: HandlePolicy::Bridged,
            reason: "crossings and the boundary mention it".into(),
        };
        let totals = |bytes, core_modules| Totals { bytes, core_modules, ..Totals::default() };
        Fused {
            bytes: Vec::new(),
            shims: vec![Shim { name: "app-words".into(), bytes: vec![0] }],
            report: Report {
                before: totals(1_234_567, 6),
                after: totals(890, 1),
                crossings: vec![
                    crossing("count", Strategy::Direct, 0, "scalars only"),
                    crossing("split", Strategy::Adapt, 1212, "`text`: one memory.copy"),
                ],
                resources: vec![resource("r", None), resource("cursor", Some("words"))],
                memories: vec![memory("app", 0, None), memory("", 1, Some(65_536))],
                warnings: vec!["a sentence".into()],
                dumps: vec![Dump { stage: "plan".into(), text: "instances\n".into() }],
                ..Report::default()
            },
        }
    }

    fn command() -> FuseCommand {
        FuseCommand {
            dependencies: Vec::new(),
            inputs: vec![NamedSource { name: "app".into(), source: Source::Stdin }],
            output: Sink::File("out.wasm".into()),
            options: Options::default(),
            shims: Some("shims".into()),
            target: None,
            report: Some(Sink::File("report.json".into())),
            explain: true,
            optimize: false,
            time: false,
            quiet: false,
            watch: false,
            budget: Budget { memory_mb: 1, seconds: 1 },
        }
    }

    #[test]
    fn explain_prints_every_crossing_with_its_reason() {
        let expected = "\
2 crossings: 1 direct, 1 adapted by 1,212 bytes of code

app -> words  demo:words/count
  count  direct           scalars only
  split  adapt   1,212 B  `text`: one memory.copy

resource  owner       handles
r         (the host)  bridged: crossings and the boundary mention it
cursor    words       bridged: crossings and the boundary mention it

memory  module  owner              pages  at most
     0  fused   app                   17
     1  fused   (the fuser's own)     17   65,536

                   before  after
bytes           1,234,567    890
components              0      0
core modules            6      1
core instances          0      0
core functions          0      0

";
        assert_eq!(explain(&fused().report, None).into_text(), expected);
    }

    #[test]
    fn shims_and_report_are_files_and_the_rest_is_printed() {
        let shown = present_fused(&command(), &fused(), Terminal::default());
        let sinks: Vec<_> = shown.files.iter().map(|file| file.sink.clone()).collect();
        assert_eq!(sinks, ["shims/app-words.wasm", "report.json"].map(|f| Sink::File(f.into())));
        assert!(shown.stdout.ends_with("# plan\n\ninstances\n"), "{}", shown.stdout);
        assert_eq!(
            shown.stderr,
            "warning: a sentence\n\
             out.wasm: 890 bytes from 1,234,567, 1 core module from 6, 2 crossings compiled\n"
        );
    }

    #[test]
    fn nothing_mixes_with_a_result_on_standard_output() {
        for taken in [
            FuseCommand { output: Sink::Stdout, ..command() },
            FuseCommand { report: Some(Sink::Stdout), ..command() },
        ] {
            let shown = present_fused(&taken, &fused(), Terminal::default());
            assert_eq!(shown.stdout, "");
            assert!(shown.stderr.starts_with("2 crossings"), "{}", shown.stderr);
        }
    }

    #[test]
    fn an_error_says_where_to_read_on() {
        let error = Error::new(Code::Io, "cannot read `a`").with_help("check the path");
        assert_eq!(
            present_error(&error, Terminal::default()),
            "error[io]: cannot read `a`\n  help: check the path\n  see: wasm-fuser explain io\n"
        );
    }

    #[test]
    fn an_edge_names_each_interface_once() {
        let labels = ["a:b/c#f", "a:b/c#g", "run", "stop", "a:b/d#f"].map(str::to_owned);
        assert_eq!(by_interface(&labels), "a:b/c: f, g; run, stop; a:b/d: f");
    }

    #[test]
    fn a_graph_is_a_tree_of_instances_whatever_the_parents() {
        let node = |label: &str, kind, parent| Node {
            kind,
            label: label.into(),
            parent,
            size: Some(1_000),
        };
        let graph = Graph {
            nodes: vec![
                node("root", NodeKind::ComponentInstance, None),
                node("root/code", NodeKind::CoreInstance, Some(0)),
                node("astray", NodeKind::ComponentInstance, Some(9)),
                node("root/inner", NodeKind::ComponentInstance, Some(0)),
                node("api", NodeKind::Exported, None),
            ],
            edges: vec![Edge {
                kind: EdgeKind::Crossing,
                from: 0,
                to: 3,
                labels: vec!["\"f\"".into(), "g".into()],
            }],
            ..Graph::default()
        };
        let text = present_graph(GraphFormat::Text, &graph);
        let tree = "  root\n    root/code (core, 1,000 bytes)\n    root/inner\n  astray\n";
        assert!(text.contains(&format!("instances\n{tree}\ncrossings\n")), "{text}");
        assert!(text.contains("  root -> root/inner: \"f\", g\n"), "{text}");
        let dot = present_graph(GraphFormat::Dot, &graph);
        assert!(dot.contains(r#"n0 -> n3 [label="\"f\"\ng", style=bold];"#), "{dot}");
    }
}
