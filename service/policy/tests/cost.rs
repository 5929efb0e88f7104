//! Answering for a record takes no memory: a service asks for millions of records in one sweep.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
#![allow(unsafe_code, reason = "only an allocator of its own can count, and an allocator is unsafe")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use packshot_policy::{Clock, Events, PlanBefore, Preset, Record, Retention, Tier, Timestamp};

thread_local! {
    /// How often this thread asked for memory. By thread, because the test runner has some of its own.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, which counts.
struct Counting;

// SAFETY: every call is passed on unchanged; the counter is a plain cell that needs no memory itself.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.with(|asked| asked.set(asked.get() + 1));
        // SAFETY: the caller keeps the promises of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: `memory` came from `alloc` above, so from the system.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.with(|asked| asked.set(asked.get() + 1));
        // SAFETY: as for `dealloc`.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn asked() -> u64 {
    ASKED.with(Cell::get)
}

#[test]
fn the_counter_counts() {
    let before = asked();
    drop(std::hint::black_box(Box::new(1_u8)));
    assert_eq!(asked(), before + 1);
}

/// Every class of every preset under every plan and in every tier, with every event or none, after a downgrade or not.
/// The second policy counts where clocks change, which takes the longest way through the calendar.
#[test]
fn answering_takes_no_memory() {
    let start: Timestamp = "2026-03-28T01:30:00Z".parse().unwrap();
    let later = |hours: i64| Timestamp::from_second(start.as_second() + hours * 3_600).unwrap();
    let all =
        Clock::ALL.iter().zip(0..).fold(Events::new(), |events, (clock, day)| events.with(*clock, later(day * 24)));
    let (mut answers, mut limits) = (0_u64, 0_u64);
    for preset in Preset::ALL {
        let mut elsewhere = preset.policy().unwrap();
        elsewhere.about.timezone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        for policy in [preset.policy().unwrap(), elsewhere] {
            let retention = Retention::new(&policy);
            let plans: Vec<_> = policy.plan_ids().collect();
            let classes: Vec<_> = policy.class_ids().map(|(class, _)| class).collect();
            let before: Vec<_> =
                (0..9).map(|turn| PlanBefore::new(plans[turn % plans.len()], later(turn as i64))).collect();
            let asked_before = asked();
            for (class, plan) in classes.iter().flat_map(|class| plans.iter().map(move |plan| (*class, *plan))) {
                for events in [Events::new(), all] {
                    for tier in Tier::ALL {
                        let record = Record::new(class, plan, events).in_tier(*tier);
                        for record in [record, record.after_plans(&before)] {
                            std::hint::black_box(retention.answer(&record).unwrap());
                            limits += retention.fields(&record).unwrap().map(std::hint::black_box).count() as u64;
                            answers += 1;
                        }
                    }
                }
            }
            assert_eq!(asked() - asked_before, 0, "{}", preset.name);
        }
    }
    assert!(answers > 3_000 && limits > 50, "{answers} answers and {limits} limits");
}
