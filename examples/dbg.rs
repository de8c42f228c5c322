//! debug
use wasm_fuser::*;
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let inputs: Vec<Input> = a[1..]
        .iter()
        .map(|p| Input {
            name: std::path::Path::new(p).file_stem().unwrap().to_string_lossy().into(),
            bytes: std::fs::read(p).unwrap(),
        })
        .collect();
    let mut o = Options::default();
    o.dumps = options::Stage::ALL.to_vec();
    o.emit = match &*a[0] {
        "flat" => Emit::Flat,
        "module" => Emit::Module,
        _ => Emit::Component,
    };
    match fuse(&inputs, &o) {
        Ok(f) => {
            for d in &f.report.dumps {
                println!("{}", d.text);
            }
            for c in &f.report.crossings {
                println!("{c:?}")
            }
            println!("{:?} -> {:?}", f.report.before, f.report.after);
            std::fs::write("/tmp/out.wasm", f.bytes).unwrap();
            for s in &f.shims {
                println!("shim {} {}", s.name, s.bytes.len());
                std::fs::write(format!("/tmp/shims/{}.wasm", s.name), &s.bytes).unwrap();
            }
        }
        Err(e) => println!("{e}"),
    }
}
