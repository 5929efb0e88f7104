//! Options that are text, and that JSON and TOML may also write as numbers: `20` is `"20"`, `[10, "5%"]` is `"10,5%"`.

use serde::de::{Deserialize, Deserializer, Error};

#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "expected text, a number, or a list of them")]
enum Loose {
    Text(String),
    Whole(i64),
    Number(f64),
    List(Vec<Loose>),
}

impl Loose {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::List(parts) => parts.into_iter().map(Self::into_text).collect::<Vec<_>>().join(","),
        }
    }
}

pub(crate) fn lengths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Loose>::deserialize(deserializer)?.map(Loose::into_text))
}

#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "expected a CSS colour, or three or four numbers from 0 to 255")]
enum LooseColor {
    Text(String),
    Samples(Vec<u8>),
}

/// A colour may also be `[255, 128, 0]`, or have alpha as its fourth number.
pub(crate) fn color<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<LooseColor>::deserialize(deserializer)? {
        None => Ok(None),
        Some(LooseColor::Text(text)) => Ok(Some(text)),
        Some(LooseColor::Samples(samples)) if matches!(samples.len(), 3 | 4) => {
            Ok(Some(samples.iter().fold("#".to_owned(), |text, sample| format!("{text}{sample:02x}"))))
        }
        Some(LooseColor::Samples(samples)) => {
            Err(D::Error::custom(format!("a colour has three or four numbers, not {}", samples.len())))
        }
    }
}
