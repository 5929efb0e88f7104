//! Layers: what may know what. `ARCHITECTURE.md` shows the same tables.
//!
//! Between the crates, and between the modules of core, an arrow runs from a row of its table to a lower one. Between the
//! modules of a batch, of the client, of policies, of the server and of Node's library there is no order, but no circle either. Tests may know all.

mod arrows;
mod rust;
mod typescript;

use std::fs;
use std::path::Path;

use arrows::{Arrow, circle, upward};

use crate::files;
use crate::steps::{Outcome, StepResult};

/// Crates, from the top to the bottom. Those that are not named are on top: nothing depends on them.
const CRATES: &[&[&str]] =
    &[&["packshot-cli"], &["packshot-server"], &["packshot"], &["packshot-api", "packshot-resize", "packshot-policy"]];

/// Modules of core, from the top to the bottom, what each row is for, beneath the crate's root.
const CORE: &[(&[&str], &str)] = &[
    (&["engine"], "what a program calls"),
    (&["client"], "the hosted service, as a program calls it"),
    (&["batch"], "many photos through one recipe"),
    (&["recipe"], "a list of steps for one photo"),
    (&["tools"], "one operation each"),
    (&["device", "ops"], "what the machine has; pixel operations"),
    (&["inference", "models", "photo"], "backends; registry and store; pixels and files"),
    (&["color", "digest", "file", "geometry", "json", "network", "note", "run"], "words that all of them share"),
    (&["error", "pages", "sync"], "beneath everything"),
];

/// Folders whose modules must not stand in a circle: a name for people, the folder, and its path inside of the crate.
const PLAIN: &[(&str, &str, &[&str])] = &[
    ("batch", "core/src/batch", &["batch"]),
    ("client", "core/src/client", &["client"]),
    ("policy", "service/policy/src", &[]),
    ("server", "service/server/src", &[]),
];
const NODE: &str = "node/lib";

/// No arrow of the repository runs up or in a circle, and `ARCHITECTURE.md` shows the tables of this file.
pub(crate) fn check() -> StepResult {
    let root = files::root();
    let mut faults = crates(&root)?;
    let core = rust::read(&root, "core/src", &[])?;
    let rows: Vec<_> = CORE.iter().map(|(row, _)| *row).collect();
    faults.extend(core.faults.iter().cloned());
    faults.extend(upward(&core.modules, &core.arrows, &rows));
    let mut count = core.arrows.len();
    for (name, folder, path) in PLAIN {
        let scope = rust::read(&root, folder, path)?;
        faults.extend(scope.faults.iter().cloned());
        faults.extend(circle(name, &scope.arrows));
        count += scope.arrows.len();
    }
    let node = typescript::read(&root, NODE)?;
    faults.extend(circle(NODE, &node));
    count += node.len();
    if !fs::read_to_string(root.join("ARCHITECTURE.md")).is_ok_and(|page| page.contains(&table())) {
        faults.push(format!("ARCHITECTURE.md does not show this table of layers:\n\n{}", table()));
    }
    if faults.is_empty() {
        return Ok(Outcome::Ok(format!("{count} imports between modules, none of them upward or in a circle")));
    }
    faults.iter().for_each(|fault| println!("{fault}"));
    Err(format!("{} faults in the layers", faults.len()))
}

/// The layers of core as `ARCHITECTURE.md` shows them.
fn table() -> String {
    let row = |(modules, what): &(&[&str], &str)| {
        let names: Vec<_> = modules.iter().map(|name| format!("`{name}`")).collect();
        format!("| {} | {what} |\n", names.join(", "))
    };
    format!("| layer of core | what it is |\n|---|---|\n{}", CORE.iter().map(row).collect::<String>())
}

/// Dependencies between the crates of the workspace, but for those of tests.
fn crates(root: &Path) -> Result<Vec<String>, String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()));
    let workspace = read(&root.join("Cargo.toml"))?;
    let members = workspace.split_once("members = [").and_then(|(_, rest)| rest.split_once(']'));
    let members = members.ok_or("Cargo.toml has no list of members")?.0;
    let mut arrows = Vec::new();
    for member in members.split('"').skip(1).step_by(2) {
        let file = format!("{member}/Cargo.toml");
        arrows.extend(dependencies(&file, &read(&root.join(&file))?));
    }
    let named: Vec<_> = CRATES.concat();
    let mut top: Vec<&str> = arrows.iter().flat_map(|arrow| [&*arrow.from, &*arrow.to]).collect();
    top.retain(|name| !named.contains(name));
    top.sort_unstable();
    top.dedup();
    let rows: Vec<&[&str]> = std::iter::once(&*top).chain(CRATES.iter().copied()).collect();
    Ok(upward(&[], &arrows, &rows))
}

