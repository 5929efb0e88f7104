//! A CSV file (RFC 4180) with a row for each photo.

use std::collections::HashSet;
use std::path::Path;

use super::inputs::{Input, Row};
use super::names;
use crate::{Code, Error, Recipe, Result};

/// Reads the table, row by row. Every fault is found before the first photo is touched, and told with its line.
pub(super) fn read(path: &Path, recipe: &Recipe, found: &mut dyn FnMut(Input)) -> Result<()> {
    let file = std::fs::File::open(path).map_err(|cause| {
        let missing = cause.kind() == std::io::ErrorKind::NotFound;
        let code = if missing { Code::FileMissing } else { Code::FileUnreadable };
        Error::new(code, "cannot read the table").at(path).because(cause)
    })?;
    parse(file, path.parent().unwrap_or(Path::new("")), recipe, found).map_err(|error| error.at(path))
}

fn parse(text: impl std::io::Read, home: &Path, recipe: &Recipe, found: &mut dyn FnMut(Input)) -> Result<()> {
    let mut table = csv::ReaderBuilder::new().from_reader(text);
    let header = table.headers().map_err(broken)?.clone();
    let columns = Columns::read(&header, recipe)?;
    let mut checked = HashSet::new();
    let mut record = csv::StringRecord::new();
    while table.read_record(&mut record).map_err(broken)? {
        let line = record.position().map_or(0, csv::Position::line);
        let row = columns.row(&record, home).map_err(|error| error.with("line", line))?;
        // Thousands of rows share a few settings: each is tried once.
        if let Some(settings) = row.row.as_ref().map(|row| &row.variables)
            && !checked.contains(settings)
        {
            with(recipe, settings).map_err(|error| error.with("line", line))?;
            checked.insert(settings.clone());
        }
        found(row);
    }
    Ok(())
}

