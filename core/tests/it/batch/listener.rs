//! Listeners that are slower than the batch.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use packshot::{BatchEvent, BatchOutcome};

use super::{Ground, counts, engine, export};

const PHOTOS: u8 = 150;
/// Of the photos, those that are none.
const BAD: [u8; 5] = [3, 40, 77, 78, 149];

/// Photos, of which some are none.
fn ground() -> Ground {
    let ground = Ground::with(PHOTOS);
    BAD.iter().for_each(|bad| fs::write(ground.path(&format!("in/{bad:02}.jpg")), b"no photo").unwrap());
    ground
}

/// Events of a batch, heard by a listener that does something first.
fn heard(in_step: bool, first: impl Fn(&Path) + Send + Sync + 'static) -> Vec<BatchEvent> {
    let (ground, events) = (ground(), Arc::new(Mutex::new(Vec::<BatchEvent>::new())));
    let (heard, out) = (Arc::clone(&events), ground.path("out"));
    let listener = move |event: &BatchEvent| {
        first(&out);
        heard.lock().unwrap().push(event.clone());
    };
    let (engine, recipe, batch) = (engine(), export(), ground.batch());
    let report = match in_step {
        true => engine.batch_in_step(&recipe, batch, listener),
        false => engine.batch(&recipe, &batch, listener),
    };
    assert_eq!(counts(&report.unwrap()), [150, 145, 0, 0, 5]);
    Arc::try_unwrap(events).unwrap().into_inner().unwrap()
}

fn finished(event: &BatchEvent) -> u64 {
    event.done + event.failed
}

fn failures(events: &[BatchEvent]) -> usize {
    events.iter().filter(|event| event.item.outcome == BatchOutcome::Failed).count()
}

#[test]
fn a_listener_that_sleeps_until_the_last_photo_is_made_misses_progress_and_no_failure() {
    let events = heard(false, |out| {
        // A batch that waited for it would never come so far.
        let (begun, results) = (Instant::now(), usize::from(PHOTOS) - BAD.len());
        while fs::read_dir(out).unwrap().count() < results + 1 {
            assert!(begun.elapsed() < Duration::from_secs(120), "the batch waits for its listener");
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    assert!(events.len() <= 66, "the first one and those that waited: {}", events.len());
    assert_eq!(failures(&events), BAD.len());
    assert!(events.is_sorted_by_key(finished));
    assert_eq!(events.last().map(finished), Some(u64::from(PHOTOS)), "the newest is heard");
}

#[test]
fn a_batch_in_step_tells_of_every_photo() {
    let events = heard(true, |_| std::thread::sleep(Duration::from_millis(1)));
    assert_eq!(events.iter().map(finished).collect::<Vec<_>>(), (1..=u64::from(PHOTOS)).collect::<Vec<_>>());
    assert_eq!(failures(&events), BAD.len());
}
