//! Reads and updates the few properties of an XMP packet that describe the pixels.
//!
//! A packet is RDF in XML. A property is an attribute or an element; both are found by their names, whatever prefix the
//! packet gives to their namespace, and everything else is kept byte for byte.

use std::ops::Range;

const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

/// Returns the orientation, and sets it to 1.
pub(super) fn take_orientation(packet: &mut Vec<u8>) -> Option<u16> {
    let text = std::str::from_utf8(packet).ok()?;
    let places = values(text, TIFF, "Orientation");
    let value = places.iter().find_map(|place| text[place.clone()].trim().parse().ok());
    *packet = replaced(text, places, "1").into_bytes();
    value
}

/// The packet with the picture's size, and without the thumbnail, which shows the picture before editing.
pub(super) fn true_to(packet: &[u8], width: u32, height: u32) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(packet) else { return packet.to_vec() };
    let mut text = text.to_owned();
    for (space, name, side) in [
        (TIFF, "ImageWidth", width),
        (TIFF, "ImageLength", height),
        (EXIF, "PixelXDimension", width),
        (EXIF, "PixelYDimension", height),
    ] {
        let places = values(&text, space, name);
        text = replaced(&text, places, &side.to_string());
    }
    let thumbnails = elements(&text, XMP, "Thumbnails");
    replaced(&text, thumbnails, "").into_bytes()
}

fn replaced(text: &str, mut places: Vec<Range<usize>>, value: &str) -> String {
    let mut out = text.to_owned();
    places.sort_by_key(|place| place.start);
    for place in places.into_iter().rev() {
        if out[place.clone()].trim() != value {
            out.replace_range(place, value);
        }
    }
    out
}

/// The ranges of a property's values: between quotes, or between a start tag and an end tag.
fn values(text: &str, space: &str, name: &str) -> Vec<Range<usize>> {
    named(text, space, name)
        .filter_map(|(start, end)| {
            let rest = &text[end..];
            if text[..start].ends_with('<') {
                let open = end + rest.find('>')? + 1;
                let empty = text[..open].ends_with("/>");
                return (!empty).then_some(open..open + text[open..].find('<')?);
            }
            let value = rest.trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let from = text.len() - value.len() + 1;
            Some(from..from + text[from..].find(quote)?)
        })
        .collect()
}

/// The ranges of the elements of this name, tags included.
fn elements(text: &str, space: &str, name: &str) -> Vec<Range<usize>> {
    named(text, space, name)
        .filter_map(|(start, end)| {
            let start = start.checked_sub(1).filter(|start| text[*start..].starts_with('<'))?;
            let open = end + text[end..].find('>')? + 1;
            if text[..open].ends_with("/>") {
                return Some(start..open);
            }
            let close = format!("</{}>", &text[start + 1..end]);
            Some(start..open + text[open..].find(&close)? + close.len())
        })
        .collect()
}

/// The ranges of `name` with a prefix of the namespace, prefix included, except in end tags.
fn named<'a>(text: &'a str, space: &'a str, name: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    prefixes(text, space).into_iter().flat_map(move |prefix| {
        let full = format!("{prefix}:{name}");
        let length = full.len();
        let places: Vec<_> = text.match_indices(&full).map(|(at, _)| at).collect();
        places.into_iter().map(move |at| (at, at + length)).filter(move |&(start, end)| {
            let before = text[..start].chars().next_back();
            let after = text[end..].chars().next();
            let ends = after.is_some_and(|c| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
            ends && before.is_some_and(|c| c.is_whitespace() || c == '<')
        })
    })
}

/// The prefixes that a packet gives to a namespace.
fn prefixes<'a>(text: &'a str, space: &str) -> Vec<&'a str> {
    let mut found: Vec<_> = text
        .match_indices(space)
        .filter_map(|(at, _)| {
            let head = text[..at].strip_suffix(['"', '\''])?.trim_end().strip_suffix('=')?.trim_end();
            head.rsplit(char::is_whitespace).next()?.strip_prefix("xmlns:")
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<r:Description xmlns:t='http://ns.adobe.com/tiff/1.0/' xmlns:exif = "http://ns.adobe.com/exif/1.0/"
 t:Orientation = "6" t:OrientationNote="6" exif:PixelXDimension='400'>
<t:ImageWidth> 400 </t:ImageWidth><exif:PixelYDimension/>
<x2:Thumbnails xmlns:x2="http://ns.adobe.com/xap/1.0/"><r:Alt>AAAA</r:Alt></x2:Thumbnails>
</r:Description></r:RDF></x:xmpmeta>"#;

    #[test]
    fn what_speaks_of_pixels_is_made_true_and_nothing_else_changes() {
        let mut packet = PACKET.as_bytes().to_vec();
        assert_eq!(take_orientation(&mut packet), Some(6));
        let expected = PACKET.replace("t:Orientation = \"6\"", "t:Orientation = \"1\"");
        assert_eq!(packet, expected.as_bytes());
        assert_eq!(take_orientation(&mut packet), Some(1));

        let true_to = String::from_utf8(true_to(&packet, 30, 20)).unwrap();
        assert!(true_to.contains("exif:PixelXDimension='30'") && true_to.contains("<t:ImageWidth>30</t:ImageWidth>"));
        assert!(!true_to.contains("Thumbnails") && !true_to.contains("AAAA") && true_to.contains("</r:Description>"));
    }

    #[test]
    fn a_packet_that_says_nothing_of_pixels_stays_as_it_is() {
        for text in [
            "",
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
            "tiff:Orientation=\"6\"",
            "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation",
        ] {
            let mut packet = text.as_bytes().to_vec();
            assert_eq!(take_orientation(&mut packet), None, "{text}");
            assert_eq!(true_to(&packet, 1, 1), text.as_bytes());
        }
    }
}
