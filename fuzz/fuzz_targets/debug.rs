//! Any bytes as the debug information of a guest, of which the first say how much of them is in which
//! section: the guest is fused, with whatever can be kept, and to what it would be without them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wasm_fuser::options::{DebugInfo, MemoryPlan};
use wasm_fuser::{Emit, Input, Options, fuse};

const SECTIONS: [&str; 9] = [
    ".debug_abbrev", ".debug_info", ".debug_line", ".debug_str", ".debug_line_str", ".debug_ranges",
    ".debug_rnglists", ".debug_loc", ".debug_loclists",
];

/// A component of one guest: up to the size of its module, the module, and what comes after it.
const GUEST: &[u8] = b"\0asm\x01\0\0\0\
    \x01\x05\x01\x60\0\x01\x7f\
    \x03\x03\x02\0\0\
    \x06\x06\x01\x7f\x01\x41\x10\x0b\
    \x07\x07\x01\x03run\0\0\
    \x0a\x14\x02\x09\0\x41\x01\x41\x02\x6a\x01\x01\x0b\x08\0\x23\0\x24\0\x23\0\x0b";
const REST: &[u8] = b"\x02\x04\x01\0\0\0\
    \x06\x09\x01\0\0\x01\0\x03run\
    \x07\x05\x01\x40\0\0\x79\
    \x08\x06\x01\0\0\0\0\0\
    \x0b\x09\x01\0\x03run\x01\0\0";

fn number(mut number: usize, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn section(id: u8, contents: &[u8], out: &mut Vec<u8>) {
    out.push(id);
    number(contents.len(), out);
    out.extend_from_slice(contents);
}

/// The guest, with these bytes in its sections.
fn component(bytes: &[u8]) -> Vec<u8> {
    let (sizes, mut rest) = bytes.split_at(bytes.len().min(SECTIONS.len()));
    let mut module = GUEST.to_vec();
    for (name, size) in SECTIONS.iter().zip(sizes) {
        // Sizes are shares of what is left.
        let (data, after) = rest.split_at(rest.len() * usize::from(*size) / 255);
        rest = after;
        let mut contents = Vec::new();
        number(name.len(), &mut contents);
        contents.extend_from_slice(name.as_bytes());
        contents.extend_from_slice(data);
        section(0, &contents, &mut module);
    }
    let mut component = b"\0asm\x0d\0\x01\0".to_vec();
    section(1, &module, &mut component);
    component.extend_from_slice(REST);
    component
}

fuzz_target!(|bytes: &[u8]| {
    let Some((form, bytes)) = bytes.split_first() else { return };
    let options = Options {
        emit: Emit::Module,
        debug: if form & 1 == 0 { DebugInfo::Keep } else { DebugInfo::Lines },
        memory: if form & 2 == 0 { MemoryPlan::Multi } else { MemoryPlan::Single },
        ..Options::default()
    };
    let inputs = [Input { name: "guest".into(), bytes: component(bytes) }];
    let kept = fuse(&inputs, &options).expect("debug information is no reason to refuse");
    let dropped = fuse(&inputs, &Options { debug: DebugInfo::Drop, ..options });
    let dropped = dropped.expect("it is fused without").bytes;
    assert!(kept.bytes.len() >= dropped.len());
    assert!(kept.report.debug.after < 64 * (bytes.len() as u64 + 4096));
});
