//! The tools of Swift: a type for what each makes, and the methods of an engine.

use std::fmt::Write;

use packshot_api::{TOOLS, Tool, prose};

use super::super::facts::{all_pictures, pictures};
use super::super::{camel, camel_name, named};
use super::{HEAD, comment, converted, type_of};

const THROWS: &str = "\n\n- Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.";

const WATCHED: &str = "\
The same, with progress. The work begins with the loop over the events and ends with it: leaving the loop, by `break` \
or by an error, cancels it.";

pub(crate) fn file() -> String {
    let mut text = format!("{HEAD}\nimport PackshotBindings\n");
    TOOLS.iter().for_each(|tool| record(&mut text, tool));
    given(&mut text);
    let methods: Vec<_> = TOOLS.iter().map(methods).collect();
    text + "\nextension Engine {\n" + &methods.join("\n") + "}\n"
}

/// What a tool made.
fn record(text: &mut String, tool: &Tool) {
    let name = tool.facts.name;
    text.push('\n');
    comment(text, "", &prose(tool.facts.about));
    let _ = writeln!(text, "public struct {name}: Sendable {{");
    text.push_str("    /// The picture that was asked for.\n    public let photo: Photo\n");
    for fact in tool.facts.fields {
        comment(text, "    ", &named(fact, "`nil`"));
        let _ = writeln!(text, "    public let {}: {}", camel_name(fact.name), type_of(fact));
    }
    text.push_str("    /// What did the work; without a model if none was needed.\n    public let ran: Ran\n\n");
    let _ = writeln!(text, "    init(_ made: PackshotBindings.{name}) {{\n        photo = Photo(made.photo)");
    for fact in tool.facts.fields {
        let field = camel_name(fact.name);
        let _ = writeln!(text, "        {field} = {}", converted(fact, &format!("made.{field}")));
    }
    text.push_str("        ran = made.ran\n    }\n}\n");
}

/// Pictures that go with the options of tools.
fn given(text: &mut String) {
    text.push_str("\n/// Pictures that go with the options of a tool.\npublic struct Pictures: Sendable {\n");
    let all = all_pictures();
    let each = |form: fn(&str, &str) -> String| {
        let forms: Vec<_> = all.iter().map(|picture| form(picture.name, &camel_name(picture.name))).collect();
        forms.join(", ")
    };
    for picture in &all {
        comment(text, "    ", &camel(&picture.plain));
        let _ = writeln!(text, "    public var {}: Photo?", camel_name(picture.name));
    }
    let _ = writeln!(text, "\n    /// None, unless given.\n    public init(");
    let _ = writeln!(text, "        {}\n    ) {{", each(|_, name| format!("{name}: Photo? = nil")));
    for picture in &all {
        let _ = writeln!(text, "        self.{0} = {0}", camel_name(picture.name));
    }
    text.push_str("    }\n\n    var lowered: [String: PackshotBindings.Photo] {\n");
    let _ = writeln!(text, "        let all = [{}]", each(|key, name| format!("{key:?}: {name}")));
    text.push_str("        return all.compactMapValues { $0?.handle }\n    }\n}\n");
}

/// The method of a tool, the one that watches it, and what both call.
fn methods(tool: &Tool) -> String {
    let (method, watched) = (camel_name(tool.name), camel_name(tool.watched));
    let (options, result) = (tool.options.name, tool.facts.name);
    let own = result.to_lowercase();
    let default = if tool.needs_options { "" } else { " = .init()" };
    let (parameter, argument, private, native) = match !pictures(tool).is_empty() {
        true => (", pictures: Pictures = .init()", ", pictures", ", _ pictures: Pictures", "pictures.lowered"),
        false => ("", "", "", "[:]"),
    };
    let parameters = format!("(\n        _ source: Source, _ options: {options}{default}{parameter}\n    )");
    let mut text = String::new();
    comment(&mut text, "    ", &camel(&(prose(tool.options.about) + THROWS)));
    let _ = writeln!(text, "    public func {method}{parameters} async throws -> {result} {{");
    let call = format!("try await self.{own}(source, options{argument}, cancel: $0, listener:");
    let _ = writeln!(text, "        try await cancellable {{ {call} nil) }}\n    }}\n");
    comment(&mut text, "    ", WATCHED);
    let _ = writeln!(text, "    public func {watched}{parameters} -> Events<Event<{result}>> {{");
    let _ = writeln!(text, "        .watching {{ {call} $1) }}\n    }}\n");
    let _ = writeln!(text, "    private func {own}(\n        _ source: Source, _ options: {options}{private},");
    let _ = writeln!(text, "        cancel: CancelToken, listener: (any ProgressListener)?");
    let _ = writeln!(text, "    ) async throws -> {result} {{\n        let made = try await handle.{method}(");
    let _ = writeln!(text, "            source: source.lowered, options: options, pictures: {native},");
    let _ = writeln!(text, "            cancel: cancel, listener: listener)\n        return {result}(made)\n    }}");
    text
}
