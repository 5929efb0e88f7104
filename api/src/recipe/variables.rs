//! `${name}` in the texts of a recipe.

use std::collections::{BTreeMap, HashSet};

use crate::document::{Node, Value, Wrong, did_you_mean, listed};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variable {
    pub(super) name: String,
    line: usize,
    default: Value,
}

impl Variable {
    /// The table `[variables]`.
    pub(super) fn read(node: &Node) -> Result<Vec<Self>, Wrong> {
        let Value::Table(entries) = &node.value else {
            let message = "variables are a table of names and defaults, such as `background = \"white\"`";
            return Err(Wrong::new(message).on(node.line).under_key("variables"));
        };
        let read = |(name, node): &(String, Node)| {
            let variable = Self { name: name.clone(), line: node.line, default: node.value.clone() };
            if !is_name(name) {
                return Err(variable.fault("a name has letters, digits and `_`, and begins with a letter"));
            }
            match &node.value {
                Value::Text(text) if text.contains("${") => {
                    Err(variable.fault("a default cannot contain other variables"))
                }
                Value::Text(_) | Value::Whole(_) | Value::Bool(_) => Ok(variable),
                Value::Number(number) if number.is_finite() => Ok(variable),
                _ => Err(variable.fault("a default is text, a number, true or false")),
            }
        };
        entries.iter().map(read).collect()
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> Wrong {
        Wrong::new(message).on(self.line).under_key(&self.name).under_key("variables")
    }

    /// The default, as it would be given from outside.
    pub(super) fn text(&self) -> String {
        text(&self.default)
    }

    /// Its value in `set`, which must have the default's kind, or the default.
    pub(super) fn value(&self, set: &BTreeMap<String, String>) -> Result<Value, Wrong> {
        let Some(given) = set.get(&self.name) else { return Ok(self.default.clone()) };
        let wanted = match &self.default {
            Value::Whole(_) | Value::Number(_) => {
                let given = given.trim();
                if let Ok(number) = given.parse() {
                    return Ok(Value::Whole(number));
                }
                match given.parse::<f64>() {
                    Ok(number) if number.is_finite() => return Ok(Value::Number(number)),
                    _ => "a number",
                }
            }
            Value::Bool(_) => match given.trim().parse() {
                Ok(value) => return Ok(Value::Bool(value)),
                Err(_) => "true or false",
            },
            _ => return Ok(Value::Text(given.clone())),
        };
        Err(self.fault(format!("it was set to `{given}`; like its default `{}`, it must be {wanted}", self.text())))
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Whole(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

/// A part of a text.
enum Piece<'t> {
    Plain(&'t str),
    Variable(&'t str),
}

/// Splits a text. `$${` becomes a plain `${`.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Wrong> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        match rest[..start].strip_suffix('$') {
            Some(before) => {
                pieces.extend([Piece::Plain(before), Piece::Plain("${")]);
                rest = &rest[start + 2..];
            }
            None => {
                let end = rest[start..].find('}').map(|length| start + length);
                match end.map(|end| (&rest[start + 2..end], &rest[end + 1..])) {
                    Some((name, after)) if is_name(name) => {
                        pieces.extend([Piece::Plain(&rest[..start]), Piece::Variable(name)]);
                        rest = after;
                    }
                    Some((name, _)) => {
                        let message = format!("`${{{name}}}` is not a variable; write `$${{` for a plain `${{`");
                        return Err(Wrong::new(message));
                    }
                    None => {
                        let message = "`${` is not closed by `}`; write `$${` for a plain `${`";
                        return Err(Wrong::new(message));
                    }
                }
            }
        }
    }
    pieces.push(Piece::Plain(rest));
    Ok(pieces)
}

/// The names that texts under `node` use; each is checked to be one of `variables`.
pub(super) fn used(node: &Node, variables: &[Variable]) -> Result<HashSet<String>, Wrong> {
    let mut names = HashSet::new();
    match &node.value {
        Value::Text(text) => {
            for piece in pieces(text).map_err(|wrong| wrong.at(node))? {
                let Piece::Variable(name) = piece else { continue };
                if !variables.iter().any(|variable| variable.name == name) {
                    return Err(undeclared(name, variables).at(node));
                }
                names.insert(name.to_owned());
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                names.extend(used(item, variables).map_err(|wrong| wrong.under_index(index))?);
            }
        }
        Value::Table(entries) => {
            for (key, item) in entries {
                names.extend(used(item, variables).map_err(|wrong| wrong.under_key(key))?);
            }
        }
        _ => {}
    }
    Ok(names)
}

fn undeclared(name: &str, variables: &[Variable]) -> Wrong {
    let known: Vec<_> = variables.iter().map(|variable| variable.name.as_str()).collect();
    let message = match known.as_slice() {
        [] => format!("the variable `{name}` is not declared; give it a default under `variables`"),
        known => {
            let meant = did_you_mean(name, known);
            let list = if meant.is_empty() { format!("; there are {}", listed(known)) } else { meant };
            format!("the variable `{name}` is not declared{list}")
        }
    };
    Wrong::new(message)
}

/// Replaces variables by values. The texts were checked by [`used`].
pub(super) fn fill(node: &mut Node, values: &BTreeMap<&str, Value>) {
    match &mut node.value {
        Value::Text(before) => {
            let Ok(pieces) = pieces(before) else { return };
            let whole = match pieces.as_slice() {
                [Piece::Plain(""), Piece::Variable(name), Piece::Plain("")] => Some(*name),
                _ => None,
            };
            let first = pieces.iter().find_map(|piece| match piece {
                Piece::Variable(name) => Some((*name).to_owned()),
                Piece::Plain(_) => None,
            });
            let value = whole.and_then(|name| values.get(name)).cloned().unwrap_or_else(|| {
                let part = |piece: &Piece<'_>| match piece {
                    Piece::Plain(part) => (*part).to_owned(),
                    Piece::Variable(name) => values.get(name).map(text).unwrap_or_default(),
                };
                Value::Text(pieces.iter().map(part).collect())
            });
            node.variable = first;
            node.value = value;
        }
        Value::List(items) => items.iter_mut().for_each(|item| fill(item, values)),
        Value::Table(entries) => entries.iter_mut().for_each(|(_, item)| fill(item, values)),
        _ => {}
    }
}
