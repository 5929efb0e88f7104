use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;

use super::*;

fn claim(name: &str) -> Claim {
    Claim { output: name.to_owned(), input: format!("in/{name}.jpg"), wanted: name.to_owned(), result: String::new() }
}

fn done(name: &str, photo: &str) -> Done {
    let text = |text: &str| text.to_owned();
    Done { output: text(name), photo: text(photo), recipe: text("r"), result: text("h"), size: 7 }
}

/// How long a journal was, and what was done then.
type State = (usize, BTreeMap<String, Done>);

/// The name of each photo that a test writes.
fn name(index: usize) -> String {
    format!("{index}-\u{e9}\n.png")
}

/// All that is done of the photos that a test writes.
fn all_done(journal: &mut Journal) -> BTreeMap<String, Done> {
    let done = (0..10).map(name).chain(["new.png".to_owned()]).filter_map(|name| journal.done(&name));
    done.map(|done| (done.output.clone(), done)).collect()
}

/// A journal of so many photos, and what it says after each of its lines.
fn written(folder: &Path, photos: usize) -> (Vec<u8>, Vec<State>) {
    let mut journal = Journal::open(folder, true, &CancelToken::new()).unwrap();
    journal.hold();
    let mut states = vec![(0, BTreeMap::new())];
    for index in 0..photos {
        journal.claim(claim(&name(index))).unwrap();
        states.push((journal.length as usize, all_done(&mut journal)));
        journal.note(done(&name(index), "p")).unwrap();
        states.push((journal.length as usize, all_done(&mut journal)));
    }
    assert_eq!(states.last().unwrap().1.len(), photos);
    drop(journal);
    (fs::read(folder.join(NAME)).unwrap(), states)
}

fn reopened(bytes: &[u8]) -> Journal {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(NAME), bytes).unwrap();
    Journal::open(folder.path(), true, &CancelToken::new()).unwrap()
}

#[test]
fn every_prefix_is_sound_and_can_be_written_on() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, states) = written(folder.path(), 3);
    for length in 0..=bytes.len() {
        let (whole, expected) = states.iter().rev().find(|(end, _)| *end <= length).unwrap();
        let mut journal = reopened(&bytes[..length]);
        assert_eq!((&all_done(&mut journal), journal.length as usize), (expected, *whole), "cut at {length}");
        journal.note(done("new.png", "q")).unwrap();
        let mut copy = Vec::new();
        journal.file.seek(SeekFrom::Start(0)).unwrap();
        journal.file.read_to_end(&mut copy).unwrap();
        let mut again = reopened(&copy);
        assert_eq!(all_done(&mut again).len(), expected.len() + 1, "cut at {length}");
        assert_eq!(again.done("new.png"), Some(done("new.png", "q")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_costs_the_line_that_it_hits_and_invents_nothing(at in 0_usize..4000, xor in 1_u8..=255, more in prop::collection::vec(any::<u8>(), 0..80)) {
        let folder = tempfile::tempdir().unwrap();
        let (mut bytes, states) = written(folder.path(), 6);
        let whole = &states.last().unwrap().1;
        let at = at % bytes.len();
        bytes[at] ^= xor;
        bytes.extend(more);
        let done = all_done(&mut reopened(&bytes));
        prop_assert!(done.iter().all(|(name, done)| whole.get(name) == Some(done)));
        // A line feed that is lost or made harms two lines at most.
        prop_assert!(done.len() + 2 >= whole.len(), "{} of {}", done.len(), whole.len());
    }
}

#[test]
fn a_fresh_start_forgets_what_was_done_and_keeps_the_names() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 2);
    for resume in [false, true] {
        let mut journal = Journal::open(folder.path(), resume, &CancelToken::new()).unwrap();
        assert!(all_done(&mut journal).is_empty(), "also when it is resumed later");
        assert!(journal.is_claimed(&name(0)) && journal.is_claimed(&name(1)) && !journal.is_claimed(&name(2)));
    }
}

