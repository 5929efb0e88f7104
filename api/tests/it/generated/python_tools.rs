//! The methods and functions of tools for Python.

use std::fmt::Write;

use packshot_api::{Kind, TOOLS, Tool, prose};

use super::described;
use super::facts::{Picture, pictures};
use super::python::{docstring, given, imports, listed_names};

const HEAD: &str = "# Made from the tools of packshot-api by `cargo xtask generate`. Change them there.\n";

/// How every documentation of a method ends.
const ENDS: &str = "- `progress`: called with a `Progress`, on another thread. What it raises stops the work and is raised here.
- `cancel`: a token that stops the work from elsewhere. So does Ctrl-C.

Raises `PackshotError`: for the photo `FileError`, `PhotoError` or `LimitError`; `OptionError`, `ModelError`, `BackendError`, \
`CancelledError`.";

const BOTH: &str = "Text and lists of numbers are a colour; for a picture in a file give a `pathlib.Path`, or anything \
else that is a photo.";

/// Names, and the module that has them.
type Part<'a> = (&'a str, &'a [&'a str]);

const HEARD: &[&str] = &["CancelToken", "Listener"];

/// The base of engines.
pub(crate) fn methods() -> String {
    let mut body = base("Tools(Running)", "An engine's methods that run tools.");
    TOOLS.iter().for_each(|tool| method(&mut body, tool));
    let parts: &[Part<'_>] =
        &[("._running", &["Running", "color_or_picture"]), (".cancel", HEARD), (".results", &results())];
    module("The tools of an engine.", parts, &body)
}

/// The base of engines whose calls are awaited.
pub(crate) fn awaited() -> String {
    let mut body = base("AsyncTools", "An engine's methods that run tools, awaited.") + "    engine: Engine\n";
    TOOLS.iter().for_each(|tool| awaited_method(&mut body, tool));
    let parts: &[Part<'_>] =
        &[("._waiting", &["watched"]), (".cancel", HEARD), (".engine", &["Engine"]), (".results", &results())];
    module("The tools of an engine for asyncio.", parts, &body)
}

/// The functions of the package.
pub(crate) fn functions() -> String {
    let mut body = format!("\n{}", listed_names(TOOLS.iter().map(|tool| tool.name)));
    TOOLS.iter().for_each(|tool| function(&mut body, tool));
    let about = "The tools, with an engine that is made at the first call and kept.";
    let parts: &[Part<'_>] = &[(".cancel", HEARD), (".engine", &["default_engine"]), (".results", &results())];
    module(about, parts, &body)
}

fn base(class: &str, about: &str) -> String {
    format!("\n\nclass {class}:\n    \"\"\"{about}\"\"\"\n\n    __slots__ = ()\n")
}

fn results() -> Vec<&'static str> {
    let mut names: Vec<_> = TOOLS.iter().map(|tool| tool.facts.name).collect();
    names.sort_unstable();
    names
}

/// A module with these imports. Types are imported too, for those who ask for them at run time.
fn module(about: &str, parts: &[Part<'_>], body: &str) -> String {
    let options: Vec<_> = TOOLS.iter().map(options).collect();
    let mut options: Vec<_> = options.iter().map(String::as_str).collect();
    options.sort_unstable();
    let mut parts = parts.to_vec();
    parts.extend([(".options", &options[..]), (".photo", &["PhotoLike"]), (".values", &["Color"])]);
    parts.sort_unstable_by_key(|(module, _)| *module);
    let parts = imports(&parts, body, "");
    format!(
        "{HEAD}\"\"\"{about}\"\"\"\n\nfrom __future__ import annotations\n\nimport sys\nfrom typing import TYPE_CHECKING\n\n\
         {parts}\n\
         if sys.version_info >= (3, 11):\n    from typing import Unpack\n\
         elif TYPE_CHECKING:\n    from typing_extensions import Unpack\n{body}"
    )
}

fn options(tool: &Tool) -> String {
    format!("{}Options", tool.options.name)
}

/// From the first argument after `self` to the result.
fn signature(text: &mut String, tool: &Tool, indent: &str) {
    let _ = writeln!(text, "{indent}    photo: PhotoLike,\n{indent}    *,");
    for Picture { name, or_color, .. } in pictures(tool) {
        let color = if or_color { "Color | " } else { "" };
        let _ = writeln!(text, "{indent}    {name}: {color}PhotoLike | None = None,");
    }
    let _ =
        writeln!(text, "{indent}    progress: Listener | None = None,\n{indent}    cancel: CancelToken | None = None,");
    let _ = writeln!(text, "{indent}    **options: Unpack[{}],\n{indent}) -> {}:", options(tool), tool.facts.name);
}

/// A call with the arguments of this method.
fn call(text: &mut String, what: &str, tool: &Tool, indent: &str, [progress, cancel]: [&str; 2]) {
    let _ = writeln!(text, "{indent}return {what}.{}(\n{indent}    photo,", tool.name);
    for Picture { name, .. } in pictures(tool) {
        let _ = writeln!(text, "{indent}    {name}={name},");
    }
    let _ = writeln!(
        text,
        "{indent}    progress={progress},\n{indent}    cancel={cancel},\n{indent}    **options,\n{indent})"
    );
}

/// What `help` shows: the tool, and each argument with its meaning.
fn documented(tool: &Tool, how: &str) -> String {
    let about = prose(tool.options.about);
    let about = about.split("\n\n").next().unwrap_or_default();
    let mut text = format!("{about}\n\n{how}\n\n");
    for Picture { name, about, or_color, .. } in pictures(tool) {
        let both = if or_color { format!(" {BOTH}") } else { String::new() };
        let _ = writeln!(text, "- `{name}`: {about}{both}");
    }
    for field in given(tool.options) {
        let words = match field.kind {
            Kind::Words(words) => words.choices.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let words = if words.is_empty() { String::new() } else { format!(" One of {}.", words.join(", ")) };
        let _ = writeln!(text, "- `{}`: {}{words}", field.name, described(field));
    }
    text + ENDS
}

fn method(text: &mut String, tool: &Tool) {
    let _ = writeln!(text, "\n    def {}(\n        self,", tool.name);
    signature(text, tool, "    ");
    let pictures = pictures(tool);
    docstring(text, "        ", &documented(tool, "It blocks until that is done; other threads go on meanwhile."));
    for Picture { name, .. } in pictures.iter().filter(|picture| picture.or_color) {
        let _ = writeln!(text, "        {name}_color, {name}_picture = color_or_picture({name})");
    }
    let _ = writeln!(text, "        made = self._run(\n            {:?},\n            photo,", tool.name);
    let given = pictures.iter().map(|Picture { name, or_color, .. }| {
        let picture = if *or_color { "_picture" } else { "" };
        format!("                {name:?}: {name}{picture},\n")
    });
    let given: String = given.collect();
    text.push_str(&if given.is_empty() {
        "            {},\n".to_owned()
    } else {
        format!("            {{\n{given}            }},\n")
    });
    let colors = pictures.iter().filter(|picture| picture.or_color);
    let colors: String =
        colors.map(|Picture { name, .. }| format!("                {name:?}: {name}_color,\n")).collect();
    text.push_str(&match colors.is_empty() {
        true => "            options,\n".to_owned(),
        false => format!("            {{\n                **options,\n{colors}            }},\n"),
    });
    let _ = writeln!(
        text,
        "            progress,\n            cancel,\n        )\n        return {}(made)",
        tool.facts.name
    );
}

fn awaited_method(text: &mut String, tool: &Tool) {
    let _ = writeln!(text, "\n    async def {}(\n        self,", tool.name);
    signature(text, tool, "    ");
    docstring(text, "        ", &format!("`Engine.{}`; `progress` is called in the event loop.", tool.name));
    let _ = writeln!(text, "\n        def work(listener: Listener | None, token: CancelToken) -> {}:", tool.facts.name);
    call(text, "self.engine", tool, "            ", ["listener", "token"]);
    text.push_str("\n        return await watched(work, progress, cancel)\n");
}

fn function(text: &mut String, tool: &Tool) {
    let _ = writeln!(text, "\n\ndef {}(", tool.name);
    signature(text, tool, "");
    let how = format!("It calls `Engine.{}` of an engine that is made at the first call and kept.", tool.name);
    docstring(text, "    ", &documented(tool, &how));
    call(text, "default_engine()", tool, "    ", ["progress", "cancel"]);
}
