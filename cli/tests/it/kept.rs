//! What the commands never write over, and whom they tell: as processes.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use packshot::{Channels, EncodeOptions, ImageFormat, Photo};
use serde_json::Value;

struct Ground(tempfile::TempDir);

impl Ground {
    fn with(photos: &[&str]) -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        photos.iter().for_each(|name| ground.photo(name));
        ground
    }

    fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(below)
    }

    /// A photo of 96 x 64 pixels.
    fn photo(&self, name: impl AsRef<Path>) {
        self.photo_of(name, 96);
    }

    /// A bright box on a dark ground, so many pixels wide and two thirds as high, in the format of the name.
    fn photo_of(&self, name: impl AsRef<Path>, width: usize) {
        let height = width * 2 / 3;
        let inside = |at: usize, side: usize| (side / 4..side * 3 / 4).contains(&at);
        let subject = |at: usize| inside(at % width, width) && inside(at / width, height);
        let samples: Vec<u8> =
            (0..width * height).flat_map(|at| if subject(at) { [230, 200, 40] } else { [20, 30, 60] }).collect();
        let photo = Photo::new(width as u32, height as u32, Channels::Rgb, samples).unwrap();
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let png = path.extension().is_some_and(|extension| extension == "png");
        let format = if png { ImageFormat::Png } else { ImageFormat::Jpeg };
        fs::write(path, photo.encode(&EncodeOptions::new(format)).unwrap()).unwrap();
    }

    fn command(&self, words: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packshot"));
        command.env("PACKSHOT_CACHE", self.path("cache")).args(["--backend", "rten"]).args(words);
        command.env_remove("PACKSHOT_ORT_DYLIB").env_remove("ORT_DYLIB_PATH").env_remove("PACKSHOT_OFFLINE");
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &str) -> Told {
        Told::of(self.command(words.split(' ')).output().unwrap())
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn names(&self, below: &str) -> Vec<String> {
        let names = fs::read_dir(self.path(below)).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> =
            names.map(|name| name.into_string().unwrap()).filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }
}

struct Told {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Told {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let told = Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!told.err.contains("panicked"), "{}", told.err);
        told
    }

    fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The three commands, with everything but edges, which take time.
const COMMANDS: [&str; 3] = ["cutout --edges off", "upscale --scale 1", "run recipe.toml"];

fn with_recipe(photos: &[&str]) -> Ground {
    let ground = Ground::with(photos);
    let recipe = "schema = \"packshot.recipe/1\"\nsteps = [{ upscale = { scale = 1 } }]\n";
    fs::write(ground.path("recipe.toml"), recipe).unwrap();
    ground
}

#[test]
fn a_file_that_no_batch_wrote_is_kept_and_said() {
    for command in COMMANDS {
        let ground = with_recipe(&["shoe.jpg"]);
        fs::write(ground.path("shoe.png"), b"mine").unwrap();
        let told = ground.run(&format!("{command} shoe.jpg -o ."));
        assert_eq!((told.code, ground.bytes("shoe.png")), (Some(0), b"mine".to_vec()), "{command}: {}", told.err);
        assert!(told.out.contains("shoe.jpg: skipped") && told.out.contains("--existing replace"), "{}", told.out);
        let lines = ground.run(&format!("{command} shoe.jpg -o . --json")).lines();
        assert_eq!((&lines[0]["outcome"], &lines[1]["complete"]), (&"skipped".into(), &false.into()), "{command}");
        let told = ground.run(&format!("{command} shoe.jpg -o . --existing fail --json"));
        assert_eq!((told.code, &told.lines()[0]["code"]), (Some(3), &"file_exists".into()), "{command}");
        assert_eq!(ground.bytes("shoe.png"), b"mine");
        assert_eq!(ground.run(&format!("{command} shoe.jpg -o . --existing replace")).code, Some(0));
        let made = ground.bytes("shoe.png");
        assert!(Photo::decode(&made).is_ok(), "{command}");
        // From now on it is ours, until somebody touches it.
        assert_eq!(ground.run(&format!("{command} shoe.jpg -o . --fresh")).code, Some(0));
        ground.photo("shoe.png");
        let touched = ground.bytes("shoe.png");
        ground.run(&format!("{command} shoe.jpg -o . --fresh"));
        assert_eq!(ground.bytes("shoe.png"), touched, "{command}: retouched");
    }
}

#[cfg(unix)]
#[test]
fn no_link_leads_to_a_photo() {
    use std::os::unix::fs::symlink;
    for command in COMMANDS {
        let ground = with_recipe(&["in/a.png", "in/b.png"]);
        fs::create_dir(ground.path("out")).unwrap();
        symlink("../in/a.png", ground.path("out/a.png")).unwrap();
        fs::hard_link(ground.path("in/b.png"), ground.path("out/b.png")).unwrap();
        let before = (ground.bytes("in/a.png"), ground.bytes("in/b.png"));
        let told = ground.run(&format!("{command} in -o out --existing replace"));
        assert_eq!(told.code, Some(0), "{command}: {}", told.err);
        assert!((ground.bytes("in/a.png"), ground.bytes("in/b.png")) == before, "{command}");
        assert_eq!(ground.names("out"), ["a-2.png", "a.png", "b-2.png", "b.png"], "{command}");
        assert!(told.out.contains("its name was taken"), "{}", told.out);
        for option in ["--report", "--sheet"] {
            let told = ground.run(&format!("{command} in -o out {option}=out/a.png --json"));
            assert_eq!(
                (told.code, &told.lines()[0]["code"]),
                (Some(3), &"file_protected".into()),
                "{command} {option}"
            );
        }
        assert!((ground.bytes("in/a.png"), ground.bytes("in/b.png")) == before, "{command}");
    }
}

