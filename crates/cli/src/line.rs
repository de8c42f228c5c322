//! The command line as a whole: its commands, its help, and what is made of its grammar.
//!
//! Help is as wide as the terminal, and no wider than the page of a book. Flags of the whole program may
//! stand anywhere.
//!
//! clap knows commands, flags and their values; what shells complete and the manual page are made of the
//! same, so that they cannot differ from what is understood.

use std::iter;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::args::{ExplainArgs, FuseArgs, InspectArgs, PrintArgs};
use super::hosting;
use super::linking::LinkArgs;
use super::splicing::SpliceArgs;
use super::style::{HELP, labels};
use super::{Command, Failure, Invocation, Terminal};
use wasm_fuser::text::Lines;

/// The width of help where the terminal is wider, or not known.
const PAGE: u32 = 100;

/// Understands a command line, without the program's name.
pub fn parse(arguments: &[String], terminal: Terminal) -> Result<Invocation, Failure> {
    let terminal = colored(arguments, terminal);
    let command = understood(arguments, terminal).or_else(|stop| {
        if is_help(&stop) {
            return Ok(Command::Say(text(&stop, terminal.output_colors)));
        }
        // The lines are clap's: a line break in an argument, which may be anybody's, is its symbol.
        let shown: Vec<String> = arguments.iter().map(|it| it.replace('\n', "\u{240a}")).collect();
        let stop = understood(&shown, terminal).err().unwrap_or(stop);
        let mut message = Lines::default();
        message.lines(&text(&stop, false));
        let message = labels(&message.into_text(), terminal.error_colors);
        Err(Failure { message, exit_code: 2 })
    });
    Ok(Invocation { command: command?, terminal })
}

/// What is asked for, or why it is not understood, or help.
fn understood(arguments: &[String], terminal: Terminal) -> Result<Command, clap::Error> {
    let width = terminal.columns.unwrap_or(PAGE).min(PAGE);
    let grammar = CommandLine::command().styles(HELP).term_width(width as usize);
    let program = "wasm-fuser".to_owned();
    let matches = grammar.try_get_matches_from(iter::once(&program).chain(arguments))?;
    CommandLine::from_arg_matches(&matches)?.asked()
}

