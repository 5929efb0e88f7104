//! Many callers of one engine, as a server has them.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use packshot::{Backend, Engine, Recipe};

use crate::serve::Fault;

/// The calls of a round, however many of them are there at a time.
pub(crate) const CALLS: usize = 64;

/// Photo files to JPEG files by `callers` at a time, on the embedded model and rten; with as many workers as by default,
/// or `workers`. Answers with the milliseconds of the round, and of each call from its start to its file.
pub(super) fn at_once(
    photo: &str,
    callers: usize,
    workers: &str,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let mut engine = Engine::builder().backend(Backend::Rten);
    if workers != "default" {
        engine = engine.workers(workers.parse()?);
    }
    let engine = engine.build()?;
    let (recipe, bytes) = (Recipe::preset("white-background")?, fs::read(photo)?);
    Ok(move || {
        let (begin, calls) = (Instant::now(), AtomicUsize::new(0));
        let caller = || -> Result<Vec<f64>, Fault> {
            let mut times = Vec::new();
            while calls.fetch_add(1, Ordering::SeqCst) < CALLS {
                let begin = Instant::now();
                engine.run_recipe(bytes.clone(), &recipe)?;
                times.push(millis(begin));
            }
            Ok(times)
        };
        let times = thread::scope(|scope| {
            let callers: Vec<_> = (0..callers).map(|_| scope.spawn(caller)).collect();
            let ends = callers.into_iter().map(|caller| caller.join().map_err(|_| "a caller panicked")?);
            ends.collect::<Result<Vec<_>, Fault>>()
        })?;
        let all = std::iter::once(millis(begin)).chain(times.concat());
        Ok(all.map(|time| format!("{time}\n")).collect::<String>().into_bytes())
    })
}

fn millis(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1000.0
}
