use super::*;
use crate::batch::journal::Claim;
use crate::run::CancelToken;

/// A folder for results with its journal, and what gives names there.
struct Ground {
    folder: tempfile::TempDir,
    journal: Journal,
    names: Names,
}

impl Ground {
    fn new(template: &str, existing: Existing) -> Self {
        Self::claimed(template, existing, &[])
    }

    /// With claims of output, input and wanted name, as an earlier run has left them.
    fn claimed(template: &str, existing: Existing, claims: &[(&str, &str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = || Journal::open(folder.path(), true, &CancelToken::new()).unwrap();
        let mut journal = open();
        for (output, input, wanted) in claims.iter().map(|(output, input, wanted)| (*output, *input, *wanted)) {
            journal
                .claim(Claim {
                    output: output.into(),
                    input: input.into(),
                    wanted: wanted.into(),
                    result: String::new(),
                })
                .unwrap();
        }
        drop(journal);
        let (journal, names) = (open(), Names::new(folder.path(), template, existing, Arc::default()));
        Self { folder, journal, names }
    }

    fn write(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, b"somebody's").unwrap();
        path
    }

    fn place(&mut self, input: &Input, number: u64) -> Place {
        self.names.place(input, number, ImageFormat::Png, &mut self.journal).unwrap()
    }

    fn all(&mut self, inputs: &[Input]) -> Vec<Place> {
        inputs.iter().for_each(|input| self.names.announce(input));
        inputs.iter().zip(1..).map(|(input, number)| self.place(input, number)).collect()
    }
}

const FOLDERS: &str = "{folder}/{stem}.{ext}";

fn input(path: impl Into<PathBuf>) -> Input {
    Input { path: path.into(), ..Input::default() }
}

fn called(places: &[Place]) -> Vec<&str> {
    places.iter().map(|place| place.name.as_str()).collect()
}

#[test]
fn equal_names_get_numbers_whatever_their_case() {
    let inputs = [input("a/x.jpg"), input("b/X.png"), input("c/x-2.jpg"), input("d/x.jpg")];
    let given = Ground::new(FOLDERS, Existing::Skip).all(&inputs);
    assert_eq!(called(&given), ["x.png", "X-2.png", "x-2-2.png", "x-3.png"]);
    assert!(given.iter().all(|place| !place.foreign) && given[1].wanted == "X.png");
}

#[test]
fn an_input_is_never_overwritten() {
    let mut ground = Ground::new(FOLDERS, Existing::Replace);
    let photo = input(ground.write("x.png"));
    assert_eq!(called(&ground.all(&[photo])), ["x-2.png"]);
    let mut ground = Ground::new(FOLDERS, Existing::Fail);
    let photo = input(ground.write("x.png"));
    let places = ground.all(&[photo]);
    assert_eq!((called(&places), places[0].foreign), (vec!["x.png"], true), "where it was asked to fail, it does");
}

#[cfg(unix)]
#[test]
fn a_link_to_an_input_is_that_input() {
    let mut ground = Ground::new(FOLDERS, Existing::Replace);
    let photo = ground.write("photo.png");
    let at = |name: &str| ground.folder.path().join(name);
    std::os::unix::fs::symlink(&photo, at("x.png")).unwrap();
    std::fs::hard_link(&photo, at("y.png")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("z.png")).unwrap();
    let places = ground.all(&[input(&photo), input("a/x.jpg"), input("a/y.jpg"), input("a/z.jpg")]);
    assert_eq!(called(&places), ["photo-2.png", "x-2.png", "y-2.png", "z.png"]);
}

#[cfg(unix)]
#[test]
fn names_of_results_are_unicode_and_different() {
    use std::os::unix::ffi::OsStrExt;
    let odd = |name: &[u8]| input(Path::new(std::ffi::OsStr::from_bytes(name)));
    let inputs = [odd(b"caf\xe9.jpg"), odd(b"caf\xe8.jpg"), odd("caf\u{e9}.jpg".as_bytes()), odd(b"caf%E9.jpg")];
    let places = Ground::new(FOLDERS, Existing::Skip).all(&inputs);
    assert_eq!(called(&places), ["caf%E9.png", "caf%E8.png", "caf\u{e9}.png", "caf%E9-2.png"]);
    let keys: std::collections::HashSet<_> = inputs.iter().map(Input::key).collect();
    assert_eq!(keys.len(), 4, "and the journal does not take one for the other");
}

#[test]
fn the_report_and_the_sheet_keep_their_names() {
    let mut ground = Ground::new(FOLDERS, Existing::Replace);
    let sheet = ground.folder.path().join("x.png");
    ground.names.reserve(&sheet);
    assert_eq!(called(&ground.all(&[input("a/x.jpg")])), ["x-2.png"]);
}

#[test]
fn foreign_files_are_left_replaced_or_passed_by() {
    for (existing, name, foreign) in
        [(Existing::Skip, "x.png", true), (Existing::Fail, "x.png", true), (Existing::Number, "x-2.png", false)]
    {
        let mut ground = Ground::new(FOLDERS, existing);
        ground.write("x.png");
        let place = ground.place(&input("a/x.jpg"), 1);
        assert_eq!((place.name.as_str(), place.foreign), (name, foreign));
    }
    // One of our own is written again.
    let mut ground = Ground::claimed(FOLDERS, Existing::Skip, &[("x.png", "b/x.jpg", "x.png")]);
    ground.write("x.png");
    let place = ground.place(&input("a/x.jpg"), 1);
    assert_eq!((place.name.as_str(), place.foreign), ("x.png", false));
}

#[test]
fn an_input_keeps_the_name_that_it_had() {
    let claims = [("x-2.png", "b/x.jpg", "x.png"), ("x.png", "a/x.jpg", "x.png")];
    let mut ground = Ground::claimed(FOLDERS, Existing::Skip, &claims);
    let places = ground.all(&[input("0/x.jpg"), input("a/x.jpg"), input("b/x.jpg")]);
    assert_eq!(called(&places), ["x-3.png", "x.png", "x-2.png"]);
    assert_eq!(places.iter().map(|place| place.count).collect::<Vec<_>>(), [3, 1, 2]);
}

#[test]
fn a_photo_that_changes_keeps_its_place() {
    let mut ground = Ground::new("{number}-{stem}", Existing::Skip);
    ground.write("3-x.png");
    let inputs = [input("a/x.jpg"), input("b/x.jpg"), input("c/x.jpg")];
    for (place, (input, number)) in ground.all(&inputs).iter().zip(inputs.iter().zip(1..)) {
        let given = Given { number, count: place.count, foreign: place.foreign };
        assert_eq!(&ground.names.again(input, given, ImageFormat::Png).unwrap(), place);
    }
    for (name, wanted, count) in [("x.png", "x.png", 1), ("x-17.png", "x.png", 17), ("x-2-3.png", "x-2.png", 3)] {
        assert_eq!((count_of(name, wanted), numbered(wanted, count).as_str()), (count, name));
    }
}

#[test]
fn templates_are_filled_and_subfolders_kept() {
    let photo = Input { path: "in/a/b/{ext}.v2.jpg".into(), folder: "a/b".into(), row: None };
    for (template, name) in [
        ("{folder}/{stem}.{ext}", "a/b/{ext}.v2.png"),
        ("{stem}", "{ext}.v2.png"),
        ("{number}-{stem}.{ext}", "7-{ext}.v2.png"),
        ("web/{folder}/{number}", "web/a/b/7.png"),
        ("{number}.jpg", "7.jpg.png"),
    ] {
        check_template(template).unwrap();
        assert_eq!(Ground::new(template, Existing::Skip).place(&photo, 7).name, name);
    }
    for template in ["x.{ext}", "{stem", "{name}", "../{stem}", "/{stem}", "{folder}/../{stem}", ".packshot-{stem}"] {
        assert_eq!(check_template(template).unwrap_err().code(), Code::OptionInvalid, "{template}");
    }
}

mod reference {
    //! The same names as an algorithm finds that looks at every name again for each photo, and holds all of them.

