//! The files that a recipe's options name, found by the tables of options.

use std::path::Path;

use super::Step;
use crate::Kind;
use crate::document::{Node, Value, Wrong};

/// Calls `visit` for each file path in the options of a recipe: of pictures and of models.
fn each(root: &mut Node, visit: &mut dyn FnMut(&mut Node) -> Result<(), Wrong>) -> Result<(), Wrong> {
    let Some(Value::List(steps)) = root.get_mut("steps").map(|steps| &mut steps.value) else { return Ok(()) };
    for (index, step) in steps.iter_mut().enumerate() {
        let Value::Table(tools) = &mut step.value else { continue };
        for (name, options) in tools {
            let table = Step::ALL.iter().find(|(known, ..)| known == name).map(|(_, _, table)| table);
            let (Some(table), Value::Table(options)) = (table, &mut options.value) else { continue };
            for (key, option) in options {
                let seen = match table.field(key).map(|field| field.kind) {
                    Some(Kind::Picture | Kind::Path) => visit(option),
                    Some(Kind::Model) => match option.get_mut("file") {
                        Some(file) => visit(file).map_err(|wrong| wrong.under_key("file")),
                        None => Ok(()),
                    },
                    _ => Ok(()),
                };
                seen.map_err(|wrong| wrong.under_key(key).under_key(name).under_index(index).under_key("steps"))?;
            }
        }
    }
    Ok(())
}

/// Resolves relative paths against `folder`. Absolute and empty paths are unchanged.
pub(super) fn beside(root: &mut Node, folder: &Path) {
    let join = &mut |node: &mut Node| {
        if let Value::Text(path) = &mut node.value
            && !path.is_empty()
        {
            *path = folder.join(&*path).to_string_lossy().into_owned();
        }
        Ok(())
    };
    // The closure never fails.
    let _ = each(root, join);
}

/// Fails if any file is named.
pub(super) fn none(root: &mut Node) -> Result<(), Wrong> {
    each(root, &mut |node| match node.value {
        Value::Null => Ok(()),
        _ => {
            let message = "a recipe that runs on another machine must not name files; name a model by its id, and omit \
            pictures";
            Err(Wrong::new(message).at(node))
        }
    })
}
