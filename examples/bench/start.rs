//! What it takes to instantiate a component that has been compiled.

use std::time::Instant;

use anyhow::Result;
use wasmtime::component::Component;
use wasmtime::{Engine, Store};

use crate::works::{Form, Host, least, linker};

/// The microseconds of an instantiation, in each form: the least of all rounds.
pub fn starts(forms: &[Form], rounds: usize) -> Result<Vec<(&'static str, f64)>> {
    const TIMES: u32 = 20;
    let engine = Engine::default();
    let mut ready = Vec::new();
    for form in forms {
        let component = Component::new(&engine, &form.bytes)?;
        ready.push((linker(&engine)?.instantiate_pre(&component)?, Vec::new()));
    }
    for _ in 0..rounds {
        for (component, all) in &mut ready {
            let begun = Instant::now();
            for _ in 0..TIMES {
                let mut store = Store::new(&engine, Host::default());
                component.instantiate(&mut store)?;
            }
            all.push(begun.elapsed().as_nanos() as f64 / 1e3 / f64::from(TIMES));
        }
    }
    Ok(forms.iter().zip(ready).map(|(form, (_, all))| (form.name, least(all))).collect())
}
