//! What many calls at once take of the machine, and what they leave. A process of its own: threads and memory are the
//! process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use packshot::{Channels, Cutout, Engine, Photo, RemoveBackground, Task};

#[global_allocator]
static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;

/// What may be resident a second after all calls, in percent of what is after one.
const LEFT: usize = 130;
/// Kilobytes besides: small buffers in the heaps of threads that were not there for one call. Up to 15 MB were seen; without
/// the allocator, 70 MB more than all of this remain.
const HEAPS: usize = 32_000;

/// A number of `/proc/self/status`.
fn status(key: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

fn set(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |number| number.parse().unwrap())
}

/// A JPEG in `folder`: a disc on a wall that grows darker, with some grain.
fn file(folder: &Path, width: u32, height: u32) -> PathBuf {
    let mut samples = Vec::with_capacity((width * height * 3) as usize);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let (dx, dy) = (f64::from(x) / f64::from(width) - 0.5, f64::from(y) / f64::from(height) - 0.5);
        let grain = ((x * 7 + y * 13) % 9) as u8;
        let wall = 150 + (dy * 60.0) as i16 as u8 % 100 + grain;
        let pixel = if dx * dx + dy * dy < 0.08 { [190 - grain, 40, 30 + grain] } else { [wall, wall, wall] };
        samples.extend(pixel);
    }
    let photo = Photo::new(width, height, Channels::Rgb, samples).unwrap();
    let path = folder.join(format!("{width}.jpg"));
    photo.save(&path).unwrap();
    path
}

/// Looks at the number of threads until it is dropped.
struct Watch(Arc<(AtomicBool, AtomicUsize)>);

impl Watch {
    fn start() -> Self {
        let seen = Arc::new((AtomicBool::new(false), AtomicUsize::new(0)));
        let watch = Arc::clone(&seen);
        std::thread::spawn(move || {
            while !watch.0.load(Ordering::SeqCst) {
                watch.1.fetch_max(status("Threads"), Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Self(seen)
    }

    fn most(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::SeqCst);
    }
}

/// The resident kilobytes as soon as they are at most `limit`, or after a second.
fn resident_below(limit: usize) -> usize {
    let begin = Instant::now();
    while status("VmRSS") > limit && begin.elapsed() < Duration::from_secs(1) {
        std::thread::sleep(Duration::from_millis(10));
    }
    status("VmRSS")
}

/// `cargo xtask soak calls` has 200 calls of 12 megapixels; here they are fewer and smaller, but larger than small ones.
#[test]
fn many_calls_at_once_have_few_threads_and_bounded_memory_which_they_give_back_and_small_ones_are_quick() {
    let (calls, megapixels) = (set("PACKSHOT_TEST_CALLS", 8), set("PACKSHOT_TEST_MEGAPIXELS", 3));
    let side = (megapixels as f64 * 1e6).sqrt() as u32;
    let folder = tempfile::tempdir().unwrap();
    let (large, small) = (file(folder.path(), side, side), file(folder.path(), 600, 600));
    let workers = NonZeroUsize::new(2).unwrap();
    // For two large calls and a small one.
    let memory = (128 + 80 * megapixels) << 20;
    let engine = Engine::builder().workers(workers).memory(memory as u64).build().unwrap();
    let settings = RemoveBackground::default();
    let cut = |file: &Path| engine.start_remove_background(file, &settings);

    // Pools of threads and the model are there from the first calls on.
    cut(&large).wait().unwrap();
    let begin = Instant::now();
    cut(&small).wait().unwrap();
    let alone = begin.elapsed();
    let (threads, one) = (status("Threads"), status("VmRSS"));

    let watch = Watch::start();
    let begin = Instant::now();
    let tasks: Vec<_> = (0..calls).map(|_| cut(&large)).collect();
    let started = begin.elapsed();
    // A result is the caller's as soon as it is there.
    let done = std::thread::spawn(move || {
        let right = |task: Task<Cutout>| task.wait().is_ok_and(|cutout| cutout.photo.width() == side);
        tasks.into_iter().map(right).filter(|right| *right).count()
    });
    let mut times: Vec<_> = (0..calls.clamp(5, 40))
        .map(|_| {
            let begin = Instant::now();
            cut(&small).wait().unwrap();
            begin.elapsed()
        })
        .collect();
    assert_eq!(done.join().unwrap(), calls);
    let all = begin.elapsed();
    times.sort_unstable();
    let (p95, most) = (times[times.len() * 95 / 100], watch.most());
    let (peak, left) = (status("VmHWM"), resident_below(one * LEFT / 100 + HEAPS));
    println!(
        "{calls} calls of {megapixels} megapixels, {workers} workers: started in {started:.1?}, all done in {all:.1?}; \
         {most} threads at most, {threads} before; peak {} MB, {} MB after one call, {} MB after all; \
         p95 of a small call {p95:.2?}, {alone:.2?} alone",
        peak / 1000,
        one / 1000,
        left / 1000,
    );
    // Two workers, the one for small calls, those that take over from them, and the two threads of this test.
    assert!(most <= threads + 8, "{most} threads, {threads} before");
    assert!((peak - one) * 1024 < memory, "{peak} kB at most, {one} kB after one call");
    assert!(left <= one * LEFT / 100 + HEAPS, "{left} kB a second after all calls, {one} kB after one");
    assert!(p95 < all / 2, "a small call took {p95:?} of {all:?}");
}
