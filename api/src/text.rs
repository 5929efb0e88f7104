//! Text options that may also be numbers in JSON and TOML: `20` is `"20"`, `[10, "5%"]` is `"10,5%"`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::{ImageFormat, Unknown};

/// Text, a number or a list, as text.
struct Loose(String);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Loose;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a number, or a list of them")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Loose, E> {
                Ok(Loose(text.to_owned()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Loose, E> {
                Ok(Loose(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Loose, E> {
                Ok(Loose(number.to_string()))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Loose, E> {
                Ok(Loose(number.to_string()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Loose, A::Error> {
                let mut texts = Vec::new();
                while let Some(Loose(text)) = parts.next_element()? {
                    texts.push(text);
                }
                Ok(Loose(texts.join(",")))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

pub(crate) fn lengths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Loose>::deserialize(deserializer)?.map(|Loose(text)| text))
}

/// A size, as text, as a number, or as a list of width and height.
pub(crate) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<crate::Size, D::Error> {
    let Loose(text) = Loose::deserialize(deserializer)?;
    let text = match text.split_once(',') {
        Some((width, height)) if !height.contains(',') => format!("{width}x{height}"),
        _ => text,
    };
    text.parse().map_err(Error::custom)
}

struct LooseColor(String);

impl<'de> Deserialize<'de> for LooseColor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = LooseColor;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a CSS colour, or a list of three or four numbers from 0 to 255")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<LooseColor, E> {
                Ok(LooseColor(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<LooseColor, A::Error> {
                let (mut text, mut count) = ("#".to_owned(), 0);
                while let Some(sample) = parts.next_element::<u8>()? {
                    text.push_str(&format!("{sample:02x}"));
                    count += 1;
                }
                match count {
                    3 | 4 => Ok(LooseColor(text)),
                    _ => Err(Error::custom(format!("a colour has three or four numbers, not {count}"))),
                }
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A colour; may also be `[255, 128, 0]`, with alpha as an optional fourth number.
pub(crate) fn color<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<LooseColor>::deserialize(deserializer)?.map(|LooseColor(text)| text))
}

/// The format of a file to write, in any case, by its name or by a file's extension. Read-only formats are parsed too, for
/// the core to refuse.
pub(crate) fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ImageFormat>, D::Error> {
    let Some(word) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let name = word.trim_start_matches('.').to_ascii_lowercase();
    let mut all = ImageFormat::ALL.iter().copied();
    let found = all.find(|format| format.as_str() == name || format.extension() == name);
    let written: Vec<_> = ImageFormat::WRITTEN.iter().map(|format| format.as_str()).collect();
    found.map(Some).ok_or_else(|| Error::custom(Unknown::word(&word, "format for writing", &written)))
}

/// A number with a range and a small type: a number that the type cannot hold is out of range too.
pub(crate) fn quality<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let Some(number) = Option::<i64>::deserialize(deserializer)? else { return Ok(None) };
    u8::try_from(number).map(Some).map_err(|_| Error::custom(format!("quality is {number}; it must be 1 to 100")))
}
