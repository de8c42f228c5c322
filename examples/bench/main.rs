//! What crossings cost: `bench [ROUNDS]`.

use anyhow::{Context, Result};
use wasm_fuser_testing::root;

mod works;

fn main() -> Result<()> {
    let rounds = std::env::args().nth(1).map_or(Ok(15), |rounds| rounds.parse())?;
    let folder = root().join("bench/guests/target/wasm32-wasip2/release");
    let guest = |name: &str| {
        let file = folder.join(name).with_extension("wasm");
        std::fs::read(&file).with_context(|| format!("{}", file.display()))
    };
    let components = works::components(guest)?;
    print!("{:16}", "");
    for form in works::FORMS {
        print!("{form:>12}");
    }
    println!();
    for work in works::works(&components, rounds)? {
        print!("{:16}", work.name);
        for time in work.least {
            print!("{time:12.1}");
        }
        println!(
            "  fused/composed {:.2}  fused/static {:.2}  {}",
            work.medians[1] / work.medians[0],
            work.medians[1] / work.medians[4],
            work.what
        );
    }
    print!("{:16}", "size");
    for bytes in &components {
        print!("{:12}", bytes.len());
    }
    println!();
    Ok(())
}
