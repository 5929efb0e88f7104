//! Measures Packshot and its peers: `cargo xtask bench`, and `bench/README.md` on how to read the table.
//!
//! - **Rows**: `rows` says what is measured, on what, and what is to be reached.
//! - **Race**: `race` runs the sides of a row in turn; `side` is one process, `serve` and `peers/protocol.*` its half.
//! - **Work**: `work` has the jobs of the sides that are written in Rust.
//! - **Judgement**: `metrics`, and the verdicts in `row`.
//! - **Gallery**: `gallery` shows what numbers cannot say.

mod gallery;
mod inputs;
mod machine;
mod memory;
mod metrics;
mod place;
mod race;
mod row;
mod rows;
mod serve;
mod side;
mod table;
mod work;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use inputs::Inputs;
use place::{Maybe, Place};
use serve::Fault;
use table::Entry;

/// Large buffers go back to the system as soon as they are freed.
#[global_allocator]
static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;

/// A median of fewer is luck.
const ROUNDS: usize = 5;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["side", job @ ..] => work::run(job),
        ["once", program @ ..] => side::once(program),
        ["rows"] => {
            rows::ALL.iter().for_each(|(id, _)| println!("{id}"));
            Ok(())
        }
        ["run", rest @ ..] => run(rest),
        ["gallery", folder, root] => gallery(folder, root),
        _ => Err("this program is started by `cargo xtask bench` and `cargo xtask gallery`".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// `run FOLDER ROOT [ROW…]`. The rest comes in variables that `cargo xtask bench` sets: `PACKSHOT_BENCH_…` with a
/// path, or `PACKSHOT_BENCH_NO_…` with the reason why there is none.
fn run(words: &[&str]) -> Result<(), Fault> {
    let [folder, root, wanted @ ..] = words else { return Err("a folder and the repository are needed".into()) };
    let known = |id: &&str| rows::ALL.iter().any(|(known, _)| known == id);
    if let Some(id) = wanted.iter().find(|id| !known(id)) {
        let all: Vec<_> = rows::ALL.iter().map(|(id, _)| *id).collect();
        return Err(format!("there is no row `{id}`; there are {}", all.join(", ")).into());
    }
    let data = std::env::var_os("PACKSHOT_TEST_DATA").map(PathBuf::from);
    let place = Place {
        inputs: Inputs { folder: PathBuf::from(folder), root: PathBuf::from(root), data },
        plain: maybe("PLAIN"),
        turbo: maybe("TURBO"),
        cli: maybe("CLI"),
        python: maybe("PYTHON"),
        node: maybe("NODE"),
        python_binding: maybe("PYTHON_BINDING"),
        node_binding: maybe("NODE_BINDING"),
        kotlin_binding: maybe("KOTLIN_BINDING"),
        swift_binding: maybe("SWIFT_BINDING"),
        library: maybe("LIBRARY"),
    };
    std::fs::create_dir_all(folder)?;
    let facts = machine::facts(&place, ROUNDS);
    let chosen = rows::ALL.iter().filter(|(id, _)| wanted.is_empty() || wanted.contains(id));
    let page = place.inputs.root.join("bench/RESULTS.md");
    let mut entries = Vec::new();
    for (id, make) in chosen {
        entries.push(measure(id, *make, &place));
        // After each row: what follows may fail, or take longer than somebody waits.
        if wanted.is_empty() {
            std::fs::write(&page, results(&facts, &entries))?;
        }
    }
    for fact in &facts {
        println!("{fact}");
    }
    println!("{}", table::plain(&entries));
    if wanted.is_empty() {
        println!("written: {}", page.display());
    }
    Ok(())
}

/// `gallery FOLDER ROOT`
fn gallery(folder: &str, root: &str) -> Result<(), Fault> {
    let data = std::env::var_os("PACKSHOT_TEST_DATA").map(PathBuf::from);
    let inputs = Inputs { folder: PathBuf::from(folder), root: PathBuf::from(root), data };
    let page = gallery::run(&inputs.folder, &inputs)?;
    println!("{}", page.display());
    Ok(())
}

fn measure(id: &str, make: rows::Maker, place: &Place) -> Entry {
    let mut tell = |words: &str| {
        // One line that is written over; it matters to nobody if it cannot be.
        let _ = write!(std::io::stderr(), "\r\x1b[K{id}: {words}");
    };
    tell("making the pictures");
    let outcome = make(place).map_err(|fault| fault.to_string()).map(|row| {
        let title = row.title.clone();
        (title, race::run(row, ROUNDS, &place.inputs.folder, &mut tell))
    });
    tell("done\n");
    Entry { id: id.to_owned(), outcome }
}

fn maybe(name: &str) -> Maybe {
    match std::env::var_os(format!("PACKSHOT_BENCH_{name}")) {
        Some(path) => Ok(PathBuf::from(path)),
        None => Err(std::env::var(format!("PACKSHOT_BENCH_NO_{name}")).unwrap_or_else(|_| "not installed".to_owned())),
    }
}

fn results(facts: &[String], entries: &[Entry]) -> String {
    let facts: String = facts.iter().map(|fact| format!("- {fact}\n")).collect();
    format!(
        "# Results\n\nWritten by `cargo xtask bench`; [README.md](README.md) says how to read it.\n\n{facts}\n{}",
        table::markdown(entries)
    )
}
