//! Paths as text. File names need not be Unicode, but JSON strings are.
//!
//! As an option, such a path is `{"bytes": "aW4vY2Fm6S5qcGc="}`: its bytes in base64. In messages and names it is text
//! in which invalid bytes, and `%`, are written as `%E9`: the mapping is reversible, so different paths have different
//! texts.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The path as text, for people and for JSON.
#[must_use]
pub fn path_text(path: &Path) -> Cow<'_, str> {
    if let Some(text) = path.to_str() {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text += &chunk.valid().replace('%', "%25");
        chunk.invalid().iter().for_each(|byte| text += &format!("%{byte:02X}"));
    }
    Cow::Owned(text)
}

/// The bytes of a path in base64, if [its text](path_text) is not the path itself.
#[must_use]
pub fn path_bytes(path: &Path) -> Option<String> {
    path.to_str().is_none().then(|| STANDARD.encode(path.as_os_str().as_encoded_bytes()))
}

/// The path with these bytes, such as an entry in a list of files.
///
/// # Errors
/// Paths of this operating system must be Unicode, and the bytes are not.
pub fn path_of(bytes: Vec<u8>) -> Result<PathBuf, std::string::FromUtf8Error> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        Ok(std::ffi::OsString::from_vec(bytes).into())
    }
    #[cfg(not(unix))]
    String::from_utf8(bytes).map(PathBuf::from)
}

struct AsText<'a>(&'a Path);

impl Serialize for AsText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(bytes) = path_bytes(self.0) else { return serializer.serialize_str(&path_text(self.0)) };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("bytes", &bytes)?;
        map.end()
    }
}

struct FromText(PathBuf);

impl<'de> Deserialize<'de> for FromText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = FromText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<FromText, E> {
                Ok(FromText(text.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<FromText, A::Error> {
                let Some((key, text)) = fields.next_entry::<String, String>()? else {
                    return Err(A::Error::missing_field("bytes"));
                };
                if key != "bytes" {
                    return Err(A::Error::unknown_field(&key, &["bytes"]));
                }
                let bytes = STANDARD.decode(text).map_err(A::Error::custom)?;
                path_of(bytes).map(FromText).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

pub(crate) mod option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_deref().map(AsText).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
        Ok(Option::<FromText>::deserialize(deserializer)?.map(|FromText(path)| path))
    }
}

pub(crate) mod list {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(|path| AsText(path)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
        Ok(Vec::<FromText>::deserialize(deserializer)?.into_iter().map(|FromText(path)| path).collect())
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;
    use crate::Batch;

    fn path(bytes: &[u8]) -> PathBuf {
        path_of(bytes.to_vec()).unwrap()
    }

    #[test]
    fn every_path_survives_json() {
        let inputs: Vec<_> =
            [&b"a.jpg"[..], b"caf\xe9.jpg", b"caf\xc3\xa9.jpg", b"100%.jpg", b"\xff%FF"].map(path).into();
        let batch = Batch { inputs, output: Some(path(b"\xfe")), report: Some("r.json".into()), ..Batch::default() };
        let json = serde_json::to_string(&batch).unwrap();
        assert_eq!(serde_json::from_str::<Batch>(&json).unwrap(), batch, "{json}");
        assert!(json.contains(r#"{"bytes":"Y2Fm6S5qcGc="}"#), "{json}");
        for wrong in [r#"{"inputs": [1]}"#, r#"{"inputs": [{"bytes": "?"}]}"#, r#"{"output": {"text": "a"}}"#] {
            assert!(serde_json::from_str::<Batch>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn different_paths_are_different_texts() {
        assert_eq!(path_text(&path(b"caf\xe9.jpg")), "caf%E9.jpg");
        assert_eq!(path_text(&path(b"\xe9%E9")), "%E9%25E9");
        assert_eq!(path_text(&path("café%.jpg".as_bytes())), "café%.jpg");
        assert_eq!((path_bytes(&path(b"a")), path_bytes(&path(b"\xff"))), (None, Some("/w==".to_owned())));
    }
}
