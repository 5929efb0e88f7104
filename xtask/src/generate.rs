//! What is made from the options in `api/`: the tests of that crate compare it, or write it.

use crate::command::{self, cargo};
use crate::steps::{Steps, ok};

/// The steps of `cargo xtask generate`.
pub(crate) fn run(steps: &mut Steps, check: bool) {
    steps.run("what is made from options", || {
        let mut tests = cargo(["test", "-p", "packshot-api", "--test", "it", "--", "generated::", "schema::"]);
        if !check {
            tests.env("PACKSHOT_BLESS", "1");
        }
        command::run(&mut tests)?;
        ok()
    });
}
