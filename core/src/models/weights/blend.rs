//! Blends the weights of two nets: deep network interpolation.
//!
//! If net B was fine-tuned from net A, their weights can be interpolated: `W = (1 - share) A + share B` behaves like
//! something between A and B. Wang, Yu, Dong, Tang & Loy 2019, "Deep network interpolation for continuous imagery
//! effect transition", CVPR, arXiv:1811.10515.

use half::f16;

use super::onnx::{Broken, Kind, weights};
use crate::error::{Code, Error, Result};

/// Interpolates the ONNX files `a` (`share` 0) and `b` (1). They must be equal in every byte except float initializers.
///
/// # Errors
/// [`Code::ModelInvalid`] for a file that is not ONNX, [`Code::ModelShape`] for files that do not match.
pub(crate) fn blend(a: &[u8], b: &[u8], share: f32) -> Result<Vec<u8>> {
    let read = |file: &[u8]| {
        weights(file)
            .map_err(|Broken| Error::new(Code::ModelInvalid, "one of the two files to blend is not an ONNX file"))
    };
    let (floats, others) = (read(a)?, read(b)?);
    if floats != others || a.len() != b.len() {
        return Err(unlike("their weights have different shapes"));
    }
    if floats.is_empty() {
        return Err(unlike("they contain no weights to blend"));
    }
    let mut mixed = a.to_vec();
    let mut end = 0;
    for floats in floats {
        if a[end..floats.bytes.start] != b[end..floats.bytes.start] {
            return Err(unlike("they differ in more than their weights"));
        }
        end = floats.bytes.end;
        let (target, source) = (&mut mixed[floats.bytes.clone()], &b[floats.bytes]);
        match floats.kind {
            Kind::Single => {
                let value = f32::from_le_bytes;
                each(target, source, |a, b| mix(value(a), value(b), share).to_le_bytes());
            }
            Kind::Half => {
                let value = |bytes| f16::from_le_bytes(bytes).to_f32();
                each(target, source, |a, b| f16::from_f32(mix(value(a), value(b), share)).to_le_bytes());
            }
        }
    }
    match a[end..] == b[end..] {
        true => Ok(mixed),
        false => Err(unlike("they differ in more than their weights")),
    }
}

fn mix(a: f32, b: f32, share: f32) -> f32 {
    (1.0 - share) * a + share * b
}

fn each<const N: usize>(target: &mut [u8], source: &[u8], mix: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    for (a, b) in target.as_chunks_mut().0.iter_mut().zip(source.as_chunks().0) {
        *a = mix(*a, *b);
    }
}

fn unlike(why: &str) -> Error {
    Error::new(Code::ModelShape, format!("the two models cannot be blended: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one initializer of singles and one of halves.
    fn file(name: &[u8], singles: &[f32], halves: &[f32]) -> Vec<u8> {
        let field = |number: u8, bytes: &[u8]| [&[number << 3 | 2, bytes.len() as u8], bytes].concat();
        let singles: Vec<u8> = singles.iter().flat_map(|value| value.to_le_bytes()).collect();
        let halves: Vec<u8> = halves.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
        let graph = [
            field(5, &[vec![2 << 3, 1], field(9, &singles)].concat()),
            field(5, &[vec![2 << 3, 10], field(8, name), field(9, &halves)].concat()),
        ];
        [vec![8, 8], field(7, &graph.concat()), field(2, b"end")].concat()
    }

    #[test]
    fn weights_are_mixed_and_ends_are_the_files_themselves() {
        let (a, b) = (file(b"w", &[1.0, 0.1], &[2.0]), file(b"w", &[3.0, -0.7], &[-2.0]));
        assert_eq!(blend(&a, &b, 0.0).unwrap(), a);
        assert_eq!(blend(&a, &b, 1.0).unwrap(), b);
        assert_eq!(blend(&a, &b, 0.25).unwrap(), file(b"w", &[1.5, 0.75 * 0.1 + 0.25 * -0.7], &[1.0]));
    }

    #[test]
    fn files_that_do_not_match_are_refused() {
        let a = file(b"w", &[1.0], &[2.0]);
        for (other, code) in [
            (file(b"v", &[1.0], &[2.0]), Code::ModelShape),
            (file(b"w", &[1.0, 2.0], &[2.0]), Code::ModelShape),
            (file(b"w", &[], &[2.0, 2.0, 2.0]), Code::ModelShape),
            (a[..a.len() - 1].to_vec(), Code::ModelInvalid),
            (b"<html>".to_vec(), Code::ModelInvalid),
        ] {
            assert_eq!(blend(&a, &other, 0.5).unwrap_err().code(), code, "{other:?}");
            assert_eq!(blend(&other, &a, 0.5).unwrap_err().code(), code, "{other:?}");
        }
        let mut end = a.clone();
        *end.last_mut().unwrap() = b'!';
        assert_eq!(blend(&a, &end, 0.5).unwrap_err().code(), Code::ModelShape);
        assert_eq!(blend(b"", b"", 0.5).unwrap_err().code(), Code::ModelShape);
    }
}
