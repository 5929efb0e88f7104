//! `packshot policy simulate`

use std::time::Instant;

use packshot::{Code, Error, Result};
use packshot_policy::{Outcome, Period, Policy, Scenario, Simulation, Wrong};
use serde_json::json;

use super::args::Simulate;
use crate::exit;
use crate::say::Voice;

/// Accounts that a thread simulates at a time: few enough for a smooth progress bar.
const CHUNK: u64 = 1_000;

pub(crate) fn run(args: &Simulate, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    let years = Period::months(u32::from(args.years) * 12);
    let end = policy.calendar().at_the_latest(args.start, years);
    let scenario = Scenario { accounts: args.accounts, start: args.start, end, seed: args.seed };
    let began = Instant::now();
    let outcome = live(&policy, scenario, voice)?;
    let seconds = began.elapsed().as_secs_f64();
    if let Some(path) = &args.svg {
        packshot::write_atomically(path, outcome.picture(&policy).as_bytes())?;
    }
    tell(args, &policy, &outcome, seconds, voice);
    Ok(if outcome.violations == 0 { exit::DONE } else { exit::SOME_FAILED })
}

/// Simulates all accounts: every core takes the next thousand until none is left.
fn live(policy: &Policy, scenario: Scenario, voice: Voice) -> Result<Outcome> {
    let simulation = Simulation::new(policy, scenario);
    let bar = voice.bar(scenario.accounts, "accounts");
    let next = std::sync::atomic::AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let outcome = std::thread::scope(|scope| {
        let lives: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut outcome = simulation.run(0..0);
                    loop {
                        let first = next.fetch_add(CHUNK, std::sync::atomic::Ordering::Relaxed);
                        if first >= scenario.accounts {
                            return outcome;
                        }
                        outcome.add(&simulation.run(first..first.saturating_add(CHUNK)));
                        bar.inc(CHUNK.min(scenario.accounts - first));
                    }
                })
            })
            .collect();
        let mut sum = simulation.run(0..0);
        for life in lives {
            sum.add(&life.join().map_err(|_| Error::new(Code::Internal, "a simulated life panicked"))?);
        }
        Ok(sum)
    });
    bar.finish_and_clear();
    outcome
}

fn tell(args: &Simulate, policy: &Policy, outcome: &Outcome, seconds: f64, voice: Voice) {
    let [joined, closed, erased, downgraded] = outcome.accounts;
    voice.text(&format!(
        "{}: {joined} accounts over {} years; {closed} closed, {erased} asked for erasure, {downgraded} went down a plan",
        args.policy, args.years
    ));
    voice.text(&format!(
        "\n{:<20} {:>11} {:>11} {:>11} {:>11}  {:>16}  HELD AT THE END OF EACH QUARTER",
        "CLASS", "MADE", "GONE", "THERE", "FOR FEW", "LEAST SPARE TIME"
    ));
    for ((id, _), class) in policy.class_ids().zip(&outcome.classes) {
        let held: Vec<u64> = outcome.held(id).collect();
        let spare =
            class.least_spare.map_or("-".to_owned(), |spare| Period::seconds(spare.max(0).unsigned_abs()).in_words());
        voice.event(&json!({
            "event": "class", "policy": args.policy, "class": class.name, "made": class.made, "gone": class.purged,
            "there": class.left(), "restricted": class.restricted, "least_spare_seconds": class.least_spare,
            "there_by_month": held,
        }));
        voice.text(&format!(
            "{:<20} {:>11} {:>11} {:>11} {:>11}  {:>16}  {}",
            class.name,
            class.made,
            class.purged,
            class.left(),
            class.restricted,
            shorten(&spare),
            sparks(&held)
        ));
    }
    for story in &outcome.stories {
        let wrong = match story.wrong {
            Wrong::TooLate { by } => format!("readable after {by}"),
            Wrong::InBackups { by } => format!("readable in backups after {by}"),
            Wrong::TooEarly { until: Some(until) } => format!("missing before {until}"),
            Wrong::TooEarly { until: None } => "missing while it had to be kept".to_owned(),
        };
        let gone = story.purged.map_or("still there".to_owned(), |at| format!("gone {at}"));
        voice.event(&json!({
            "event": "violation", "ok": false, "policy": args.policy, "class": story.class, "plan": story.plan,
            "made": story.made.to_string(), "gone": story.purged.map(|at| at.to_string()), "wrong": wrong,
        }));
        voice.text(&format!("broken: {}, {}, made {}, {gone}: {wrong}", story.class, story.plan, story.made));
    }
    voice.event(&json!({
        "event": "simulation", "ok": outcome.violations == 0, "policy": args.policy, "accounts": joined,
        "records": outcome.made(), "violations": outcome.violations, "seed": args.seed, "seconds": seconds,
    }));
    let verdict = match outcome.violations {
        0 => "no promise broke: nothing was readable after its ceiling, nothing missing before its floor".to_owned(),
        1 => "one promise broke".to_owned(),
        many => format!("{many} promises broke"),
    };
    voice.text(&format!("\n{} records in {seconds:.1} s: {verdict}.", outcome.made()));
}

/// The first part of `2 hours, 3 minutes and 1 second`.
fn shorten(words: &str) -> String {
    words.split([',', ' ']).take(2).collect::<Vec<_>>().join(" ")
}

/// A line of blocks, one for each quarter.
fn sparks(held: &[u64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = held.iter().copied().max().unwrap_or(0).max(1);
    let quarters = held.iter().skip(2).step_by(3);
    quarters.map(|held| BLOCKS[usize::try_from(held * 7 / most).unwrap_or(7).min(7)]).collect()
}
