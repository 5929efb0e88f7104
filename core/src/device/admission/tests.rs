use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::*;
use crate::run::Stage;

/// Longer than any of these tests takes, were it not to end at all.
const LONG: Duration = Duration::from_secs(60);

fn admission(workers: usize, memory: u64, small: u64) -> Arc<Admission> {
    Arc::new(Admission::within(workers, memory, small, None))
}

/// A call of `bytes` that says when it begins and lasts until it may end.
fn held(admission: &Arc<Admission>, bytes: u64) -> (Task<()>, Receiver<()>, Sender<()>) {
    let ((begin, began), (end, ended)) = (channel(), channel());
    let task = admission.start(
        &Run::default(),
        move || bytes,
        move |_| {
            begin.send(()).ok();
            ended.recv().ok();
            Ok(())
        },
    );
    (task, began, end)
}

/// A thread that has entered, as those of a batch do, and stays until what it returns is dropped.
fn entered(admission: &Arc<Admission>, bytes: u64) -> Sender<()> {
    let (admission, (tell, told), (end, ended)) = (Arc::clone(admission), channel(), channel());
    std::thread::spawn(move || {
        let _permit = admission.enter(bytes, &CancelToken::new()).unwrap();
        tell.send(()).ok();
        ended.recv().ok();
    });
    told.recv_timeout(LONG).unwrap();
    end
}

#[test]
fn two_hundred_calls_at_once_have_a_few_threads_and_keep_within_the_memory() {
    let admission = admission(3, 100, 0);
    let (now, most, bytes, peak) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let counts = Arc::new((now, most, bytes, peak));
    let tasks: Vec<_> = (0..200_u64)
        .map(|number| {
            let (counts, takes) = (Arc::clone(&counts), 10 + number * 37 % 80);
            admission.start(
                &Run::default(),
                move || takes,
                move |_| {
                    let (now, most, bytes, peak) = &*counts;
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    peak.fetch_max(bytes.fetch_add(takes, Ordering::SeqCst) + takes, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(1));
                    bytes.fetch_sub(takes, Ordering::SeqCst);
                    now.fetch_sub(1, Ordering::SeqCst);
                    Ok(number)
                },
            )
        })
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.wait().unwrap(), number as u64);
    }
    let (_, most, _, peak) = &*counts;
    assert!((2..=3).contains(&most.load(Ordering::SeqCst)), "{most:?} at a time");
    assert!(peak.load(Ordering::SeqCst) <= 100, "{peak:?} of 100 bytes");
    let state = lock(&admission.state);
    assert_eq!((state.line.len(), state.for_memory.len(), state.called.len()), (0, 0, 0));
}

