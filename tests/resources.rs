//! Guests that pass resources do, when fused, what they do when composed, and in the same order.
//!
//! Each set of guests logs every constructor, method, static and destructor. The log of the
//! composition is `tests/cases/resources/<set>.txt` (`BLESS=1` rewrites it), and every fused form
//! has to write the same: the whole set, and parts of it.

use std::{env, fs};

use wasm_fuser_testing::resources::{SETS, Set, fused_forms, log};

fn agrees(set: &str) {
    let program = Set::named(set).program();
    let composed = log(&program.composed()).unwrap_or_else(|error| panic!("{error:?}"));
    let file = wasm_fuser_testing::cases("resources").join(set);
    let file = file.with_extension("txt");
    if env::var_os("BLESS").is_some() {
        fs::write(&file, &composed).expect("the log can be written");
    }
    let expected = fs::read_to_string(&file).expect("the log is there (BLESS=1 writes it)");
    assert_eq!(composed, expected, "{}", file.display());
    for (form, bytes) in fused_forms(&program) {
        let fused = log(&bytes).unwrap_or_else(|error| panic!("{form}: {error:?}"));
        assert_eq!(fused, composed, "{form}");
    }
}

#[test]
fn a_resource_wraps_the_imported_one_of_its_name() {
    agrees("floats");
}

#[test]
fn a_resource_is_exported_again_with_lists_in_every_function() {
    agrees("lists");
}

#[test]
fn a_resource_is_imported_and_exported_beside_functions_of_the_world() {
    agrees("import-and-export");
}

#[test]
fn a_resource_wraps_one_that_wraps_one() {
    agrees("floats-again");
}

#[test]
fn handles_are_in_every_kind_of_type() {
    agrees("aggregates");
}

#[test]
fn a_resource_has_other_names_and_others_again() {
    agrees("aliases");
}

#[test]
fn a_resource_of_one_package_is_in_a_record_of_another_and_in_a_resource_of_a_third() {
    agrees("packages");
}

#[test]
fn borrows_are_in_records_and_are_passed_on() {
    agrees("views");
}

#[test]
fn a_borrow_is_passed_on_through_three_instances() {
    agrees("show");
}

#[test]
fn a_handle_moves_through_four_instances_and_back() {
    agrees("carry");
}

#[test]
fn a_resource_holds_another_and_lets_go_of_it() {
    agrees("boxes");
}

#[test]
fn resources_share_what_they_hold_until_it_is_written() {
    agrees("ownership");
}

#[test]
fn a_destructor_calls_the_component_that_has_the_state() {
    agrees("state");
}

#[test]
fn two_components_use_one_resource_of_the_host() {
    agrees("host-in-boxes");
}

#[test]
fn a_resource_of_the_host_moves_through_three_instances_and_back() {
    agrees("host-carried");
}

#[test]
fn every_set_has_a_log_and_every_log_a_set() {
    let folder = wasm_fuser_testing::cases("resources");
    let entries = fs::read_dir(folder).expect("there are logs");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut logs: Vec<_> = entries.map(|entry| name(entry.expect("it can be read"))).collect();
    let mut sets: Vec<_> = SETS.iter().map(|set| format!("{}.txt", set.name)).collect();
    logs.sort();
    sets.sort();
    assert_eq!(logs, sets);
}