#[test]
fn masks_trimaps_and_backgrounds_are_kept() {
    let gray = |ground: &Ground, name: &str| {
        let samples: Vec<u8> = (0..96 * 64)
            .map(|at| match at % 96 {
                28..68 => 255,
                24..72 => 128,
                _ => 0,
            })
            .collect();
        Photo::new(96, 64, Channels::Gray, samples).unwrap().save(ground.path(name)).unwrap();
    };
    for option in ["--mask", "--trimap", "--background"] {
        let ground = Ground::with(&["shoe.jpg"]);
        gray(&ground, "shoe.png");
        let before = ground.bytes("shoe.png");
        for existing in ["skip", "replace", "number"] {
            let told = ground.run(&format!("cutout shoe.jpg {option} shoe.png --existing {existing}"));
            assert_eq!(told.code, Some(0), "{option}: {}{}", told.out, told.err);
            assert!(ground.bytes("shoe.png") == before, "{option} --existing {existing}");
        }
        assert_eq!(ground.names(""), ["shoe-2.png", "shoe.jpg", "shoe.png"]);
        let told = ground.run(&format!("cutout shoe.jpg {option} shoe.png --sheet=shoe.png --json"));
        assert_eq!(&told.lines()[0]["code"], "file_protected");
        assert!(ground.bytes("shoe.png") == before);
    }
    let ground = Ground::with(&["shoe.jpg"]);
    gray(&ground, "shoe.png");
    let told = ground.run("cutout shoe.jpg --mask shoe.png --existing fail --json");
    assert_eq!((told.code, &told.lines()[0]["code"]), (Some(3), &"file_exists".into()));
    assert_eq!(ground.run("cutout shoe.jpg shoe.jpg --mask shoe.png").code, Some(2), "one photo only");
}

