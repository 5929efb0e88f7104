//! The chores of this repository, the same words for people and for continuous integration: `cargo xtask help`.

mod bench;
mod beside;
mod bindings;
mod build;
mod chores;
mod command;
mod count;
mod deny;
mod docs;
mod examples;
mod files;
mod generate;
mod layers;
mod readme;
mod setup;
mod soak;
mod steps;
mod test;
mod tidy;
mod times;

use std::process::ExitCode;

use chores::Chore;
use steps::Steps;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let chore = match Chore::parse(&words) {
        Ok(chore) => chore,
        Err(message) => {
            eprintln!("{message}\n`cargo xtask help` lists the chores.");
            return ExitCode::from(2);
        }
    };
    let mut steps = Steps::default();
    match chore {
        Chore::Help => {
            print!("{}", chores::HELP);
            return ExitCode::SUCCESS;
        }
        Chore::Setup { languages } => setup::run(&mut steps, &languages),
        Chore::Test(scope) => test::run(&mut steps, scope),
        Chore::Soak { trial, amount } => soak::run(&mut steps, trial, amount),
        Chore::Bench { rows } => bench::run(&mut steps, &rows),
        Chore::Gallery => bench::gallery(&mut steps),
        Chore::Docs => drop(steps.run("documentation site", docs::build)),
        Chore::Deny => deny::run(&mut steps),
        Chore::Count { from, to } => count::run(&mut steps, &from, to.as_deref()),
        Chore::Generate { check } => generate::run(&mut steps, check),
    }
    steps.summary()
}