fn is_help(stop: &clap::Error) -> bool {
    matches!(stop.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
}

fn text(stop: &clap::Error, has_colors: bool) -> String {
    let text = stop.render();
    if has_colors { text.ansi().to_string() } else { text.to_string() }
}

/// What `--color` says of a terminal. Messages about the command line obey it, too.
fn colored(arguments: &[String], terminal: Terminal) -> Terminal {
    let flags = || arguments.iter().take_while(|argument| *argument != "--");
    let after = flags().skip_while(|argument| *argument != "--color").nth(1).map(String::as_str);
    let joined = flags().find_map(|argument| argument.strip_prefix("--color="));
    match joined.or(after).and_then(|choice| ColorArg::from_str(choice, false).ok()) {
        None | Some(ColorArg::Auto) => terminal,
        Some(ColorArg::Always) => Terminal { output_colors: true, error_colors: true, ..terminal },
        Some(ColorArg::Never) => Terminal { output_colors: false, error_colors: false, ..terminal },
    }
}

/// Fuses compositions of WebAssembly components: compiles the boundaries between them away.
#[derive(Parser)]
#[command(name = "wasm-fuser", version)]
pub(super) struct CommandLine {
    #[command(subcommand)]
    verb: Verb,

    /// Whether to print in colours; auto: on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    color: ColorArg,
}

impl CommandLine {
    /// What it says is to be done.
    fn asked(self) -> Result<Command, clap::Error> {
        match self.verb {
            Verb::Fuse(args) => args.command().map(Command::Fuse),
            Verb::Link(args) => args.command().map(Command::Link),
            Verb::Inspect(args) => Ok(Command::Inspect(args.command())),
            Verb::Print(args) => Ok(Command::Print(args.command())),
            Verb::Splice(args) => args.command().map(Command::Splice),
            Verb::Targets => Ok(Command::Say(hosting::targets())),
            Verb::Explain(args) => Ok(Command::Say(args.page().to_owned())),
            Verb::Completions(args) => Ok(Command::Say(args.script())),
            Verb::Man => manual().map(Command::Say),
        }
    }
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it; on some targets all are small")]
enum Verb {
    Fuse(FuseArgs),
    Link(LinkArgs),
    Inspect(InspectArgs),
    Print(PrintArgs),
    Splice(SpliceArgs),
    /// List the targets, and what each stands for.
    Targets,
    Explain(ExplainArgs),
    Completions(CompletionsArgs),
    /// Print the manual page: wasm-fuser man | man -l -
    Man,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum ColorArg {
    #[default]
    Auto,
    Always,
    Never,
}

/// Print what makes a shell complete commands and flags.
#[derive(Args)]
#[command(after_help = "\
For bash, in ~/.bashrc:        source <(wasm-fuser completions bash)
For zsh, in a folder of fpath: wasm-fuser completions zsh > _wasm-fuser
For fish:                      wasm-fuser completions fish > ~/.config/fish/completions/wasm-fuser.fish")]
struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    shell: ShellArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum ShellArg {
    Bash,
    Zsh,
    Fish,
}

impl CompletionsArgs {
    fn script(&self) -> String {
        let shell = match self.shell {
            ShellArg::Bash => Shell::Bash,
            ShellArg::Zsh => Shell::Zsh,
            ShellArg::Fish => Shell::Fish,
        };
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut CommandLine::command(), "wasm-fuser", &mut script);
        String::from_utf8_lossy(&script).into_owned()
    }
}

/// The manual page: of the program, and of each of its commands.
fn manual() -> Result<String, clap::Error> {
    let mut grammar = CommandLine::command();
    grammar.build();
    let mut page = Vec::new();
    let commands = grammar.get_subcommands().filter(|command| command.get_name() != "help");
    for command in iter::once(&grammar).chain(commands) {
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

pub(super) fn usage(message: &str) -> clap::Error {
    CommandLine::command().error(ErrorKind::ArgumentConflict, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_consistent() {
        CommandLine::command().debug_assert();
    }

    /// What a command line only says.
    fn said(arguments: &str, terminal: Terminal) -> String {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        match parse(&arguments, terminal).map(|invocation| invocation.command) {
            Ok(Command::Say(text)) => text,
            other => panic!("{arguments:?}: {other:?}"),
        }
    }

    const COLORFUL: Terminal = Terminal { columns: None, output_colors: true, error_colors: true };

    #[test]
    fn help_is_as_wide_as_the_terminal_and_no_wider_than_a_page() {
        let widest = |columns| {
            let terminal = Terminal { columns, ..Terminal::default() };
            let text = said("fuse --help", terminal);
            text.lines().map(|line| line.chars().count()).max()
        };
        assert!(widest(Some(80)) <= Some(80), "{:?}", widest(Some(80)));
        assert_eq!(widest(Some(500)), widest(None));
        assert!(widest(None) <= Some(PAGE as usize) && widest(None) > Some(80));
    }

    #[test]
    fn the_terminal_decides_on_colours_unless_a_flag_does() {
        let is_colored = |arguments: &str, terminal| said(arguments, terminal).contains('\x1b');
        assert!(!is_colored("--help", Terminal::default()));
        assert!(is_colored("--help", COLORFUL));
        assert!(is_colored("fuse --help --color=always", Terminal::default()));
        assert!(is_colored("--color always fuse --help", Terminal::default()));
        assert!(!is_colored("fuse --help --color never", COLORFUL));
        assert!(is_colored("fuse --help --color auto", COLORFUL));
        let error_only = Terminal { output_colors: false, ..COLORFUL };
        assert!(!is_colored("--help", error_only));
        let failure = parse(&["melt".into()], error_only).unwrap_err();
        assert!(failure.message.contains('\x1b'), "{}", failure.message);
        let failure = parse(&["melt".into(), "--color=never".into()], COLORFUL).unwrap_err();
        assert!(!failure.message.contains('\x1b'), "{}", failure.message);
    }

    #[test]
    fn help_is_a_command_too() {
        let plain = Terminal::default();
        assert_eq!(said("help fuse", plain), said("fuse --help", plain));
        assert_eq!(said("help", plain), said("--help", plain));
    }

    #[test]
    fn shells_learn_every_command_and_flag() {
        for (shell, opening) in
            [("bash", "complete -F"), ("zsh", "#compdef"), ("fish", "complete -c")]
        {
            let script = said(&format!("completions {shell}"), Terminal::default());
            assert!(script.contains(opening), "{script}");
            for word in ["inspect", "limit-instances", "share-handles", "never"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
        }
    }

    #[test]
    fn the_manual_page_has_every_command() {
        let page = said("man", Terminal::default());
        assert!(page.contains(".TH wasm-fuser 1"), "{page}");
        for word in ["fuse", "link", "inspect", "print", "explain", "limit\\-instances"] {
            assert!(page.contains(word), "{word}");
        }
    }

    #[test]
    fn an_unknown_error_code_is_wrong_usage_and_names_a_near_one() {
        let arguments = ["explain", "not-a-componant"].map(str::to_owned);
        let failure = parse(&arguments, Terminal::default()).unwrap_err();
        assert!(failure.message.contains("'not-a-component'"), "{}", failure.message);
    }

    #[test]
    fn help_and_version_are_printed_not_refused() {
        for flag in ["--help", "--version"] {
            assert!(!said(flag, Terminal::default()).is_empty());
        }
    }
}