#[test]
fn results_of_the_last_run_are_no_photos_of_this_one() {
    for command in COMMANDS {
        let ground = with_recipe(&["photos/a.jpg", "photos/sub/b.jpg"]);
        for round in 0..3 {
            let told = ground.run(&format!("{command} -r . -o . --json"));
            let done = told.lines().pop().unwrap();
            assert_eq!((told.code, &done["total"]), (Some(0), &2.into()), "{command}, round {round}: {done}");
        }
        assert_eq!((ground.names("photos").len(), ground.names("photos/sub").len()), (3, 2), "{command}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_unicode_go_through() {
    use std::os::unix::ffi::OsStrExt;
    for command in COMMANDS {
        let ground = with_recipe(&[]);
        let names = [&b"caf\xe9.jpg"[..], b"caf\xe8.jpg"].map(OsStr::from_bytes);
        names.iter().for_each(|name| ground.photo(name));
        let words = command.split(' ').map(OsStr::new);
        let output = [OsStr::new("-o"), OsStr::from_bytes(b"o\xff"), OsStr::new("--json"), OsStr::new("--report")];
        for outcome in ["done", "resumed"] {
            let told = Told::of(ground.command(words.clone().chain(names).chain(output)).output().unwrap());
            let lines = told.lines();
            assert_eq!(told.code, Some(0), "{command}: {}", told.err);
            assert!(lines[..2].iter().all(|line| line["outcome"] == outcome), "{command}: {lines:?}");
            let inputs: Vec<_> = lines[..2].iter().map(|line| line["input"].as_str().unwrap()).collect();
            assert!(inputs.contains(&"caf%E9.jpg") && inputs.contains(&"caf%E8.jpg"), "{inputs:?}");
            assert!(lines[0]["input_bytes"].is_string() && lines[0]["output_bytes"].is_string(), "{}", lines[0]);
        }
        let out = ground.path(OsStr::from_bytes(b"o\xff"));
        assert!(out.join("caf%E9.png").is_file() && out.join("report.json").is_file());
    }
    let ground = with_recipe(&[]);
    ground.photo(OsStr::from_bytes(b"\xff.jpg"));
    fs::write(ground.path("list"), b"\xef\xbb\xbf\xff.jpg\0").unwrap();
    let told = ground.run("run recipe.toml --from list -0 -o out");
    assert_eq!((told.code, ground.names("out")), (Some(0), vec!["%FF.png".to_owned()]), "{}", told.err);
}

#[cfg(unix)]
#[test]
fn nobody_who_reads_is_a_quiet_end() {
    let photos: Vec<String> = (0..30).map(|index| format!("in/{index}.jpg")).collect();
    let ground = with_recipe(&photos.iter().map(String::as_str).collect::<Vec<_>>());
    let shell = |words: &str| {
        let packshot = format!("{} --backend rten", env!("CARGO_BIN_EXE_packshot"));
        let mut command = Command::new("sh");
        command.env("PACKSHOT_CACHE", ground.path("cache")).current_dir(ground.0.path());
        Told::of(command.arg("-c").arg(words.replace("packshot", &packshot)).output().unwrap())
    };
    for words in ["models list", "recipe show web", "completions bash", "man", "--help", "doctor --json"] {
        let told = shell(&format!("packshot {words} | true"));
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{words}");
    }
    for command in COMMANDS {
        let words = format!("{command} in -o out --json");
        let mut child = ground.command(words.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let told = Told::of(child.wait_with_output().unwrap());
        assert_eq!((told.code, told.err.as_str()), (Some(141), ""), "{command}");
        let whole = ground.names("out").iter().all(|name| Photo::open(ground.path("out").join(name)).is_ok());
        assert!(whole && ground.names("out").len() < 30, "{command}: it ends quickly and leaves nothing torn");
        // Closed from the beginning, and a standard error that nobody reads: the work goes on.
        let told = shell(&format!(
            "packshot {command} in -o out --fresh none.jpg 2>&1 >/dev/null | true; packshot {command} in -o out >&- 2>&-"
        ));
        assert_eq!(told.code, Some(0), "{command}: {}", told.err);
        let told = ground.run(&format!("{command} in -o out --json"));
        let done = told.lines().pop().unwrap();
        assert_eq!((&done["resumed"], &done["complete"]), (&30.into(), &true.into()), "{command}: {done}");
        fs::remove_dir_all(ground.path("out")).unwrap();
    }
}

#[test]
fn a_model_that_cannot_be_used_is_wrong_usage_once() {
    let ground = with_recipe(&["a.jpg", "b.jpg"]);
    fs::write(ground.path("bad.onnx"), b"no model").unwrap();
    fs::write(ground.path("bad.toml"), b"[input]\nsize = 3\n").unwrap();
    for words in [
        "cutout a.jpg b.jpg --model nosuch",
        "cutout a.jpg b.jpg --model u2netp",
        "cutout a.jpg b.jpg --model fsrcnn-x2",
        "cutout a.jpg b.jpg --model none.onnx --like u2netp",
        "cutout a.jpg b.jpg --model bad.onnx --like u2netp",
        "cutout a.jpg b.jpg --model bad.onnx --like nosuch",
        "cutout a.jpg b.jpg --model bad.onnx --descriptor none.toml",
        "cutout a.jpg b.jpg --model bad.onnx --descriptor bad.toml",
        "cutout a.jpg b.jpg --model bad.onnx",
        "upscale a.jpg b.jpg --model u2netp",
        "upscale a.jpg b.jpg --model nosuch",
    ] {
        let told = ground.run(&format!("{words} -o out --json"));
        let lines = told.lines();
        assert_eq!((told.code, lines.len()), (Some(2), 1), "{words}: {lines:?}");
        assert_eq!(lines[0]["event"], "error");
    }
}

/// Every example that the help shows works as it is printed.
#[cfg(unix)]
#[test]
fn examples_in_the_help_work() {
    let ground = Ground::with(&["shoe.jpg", "dog.jpg", "a.jpg", "in.jpg", "old.jpg", "a.png", "drop/c.jpg"]);
    // One that can be made 2,000 pixels wide: at most eight times as large.
    ground.photo_of("photos/b.jpg", 288);
    fs::write(ground.path("mine.toml"), "schema = \"packshot.recipe/1\"\nsteps = [{ export = {} }]\n").unwrap();
    fs::write(ground.path("shop.csv"), "input,output,quality\nshoe.jpg,x,60\n").unwrap();
    fs::create_dir(ground.path("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_packshot"), ground.path("bin/packshot")).unwrap();
    let mut tried = 0;
    for command in ["cutout", "upscale", "run"] {
        let help = ground.run(&format!("help {command}")).out;
        let (_, examples) = help.split_once("Examples:\n").unwrap();
        for line in examples.lines().filter(|line| line.contains("packshot ")) {
            // Words are parted from what they do by several spaces.
            let line = line.trim().split("   ").next().unwrap();
            // Models that are not here, and what would never end.
            if line.contains("--model") || line.contains("--watch") {
                continue;
            }
            let path = format!("{}:{}", ground.path("bin").display(), std::env::var("PATH").unwrap());
            let mut shell = Command::new("sh");
            shell.args(["-c", line]).env("PATH", path).env("PACKSHOT_CACHE", ground.path("cache"));
            let told = shell.current_dir(ground.0.path()).output().unwrap();
            let err = String::from_utf8_lossy(&told.stderr);
            assert_eq!(told.status.code(), Some(0), "{line}: {err}{}", String::from_utf8_lossy(&told.stdout));
            tried += 1;
        }
    }
    assert!(tried >= 14, "{tried}");
    assert!(ground.path("out/sheet.html").is_file() && ground.path("shoe.png").is_file());
    assert!(Photo::open(ground.path("out.png")).is_ok() && Photo::open(ground.path("small.webp")).is_ok());
}
