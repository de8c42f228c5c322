//! A command that does one thing of each kind that programs ask of an operating system, and prints what
//! came of it. The first argument says which.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    let what = std::env::args().nth(1).unwrap_or_default();
    let done = match what.as_str() {
        "args" => args(),
        "env" => env(),
        "stdin" => stdin(),
        "lines" => lines(),
        "clock" => clock(),
        "random" => random(),
        "files" => files(),
        "append" => append(),
        "rename" => rename(),
        "links" => links(),
        "directories" => directories(),
        "many" => many(),
        "times" => times(),
        "copy" => copy(),
        "errors" => errors(),
        "memory" => memory(),
        "output" => output(),
        "exit" => std::process::exit(3),
        "fail" => return ExitCode::from(5),
        "panic" => panic!("as asked for"),
        "abort" => std::process::abort(),
        "net" => net(),
        "serve" => serve(),
        other => {
            eprintln!("there is no `{other}`");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{what}: {:?}", error.kind());
            ExitCode::FAILURE
        }
    }
}

fn args() -> io::Result<()> {
    for (i, argument) in std::env::args().enumerate().skip(1) {
        println!("{i}: {argument:?}");
    }
    Ok(())
}

fn env() -> io::Result<()> {
    for name in ["NAME", "EMPTY", "WITH_EQUALS", "UNICODE", "MISSING"] {
        println!("{name}: {:?}", std::env::var(name));
    }
    Ok(())
}

fn stdin() -> io::Result<()> {
    let mut all = Vec::new();
    io::stdin().read_to_end(&mut all)?;
    println!("{} bytes, sum {}", all.len(), sum(&all));
    Ok(())
}

fn lines() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        println!("> {}", line?.to_uppercase());
    }
    Ok(())
}

fn clock() -> io::Result<()> {
    let start = Instant::now();
    let wait = Duration::from_millis(20);
    std::thread::sleep(wait);
    println!("slept: {}", start.elapsed() >= wait);
    println!("not for long: {}", start.elapsed() < Duration::from_secs(20));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|now| now.as_secs());
    println!("later than 2020: {}", now.is_ok_and(|now| now > 1_577_836_800));
    Ok(())
}

fn random() -> io::Result<()> {
    use std::hash::{BuildHasher, RandomState};
    let one = RandomState::new().hash_one(1);
    println!("random: {}", (0..8).any(|_| RandomState::new().hash_one(1) != one) || one != 0);
    Ok(())
}

fn files() -> io::Result<()> {
    fs::write("new.txt", "some text")?;
    println!("{:?}", fs::read_to_string("new.txt")?);
    let mut file = OpenOptions::new().read(true).write(true).open("new.txt")?;
    file.seek(SeekFrom::Start(5))?;
    file.write_all(b"words, and more")?;
    file.seek(SeekFrom::Current(-4))?;
    let mut rest = String::new();
    file.read_to_string(&mut rest)?;
    println!("{rest:?} at {}", file.stream_position()?);
    file.set_len(10)?;
    println!("{} bytes", file.metadata()?.len());
    file.sync_all()?;
    drop(file);
    println!("{:?}", fs::read_to_string("new.txt")?);
    println!("again: {:?}", File::create_new("new.txt").map(drop).map_err(|e| e.kind()));
    fs::write("new.txt", "")?;
    println!("empty: {}", fs::metadata("new.txt")?.len());
    fs::remove_file("new.txt")?;
    println!("there: {}", fs::exists("new.txt")?);
    Ok(())
}

fn append() -> io::Result<()> {
    fs::write("log", "one\n")?;
    let mut first = OpenOptions::new().append(true).open("log")?;
    let mut second = OpenOptions::new().append(true).open("log")?;
    for i in 0..3 {
        writeln!(first, "first {i}")?;
        writeln!(second, "second {i}")?;
    }
    print!("{}", fs::read_to_string("log")?);
    Ok(())
}

fn rename() -> io::Result<()> {
    fs::create_dir("a")?;
    fs::create_dir("b")?;
    fs::write("a/file", "moved")?;
    fs::rename("a/file", "b/other")?;
    println!("{:?}", fs::read_to_string("b/other")?);
    fs::write("b/target", "old")?;
    fs::rename("b/other", "b/target")?;
    println!("{:?}", fs::read_to_string("b/target")?);
    fs::rename("b", "c")?;
    println!("{} {}", fs::exists("b")?, fs::exists("c/target")?);
    println!("{:?}", fs::rename("nothing", "x").map_err(|e| e.kind()));
    Ok(())
}

