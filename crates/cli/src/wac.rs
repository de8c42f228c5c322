//! WAC files: what hosts have to know to compose them, and their errors.
//!
//! WAC is the language of compositions, and its own tools read it. They are no part of the fuser, which
//! they would make a quarter larger: a host runs them beside it. What packages a file needs turns out as
//! it is read, so a host asks here where each may be, and tells what went wrong:
//!
//! ```text
//! app.wac: new demo:words { }   -- missing `demo:words` -->   deps/demo/words.wasm, words.wasm
//! ```

use super::args::SEPARATORS;
use super::{Dependency, MissingPackage, NamedSource, Source, WacFailure, WacProblem};
use wasm_fuser::error::Place;
use wasm_fuser::{Code, Error};

/// Where a package may be that the WAC file `file` names: the first of these files that is there.
///
/// They are where `wac` looks, and then beside the file.
pub fn package_places(file: &str, dependencies: &[Dependency], name: &str) -> Vec<String> {
    let (package, version) = match name.split_once('@') {
        Some((package, version)) => (package, Some(version)),
        None => (name, None),
    };
    let given = |name: &str| dependencies.iter().find(|it| it.name == name);
    if let Some(Dependency { path, .. }) = given(name).or_else(|| given(package)) {
        return vec![path.clone()];
    }
    let folder = file.rfind(SEPARATORS).map_or("", |at| &file[..=at]);
    let path = package.replace(':', "/");
    let own = package.rsplit(':').next().unwrap_or(package);
    let version = version.map(|version| format!("{folder}deps/{path}/{version}.wasm"));
    let others = [format!("{folder}deps/{path}.wasm"), format!("{folder}{own}.wasm")];
    version.into_iter().chain(others).collect()
}

/// Whether an input is a file that WAC's tools are to read.
pub(super) fn is_wac(source: &Source) -> bool {
    matches!(source, Source::File(path) if path.ends_with(".wac"))
}

/// What a host says that does not have them.
pub(super) fn no_tools(input: &NamedSource) -> Error {
    Error::new(Code::InvalidInput, "this is a WAC file, and nothing that reads those is in here")
        .with_help(
            "let the `wasm-fuser` command do it, native or of npm, which have WAC's tools beside the \
             fuser; or compose it first: `wac compose FILE -o OUTPUT`",
        )
        .in_place(Place { input: Some(input.name.clone()), ..Place::default() })
}

/// The error for an input that is a WAC file with this text.
pub fn wac_error(input: &NamedSource, text: &str, failure: &WacFailure) -> Error {
    let file = match &input.source {
        Source::File(path) => path,
        Source::Stdin => "standard input",
    };
    let error = match failure {
        WacFailure::Refused(WacProblem { message, offset }) => {
            Error::new(Code::InvalidWac, message.as_str()).with_lines(quote(file, text, *offset))
        }
        WacFailure::Missing(MissingPackage { message, offset, places }) => {
            let places: Vec<_> = places.iter().map(|place| format!("`{place}`")).collect();
            let message = format!("{message}; looked for {}", places.join(", "));
            Error::new(Code::InvalidWac, message)
                .with_lines(quote(file, text, *offset))
                .with_help("put it there, or say where it is: `--dep PACKAGE=PATH`")
        }
        WacFailure::Stopped(said) => {
            // What runs out of stack has no time to say so.
            let said = if said.is_empty() { "it nests too deep for them" } else { said };
            Error::new(Code::WacStopped, format!("WAC's tools stopped at `{file}`: {said}"))
                .with_help("name the components themselves, without WAC")
        }
    };
    error.in_place(Place { input: Some(input.name.clone()), ..Place::default() })
}

/// The line that a message is about, as the parser of the text format shows it.
fn quote(file: &str, text: &str, offset: Option<u32>) -> Vec<String> {
    let Some(before) = offset.and_then(|offset| text.get(..offset as usize)) else {
        return Vec::new();
    };
    let line = before.split('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count();
    // A mark below it is where it should be if each character takes as much room as another.
    let shown = text[start..].lines().next().unwrap_or_default().replace('\t', " ");
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    vec![
        format!("{margin}--> {file}:{line}:{}", column + 1),
        format!("{margin} |"),
        format!("{number} | {shown}"),
        format!("{margin} | {}^", " ".repeat(column)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, path: &str) -> Dependency {
        Dependency { name: name.into(), path: path.into() }
    }

    #[test]
    fn packages_are_looked_for_where_wac_does_and_beside_the_file() {
        assert_eq!(package_places("app.wac", &[], "a:b"), ["deps/a/b.wasm", "b.wasm"]);
        assert_eq!(
            package_places("x/app.wac", &[], "a:b@1.2.0"),
            ["x/deps/a/b/1.2.0.wasm", "x/deps/a/b.wasm", "x/b.wasm"]
        );
        assert_eq!(package_places("x\\app.wac", &[], "a:b")[1], "x\\b.wasm");
    }

    #[test]
    fn a_dependency_says_where_a_package_is_and_one_with_a_version_before_others() {
        let given = [dependency("a:b", "any.wasm"), dependency("a:b@1.0.0", "one.wasm")];
        assert_eq!(package_places("x/app.wac", &given, "a:b@1.0.0"), ["one.wasm"]);
        assert_eq!(package_places("x/app.wac", &given, "a:b@2.0.0"), ["any.wasm"]);
        assert_eq!(package_places("x/app.wac", &given, "a:b"), ["any.wasm"]);
        assert_eq!(package_places("app.wac", &given, "a:c"), ["deps/a/c.wasm", "c.wasm"]);
    }

    #[test]
    fn an_error_shows_the_line_that_it_is_in() {
        let input = NamedSource { name: "app".into(), source: Source::File("x/app.wac".into()) };
        let text = "package a:b;\nlet é = oops;\n";
        let at = text.find("oops").map(|at| at as u32);
        let problem = WacProblem { message: "undefined name `oops`".into(), offset: at };
        let error = wac_error(&input, text, &WacFailure::Refused(problem));
        assert_eq!(error.code(), Code::InvalidWac);
        let shown = " --> x/app.wac:2:9\n  |\n2 | let é = oops;\n  |         ^";
        assert_eq!(error.message(), format!("undefined name `oops`\n{shown}"));
        assert_eq!(error.place().input.as_deref(), Some("app"));
    }

    #[test]
    fn a_place_that_is_not_in_the_text_is_none() {
        let input = NamedSource { name: "app".into(), source: Source::Stdin };
        for offset in [1, 7, u32::MAX] {
            let problem = WacProblem { message: "no".into(), offset: Some(offset) };
            let error = wac_error(&input, "é", &WacFailure::Refused(problem));
            assert_eq!(error.message(), "no");
        }
    }
}