#[test]
fn a_name_belongs_to_the_last_that_claimed_it_and_an_input_keeps_its_names_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    let claim = |output: &str, input: &str| Claim {
        output: output.into(),
        input: input.into(),
        wanted: "x.png".into(),
        result: String::new(),
    };
    for (output, input) in [("x-2.png", "a"), ("x.png", "a"), ("X.png", "c"), ("x.png", "b"), ("x-3.png", "a")] {
        journal.claim(claim(output, input)).unwrap();
    }
    drop(journal);
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    assert_eq!(journal.names_of("a", "x.png"), ["x-2.png", "x-3.png"], "x.png is b's now");
    assert_eq!(journal.names_of("b", "x.png"), ["x.png"]);
    assert!(journal.names_of("b", "y.png").is_empty());
    assert_eq!(journal.claims_of("x.PNG"), [claim("X.png", "c"), claim("x.png", "b")]);
    assert!(journal.is_claimed("x.png") && !journal.is_claimed("x.PNG"));
    let length = journal.length;
    journal.claim(claim("x.png", "b")).unwrap();
    assert_eq!(journal.length, length, "what is claimed need not be written again");
    for input in ["a", "b", "a"] {
        journal.claim(claim("x.png", input)).unwrap();
    }
    drop(journal);
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    assert_eq!(journal.index.offsets(name_key("x.png")).len(), 3, "by a, b and c, once each");
    assert!(journal.names_of("b", "x.png").is_empty());
}

#[test]
fn records_with_one_key_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    journal.claim(claim("a.png")).unwrap();
    journal.note(done("a.png", "p")).unwrap();
    // As if the hash of each of these were that of another.
    for key in [name_key("b.png"), wish_key("in/b.png.jpg", "b.png"), done_key("b.png")] {
        (0..journal.length).for_each(|offset| journal.index.add(key, offset));
    }
    assert_eq!((journal.is_claimed("b.png"), journal.done("b.png")), (false, None));
    assert!(journal.names_of("in/b.png.jpg", "b.png").is_empty());
    for key in [name_key("a.png"), wish_key("in/a.png.jpg", "a.png"), done_key("a.png")] {
        (0..journal.length).for_each(|offset| journal.index.add(key, offset));
    }
    assert!(journal.is_claimed("a.png") && journal.done("a.png").is_some());
    assert_eq!(journal.names_of("in/a.png.jpg", "a.png"), ["a.png"]);
}

#[test]
fn what_is_written_is_not_held_without_need() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    journal.claim(claim("a.png")).unwrap();
    journal.note(done("a.png", "p")).unwrap();
    assert!(journal.index.is_empty());
    drop(journal);
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    assert!(journal.done("a.png").is_some() && journal.is_claimed("a.png"));
}

#[test]
fn a_folder_has_one_batch_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    assert_eq!(Journal::open(folder.path(), true, &CancelToken::new()).err().unwrap().code(), Code::BatchBusy);
    drop(first);
    assert!(Journal::open(folder.path(), true, &CancelToken::new()).is_ok());
}

#[test]
fn a_batch_that_was_cancelled_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (CancelToken::new(), CancelToken::new());
    let journal = Journal::open(folder.path(), true, &first).unwrap();
    first.cancel();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| Journal::open(folder.path(), true, &second).map(drop));
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(!waiting.is_finished());
        drop(journal);
        waiting.join().unwrap().unwrap();
    });
    let _leaving = Journal::open(folder.path(), true, &first).unwrap();
    second.cancel();
    assert_eq!(Journal::open(folder.path(), true, &second).err().unwrap().code(), Code::Cancelled);
}

#[test]
fn what_a_killed_batch_left_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
    journal.claim(claim("sub/a.png")).unwrap();
    drop(journal);
    fs::create_dir(folder.path().join("sub")).unwrap();
    for name in [".packshot-batch-x1", "sub/.packshot-batch-x2", "sub/a.png", ".packshot-other"] {
        fs::write(folder.path().join(name), b"x").unwrap();
    }
    drop(Journal::open(folder.path(), true, &CancelToken::new()).unwrap());
    let left = |below: &str| fs::read_dir(folder.path().join(below)).unwrap().count();
    assert_eq!((left(""), left("sub")), (3, 1));
}

#[test]
fn a_line_without_end_is_not_held_in_memory() {
    let mut bytes = vec![b'x'; 3 * LONGEST_LINE as usize];
    bytes.push(b'\n');
    bytes.extend(line::write(&Record::Done(done("a.png", "p"))).into_bytes());
    assert!(reopened(&bytes).done("a.png").is_some());
}
