//! The words on the command line.

use crate::bindings::Language;
use crate::soak::runs;

/// What `cargo xtask` was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    Help,
    /// What the tests of Rust need, and of these languages.
    Setup {
        languages: Vec<Language>,
    },
    Test(Scope),
    Soak {
        trial: Trial,
        amount: Amount,
    },
    /// These rows, or all.
    Bench {
        rows: Vec<String>,
    },
    Gallery,
    Docs,
    Deny,
    /// Between two revisions, or one and the working tree.
    Count {
        from: String,
        to: Option<String>,
    },
    /// Whether files are only compared.
    Generate {
        check: bool,
    },
}

/// How much is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Rust and every binding.
    Everything,
    /// Rust.
    Rust,
    /// Rust, up to the tests.
    Quick,
    /// The binding for this language.
    Binding(Language),
}

/// One long trial, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trial {
    Fuzz,
    Jpeg,
    Kill,
    Batch,
    Calls,
    Runs,
    FullDisk,
    Exits,
    Features,
    Bindings,
    Bundlers,
    Ledger,
    Api,
    Assets,
    All,
}

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    /// How long each fuzz target runs.
    pub(crate) minutes: u64,
    /// Photos that are put through recipes.
    pub(crate) photos: usize,
    /// How often a batch is killed.
    pub(crate) kills: usize,
}

impl Default for Amount {
    fn default() -> Self {
        Self { minutes: 10, photos: runs::PHOTOS, kills: runs::KILLS }
    }
}

pub(crate) const HELP: &str = "\
The chores of this repository.

    cargo xtask setup [python] [node] [kotlin] [swift]
        Installs what the tests need and Cargo cannot download: a Python environment in .env/ with ONNX Runtime's
        shared library (nothing in it is ever run), strace on Debian when you are root, and what the suites of these
        languages need. Does nothing the second time. `cargo xtask test` does it while cargo compiles.

    cargo xtask test [--quick | rust | python | node | kotlin | swift]
        Everything that must pass before a change is merged; CI runs exactly this. One failure does not hide the others.
        rust     setup, file lengths and decision numbers, formatting, clippy, all tests and examples, the library without its
                 default features, the documentation and its site, and the README's main command on the example photos
        python, node, kotlin, swift
                 builds that package, installs it as a user would, and runs its suite and its examples
        without a word: all of these, then the table of concepts in bindings/README.md. The times of its steps, in the form
                 of docs/ci.md, are then in target/ci.md
        --quick stops after the Rust tests: what to run while you work.
        Installs what a suite needs, if possible; otherwise reports what is missing, which is a failure on CI.

    cargo xtask soak [fuzz | jpeg | kill | batch | calls | runs | full-disk | exits | features | bindings |
                      bundlers | ledger | api | assets | all]
                     [--minutes N] [--photos N] [--kills N]
        Tests that take too long for every change. Run them before a release.
        fuzz       every fuzz target for N minutes (10 by default), on a nightly toolchain with cargo-fuzz
        jpeg       5,000 JPEGs of every kind, whole and damaged, with and without the feature `turbo`: the samples that
                   libjpeg-turbo reads, or an error with a code
        kill       kills `packshot cutout` at 20 random moments and looks for half-written files
        batch      200 copies of a photo: memory must not grow
        calls      200 cut-outs of 12 megapixels started at once in one process: few threads, bounded memory, small calls
                   among them that need not wait for all of them (Linux)
        runs       `packshot run` on N photos (2,000): killed N times (20) and resumed, with the bytes of an undisturbed run;
                   memory over time, a full disk, inputs that vanish, and one core against all
        full-disk  writes to a disk that is too small (Linux, as root): a clear error and no partial file
        exits      ends 50 processes in each of several ways while ONNX Runtime works: none may crash
        features   the library's tests with every cargo feature and with none, which takes minutes to compile
        bindings   1,000 calls from each language: memory must not grow
        bundlers   the Node package in builds with Next, webpack and esbuild, traced by nft, and in Electron's layout: what was
                   made must run in another folder
        ledger     the service's ledger on both databases: 2,000 random histories against a model, and 100 kills of its process
                   and of the database, after which everything confirmed is there once
        api        the service's API by programs of others: two linters, schemathesis as two people, porcupine, libfiu on SQLite,
                   and PostgreSQL 18
        assets     the service's assets: in a bucket of versitygw, scanned by clamd, long random histories, and what they cost
        all        all of these, then deny; the default

    cargo xtask bench [ROW…]
        Measures Packshot and its peers and prints one table; bench/README.md says how to read it. Without rows it
        measures all of them and writes bench/RESULTS.md. Installs the peers into the target folder when they are not
        there: Python and npm packages, cmake and nasm for libjpeg-turbo. A missing peer becomes a line with the reason.

    cargo xtask gallery
        A page with every photo, before and after, on four backgrounds, with enlarged edges, for each edge mode:
        target/gallery/index.html. Look at it after a change to edges, colours or the model.

    cargo xtask docs
        Builds the documentation site in target/site from the pages of this repository, and follows every link, anchor and
        picture in it: one that leads nowhere is a failure. Open target/site/index.html in a browser; no server is needed.

    cargo xtask generate [--check]
        Writes what is generated from the options in api/: the JSON Schema of recipes, the types of Node and Python, and
        docs/reference.md. With --check it only reports outdated files, as `cargo xtask test` does.

    cargo xtask count FROM [TO]
        Lists and counts the files that were changed by hand between two revisions, or since one: what `generate` writes
        is not among them. An option of a tool should take 3.

    cargo xtask deny
        Licences, sources and known vulnerabilities of all dependencies, as deny.toml says. Installs cargo-deny.

    cargo xtask help
        This text.

