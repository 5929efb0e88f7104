//! Runs a row: all sides started, then rounds in turn, so that whatever slows the machine slows them all.

use std::path::Path;

use crate::row::{Contender, Finish, Measured, Row};
use crate::serve::Fault;
use crate::side::Side;

struct Runner {
    contender: Contender,
    state: Result<(Side, Vec<f64>), String>,
}

/// One round that does not count, then `rounds` that do.
pub(crate) fn run(row: Row, rounds: usize, scratch: &Path, tell: &mut dyn FnMut(&str)) -> Vec<Finish> {
    let mut runners: Vec<_> = row.sides.into_iter().map(|contender| start(contender, scratch, tell)).collect();
    for round in 0..=rounds {
        for runner in &mut runners {
            let Ok((side, seconds)) = &mut runner.state else { continue };
            tell(&format!("round {round} of {rounds}: {}", runner.contender.name));
            match side.round() {
                Ok(_) if round == 0 => {}
                Ok(time) => seconds.push(time),
                Err(fault) => runner.state = Err(fault.to_string()),
            }
        }
    }
    let finish = |runner: Runner| {
        let Runner { contender: Contender { name, judged, limits, .. }, state } = runner;
        let result = state.and_then(|(mut side, seconds)| {
            let answer = if judged { Some(side.answer(scratch).map_err(|fault| fault.to_string())?) } else { None };
            let peak = side.end();
            let judge = |answer: Vec<u8>| (row.judge)(&answer).map_err(|fault: Fault| format!("its answer: {fault}"));
            let figures = answer.map_or(Ok(Vec::new()), judge)?;
            Ok(Measured { seconds, peak, figures })
        });
        Finish { name, result, limits }
    };
    runners.into_iter().map(finish).collect()
}

fn start(contender: Contender, scratch: &Path, tell: &mut dyn FnMut(&str)) -> Runner {
    tell(&format!("starting {}", contender.name));
    let log = scratch.join(format!("{}.log", contender.name.replace([' ', '/'], "-")));
    let state = contender.launch.clone().and_then(|launch| {
        let side = Side::start(launch, log).map_err(|fault| fault.to_string())?;
        Ok((side, Vec::new()))
    });
    Runner { contender, state }
}