/// The crates of this workspace on which one depends, by its manifest.
fn dependencies(file: &str, manifest: &str) -> Vec<Arrow> {
    let (mut section, mut name, mut arrows) = ("", "", Vec::new());
    for (line, text) in manifest.lines().enumerate() {
        if let Some(header) = text.strip_prefix('[') {
            section = header.trim_end_matches(']');
        }
        let Some((key, value)) = text.split_once('=') else { continue };
        let key = key.trim().trim_end_matches(".workspace");
        match section {
            "package" if key == "name" => name = value.trim().trim_matches('"'),
            _ if section.ends_with("dev-dependencies") || !section.ends_with("dependencies") => {}
            _ if key == "packshot" || key.starts_with("packshot-") => {
                arrows.push(Arrow::new(name, key, file, line + 1, text.trim()));
            }
            _ => {}
        }
    }
    arrows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arrows of made-up files below `core/src`.
    fn faults_of(sources: &[(&str, &str)]) -> Vec<String> {
        let scope =
            rust::scope("core/src", &[], sources.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        let rows: Vec<_> = CORE.iter().map(|(row, _)| *row).collect();
        [scope.faults.clone(), upward(&scope.modules, &scope.arrows, &rows)].concat()
    }

    #[test]
    fn the_repository_has_no_wrong_arrow() {
        check().map(drop).unwrap();
    }

    #[test]
    fn an_arrow_that_is_turned_is_told_with_its_line() {
        let down = [
            ("tools.rs", "use crate::ops::blur;\n"),
            ("ops.rs", "use crate::photo::{Matte, Photo};\n"),
            ("photo.rs", ""),
        ];
        assert_eq!(faults_of(&down), [""; 0]);
        let up = [("tools.rs", ""), ("ops/blur.rs", "//! Blurs.\n\nuse crate::tools::Edges;\n"), ("photo.rs", "")];
        let faults = faults_of(&up);
        assert_eq!(faults, ["core/src/ops/blur.rs:3: `ops` must not know `tools`: use crate::tools::Edges;"]);
        let beside = [("ops.rs", "fn f() { crate::device::f() }\n"), ("device.rs", "")];
        assert!(faults_of(&beside)[0].starts_with("core/src/ops.rs:1: `ops` must not know `device`"));
    }

    #[test]
    fn imports_through_the_root_and_modules_without_a_layer_are_faults() {
        let root = faults_of(&[("ops.rs", "use crate::{\n    error::Code,\n    Photo,\n};\n"), ("error.rs", "")]);
        assert_eq!(root.len(), 1);
        assert!(root[0].starts_with("core/src/ops.rs:1: `Photo` is imported through the root"), "{}", root[0]);
        let unknown = faults_of(&[("shadow.rs", "")]);
        assert_eq!(unknown, ["`shadow` stands in no layer: give it one in xtask/src/layers.rs"]);
    }

    #[test]
    fn tests_and_comments_may_know_all() {
        let text = "// use crate::engine::Engine;\n/// [`crate::engine`]\n#[cfg(test)]\nmod tests {\n    use crate::engine::Engine;\n}\n";
        assert_eq!(
            faults_of(&[("ops.rs", text), ("ops/tests.rs", "use crate::engine::A;\n"), ("engine.rs", "")]),
            [""; 0]
        );
    }

    #[test]
    fn a_circle_is_told_arrow_by_arrow() {
        let sources = [
            ("batch/a.rs", "use super::b::B;\n"),
            ("batch/b.rs", "mod inner {}\nuse super::c::{self, C};\n"),
            ("batch/c/deep.rs", "use crate::batch::b::A;\nuse super::deeper::A;\n"),
            ("batch/d.rs", "use super::a::A;\n"),
        ];
        let sources = sources.map(|(path, text)| (path.trim_start_matches("batch/").to_owned(), text.to_owned()));
        let scope = rust::scope("core/src/batch", &["batch"], sources.into_iter());
        let faults = circle("batch", &scope.arrows);
        assert_eq!(faults.len(), 1);
        let told = "batch: a circle of modules:\n  core/src/batch/b.rs:2: `b` -> `c`: use super::c::{self, C};\n  core/src/batch/c/deep.rs:1: `c` -> `b`: use crate::batch::b::A;";
        assert_eq!(faults[0], told);
    }

    #[test]
    fn only_what_runs_makes_a_circle_in_node() {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let types = [file("a.ts", "import type { B } from './b.js';\n"), file("b.ts", "import { A } from './a.js';\n")];
        assert!(circle(NODE, &typescript::arrows(NODE, types.into_iter())).is_empty());
        let one = "import {\n  type B,\n  made,\n} from './b.js';\n";
        let values = [file("a.ts", one), file("b.ts", "export { A } from './a.js';\n")];
        let faults = circle(NODE, &typescript::arrows(NODE, values.into_iter()));
        assert!(faults[0].contains("node/lib/a.ts:1: `a` -> `b`"), "{faults:?}");
    }

    #[test]
    fn a_crate_that_depends_upward_is_told() {
        let manifest = "[package]\nname = \"packshot-api\"\n\n[dependencies]\npackshot.workspace = true\n\n[dev-dependencies]\npackshot-cli.workspace = true\n";
        let arrows = dependencies("api/Cargo.toml", manifest);
        let faults = upward(&[], &arrows, CRATES);
        assert_eq!(faults, ["api/Cargo.toml:5: `packshot-api` must not know `packshot`: packshot.workspace = true"]);
    }
}
