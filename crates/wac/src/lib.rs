//! WAC, the language of compositions, as a component: text and components in, a component out.
//!
//! Which packages a text needs is found out by trying: a package that was not given is an error
//! with its name, and the caller tries again with it. So nothing has to walk the text twice.

use std::panic::{self, PanicHookInfo};

use indexmap::IndexMap;
use miette::Diagnostic;
use semver::Version;
use wac_graph::EncodeOptions;
use wac_graph::types::BorrowedPackageKey;
use wac_parser::Document;
use wac_parser::resolution::Error;

wit_bindgen::generate!({ path: "wit", world: "wac" });

struct Wac;

export!(Wac);

impl Guest for Wac {
    fn encode(source: String, packages: Vec<Package>) -> Result<Vec<u8>, Failure> {
        panic::set_hook(Box::new(last_words));
        let document = Document::parse(&source).map_err(|e| failure(&e, e.to_string()))?;
        let versions = packages.iter().map(|package| match &package.version {
            Some(version) => Version::parse(version).map(Some).map_err(|e| Failure {
                message: format!("`{}@{version}`: {e}", package.name),
                offset: None,
                missing: None,
            }),
            None => Ok(None),
        });
        let versions = versions.collect::<Result<Vec<_>, _>>()?;
        let mut given = IndexMap::new();
        for (Package { name, bytes, .. }, version) in packages.iter().zip(&versions) {
            let key = BorrowedPackageKey::from_name_and_version(name, version.as_ref());
            given.insert(key, bytes.clone());
        }
        let resolution = document.resolve(given).map_err(|error| Failure {
            missing: match &error {
                Error::UnknownPackage { span, .. } => {
                    source.get(span.offset()..span.offset() + span.len()).map(str::to_owned)
                }
                _ => None,
            },
            ..failure(&error, chain(&error))
        })?;
        resolution.encode(EncodeOptions::default()).map_err(|e| failure(&e, chain(&e)))
    }
}

/// What panics says why, and where in which crate. Where that was when it was compiled tells nobody
/// anything.
fn last_words(info: &PanicHookInfo) {
    let why = info.payload_as_str().unwrap_or("no reason given");
    let place = info.location().map(|at| {
        let file = at.file();
        let start =
            file.rfind("/src/").and_then(|src| file[..src].rfind('/')).map_or(0, |at| at + 1);
        format!(" (at {}:{})", &file[start..], at.line())
    });
    eprintln!("{why}{}", place.unwrap_or_default());
}

fn failure(error: &impl Diagnostic, message: String) -> Failure {
    let label = error.labels().and_then(|mut labels| labels.next());
    let offset = label.and_then(|label| label.offset().try_into().ok());
    Failure { message, offset, missing: None }
}

/// An error and what has caused it, on a line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