    use std::collections::{HashMap, HashSet, VecDeque};

    use proptest::prelude::*;

    use super::*;

    type Claims = Vec<(String, String, String)>;

    fn names(ground: &Ground, existing: Existing, inputs: &[Input], claims: &Claims) -> Vec<(String, bool)> {
        let lower = |path: &Path| path.to_string_lossy().to_lowercase();
        let root = ground.folder.path().canonicalize().unwrap();
        let paths: HashSet<_> = inputs.iter().map(|input| lower(&std::path::absolute(&input.path).unwrap())).collect();
        let (mut taken, mut reserved) = (HashSet::new(), HashSet::new());
        let mut kept: HashMap<_, VecDeque<_>> = HashMap::new();
        for (output, input, wanted) in claims {
            if inputs.iter().any(|one| one.path == Path::new(input)) {
                reserved.insert(output.to_lowercase());
                kept.entry((input.clone(), wanted.clone())).or_default().push_back(output.clone());
            }
        }
        for ((_, wanted), names) in &mut kept {
            names.make_contiguous().sort_by_key(|name: &String| count_of(name, wanted));
        }
        let place = |input: &Input| {
            let wanted = format!("{}.png", input.path.file_stem().unwrap().to_str().unwrap());
            let key = (input.path.to_str().unwrap().to_owned(), wanted.clone());
            while let Some(name) = kept.get_mut(&key).and_then(VecDeque::pop_front) {
                // A name that it had may be that of another input by now.
                if !paths.contains(&lower(&root.join(&name))) && taken.insert(name.to_lowercase()) {
                    return (name, false);
                }
            }
            for count in 1.. {
                let name = numbered(&wanted, count);
                let (folded, path) = (name.to_lowercase(), root.join(&name));
                if taken.contains(&folded) || reserved.contains(&folded) || paths.contains(&lower(&path)) {
                    continue;
                }
                let foreign = path.exists() && !claims.iter().any(|(output, ..)| *output == name);
                if foreign && existing == Existing::Number {
                    continue;
                }
                taken.insert(folded);
                return (name, foreign && existing == Existing::Skip);
            }
            unreachable!("there are more numbers than photos")
        };
        inputs.iter().map(place).collect()
    }

