//! A CSV file (RFC 4180) with a row for each photo; semicolons or tabs, as spreadsheets write them, work too.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use super::inputs::{Input, Row};
use super::names;
use crate::error::{Code, Error, Result};
use crate::recipe::Recipe;

/// A longer first line is not a header.
const MOST_HEADER: u64 = 1 << 16;

/// Reads the table, row by row. Every error is found before the first photo is read, and reported with its line.
///
/// Calls `read` for each file that the recipe reads with the variables of a row, such as a mask.
pub(super) fn read(path: &Path, recipe: &Recipe, read: &dyn Fn(&Path), found: &mut dyn FnMut(Input)) -> Result<()> {
    let file = std::fs::File::open(path).map_err(|cause| {
        let missing = cause.kind() == std::io::ErrorKind::NotFound;
        let code = if missing { Code::FileMissing } else { Code::FileUnreadable };
        Error::new(code, "cannot read the table").at(path).because(cause)
    })?;
    parse(file, path.parent().unwrap_or(Path::new("")), recipe, read, found).map_err(|error| error.at(path))
}

fn parse(
    mut text: impl std::io::Read,
    home: &Path,
    recipe: &Recipe,
    read: &dyn Fn(&Path),
    found: &mut dyn FnMut(Input),
) -> Result<()> {
    let mut start = Vec::new();
    text.by_ref().take(MOST_HEADER).read_to_end(&mut start).map_err(|cause| broken(cause.into()))?;
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err(Error::new(Code::OptionInvalid, "the table is UTF-16: save it as UTF-8").with("line", 1));
    }
    let delimiter = delimiter(&start);
    // A row may have fewer or more fields than the header, as long as no value is lost.
    let mut table =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(start.as_slice().chain(text));
    let header = table.headers().map_err(broken)?.clone();
    let columns = Columns::read(&header, recipe)?;
    let mut checked = HashSet::new();
    let mut record = csv::StringRecord::new();
    while table.read_record(&mut record).map_err(broken)? {
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let row = columns.row(&record, home).map_err(|error| error.with("line", line))?;
        // Thousands of rows share a few sets of variables: each set is checked once.
        if let Some(settings) = row.row.as_ref().map(|row| &row.variables)
            && !checked.contains(settings)
        {
            let recipe = with(recipe, settings).map_err(|error| error.with("line", line))?;
            recipe.files().iter().for_each(|file| read(file));
            checked.insert(settings.clone());
        }
        found(row);
    }
    Ok(())
}

/// The delimiter of the header: a comma, unless the column `input` is found only with a semicolon or a tab.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let has_input = |delimiter: &u8| {
        let fields = line.split(|byte| byte == delimiter).map(|field| field.trim_ascii());
        fields.into_iter().any(|field| matches!(field, b"input" | b"\"input\""))
    };
    b",;\t".iter().copied().find(has_input).unwrap_or(b',')
}

/// The recipe with a row's variables.
pub(super) fn with(recipe: &Recipe, variables: &[(String, String)]) -> Result<Recipe> {
    recipe.with_all(variables.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

struct Columns {
    input: usize,
    output: Option<usize>,
    variables: Vec<(usize, String)>,
    /// All columns of the header.
    names: Vec<String>,
}

impl Columns {
    fn read(header: &csv::StringRecord, recipe: &Recipe) -> Result<Self> {
        let invalid = |message: String| Err(Error::new(Code::OptionInvalid, message).with("line", 1));
        let (mut input, mut output, mut variables) = (None, None, Vec::new());
        let known = recipe.variables();
        // Excel begins UTF-8 with a byte order mark, which is not part of the first name.
        let names = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim());
        let mut seen = HashSet::new();
        for (index, name) in names.enumerate() {
            // From a comma at the end of the line.
            if name.is_empty() {
                continue;
            }
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
            Some(input) => Ok(Self { input, output, variables, names: header.iter().map(str::to_owned).collect() }),
            None => invalid("the table has no column `input`".to_owned()),
        }
    }

    fn row(&self, record: &csv::StringRecord, home: &Path) -> Result<Input> {
        let named = |column: usize| self.names.get(column).is_some_and(|name| !name.trim().is_empty());
        if record.iter().enumerate().any(|(column, field)| !named(column) && !field.trim().is_empty()) {
            let (fields, columns) = (record.len(), self.names.iter().filter(|name| !name.trim().is_empty()).count());
            let message =
                format!("the row has {fields} fields, and the header {columns}; put quotes around text with commas");
            return Err(Error::new(Code::OptionInvalid, message));
        }
        let input = record.get(self.input).unwrap_or_default();
        if input.is_empty() {
            return Err(Error::new(Code::OptionInvalid, "the row has no input"));
        }
        let output = self.output.and_then(|column| record.get(column)).filter(|output| !output.is_empty());
        if let Some(output) = output {
            names::check_relative(output)?;
        }
        // An empty cell keeps the recipe's value of the variable.
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
        parse(text, home, &recipe(), &|_| (), &mut |row| rows.push(row))?;
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
    fn tables_are_read_as_spreadsheets_write_them() {
        for text in [
            "input;output;quality\na.jpg;x;70\n",
            "input\toutput\tquality\r\na.jpg\tx\t70\r\n",
            "\u{feff}\"output\";\"input\";quality\nx;a.jpg;70\n",
            "input,output,quality,\na.jpg,x,70,\n",
            "input,output,quality\na.jpg,x,70,\n,,\n",
            "input,output,quality,,\na.jpg,x,70\n,,,,\n",
        ] {
            let rows = rows(text).unwrap();
            let row = rows[0].row.as_ref().unwrap();
            assert_eq!((rows.len(), rows[0].path.as_path()), (1, Path::new("home/a.jpg")), "{text:?}");
            assert_eq!((row.output.as_deref(), row.variables[0].1.as_str()), (Some("x"), "70"), "{text:?}");
        }
        let rows = rows("input;output\na,b.jpg;x\nc.jpg\n").unwrap();
        assert_eq!((rows[0].path.as_path(), rows.len()), (Path::new("home/a,b.jpg"), 2));
    }

    #[test]
    fn faults_are_told_with_their_line() {
        for (text, line, word) in [
            ("", "1", "no column `input`"),
            ("path\na.jpg\n", "1", "`path` is none of input, output, quality"),
            ("input,input\na.jpg,b.jpg\n", "1", "two columns"),
            ("input\na.jpg\nb.jpg,c.jpg\n", "3", "2 fields"),
            ("input,\na.jpg,\nb.jpg,c.jpg\n", "3", "2 fields"),
            ("input,output\na.jpg;x\n;y,\n,z\n", "4", "no input"),
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
        assert!(read_all(b"\xff\xfei\0n\0", Path::new("")).unwrap_err().message().contains("UTF-16"));
    }
}
