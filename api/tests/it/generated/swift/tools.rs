//! The tools of Swift: a type for what each makes, and the methods of an engine.

use std::fmt::Write;

use packshot_api::{Kind, TOOLS, Tool, prose};

use super::super::{camel, camel_name, named};
use super::{HEAD, comment, converted, type_of};

const THROWS: &str = "\n\n- Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.";

const WATCHED: &str = "\
The same, and tells how far it is. The work begins with the loop over the events and ends with it: leaving the loop, by `break` \
or by an error, cancels it.";

pub(crate) fn file() -> String {
    let mut text = format!("{HEAD}\nimport PackshotBindings\n");
    TOOLS.iter().for_each(|tool| record(&mut text, tool));
    let methods: Vec<_> = TOOLS.iter().map(|tool| methods(tool)).collect();
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

/// The method of a tool, the one that watches it, and what both call.
fn methods(tool: &Tool) -> String {
    let (method, watched) = (camel_name(tool.name), camel_name(tool.watched));
    let (options, result) = (tool.options.name, tool.facts.name);
    let own = result.to_lowercase();
    let pictures = tool.options.fields.iter().any(|field| field.kind == Kind::Picture);
    let default = if tool.needs_options { "" } else { " = .init()" };
    let (parameter, argument, private, native) = match pictures {
        true => (", pictures: Pictures = .init()", ", pictures", ", _ pictures: Pictures", "pictures"),
        false => ("", "", "", "Pictures()"),
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
    let _ = writeln!(text, "            source: source.lowered, options: options, pictures: {native}.lowered,");
    let _ = writeln!(text, "            cancel: cancel, listener: listener)\n        return {result}(made)\n    }}");
    text
}
