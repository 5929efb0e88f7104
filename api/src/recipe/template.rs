use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::variables::{Variable, fill, used};
use super::{HostedRecipe, Recipe, Schema, files};
use crate::document::{DocumentFault, Node, Part, Value, Wrong, choices};

/// Largest text that is read; a long recipe has a few thousand bytes.
const MOST_BYTES: usize = 1 << 20;

/// The top-level keys of a recipe.
const KEYS: &[&str] = &["schema", "name", "description", "variables", "decode", "steps"];

/// The text of a recipe, in TOML or JSON, with its variables.
///
/// `[variables]` gives each a name and a default, and `${name}` is replaced by its value inside any text. A text that
/// consists only of `${name}` becomes the value itself, which may be a number or a boolean; write `$${` for `${`.
///
/// ```
/// use std::collections::BTreeMap;
/// use packshot_api::{Step, Template};
///
/// let template = Template::parse(r#"
///     schema = "packshot.recipe/1"
///     variables = { quality = 90 }
///     steps = [{ export = { format = "jpeg", quality = "${quality}" } }]
/// "#)?;
/// let recipe = template.recipe(&BTreeMap::from([("quality".to_owned(), "75".to_owned())]))?;
/// assert!(matches!(&recipe.steps[0], Step::Export(file) if file.quality == Some(75)));
/// # Ok::<(), packshot_api::DocumentFault>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    root: Node,
    variables: Vec<Variable>,
}

impl Template {
    /// Parses TOML or JSON (which begins with `{`). Options are not checked before [`recipe`](Self::recipe).
    ///
    /// # Errors
    /// The text is empty, larger than 1 MiB, or neither TOML nor JSON; it is not a recipe, or one of another version; a
    /// variable has a syntax error, is used without being declared, or declared without being used.
    pub fn parse(text: &str) -> Result<Self, DocumentFault> {
        Ok(Self::read(text)?)
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(Wrong::new("the recipe is empty; start from a preset").on(1));
        }
        if text.len() > MOST_BYTES {
            return Err(Wrong::new("the recipe is longer than 1 MiB").on(1));
        }
        let mut root = Node::parse(text)?;
        schema(&root)?;
        let Value::Table(entries) = &mut root.value else { return Ok(Self { root, variables: Vec::new() }) };
        if let Some((key, node)) = entries.iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
            return Err(Wrong::no_key(key, KEYS).on(node.line).under_key(key));
        }
        let declared = entries.iter().position(|(key, _)| key == "variables").map(|place| entries.remove(place).1);
        let variables = declared.map(|node| Variable::read(&node)).transpose()?.unwrap_or_default();
        let used = used(&root, &variables)?;
        if let Some(idle) = variables.iter().find(|variable| !used.contains(&variable.name)) {
            let message = format!("no step uses this variable; write `${{{}}}` where its value belongs", idle.name);
            return Err(idle.fault(message));
        }
        Ok(Self { root, variables })
    }

    /// The variables and their defaults as text, in the order of the recipe.
    pub fn variables(&self) -> impl Iterator<Item = (&str, String)> {
        self.variables.iter().map(|variable| (variable.name.as_str(), variable.text()))
    }

    /// The recipe with the values of `set` in place of defaults. A variable whose default is a number or a boolean
    /// accepts only text of that type.
    ///
    /// # Errors
    /// `set` names a variable that the recipe does not have, or gives it text of another type; the recipe has an
    /// unknown key, a value of the wrong type or out of range, or steps in an invalid order.
    pub fn recipe(&self, set: &BTreeMap<String, String>) -> Result<Recipe, DocumentFault> {
        self.read_as_recipe(&self.filled(set)?)
    }

    /// The same, with relative paths of models and pictures resolved against `folder`, that of the recipe's file.
    ///
    /// # Errors
    /// Those of [`recipe`](Self::recipe).
    pub fn recipe_beside(&self, folder: &Path, set: &BTreeMap<String, String>) -> Result<Recipe, DocumentFault> {
        let mut filled = self.filled(set)?;
        files::beside(&mut filled, folder);
        self.read_as_recipe(&filled)
    }

    /// The same, for a recipe from an untrusted source.
    ///
    /// # Errors
    /// Those of [`recipe`](Self::recipe); the recipe names a file.
    pub fn hosted(&self, set: &BTreeMap<String, String>) -> Result<HostedRecipe, DocumentFault> {
        let mut filled = self.filled(set)?;
        files::none(&mut filled)?;
        self.read_as_recipe(&filled).map(HostedRecipe)
    }

    fn read_as_recipe(&self, filled: &Node) -> Result<Recipe, DocumentFault> {
        let recipe = Recipe::deserialize(filled)?;
        recipe.check().map_err(|fault| self.placed(fault))?;
        Ok(recipe)
    }

    fn filled(&self, set: &BTreeMap<String, String>) -> Result<Node, Wrong> {
        let names: Vec<_> = self.variables.iter().map(|variable| variable.name.as_str()).collect();
        if let Some(name) = set.keys().find(|name| !names.contains(&name.as_str())) {
            let message = match names.as_slice() {
                [] => "this recipe has no variables".to_owned(),
                names => format!("there is no such variable{}", choices(name, names)),
            };
            return Err(Wrong::new(message).under_key(name).under_key("variables"));
        }
        let values = self.variables.iter().map(|variable| Ok((variable.name.as_str(), variable.value(set)?)));
        let mut root = self.root.clone();
        fill(&mut root, &values.collect::<Result<_, Wrong>>()?);
        Ok(root)
    }

    /// Adds the line of the fault's key, or of the table around it, and the variables there.
    #[must_use]
    pub fn placed(&self, mut fault: DocumentFault) -> DocumentFault {
        let node = self.root.nearest(&Part::split(&fault.key));
        if fault.line.is_none() {
            fault.line = Some(node.line);
            if let (Value::Text(_), Ok(names)) = (&node.value, used(node, &self.variables)) {
                names.iter().for_each(|name| fault.message.push_str(&Wrong::from_variable(name)));
            }
        }
        fault
    }
}

/// Checks the version first, since everything else depends on it.
fn schema(root: &Node) -> Result<(), Wrong> {
    let wrong = |message: String, line: usize| Err(Wrong::new(message).on(line).under_key("schema"));
    let wanted = Schema::NAME;
    match root.get("schema") {
        None => wrong(format!("this key is missing; a recipe must have `schema = \"{wanted}\"` at its top"), 1),
        Some(node) => match &node.value {
            Value::Text(name) if name == wanted => Ok(()),
            Value::Text(name) => {
                let message =
                    format!("`{name}` is a format that this version of Packshot does not read; it reads `{wanted}`");
                wrong(message, node.line)
            }
            _ => wrong(format!("write it as text: \"{wanted}\""), node.line),
        },
    }
}
