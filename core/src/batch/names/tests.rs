use super::*;
use crate::batch::journal::Claim;

fn names(output: &Path, existing: Existing, claims: Claims) -> Names {
    Names::new(output, "{folder}/{stem}.{ext}", existing, claims)
}

fn input(path: impl Into<PathBuf>) -> Input {
    Input { path: path.into(), ..Input::default() }
}

#[test]
fn equal_names_get_numbers_whatever_their_case() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = [input("a/x.jpg"), input("b/X.png"), input("c/x-2.jpg"), input("d/x.jpg")];
    let mut names = names(folder.path(), Existing::Skip, Claims::default());
    names.announce(&inputs);
    let given: Vec<_> = inputs.iter().map(|input| names.place(input, 1, ImageFormat::Png).unwrap()).collect();
    let called: Vec<_> = given.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(called, ["x.png", "X-2.png", "x-2-2.png", "x-3.png"]);
    assert!(given.iter().all(|place| !place.skip) && given[1].wanted == "X.png");
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("x.png");
    std::fs::write(&photo, b"x").unwrap();
    let mut names = names(folder.path(), Existing::Replace, Claims::default());
    names.announce(&[input(&photo)]);
    assert_eq!(names.place(&input(&photo), 1, ImageFormat::Png).unwrap().name, "x-2.png");
}

#[test]
fn foreign_files_are_left_replaced_or_passed_by() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.png"), b"somebody's").unwrap();
    for (existing, name, skip) in
        [(Existing::Skip, "x.png", true), (Existing::Replace, "x.png", false), (Existing::Number, "x-2.png", false)]
    {
        let place =
            names(folder.path(), existing, Claims::default()).place(&input("a/x.jpg"), 1, ImageFormat::Png).unwrap();
        assert_eq!((place.name.as_str(), place.skip), (name, skip));
    }
    // One of our own is written again.
    let claim = Claim { output: "x.png".into(), input: "b/x.jpg".into(), wanted: "x.png".into() };
    let place = names(folder.path(), Existing::Skip, Claims::of([claim]))
        .place(&input("a/x.jpg"), 1, ImageFormat::Png)
        .unwrap();
    assert_eq!((place.name.as_str(), place.skip), ("x.png", false));
}

#[test]
fn an_input_keeps_the_name_that_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let claim =
        |output: &str, input: &str| Claim { output: output.into(), input: input.into(), wanted: "x.png".into() };
    let claims = Claims::of([claim("x-2.png", "b/x.jpg"), claim("x.png", "a/x.jpg")]);
    let inputs = [input("0/x.jpg"), input("a/x.jpg"), input("b/x.jpg")];
    let mut names = names(folder.path(), Existing::Skip, claims);
    names.announce(&inputs);
    let called: Vec<_> = inputs.iter().map(|input| names.place(input, 1, ImageFormat::Png).unwrap().name).collect();
    assert_eq!(called, ["x-3.png", "x.png", "x-2.png"]);
}

#[test]
fn templates_are_filled_and_subfolders_kept() {
    let folder = tempfile::tempdir().unwrap();
    let photo = Input { path: "in/a/b/{ext}.v2.jpg".into(), folder: "a/b".into(), row: None };
    for (template, name) in [
        ("{folder}/{stem}.{ext}", "a/b/{ext}.v2.png"),
        ("{stem}", "{ext}.v2.png"),
        ("{number}-{stem}.{ext}", "7-{ext}.v2.png"),
        ("web/{folder}/{number}", "web/a/b/7.png"),
        ("{number}.jpg", "7.jpg.png"),
    ] {
        check_template(template).unwrap();
        let mut names = Names::new(folder.path(), template, Existing::Skip, Claims::default());
        assert_eq!(names.place(&photo, 7, ImageFormat::Png).unwrap().name, name);
    }
    for template in ["x.{ext}", "{stem", "{name}", "../{stem}", "/{stem}", "{folder}/../{stem}", ".packshot-{stem}"] {
        assert_eq!(check_template(template).unwrap_err().code(), Code::OptionInvalid, "{template}");
    }
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
