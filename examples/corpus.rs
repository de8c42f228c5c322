//! Writes every component of the cases into two folders, where fuzzing begins: `corpus FOLDER`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_fuser_testing::corpus;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("usage: corpus FOLDER")?;
    let (decode, fuse) = (Path::new(&folder).join("decode"), Path::new(&folder).join("fuse"));
    fs::create_dir_all(&decode)?;
    fs::create_dir_all(&fuse)?;
    for (number, (_, bytes)) in corpus::binaries().into_iter().enumerate() {
        // The target `fuse` takes the form of the result from a first byte.
        let with_form: Vec<u8> = [number as u8].into_iter().chain(bytes.iter().copied()).collect();
        fs::write(decode.join(number.to_string()), bytes)?;
        fs::write(fuse.join(number.to_string()), with_form)?;
    }
    Ok(())
}
