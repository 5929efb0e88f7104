//! What a photo leaves in memory as long as the batch runs, beside those that are being worked on.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use packshot::api::Batch;
use sha2::{Digest, Sha256};

use super::{Ground, engine, export};

/// The most that may be left, in bytes a photo: the promise of `docs/decisions/028`.
const MOST: f64 = 200.0;
/// How a child is told what to do: `fresh` or `resumed`, and the number of photos.
const TASK: &str = "PACKSHOT_TEST_BATCH_MEMORY";

/// Bytes that this process has asked for and not given back.
static LIVE: AtomicIsize = AtomicIsize::new(0);

struct Counting;

#[allow(unsafe_code, reason = "an allocator is unsafe by its nature")]
// SAFETY: each call is handed to the system's allocator as it is; counting touches none of the memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller keeps the promises that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Photos that all want the same name, each in a folder of its own: the most that has to be remembered. They are not
/// there, so that nothing but remembering them takes time.
fn input(photo: usize) -> String {
    format!("/home/somebody/pictures/2026/autumn/{photo:07}/1.jpg")
}

/// The journal as an earlier run has left it, in the words of `docs/decisions/019`.
fn journal(photos: usize) -> String {
    let mut lines = String::new();
    let hash = "0123456789abcdef".repeat(4);
    for photo in 0..photos {
        let name = if photo == 0 { "1.png".to_owned() } else { format!("1-{}.png", photo + 1) };
        let claim = format!(r#"{{"claim":{{"output":"{name}","input":"{}","wanted":"1.png"}}}}"#, input(photo));
        let done = format!(
            r#"{{"done":{{"output":"{name}","photo":"{hash}","recipe":"{hash}","result":"{hash}","size":7}}}}"#
        );
        for record in [claim, done] {
            let hash = Sha256::digest(record.as_bytes());
            hash[..8].iter().for_each(|byte| write!(lines, "{byte:02x}").unwrap());
            writeln!(lines, " {record}").unwrap();
        }
    }
    lines
}

/// Runs a batch of photos and prints how much of it is in memory in the middle, and that its names were kept.
#[test]
#[ignore = "the child of the next test"]
fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let (kind, photos) = task.split_once(' ').unwrap();
    let photos: usize = photos.parse().unwrap();
    let ground = Ground::new();
    std::fs::create_dir(ground.path("out")).unwrap();
    if kind == "resumed" {
        std::fs::write(ground.path("out/.packshot-journal"), journal(photos)).unwrap();
    }
    // The words are let go once they are read.
    let before = LIVE.load(Ordering::Relaxed);
    let inputs = (0..photos).map(|number| input(number).into()).collect();
    let batch = Batch { inputs, name: Some("{stem}".to_owned()), workers: Some(1), ..ground.batch() };
    let (engine, recipe, middle) = (engine(), export(), Arc::new(AtomicIsize::new(0)));
    let seen = Arc::clone(&middle);
    let begun = std::time::Instant::now();
    let report = engine.batch_in_step(&recipe, batch, move |event| {
        if event.failed as usize == photos / 2 {
            seen.store(LIVE.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        let number = Some(event.failed).filter(|number| *number > 1);
        let name = number.map_or_else(|| "1.png".to_owned(), |number| format!("1-{number}.png"));
        assert!(event.item.output.as_ref().unwrap().ends_with(&name), "{event:?}");
    });
    assert_eq!(report.unwrap().failed as usize, photos);
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = peak.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    println!("{task}: {:.1} s, {peak}", begun.elapsed().as_secs_f64());
    println!("live {}", middle.load(Ordering::Relaxed) - before);
}

/// Bytes that so many photos leave in memory, in a process of their own: other tests take and give memory meanwhile.
fn live(kind: &str, photos: usize) -> f64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["batch::memory::child", "--exact", "--ignored", "--nocapture"]).env(TASK, format!("{kind} {photos}"));
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    print!("{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("live ")).unwrap();
    line.parse().unwrap()
}

/// `PACKSHOT_TEST_PHOTOS=1000000` measures with as many.
#[test]
fn a_photo_leaves_less_than_200_bytes() {
    let photos = std::env::var("PACKSHOT_TEST_PHOTOS").map_or(20_000, |photos| photos.parse().unwrap());
    for kind in ["fresh", "resumed"] {
        let bytes = (live(kind, photos) - live(kind, photos / 2)) / (photos - photos / 2) as f64;
        println!("{kind}: {bytes:.0} bytes a photo");
        // Less than the keys alone would be a fault of the measurement.
        assert!((20.0..MOST).contains(&bytes), "{kind}: {bytes:.0} bytes a photo");
    }
}
