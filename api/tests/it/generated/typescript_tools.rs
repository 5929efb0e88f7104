//! The methods and functions of tools for Node, and what they can be asked for.

use std::fmt::Write;

use packshot_api::{TOOLS, Tool, prose};

use super::facts::{Picture, pictures};
use super::typescript::{comment, imports};
use super::{camel, camel_name};

const HEAD: &str = "// Made from the tools of packshot-api by `cargo xtask generate`. Change them there.\n";

/// What an engine and the package have of each tool.
fn module(code: &[(&str, &[&str])], body: &str) -> String {
    let mut made: Vec<_> = TOOLS.iter().map(|tool| tool.facts.name.to_owned()).collect();
    // A method makes a result; a function only names it.
    if !body.contains(" new ") {
        made.iter_mut().for_each(|name| name.insert_str(0, "type "));
    }
    let mut options: Vec<_> = TOOLS.iter().map(|tool| format!("type {}", options(tool))).collect();
    made.sort_unstable();
    options.sort_unstable();
    let [made, options] = [&made, &options].map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut parts = code.to_vec();
    parts.extend([("./results.js", &made[..]), ("./toolOptions.js", &options[..])]);
    parts.sort_unstable_by_key(|(file, _)| *file);
    format!("{HEAD}\n{}{body}", imports(&parts, body))
}

/// The base of engines.
pub(crate) fn methods() -> String {
    let mut body = "\n/** An engine's methods that run tools. */\nexport class Tools extends Running {".to_owned();
    for tool in TOOLS {
        body.push('\n');
        method(&mut body, tool);
    }
    body.push_str("}\n");
    let code: [(&str, &[&str]); 3] = [
        ("./arguments.js", &["optionsOf"]),
        ("./input.js", &["type PhotoInput"]),
        ("./running.js", &["Running", "colorOrPicture", "run"]),
    ];
    module(&code, &body)
}

/// The functions of the package.
pub(crate) fn functions() -> String {
    let mut body = String::new();
    for tool in TOOLS {
        body.push('\n');
        comment(&mut body, "", &format!("{} The engine is made at the first call and kept.", about(tool)));
        let _ = writeln!(body, "export async function {}", signature(tool));
        let _ = writeln!(body, "  return sharedEngine().{}(photo, options);\n}}", camel_name(tool.name));
    }
    module(&[("./engine.js", &["sharedEngine"]), ("./input.js", &["type PhotoInput"])], &body)
}

/// What tools can be asked for.
pub(crate) fn asked() -> String {
    let names: Vec<_> = TOOLS.iter().map(|tool| format!("'{}'", tool.name)).collect();
    let mut body = format!("\n/** A tool, as recipes call it. */\nexport type ToolName = {};\n", names.join(" | "));
    TOOLS.iter().for_each(|tool| interface(&mut body, tool));
    let mut tables: Vec<_> = TOOLS.iter().map(|tool| tool.options.name).collect();
    tables.sort_unstable();
    let tables: Vec<_> = tables.into_iter().map(|name| format!("type {name}")).collect();
    let tables: Vec<_> = tables.iter().map(String::as_str).collect();
    let parts = [
        ("./call.js", &["type CallOptions"][..]),
        ("./input.js", &["type PhotoInput"]),
        ("./tables.js", &tables),
        ("./values.js", &["type Color"]),
    ];
    format!("{HEAD}\n{}{body}", imports(&parts, &body))
}

fn interface(text: &mut String, tool: &Tool) {
    text.push('\n');
    comment(text, "", &camel(&prose(tool.options.about)));
    let pictures = pictures(tool);
    let merged =
        pictures.iter().filter(|picture| picture.or_color).map(|picture| format!("'{}'", camel_name(picture.name)));
    let merged = merged.collect::<Vec<_>>().join(" | ");
    let table = tool.options.name;
    let table = if merged.is_empty() { table.to_owned() } else { format!("Omit<{table}, {merged}>") };
    let _ = write!(text, "export interface {} extends {table}, CallOptions {{", options(tool));
    for (at, Picture { name, about, or_color, .. }) in pictures.iter().enumerate() {
        text.push_str(if at == 0 { "\n" } else { "" });
        let both =
            if *or_color { " Text is always a colour; for the path of a picture give a `file:` URL." } else { "" };
        comment(text, "  ", &camel(&format!("{about}{both}")));
        let values = if *or_color { "Color | Exclude<PhotoInput, string>" } else { "PhotoInput" };
        let _ = writeln!(text, "  {}?: {values} | undefined;", camel_name(name));
    }
    text.push_str("}\n");
}

fn options(tool: &Tool) -> String {
    format!("{}Options", tool.options.name)
}

fn about(tool: &Tool) -> String {
    let about = prose(tool.options.about);
    camel(about.split("\n\n").next().unwrap_or_default())
}

fn signature(tool: &Tool) -> String {
    let default = if tool.needs_options { "" } else { " = {}" };
    let (name, options, made) = (camel_name(tool.name), options(tool), tool.facts.name);
    format!("{name}(photo: PhotoInput, options: {options}{default}): Promise<{made}> {{")
}

fn method(text: &mut String, tool: &Tool) {
    comment(text, "  ", &about(tool));
    let _ = writeln!(text, "  async {}", signature(tool));
    let pictures = pictures(tool);
    let (step, made) = (tool.name, tool.facts.name);
    if pictures.is_empty() {
        let _ = writeln!(text, "    return new {made}(await run(this, '{step}', photo, {{}}, options));\n  }}");
        return;
    }
    let names: String = pictures.iter().map(|picture| camel_name(picture.name) + ", ").collect();
    let _ = writeln!(text, "    const {{ {names}...rest }} = optionsOf(options);");
    for name in pictures.iter().filter(|picture| picture.or_color).map(|picture| camel_name(picture.name)) {
        let _ = writeln!(text, "    const [{name}Color, {name}Picture] = colorOrPicture({name});");
    }
    let given = pictures.iter().map(|picture| match (camel_name(picture.name), picture.or_color) {
        (name, true) => format!("{name}: {name}Picture"),
        (name, false) => name,
    });
    let _ = writeln!(text, "    const pictures = {{ {} }};", given.collect::<Vec<_>>().join(", "));
    let colors = pictures.iter().filter(|picture| picture.or_color).map(|picture| camel_name(picture.name));
    let colors: String = colors.map(|name| format!(", {name}: {name}Color")).collect();
    let said = if colors.is_empty() { "rest".to_owned() } else { format!("{{ ...rest{colors} }}") };
    let _ = writeln!(text, "    return new {made}(await run(this, '{step}', photo, pictures, {said}));\n  }}");
}
