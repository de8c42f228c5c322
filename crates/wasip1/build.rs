//! The stack is small, because the memory is a region that is there from the start: calls are shallow here.

fn main() {
    println!("cargo::rustc-link-arg=-zstack-size=16384");
}
