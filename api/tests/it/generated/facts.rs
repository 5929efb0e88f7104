//! What the generators of several languages say of facts, of tools, and of the pictures that go with their options.

use packshot_api::{BATCH_EVENT, BATCH_ITEM, BATCH_REPORT, Fact, FactKind, Facts, Field, Kind, TOOLS, Tool, prose};

/// The records of batches, each after those that it has inside.
pub(crate) const BATCH: [&Facts; 3] = [BATCH_ITEM, BATCH_EVENT, BATCH_REPORT];

pub(crate) fn is_picture(fact: &Fact) -> bool {
    matches!(fact.kind, FactKind::Matte | FactKind::Trimap)
}

/// A picture that goes with the options of a tool.
pub(crate) struct Picture {
    /// The name of the argument.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) about: String,
    /// The same without the colour.
    pub(crate) plain: String,
    /// Whether the same argument takes a colour: a picture `background_picture` beside a colour `background`.
    pub(crate) or_color: bool,
}

pub(crate) fn pictures(tool: &Tool) -> Vec<Picture> {
    let fields = tool.options.fields.iter().filter(|field| field.kind == Kind::Picture);
    fields.map(|field| picture(tool, field)).collect()
}

/// Those of all tools: first those that cannot be colours.
pub(crate) fn all_pictures() -> Vec<Picture> {
    let mut all: Vec<Picture> = Vec::new();
    for picture in TOOLS.iter().flat_map(pictures) {
        if all.iter().all(|known| known.name != picture.name) {
            all.push(picture);
        }
    }
    all.sort_by_key(|picture| picture.or_color);
    all
}

fn picture(tool: &Tool, field: &Field) -> Picture {
    // Here it need not be a file.
    let about = prose(field.about).replace("the path of a gray picture", "a gray picture");
    let about = about.trim_end_matches(": the path of a file.").trim_end_matches('.').to_owned() + ".";
    let plain = about.clone();
    let color = field.name.strip_suffix("_picture").and_then(|name| tool.options.field(name));
    match color.filter(|color| color.kind == Kind::Color) {
        Some(color) => {
            let rest = about.chars().skip(1).collect::<String>();
            let about = format!("{} Or {}{rest}", prose(color.about), about[..1].to_lowercase());
            Picture { name: color.name, about, plain, or_color: true }
        }
        None => Picture { name: field.name, about, plain, or_color: false },
    }
}
