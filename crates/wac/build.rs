//! Has the linker write numbers as short as they are: otherwise each address and each index of a function takes
//! five bytes.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-cdylib=--compress-relocations");
}
