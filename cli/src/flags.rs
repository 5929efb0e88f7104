//! Flags generated from the tables of options: name, help, range and default are defined in `packshot::api`, once.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser, ValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use packshot::api::{Field, ImageFormat, Kind, Options, Table, parse_bytes, prose};
use packshot::{Area, Aspect, Color, Instances, Margin, Size};
use serde_json::{Map, Value};

/// How the options of a type look on the command line.
pub(crate) trait Forms {
    /// The options.
    type Options: Options;
    /// The heading in the help; `None` is that of the command itself.
    const HEADING: Option<&'static str>;
    /// The options that are not plain flags.
    const FORMS: &'static [Form];
    /// Whether every command has these options.
    const GLOBAL: bool = false;
}

/// An option that is not a plain flag.
pub(crate) struct Form {
    field: &'static str,
    flag: Option<&'static str>,
    short: Option<char>,
    heading: Option<&'static str>,
    apart: bool,
    /// The help of a flag that turns the option off.
    off: Option<&'static str>,
    /// The value of the flag if none is given.
    bare: Option<&'static str>,
    excludes: Option<&'static str>,
    needs: Option<&'static str>,
}

impl Form {
    const PLAIN: Self = Self {
        field: "",
        flag: None,
        short: None,
        heading: None,
        apart: false,
        off: None,
        bare: None,
        excludes: None,
        needs: None,
    };

    pub(crate) const fn of(field: &'static str) -> Self {
        Self { field, ..Self::PLAIN }
    }

    /// The command has no flag for this option, or defines its own.
    pub(crate) const fn apart(self) -> Self {
        Self { apart: true, ..self }
    }

    pub(crate) const fn called(self, flag: &'static str) -> Self {
        Self { flag: Some(flag), ..self }
    }

    pub(crate) const fn short(self, letter: char) -> Self {
        Self { short: Some(letter), ..self }
    }

    pub(crate) const fn under(self, heading: &'static str) -> Self {
        Self { heading: Some(heading), ..self }
    }

    /// A flag that turns off what is on by default.
    pub(crate) const fn off(self, flag: &'static str, help: &'static str) -> Self {
        Self { flag: Some(flag), off: Some(help), ..self }
    }

    /// May be given without a value, which is then this one.
    pub(crate) const fn bare(self, value: &'static str) -> Self {
        Self { bare: Some(value), ..self }
    }

    pub(crate) const fn excludes(self, flag: &'static str) -> Self {
        Self { excludes: Some(flag), ..self }
    }

    pub(crate) const fn needs(self, flag: &'static str) -> Self {
        Self { needs: Some(flag), ..self }
    }
}

/// The options that were given as flags.
#[derive(Debug, Clone)]
pub(crate) struct Flags<F: Forms>(pub(crate) F::Options);