Variables:
    PACKSHOT_TEST_DATA   folder with real models and photos; tests that need it are skipped without it, and counted.
                         With CI=true, a file that the folder lacks is a failure
    PACKSHOT_TEST_ORT    an ONNX Runtime library to test with, instead of the one in .env/

Exit code: 0 all steps ok or skipped, 1 a step failed, 2 wrong usage.
";

impl Chore {
    /// The chore that `words` ask for, or what is wrong with them.
    pub(crate) fn parse(words: &[String]) -> Result<Self, String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] | ["help" | "--help" | "-h"] => Ok(Self::Help),
            ["setup", languages @ ..] => named(languages).map(|languages| Self::Setup { languages }),
            ["test"] => Ok(Self::Test(Scope::Everything)),
            ["test", "--quick"] => Ok(Self::Test(Scope::Quick)),
            ["test", "rust"] => Ok(Self::Test(Scope::Rust)),
            ["test", word] if let Some(language) = Language::named(word) => Ok(Self::Test(Scope::Binding(language))),
            ["soak", rest @ ..] => soak(rest),
            ["bench", rows @ ..] => match rows.iter().find(|row| row.starts_with('-')) {
                Some(option) => Err(format!("`{option}` is not understood here")),
                None => Ok(Self::Bench { rows: rows.iter().map(|&row| row.to_owned()).collect() }),
            },
            ["gallery"] => Ok(Self::Gallery),
            ["docs"] => Ok(Self::Docs),
            ["deny"] => Ok(Self::Deny),
            ["count", from] => Ok(Self::Count { from: (*from).to_owned(), to: None }),
            ["count", from, to] => Ok(Self::Count { from: (*from).to_owned(), to: Some((*to).to_owned()) }),
            ["generate"] => Ok(Self::Generate { check: false }),
            ["generate", "--check"] => Ok(Self::Generate { check: true }),
            ["test" | "gallery" | "docs" | "deny" | "count" | "generate" | "help", rest @ ..] => {
                Err(format!("`{}` is not understood here", rest.join(" ")))
            }
            [word, ..] => Err(format!("there is no chore `{word}`")),
        }
    }
}