#[test]
fn calls_come_in_the_order_in_which_they_were_made() {
    let admission = admission(1, 100, 0);
    let (first, began, end) = held(&admission, 1);
    began.recv_timeout(LONG).unwrap();
    let (tell, told) = channel();
    let tasks: Vec<_> = (0..20_u64)
        .map(|number| {
            let tell = tell.clone();
            admission.start(
                &Run::default(),
                move || 20 - number,
                move |_| {
                    tell.send(number).ok();
                    Ok(())
                },
            )
        })
        .collect();
    end.send(()).unwrap();
    first.wait().unwrap();
    tasks.into_iter().for_each(|task| task.wait().unwrap());
    drop(tell);
    assert_eq!(told.iter().collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
}

#[test]
fn a_small_call_does_not_wait_for_the_large_ones_before_it() {
    let admission = admission(1, 1000, 10);
    let (large, began, end) = held(&admission, 500);
    began.recv_timeout(LONG).unwrap();
    let others: Vec<_> = (0..5).map(|_| admission.start(&Run::default(), || 500, |_| Ok(()))).collect();
    let mut small = admission.start(&Run::default(), || 10, |_| Ok(7));
    assert_eq!(small.wait_for(LONG).expect("it has a worker of its own").unwrap(), 7);
    let mut unknown = admission.start(&Run::default(), || panic!("boom"), |_| Ok(8));
    assert!(unknown.wait_for(Duration::from_millis(50)).is_none(), "what cannot be estimated is not small");
    drop(end);
    large.wait().unwrap();
    others.into_iter().for_each(|task| task.wait().unwrap());
    assert_eq!(unknown.wait().unwrap(), 8);
}

#[test]
fn a_call_that_is_cancelled_in_the_line_ends_at_once_and_leaves_nothing_there() {
    let admission = admission(1, 100, 0);
    let (first, began, end) = held(&admission, 1);
    began.recv_timeout(LONG).unwrap();
    let cancel = CancelToken::new();
    let held_by_it = Arc::new(());
    let inside = Arc::clone(&held_by_it);
    let run = Run::default().cancelled_by(&cancel);
    let task = admission.start(
        &run,
        || 1,
        move |_| {
            drop(inside);
            Ok(())
        },
    );
    let dropped = admission.start(&Run::default(), || 1, |_| Ok(()));
    assert_eq!(lock(&admission.state).line.len(), 2);
    drop(dropped);
    cancel.cancel();
    assert_eq!(task.wait().unwrap_err().code(), Code::Cancelled);
    assert_eq!(lock(&admission.state).line.len(), 0);
    assert_eq!(Arc::strong_count(&held_by_it), 1, "what it held is gone");
    assert!(cancel.wait_until_idle(Duration::ZERO), "nobody works for it");
    drop(end);
    first.wait().unwrap();
}

#[test]
fn a_call_that_is_cancelled_while_it_waits_for_memory_lets_the_next_one_pass() {
    let admission = admission(3, 100, 0);
    let (first, began, end) = held(&admission, 90);
    began.recv_timeout(LONG).unwrap();
    let cancel = CancelToken::new();
    let large = admission.start(&Run::default().cancelled_by(&cancel), || 50, |_| Ok(()));
    while lock(&admission.state).for_memory.is_empty() {
        std::thread::yield_now();
    }
    let mut next = admission.start(&Run::default(), || 5, |_| Ok(3));
    assert!(next.wait_for(Duration::from_millis(50)).is_none(), "it came later");
    cancel.cancel();
    assert_eq!(large.wait().unwrap_err().code(), Code::Cancelled);
    assert_eq!(next.wait_for(LONG).unwrap().unwrap(), 3);
    drop(end);
    first.wait().unwrap();
}

#[test]
fn a_panic_frees_its_worker_and_its_memory() {
    let admission = admission(1, 100, 0);
    for _ in 0..3 {
        let task: Task<()> = admission.start(&Run::default(), || 100, |_| panic!("boom"));
        assert_eq!(task.wait().unwrap_err().code(), Code::Internal);
    }
    assert_eq!(admission.start(&Run::default(), || 100, |_| Ok(4)).wait().unwrap(), 4);
}

#[test]
fn calls_inside_of_calls_do_not_wait_for_the_worker_of_the_outer_one() {
    let admission = admission(1, 100, 0);
    let inside = Arc::clone(&admission);
    let task = admission.start(
        &Run::default(),
        || 100,
        move |run| {
            let direct = inside.start(run, || 100, |_| Ok(1)).wait()?;
            let inner = Arc::clone(&inside);
            // By way of a task that is no call.
            let around = Task::spawn(run, move |run| inner.start(run, || 100, |_| Ok(2)).wait()).wait()?;
            let batch = Arc::new(inside.of_batch(100));
            let photo = std::thread::spawn(move || batch.enter(100, &CancelToken::new()).map(|_| 4));
            Ok(direct + around + photo.join().unwrap()?)
        },
    );
    assert_eq!(task.wait().unwrap(), 7);
}

#[test]
fn photos_of_a_batch_take_turns_with_calls() {
    let admission = admission(1, 100, 0);
    let batch = Arc::new(admission.of_batch(50));
    let cancel = CancelToken::new();
    let permit = entered(&batch, 40);
    let mut call = admission.start(&Run::default(), || 1, |_| Ok(()));
    assert!(call.wait_for(Duration::from_millis(50)).is_none(), "the photo has the only worker");
    drop(permit);
    call.wait_for(LONG).expect("the photo is done").unwrap();
    let (held, began, end) = held(&admission, 1);
    began.recv_timeout(LONG).unwrap();
    let (waiting, stop) = (Arc::clone(&batch), cancel.clone());
    let photo = std::thread::spawn(move || waiting.enter(1, &stop).map(drop));
    while lock(&admission.state).line.is_empty() {
        std::thread::yield_now();
    }
    cancel.cancel();
    assert_eq!(photo.join().unwrap().unwrap_err().code(), Code::Cancelled);
    assert_eq!((lock(&admission.state).line.len(), lock(&batch.state).busy), (0, 0));
    drop(end);
    held.wait().unwrap();
}

#[test]
fn what_needs_more_than_there_is_works_alone() {
    let admission = admission(4, 100, 0);
    let large = entered(&admission, 1000);
    let mut call = admission.start(&Run::default(), || 1, |run| run.checkpoint(Stage::Decode, 0.0));
    assert!(call.wait_for(Duration::from_millis(50)).is_none());
    drop(large);
    call.wait_for(LONG).unwrap().unwrap();
}
