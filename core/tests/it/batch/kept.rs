use super::*;

#[test]
fn a_result_that_somebody_retouched_is_kept() {
    let ground = Ground::with(2);
    let fresh = |existing| Batch { existing, resume: Some(false), ..ground.batch() };
    run(&export(), &ground.batch()).unwrap();
    let retouched = fs::read(ground.path("out/01.png")).unwrap();
    fs::write(ground.path("out/00.png"), &retouched).unwrap();
    photo(&ground.path("in/01.jpg"), 40);
    for batch in [ground.batch(), fresh(None), fresh(Some(Existing::Skip))] {
        let report = run(&export(), &batch).unwrap();
        assert_eq!((report.skipped, report.complete), (1, false), "{batch:?}");
        assert_eq!(ground.results()["00.png"], retouched);
    }
    assert_ne!(ground.results()["01.png"], retouched, "one that nobody touched is made anew of another photo");
    assert_eq!(run(&export(), &fresh(Some(Existing::Fail))).unwrap().failed, 1);
    assert_eq!(counts(&run(&export(), &fresh(Some(Existing::Number))).unwrap()), [2, 2, 0, 0, 0]);
    assert_eq!((ground.results()["00.png"] == retouched, ground.path("out/00-2.png").is_file()), (true, true));
    assert_eq!(
        counts(&run(&export(), &Batch { existing: Some(Existing::Number), ..ground.batch() }).unwrap()),
        [2, 0, 2, 0, 0]
    );
    assert_eq!(counts(&run(&export(), &fresh(Some(Existing::Replace))).unwrap()), [2, 2, 0, 0, 0]);
}

#[cfg(unix)]
#[test]
fn no_way_leads_to_an_input() {
    use std::os::unix::fs::symlink;
    let ground = Ground::new();
    let table = "input,output\n../in/00.jpg,x\n../in/01.jpg,y\n../in/02.jpg,t\n";
    (0..3).for_each(|look| photo(&ground.path(&format!("in/0{look}.jpg")), look));
    for (name, content) in [("out/t.csv", table), ("out/recipe.toml", EXPORT), ("out/list", "a list")] {
        fs::create_dir_all(ground.path("out")).unwrap();
        fs::write(ground.path(name), content).unwrap();
    }
    symlink("../in/00.jpg", ground.path("out/x.png")).unwrap();
    fs::hard_link(ground.path("in/01.jpg"), ground.path("out/y.png")).unwrap();
    symlink("t.csv", ground.path("out/t.png")).unwrap();
    let before = files(&ground.path("in"));
    let recipe = Recipe::open(ground.path("out/recipe.toml")).unwrap();
    let batch = Batch {
        inputs: Vec::new(),
        table: Some(ground.path("out/t.csv")),
        existing: Some(Existing::Replace),
        protect: vec![ground.path("out/list")],
        ..ground.batch()
    };
    for way in ["out/x.png", "out/y.png", "out/t.csv", "out/t.png", "out/recipe.toml", "out/list", "in/../in/02.jpg"] {
        let [report, sheet] = [
            Batch { report: Some(ground.path(way)), ..batch.clone() },
            Batch { sheet: Some(ground.path(way)), ..batch.clone() },
        ];
        for batch in [report, sheet] {
            assert_eq!(run(&recipe, &batch).unwrap_err().code(), Code::FileProtected, "{way}");
        }
    }
    assert_eq!(counts(&run(&recipe, &batch).unwrap()), [3, 3, 0, 0, 0]);
    assert!(files(&ground.path("in")) == before && fs::read_to_string(ground.path("out/t.csv")).unwrap() == table);
    assert!(["x-2.png", "y-2.png", "t-2.png"].iter().all(|name| ground.path("out").join(name).is_file()));
    // A journal that leads to a photo.
    fs::create_dir(ground.path("linked")).unwrap();
    symlink("../in/00.jpg", ground.path("linked/.packshot-journal")).unwrap();
    let linked = Batch { output: Some(ground.path("linked")), ..ground.batch() };
    assert_eq!(run(&export(), &linked).unwrap_err().code(), Code::FileProtected);
    assert!(files(&ground.path("in")) == before);
}