fn named(languages: &[&str]) -> Result<Vec<Language>, String> {
    let language = |word: &&str| Language::named(word).ok_or_else(|| format!("`{word}` is not understood here"));
    languages.iter().map(language).collect()
}

fn soak(mut words: &[&str]) -> Result<Chore, String> {
    let (mut trial, mut amount) = (Trial::All, Amount::default());
    loop {
        words = match words {
            [] => return Ok(Chore::Soak { trial, amount }),
            [option @ ("--minutes" | "--photos" | "--kills"), number, rest @ ..] => {
                let number: usize =
                    number.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("`{number}` is no number above 0"))?;
                match *option {
                    "--minutes" => amount.minutes = number as u64,
                    "--photos" => amount.photos = number,
                    _ => amount.kills = number,
                }
                rest
            }
            [option @ ("--minutes" | "--photos" | "--kills")] => return Err(format!("`{option}` needs a number")),
            [word, rest @ ..] => {
                trial = match *word {
                    "fuzz" => Trial::Fuzz,
                    "jpeg" => Trial::Jpeg,
                    "kill" => Trial::Kill,
                    "batch" => Trial::Batch,
                    "calls" => Trial::Calls,
                    "runs" => Trial::Runs,
                    "full-disk" => Trial::FullDisk,
                    "exits" => Trial::Exits,
                    "features" => Trial::Features,
                    "bindings" => Trial::Bindings,
                    "bundlers" => Trial::Bundlers,
                    "ledger" => Trial::Ledger,
                    "api" => Trial::Api,
                    "assets" => Trial::Assets,
                    "all" => Trial::All,
                    _ => return Err(format!("there is no trial `{word}`")),
                };
                rest
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Chore, String> {
        Chore::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn words_are_understood() {
        assert_eq!(parse(""), Ok(Chore::Help));
        assert_eq!(parse("setup"), Ok(Chore::Setup { languages: Vec::new() }));
        assert_eq!(parse("setup node"), Ok(Chore::Setup { languages: vec![Language::Node] }));
        assert_eq!(parse("test --quick"), Ok(Chore::Test(Scope::Quick)));
        assert_eq!(parse("test swift"), Ok(Chore::Test(Scope::Binding(Language::Swift))));
        assert_eq!(parse("soak"), Ok(Chore::Soak { trial: Trial::All, amount: Amount::default() }));
        let amount = Amount { minutes: 2, ..Amount::default() };
        assert_eq!(parse("soak --minutes 2 fuzz"), Ok(Chore::Soak { trial: Trial::Fuzz, amount }));
        let amount = Amount { photos: 100, kills: 5, ..Amount::default() };
        assert_eq!(parse("soak runs --photos 100 --kills 5"), Ok(Chore::Soak { trial: Trial::Runs, amount }));
        assert_eq!(parse("count main"), Ok(Chore::Count { from: "main".to_owned(), to: None }));
        assert_eq!(parse("docs"), Ok(Chore::Docs));
        assert_eq!(parse("generate --check"), Ok(Chore::Generate { check: true }));
        assert_eq!(parse("bench resize"), Ok(Chore::Bench { rows: vec!["resize".to_owned()] }));
    }

    #[test]
    fn other_words_are_refused() {
        for line in [
            "tests",
            "test --fast",
            "soak walk",
            "soak --minutes",
            "soak --minutes 0",
            "setup now",
            "bench --all",
            "generate all",
            "docs now",
            "count",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_help_names_every_chore() {
        for word in [
            "setup",
            "test [--quick",
            "rust",
            "python",
            "node",
            "kotlin",
            "swift",
            "fuzz",
            "jpeg",
            "kill",
            "batch",
            "runs",
            "full-disk",
            "exits",
            "features",
            "bindings",
            "bundlers",
            "--minutes",
            "bench",
            "deny",
            "count FROM [TO]",
            "generate [--check]",
            "cargo xtask docs",
        ] {
            assert!(HELP.contains(word), "{word}");
        }
    }
}
