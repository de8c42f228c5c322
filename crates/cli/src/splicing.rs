//! `splice`: for those who run an optimiser by hand.

use clap::Args;

use super::args::{BudgetArgs, named_source, sink};
use super::line::usage;
use super::{NamedSource, Sink, SpliceCommand};

/// Put core modules into a fused component, in place of those with the same exports.
#[derive(Args)]
#[command(after_help = "\
Without modules, nothing is put in: OUTPUT is a folder, and gets the component's core modules.

  wasm-fuser splice fused.wasm -o modules/
  wasm-opt -O3 modules/0.wasm -o 0.wasm
  wasm-fuser splice fused.wasm 0.wasm -o faster.wasm

`wasm-fuser fuse -O` does all of it at once.")]
pub(super) struct SpliceArgs {
    /// A component that was fused: PATH, or - for standard input.
    #[arg(value_name = "COMPONENT", value_parser = named_source)]
    component: NamedSource,

    /// Core modules, optimised.
    #[arg(value_name = "MODULE", value_parser = named_source)]
    modules: Vec<NamedSource>,

    /// Where to write the result; - for standard output.
    #[arg(short, long, value_name = "OUTPUT", value_parser = sink)]
    output: Sink,

    #[command(flatten)]
    budget: BudgetArgs,
}

impl SpliceArgs {
    pub(super) fn command(self) -> Result<SpliceCommand, clap::Error> {
        let SpliceArgs { component, modules, output, budget } = self;
        let stdin = |it: &&NamedSource| it.source == super::Source::Stdin;
        if std::iter::once(&component).chain(&modules).filter(stdin).count() > 1 {
            return Err(usage("standard input can be read only once"));
        }
        if modules.is_empty() && output == Sink::Stdout {
            return Err(usage("without modules to put in, the output is a folder"));
        }
        Ok(SpliceCommand { component, modules, output, budget: budget.budget() })
    }
}