#[test]
fn a_report_replaces_a_report_and_no_other_file() {
    let ground = Ground::with(1);
    let batch = Batch { report: Some(ground.path("r")), sheet: Some(ground.path("s")), ..ground.batch() };
    (0..2).for_each(|_| assert!(run(&export(), &batch).unwrap().complete));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(ground.path("r")).unwrap()).unwrap();
    assert_eq!((&report["complete"], &report["resumed"]), (&true.into(), &1.into()));
    for name in ["r", "s"] {
        fs::write(ground.path(name), b"{} of mine").unwrap();
        assert_eq!(run(&export(), &batch).unwrap_err().code(), Code::FileExists);
        assert_eq!(fs::read(ground.path(name)).unwrap(), b"{} of mine");
        assert!(run(&export(), &Batch { existing: Some(Existing::Replace), ..batch.clone() }).is_ok());
    }
    let same = Batch { sheet: batch.report.clone(), ..batch };
    assert_eq!(run(&export(), &same).unwrap_err().code(), Code::OptionInvalid);
}

#[test]
fn results_are_inputs_only_if_they_are_named_and_their_photos_are_not() {
    let ground = Ground::new();
    photo(&ground.path("00.jpg"), 1);
    let here = |names: &[&str]| Batch {
        inputs: names.iter().map(|name| ground.path(name)).collect(),
        output: Some(ground.path("")),
        recursive: Some(true),
        ..Batch::default()
    };
    for words in [&[""][..], &["*"], &[""], &["00.jpg", "00.png"]] {
        assert_eq!(run(&export(), &here(words)).unwrap().total, 1, "{words:?}");
    }
    let larger = run(&export(), &here(&["00.png"])).unwrap();
    assert_eq!((counts(&larger), ground.path("00-2.png").is_file()), ([1, 1, 0, 0, 0], true));
    assert_eq!(run(&export(), &here(&["00.jpg", "00.png", "00-2.png"])).unwrap().total, 1, "what a shell makes of *");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_are_done_once_and_told() {
    use std::os::unix::ffi::OsStrExt;
    let ground = Ground::new();
    let at = |name: &[u8]| ground.path("in").join(std::ffi::OsStr::from_bytes(name));
    [&b"caf\xe9.jpg"[..], b"caf\xe8.jpg", b"caf%E9.jpg"]
        .iter()
        .zip(1..)
        .for_each(|(name, look)| photo(&at(name), look));
    let batch = Batch { report: Some(ground.path("r.json")), ..ground.batch() };
    assert_eq!(counts(&run(&export(), &batch).unwrap()), [3, 3, 0, 0, 0]);
    assert_eq!(counts(&run(&export(), &batch).unwrap()), [3, 0, 3, 0, 0]);
    let names: Vec<_> = ground.results().into_keys().collect();
    assert_eq!(names, ["caf%E8.png", "caf%E9-2.png", "caf%E9.png"]);
    let report: serde_json::Value = serde_json::from_slice(&fs::read(ground.path("r.json")).unwrap()).unwrap();
    let items = report["items"].as_array().unwrap();
    assert_eq!(items.iter().filter(|item| item["input_bytes"].is_string()).count(), 2);
    assert!(
        items.iter().all(|item| item["input"].as_str().unwrap().contains("/caf%E") && item["output_bytes"].is_null())
    );
}

#[test]
fn a_pattern_without_photos_and_a_folder_that_is_not_there_are_told() {
    let ground = Ground::with(1);
    let inputs = vec![ground.path("in"), ground.path("in/*.webp")];
    let report = run(&export(), &Batch { inputs, ..ground.batch() }).unwrap();
    assert_eq!((counts(&report), report.failures[0].input.clone()), ([2, 1, 0, 0, 1], ground.path("in/*.webp")));
    let nowhere = Batch { inputs: vec![ground.path("nowhere")], watch: Some(true), ..ground.batch() };
    assert_eq!(run(&export(), &nowhere).unwrap_err().code(), Code::FileMissing);
}

#[test]
fn a_model_that_cannot_be_used_ends_the_batch_before_the_first_photo() {
    let ground = Ground::with(1);
    for (step, code) in [
        (r#"remove_background = { model = "nosuch" }"#, Code::ModelUnknown),
        (r#"remove_background = { model = "u2netp" }"#, Code::ModelMissing),
        (r#"upscale = { model = "u2netp" }"#, Code::OptionInvalid),
        (r#"upscale = { model = { file = "none.onnx", like = "fsrcnn-x2" } }"#, Code::FileMissing),
        (r#"upscale = { model = { file = "none.onnx", like = "nosuch" } }"#, Code::ModelUnknown),
    ] {
        let recipe = Recipe::parse(&format!("schema = \"packshot.recipe/1\"\n[[steps]]\n{step}\n")).unwrap();
        let engine = Engine::builder().backend(Backend::Rten).cache_dir(ground.path("cache")).build().unwrap();
        let error = engine.batch(&recipe, &ground.batch(), |_| panic!("no photo")).unwrap_err();
        assert_eq!((error.code(), error.context().any(|(key, _)| key == "option")), (code, true), "{step}: {error}");
    }
}
