//! Guests that pass resources do, when fused, what they do when composed, and in the same order.
//!
//! Each set of guests logs every constructor, method, static and destructor. The log of the
//! composition is `tests/cases/resources/<set>.txt` (`BLESS=1` rewrites it), and every fused form
//! has to write the same.

use std::path::Path;
use std::{env, fs};

use support::resources::{Set, fused_forms, log};

mod support;

fn agrees(set: &str) {
    let program = Set::named(set).program();
    let composed = log(&program.composed()).unwrap_or_else(|error| panic!("{error:?}"));
    for (form, bytes) in fused_forms(&program) {
        let fused = log(&bytes).unwrap_or_else(|error| panic!("{form}: {error:?}"));
        assert_eq!(fused, composed, "{form}");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/resources").join(set);
    let file = file.with_extension("txt");
    if env::var_os("BLESS").is_some() {
        fs::write(&file, &composed).expect("the log can be written");
    }
    let expected = fs::read_to_string(&file).expect("the log is there (BLESS=1 writes it)");
    assert_eq!(composed, expected, "{}", file.display());
}

#[test]
fn a_resource_that_wraps_an_imported_one_of_its_name() {
    agrees("floats");
}

#[test]
fn a_resource_that_is_exported_again_with_lists() {
    agrees("lists");
}

#[test]
fn a_resource_that_is_both_imported_and_exported_beside_functions_of_the_world() {
    agrees("import-and-export");
}