fn links() -> io::Result<()> {
    fs::write("file", "linked")?;
    fs::hard_link("file", "hard")?;
    println!("{:?}", fs::read_to_string("hard")?);
    fs::write("hard", "through")?;
    println!("{:?}", fs::read_to_string("file")?);
    fs::remove_file("file")?;
    println!("{:?}", fs::read_to_string("hard")?);
    Ok(())
}

fn directories() -> io::Result<()> {
    fs::create_dir_all("x/y/z")?;
    for name in ["x/b", "x/a", "x/y/c"] {
        fs::write(name, name)?;
    }
    walk("x", 0)?;
    println!("{:?}", fs::remove_dir("x").map_err(|e| e.kind()));
    println!("{:?}", fs::remove_file("x/y").is_err());
    fs::remove_dir_all("x")?;
    println!("{}", fs::exists("x")?);
    Ok(())
}

fn walk(path: &str, depth: usize) -> io::Result<()> {
    let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let name = entry.file_name().into_string().unwrap_or_default();
        let kind = entry.file_type()?;
        println!("{:depth$}{name} {} {}", "", kind.is_dir(), kind.is_file());
        if kind.is_dir() {
            walk(&format!("{path}/{name}"), depth + 2)?;
        }
    }
    Ok(())
}

fn many() -> io::Result<()> {
    fs::create_dir("many")?;
    for i in 0..1200 {
        fs::write(format!("many/a file with quite a long name, number {i}"), "")?;
    }
    println!("{}", fs::read_dir("many")?.count());
    fs::remove_dir_all("many")?;
    println!("{}", fs::exists("many")?);
    Ok(())
}

fn times() -> io::Result<()> {
    let file = File::create("timed")?;
    // Whole seconds: not every engine sets more of a time.
    let when = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    file.set_times(fs::FileTimes::new().set_modified(when).set_accessed(when))?;
    let metadata = fs::metadata("timed")?;
    println!("{:?} {:?}", metadata.modified()?, metadata.accessed()?);
    Ok(())
}

fn copy() -> io::Result<()> {
    let bytes: Vec<u8> = (0..3_000_000u32).map(|i| (i ^ (i >> 7) ^ (i >> 13)) as u8).collect();
    fs::write("large", &bytes)?;
    println!("{} bytes", fs::copy("large", "copy")?);
    let copy = fs::read("copy")?;
    println!("{} {}", copy == bytes, sum(&copy));
    Ok(())
}

fn errors() -> io::Result<()> {
    println!("{:?}", fs::read("nothing").map_err(|e| e.kind()));
    println!("{:?}", fs::read(".").map(drop).is_err());
    println!("{:?}", fs::create_dir(".").map_err(|e| e.kind()));
    println!("{:?}", File::open("../outside").map(drop).is_err());
    println!("{:?}", File::open("/etc/passwd").map(drop).is_err());
    println!("{:?}", fs::write("no/such/folder", "").map_err(|e| e.kind()));
    fs::write("file", "text")?;
    println!("{:?}", fs::read_dir("file").map(drop).map_err(|e| e.kind()));
    println!("{:?}", fs::read("file/inside").map_err(|e| e.kind()));
    let mut read_only = File::open("file")?;
    println!("{:?}", read_only.write(b"x").map_err(|e| e.kind()).is_err());
    let mut write_only = OpenOptions::new().write(true).open("file")?;
    println!("{:?}", write_only.read(&mut [0; 4]).is_err());
    println!("{:?}", fs::read_to_string("file")?);
    println!("{:?}", fs::write("a".repeat(300), "").is_err());
    Ok(())
}

fn memory() -> io::Result<()> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for i in 0..40u8 {
        all.push(vec![i; 1 << 20]);
    }
    let total: u64 =
        all.iter().map(|part| u64::from(part[part.len() - 1]) * part.len() as u64).sum();
    println!("{total}");
    Ok(())
}

fn output() -> io::Result<()> {
    let line = "0123456789".repeat(20);
    let mut out = io::stdout().lock();
    for i in 0..2000 {
        writeln!(out, "{i} {line}")?;
    }
    out.flush()?;
    eprintln!("done");
    Ok(())
}

fn net() -> io::Result<()> {
    println!("{:?}", std::net::TcpListener::bind("127.0.0.1:0").map(drop).is_err());
    Ok(())
}

/// Answers one line.
fn serve() -> io::Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:4321")?;
    let (mut stream, _) = listener.accept()?;
    let mut line = String::new();
    io::BufReader::new(&stream).read_line(&mut line)?;
    println!("{line:?}");
    write!(stream, "{}", line.to_uppercase())?;
    stream.shutdown(std::net::Shutdown::Write)
}

fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)))
}
