//! The tools of Kotlin: a class for what each makes, and the methods of an engine.

use std::fmt::Write;

use packshot_api::{Fact, FactKind, TOOLS, Tool, prose};

use super::super::facts::{all_pictures, is_picture, pictures};
use super::super::{camel, camel_name, named};
use super::{HEAD, comment, converted, type_of};

const IMPORTS: &str = "
import kotlinx.coroutines.flow.Flow
import packshot.ffi.ProgressListener
";

const CLASS: &str = "
/** The tools of an [Engine]. */
public abstract class Tools internal constructor(internal val native: packshot.ffi.Engine) {
";

const THROWS: &str = "\n\n\
@throws PackshotException as [Photo.open] does for what cannot be read; of kind `OPTION` for options that make no sense or do \
not fit the photo; of kind `MODEL` or `BACKEND` for what cannot run.";

const WATCHED: &str = "\
The same, watched: reports of progress, then the result. Whoever collects starts the work, and whoever stops collecting stops \
it.";

pub(crate) fn file() -> String {
    let mut text = format!("{HEAD}{IMPORTS}");
    TOOLS.iter().for_each(|tool| class(&mut text, tool));
    given(&mut text);
    text.push_str(CLASS);
    let methods: Vec<_> = TOOLS.iter().map(methods).collect();
    text + &methods.join("\n") + "}\n"
}

/// What a tool made.
fn class(text: &mut String, tool: &Tool) {
    let (name, facts) = (tool.facts.name, tool.facts.fields);
    text.push('\n');
    comment(text, "", &format!("{} [close] frees its pictures.", prose(tool.facts.about)));
    let _ = writeln!(text, "public class {name} internal constructor(made: packshot.ffi.{name}) : AutoCloseable {{");
    text.push_str("    /** The picture that was asked for. */\n    public val photo: Photo = Photo(made.photo)\n\n");
    for fact in facts {
        let field = camel_name(fact.name);
        comment(text, "    ", &named(fact, "`null`"));
        let value = converted(fact, &format!("made.{field}"));
        let _ = writeln!(text, "    public val {field}: {} = {value}\n", type_of(fact));
    }
    text.push_str("    /** What did the work; without a model if none was needed. */\n");
    text.push_str("    public val ran: Ran = Ran(made.ran)\n\n");
    let pictures: Vec<_> = facts.iter().filter(|fact| is_picture(fact)).map(|fact| camel_name(fact.name)).collect();
    let close = match pictures.is_empty() {
        true => "photo.close()".to_owned(),
        false => format!("listOfNotNull(photo, {}).forEach(Photo::close)", pictures.join(", ")),
    };
    let _ = writeln!(text, "    override fun close(): Unit = {close}\n");
    let _ = writeln!(text, "    override fun toString(): String =\n        \"{name}($photo{})\"\n}}", shown(facts));
}

/// What of a result stands in its text.
fn shown(facts: &[Fact]) -> String {
    let told = facts.iter().filter(|fact| !is_picture(fact)).map(|fact| (camel_name(fact.name), fact.kind));
    told.map(|(name, kind)| match kind {
        FactKind::Instances => format!(", ${{{name}.size}} {name}"),
        _ => format!(", {name} ${name}"),
    })
    .collect()
}

/// Pictures that go with the options of tools.
fn given(text: &mut String) {
    text.push('\n');
    comment(text, "", "Pictures that go with the options of a tool. They stay the caller's to close.");
    text.push_str("public data class Pictures(\n");
    let mut named = String::new();
    for picture in all_pictures() {
        let name = camel_name(picture.name);
        comment(text, "    ", &camel(&picture.plain));
        let _ = writeln!(text, "    val {name}: Photo? = null,");
        let _ = writeln!(named, "        {name}?.let {{ put({:?}, it.native) }}", picture.name);
    }
    text.push_str(") {\n    internal fun native(): Map<String, packshot.ffi.Photo> = buildMap {\n");
    *text += &named;
    text.push_str("    }\n}\n");
}

/// The method of a tool, the one that watches it, and what both call.
fn methods(tool: &Tool) -> String {
    let (method, watched) = (camel_name(tool.name), camel_name(tool.watched));
    let (options, result) = (tool.options.name, tool.facts.name);
    let own = result.to_lowercase();
    let default = if tool.needs_options { String::new() } else { format!(" = {options}()") };
    let (parameter, argument, native) = match !pictures(tool).is_empty() {
        true => ("        pictures: Pictures = Pictures(),\n", "pictures, ", "pictures.native()"),
        false => ("", "", "emptyMap()"),
    };
    let parameters = format!("        source: Source,\n        options: {options}{default},\n{parameter}");
    let mut text = String::new();
    comment(&mut text, "    ", &camel(&(prose(tool.options.about) + THROWS)));
    let _ = write!(text, "    public suspend fun {method}(\n{parameters}    ): {result} =");
    let _ = writeln!(text, " {own}(source, options, {argument}null)\n");
    comment(&mut text, "    ", WATCHED);
    let _ = write!(text, "    public fun {watched}(\n{parameters}    ): Flow<Event<{result}>> =");
    let _ = writeln!(text, " watching {{ {own}(source, options, {argument}it) }}\n");
    let private = parameters.replace(&default, "").replace(" = Pictures()", "");
    let _ = write!(
        text,
        "    private suspend fun {own}(\n{private}        listener: ProgressListener?,\n    ): {result} ="
    );
    text.push_str(" calling { token ->\n        source.lent {\n");
    let _ = writeln!(
        text,
        "            {result}(native.{method}(it, options, {native}, token, listener))\n        }}\n    }}"
    );
    text
}