    /// Letters in both cases, and numbers as the batch adds them.
    const STEM: &str = "[aA](-[23])?|1(-[234])?";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn names_are_those_of_the_plain_algorithm(
            stems in prop::collection::vec((STEM, "[bc]|OUT"), 1..40),
            // Without letters: on some file systems `a.png` is there when `A.png` is.
            strangers in prop::collection::hash_set("1(-[2345])?", 0..5),
            claims in prop::collection::hash_map("a(-[2345])?|1(-[2345])?", (STEM, "[bcd]"), 0..12),
            existing in prop::sample::select(vec![Existing::Skip, Existing::Replace, Existing::Number]),
        ) {
            let claims: Claims = claims.into_iter().map(|(output, (stem, folder))| {
                (format!("{output}.png"), format!("{folder}/{stem}.png"), format!("{stem}.png"))
            }).collect();
            let borrowed: Vec<_> = claims.iter().map(|(one, two, three)| (&**one, &**two, &**three)).collect();
            let mut ground = Ground::claimed("{stem}", existing, &borrowed);
            for name in strangers {
                ground.write(&format!("{name}.png"));
            }
            let root = ground.folder.path().canonicalize().unwrap();
            let inputs: Vec<_> = stems.into_iter().map(|(stem, folder)| {
                let folder = if folder == "OUT" { root.clone() } else { folder.into() };
                input(folder.join(format!("{stem}.png")))
            }).collect();
            let expected = names(&ground, existing, &inputs, &claims);
            let skipped = |place: &Place| place.foreign && existing == Existing::Skip;
            let places = ground.all(&inputs);
            let given: Vec<_> = places.iter().map(|place| (place.name.clone(), skipped(place))).collect();
            prop_assert_eq!(&given, &expected);
            let alike: HashSet<_> = given.iter().map(|(name, _)| name.to_lowercase()).collect();
            prop_assert_eq!(alike.len(), given.len(), "no two alike");
        }
    }
}

/// With one step for each name that is taken, this would take five billion.
#[test]
fn a_hundred_thousand_photos_of_one_name_are_named_at_once() {
    let mut ground = Ground::new("{stem}", Existing::Number);
    let begun = std::time::Instant::now();
    let inputs: Vec<_> = (0..100_000).map(|folder| input(format!("in/{folder}/1.jpg"))).collect();
    let places = ground.all(&inputs);
    assert_eq!((places[0].name.as_str(), places[99_999].name.as_str()), ("1.png", "1-100000.png"));
    let seconds = begun.elapsed().as_secs_f64();
    println!("100,000 names in {seconds:.2} s");
    // Two seconds of one core; a machine that is busy with much else may take a minute, and that algorithm hours.
    assert!(seconds < 600.0, "{seconds} s");
}

#[test]
fn no_name_leads_out_of_the_folder() {
    for name in
        ["../x", "a/../x", "/x", "", "a/", "..", "a\\..\\x", "\\x", "C:x", "C:\\x", "a\0b", "./x", ".packshot-journal"]
    {
        assert_eq!(check_relative(name).unwrap_err().code(), Code::OptionInvalid, "{name:?}");
    }
    for name in ["x", "a/b.png", "..x", "x..png", "Übersicht: neu.png", "...x"] {
        check_relative(name).unwrap();
    }
}