/// The recipe with a row's variables.
pub(super) fn with(recipe: &Recipe, variables: &[(String, String)]) -> Result<Recipe> {
    recipe.with_all(variables.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

struct Columns {
    input: usize,
    output: Option<usize>,
    variables: Vec<(usize, String)>,
}

impl Columns {
    fn read(header: &csv::StringRecord, recipe: &Recipe) -> Result<Self> {
        let invalid = |message: String| Err(Error::new(Code::OptionInvalid, message).with("line", 1));
        let (mut input, mut output, mut variables) = (None, None, Vec::new());
        let known = recipe.variables();
        // Excel begins UTF-8 with a mark that is no part of the first name.
        let names = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim());
        let mut seen = HashSet::new();
        for (index, name) in names.enumerate() {
            if !seen.insert(name.to_owned()) {
                return invalid(format!("the table has two columns `{name}`"));
            }
            match name {
                "input" => input = Some(index),
                "output" => output = Some(index),
                _ if known.contains_key(name) => variables.push((index, name.to_owned())),
                _ => {
                    let known: Vec<_> =
                        ["input", "output"].into_iter().chain(known.keys().map(String::as_str)).collect();
                    return invalid(format!("the column `{name}` is none of {}", known.join(", ")));
                }
            }
        }
        match input {
            Some(input) => Ok(Self { input, output, variables }),
            None => invalid("the table has no column `input`".to_owned()),
        }
    }

    fn row(&self, record: &csv::StringRecord, home: &Path) -> Result<Input> {
        let input = record.get(self.input).unwrap_or_default();
        if input.is_empty() {
            return Err(Error::new(Code::OptionInvalid, "the row names no input"));
        }
        let output = self.output.and_then(|column| record.get(column)).filter(|output| !output.is_empty());
        if let Some(output) = output {
            names::check_relative(output)?;
        }
        // An empty cell leaves the variable as the recipe has it.
        let value = |(column, name): &(usize, String)| {
            let value = record.get(*column).filter(|value| !value.is_empty())?;
            Some((name.clone(), value.to_owned()))
        };
        let variables = self.variables.iter().filter_map(value).collect();
        let row = Row { output: output.map(str::to_owned), variables };
        Ok(Input { path: home.join(input), row: Some(Box::new(row)), ..Input::default() })
    }
}

fn broken(cause: csv::Error) -> Error {
    let line = cause.position().map(csv::Position::line);
    let code = if matches!(cause.kind(), csv::ErrorKind::Io(_)) { Code::FileUnreadable } else { Code::OptionInvalid };
    let error = match cause.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Error::new(code, format!("the row has {len} fields, and the header {expected_len}"))
        }
        csv::ErrorKind::Utf8 { .. } => Error::new(code, "the row is not UTF-8"),
        _ => Error::new(code, "cannot read the table"),
    };
    line.map(|line| error.with("line", line))
        .unwrap_or_else(|| Error::new(code, "cannot read the table"))
        .because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe() -> Recipe {
        Recipe::parse(
            "schema = \"packshot.recipe/1\"\nsteps = [{ export = { format = \"jpeg\", quality = \"${quality}\" } }]\n\
             [variables]\nquality = 80\n",
        )
        .unwrap()
    }

    fn rows(text: &str) -> Result<Vec<Input>> {
        read_all(text.as_bytes(), Path::new("home"))
    }

    fn read_all(text: &[u8], home: &Path) -> Result<Vec<Input>> {
        let mut rows = Vec::new();
        parse(text, home, &recipe(), &mut |row| rows.push(row))?;
        Ok(rows)
    }

    #[test]
    fn rows_are_read_with_quotes_line_breaks_and_a_byte_order_mark() {
        let rows = rows("\u{feff}input,output\r\n\"a, \"\"b\"\".jpg\",\"x\ny\"\r\nsub/c.jpg,\r\n").unwrap();
        assert_eq!(rows[0].path, Path::new("home").join("a, \"b\".jpg"));
        assert_eq!(rows[0].row.as_ref().unwrap().output.as_deref(), Some("x\ny"));
        assert_eq!((rows[1].path.as_path(), rows.len()), (Path::new("home/sub/c.jpg"), 2));
        assert_eq!(rows[1].row.as_ref().unwrap().output, None);
    }

    #[test]
    fn faults_are_told_with_their_line() {
        for (text, line, word) in [
            ("", "1", "no column `input`"),
            ("path\na.jpg\n", "1", "`path` is none of input, output, quality"),
            ("input,input\na.jpg,b.jpg\n", "1", "two columns"),
            ("input\na.jpg\nb.jpg,c.jpg\n", "3", "2 fields"),
            ("input,output\na.jpg,x\n,y\n", "3", "no input"),
            ("input,output\na.jpg,../x\n", "2", "../x"),
            ("input,output\na.jpg,/x\n", "2", "/x"),
        ] {
            let error = rows(text).unwrap_err();
            assert_eq!(error.code(), Code::OptionInvalid, "{text:?}");
            assert!(error.message().contains(word), "{text:?}: {error}");
            assert_eq!(error.context().find(|(key, _)| *key == "line").map(|(_, line)| line), Some(line), "{text:?}");
        }
        let error = rows("input,quality\na.jpg,70\nb.jpg,good\n").unwrap_err();
        assert_eq!((error.code(), error.context().any(|fact| fact == ("line", "3"))), (Code::RecipeInvalid, true));
        let set = rows("input,quality\na.jpg,70\nb.jpg,\n").unwrap();
        assert_eq!(set[0].row.as_ref().unwrap().variables, [("quality".to_owned(), "70".to_owned())]);
        assert!(set[1].row.as_ref().unwrap().variables.is_empty(), "an empty cell is the default");
        let error = read_all(b"input\na\n\xff.jpg\n", Path::new("")).unwrap_err();
        assert_eq!(error.code(), Code::OptionInvalid);
    }
}