impl<F: Forms> Args for Flags<F> {
    fn augment_args(command: Command) -> Command {
        command.args(shown::<F>().map(|(field, form)| {
            let heading = form.heading.or(F::HEADING);
            arg(F::Options::TABLE, field, form).help_heading(heading).global(F::GLOBAL)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<F: Forms> FromArgMatches for Flags<F> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Map::new();
        for (field, form) in shown::<F>() {
            let value = match field.kind {
                Kind::Flag => matches.get_flag(&flag(field, form)).then_some(Value::Bool(form.off.is_none())),
                _ => matches.get_one::<Value>(&flag(field, form)).cloned(),
            };
            given.extend(value.map(|value| (field.name.to_owned(), value)));
        }
        let wrong = |cause| clap::Error::raw(ErrorKind::ValueValidation, format!("{cause}\n"));
        serde_json::from_value(Value::Object(given)).map(Self).map_err(wrong)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        Self::from_arg_matches(matches).map(|new| *self = new)
    }
}

/// The options with a flag, each with its form.
fn shown<F: Forms>() -> impl Iterator<Item = (&'static Field, &'static Form)> {
    let form = |field: &Field| F::FORMS.iter().find(|form| form.field == field.name).unwrap_or(&Form::PLAIN);
    let fields = F::Options::TABLE.fields.iter().map(move |field| (field, form(field)));
    // A model is an id or a file with a descriptor, the path of a picture need not be Unicode, and lists of paths are
    // positional: each command defines its own arguments for these.
    fields.filter(|(field, form)| !form.apart && !matches!(field.kind, Kind::Model | Kind::Picture | Kind::Paths))
}

fn flag(field: &Field, form: &Form) -> String {
    form.flag.map_or_else(|| field.name.replace('_', "-"), str::to_owned)
}

fn arg(table: &Table, field: &'static Field, form: &'static Form) -> Arg {
    let name = flag(field, form);
    let arg = Arg::new(name.clone()).long(name).help(help(table, field, form));
    let arg = match form.short {
        Some(letter) => arg.short(letter),
        None => arg,
    };
    let arg = match field.kind {
        Kind::Flag => return arg.action(ArgAction::SetTrue),
        _ => arg.value_name(value_name(field.kind)).value_parser(ValueParser::new(Parser(field))),
    };
    let arg = match form.bare {
        Some(value) => arg.num_args(0..=1).require_equals(true).default_missing_value(value),
        None => arg,
    };
    let arg = arg.conflicts_with_all(form.excludes);
    match form.needs {
        Some(other) => arg.requires(other),
        None => arg,
    }
}

/// The first paragraph of the documentation, with names of options replaced by flags.
fn help(table: &Table, field: &Field, form: &Form) -> String {
    if let Some(help) = form.off {
        return help.to_owned();
    }
    let text = prose(field.about);
    let text = text.split("\n\n").next().unwrap_or_default().trim_end_matches('.');
    let mut text = table.fields.iter().fold(text.to_owned(), |text, other| {
        text.replace(&format!("`{}`", other.name), &format!("--{}", other.name.replace('_', "-")))
    });
    if let Some(range) = field.range {
        text += &format!(", {range}");
    }
    if let Some(default) = field.default.filter(|_| field.kind != Kind::Flag) {
        text += &format!(" [default: {default}]");
    }
    text.replace('`', "")
}

fn value_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag | Kind::Whole => "N",
        Kind::Bytes => "BYTES",
        Kind::Number => "NUMBER",
        Kind::Text => "TEXT",
        Kind::Color => "COLOUR",
        Kind::Margin => "MARGIN",
        Kind::Area => "AREA",
        Kind::Instances | Kind::Words(_) => "WHICH",
        Kind::Aspect => "RATIO",
        Kind::Size => "SIZE",
        Kind::Format => "FORMAT",
        Kind::Path | Kind::Picture | Kind::Paths => "FILE",
        Kind::Model => "ID",
    }
}

/// Parses the value of a flag to the JSON that the option is read from.
#[derive(Clone, Copy)]
struct Parser(&'static Field);

impl TypedValueParser for Parser {
    type Value = Value;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Value, clap::Error> {
        let wrong = |why: String| {
            let flag = arg.map(ToString::to_string).unwrap_or_default();
            let message = format!("invalid value '{}' for '{flag}': {why}\n", value.to_string_lossy());
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        };
        value.to_str().ok_or_else(|| "it is not Unicode".to_owned()).and_then(|text| self.read(text)).map_err(wrong)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let words = self.words();
        (!words.is_empty()).then(|| Box::new(words.into_iter().map(PossibleValue::new)) as Box<dyn Iterator<Item = _>>)
    }
}

impl Parser {
    fn words(&self) -> Vec<&'static str> {
        match self.0.kind {
            Kind::Words(words) => words.choices.iter().map(|(word, _)| *word).collect(),
            Kind::Format => ImageFormat::WRITTEN.iter().map(|format| format.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    fn read(&self, text: &str) -> Result<Value, String> {
        fn checked<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<Value, String> {
            text.parse::<T>().map(|_| text.into()).map_err(|wrong| wrong.to_string())
        }
        match self.0.kind {
            Kind::Flag | Kind::Text | Kind::Path | Kind::Picture | Kind::Paths | Kind::Model => Ok(text.into()),
            // The core checks the range, and reports errors to programs as JSON.
            Kind::Whole => text.parse::<u64>().map(Value::from).map_err(|_| "it is not a whole number".to_owned()),
            Kind::Bytes => parse_bytes(text).map(Value::from).map_err(|wrong| wrong.to_string()),
            Kind::Number => text.parse::<f64>().map(Value::from).map_err(|_| "it is not a number".to_owned()),
            Kind::Color if text == "transparent" => Ok(text.into()),
            Kind::Color => checked::<Color>(text),
            Kind::Margin => checked::<Margin>(text),
            Kind::Area => checked::<Area>(text),
            Kind::Instances => checked::<Instances>(text),
            Kind::Aspect => checked::<Aspect>(text),
            Kind::Size => checked::<Size>(text),
            Kind::Format | Kind::Words(_) => {
                let text = match (self.0.kind, text) {
                    (Kind::Format, "jpg") => "jpeg",
                    (Kind::Format, "tif") => "tiff",
                    _ => text,
                };
                let words = self.words();
                let (last, first) = words.split_last().unwrap_or((&"", &[]));
                match words.contains(&text) {
                    true => Ok(text.into()),
                    false => Err(format!("it must be one of {} or {last}", first.join(", "))),
                }
            }
        }
    }
}
