//! Scales alpha separately: a net that was trained on photos would draw texture into it.

use packshot_resize::{Filter, plane};

use crate::error::{Code, Error, Result};
use crate::ops::raster::{Canvas, Raster};
use crate::run::CancelToken;

/// Rows of the result that are computed at a time.
const ROWS: usize = 256;

/// Lobes of the filter, and a row for rounding.
const REACH: f64 = 4.0;

/// Scales alpha to the size `to`, by Lanczos with three lobes. Each value is clamped to the range of the four pixels
/// around it, so that nothing rings: opaque and transparent areas stay exactly so up to their edge.
pub(super) fn enlarge(
    raster: &Raster<'_>,
    canvas: &mut Canvas,
    to: (usize, usize),
    cancel: &CancelToken,
) -> Result<()> {
    let ratio = (raster.width as f64 / to.0 as f64, raster.height as f64 / to.1 as f64);
    let columns: Vec<_> = (0..to.0).map(|x| neighbours(x, ratio.0, raster.width)).collect();
    for start in (0..to.1).step_by(ROWS) {
        cancel.check()?;
        let end = (start + ROWS).min(to.1);
        let (top, bottom) = (start as f64 * ratio.1, end as f64 * ratio.1);
        let rows = (top - REACH).floor().max(0.0) as usize..((bottom + REACH).ceil() as usize).min(raster.height);
        let source = raster.alpha(rows.clone());
        let from = (raster.width as u32, rows.len() as u32);
        let inner = top - rows.start as f64;
        let crop = (0.0, inner, f64::from(from.0), (bottom - top).min(f64::from(from.1) - inner));
        let mut alpha = plane(&source, from, crop, (to.0 as u32, (end - start) as u32), Filter::Lanczos3)
            .map_err(|cause| Error::new(Code::Internal, "cannot scale alpha").because(cause))?;
        for (y, line) in (start..end).zip(alpha.chunks_exact_mut(to.0)) {
            let (upper, lower) = neighbours(y, ratio.1, raster.height);
            let line_of = |row: usize| &source[(row - rows.start) * raster.width..][..raster.width];
            let (upper, lower) = (line_of(upper), line_of(lower));
            for (value, &(left, right)) in line.iter_mut().zip(&columns) {
                let near = [upper[left], upper[right], lower[left], lower[right]];
                let least = near.iter().copied().fold(1.0, f32::min);
                let most = near.iter().copied().fold(0.0, f32::max);
                *value = value.clamp(least, most);
            }
        }
        canvas.write(raster.colors(), start, &alpha);
    }
    Ok(())
}

/// The two pixels between whose centres pixel `at` of the result lies.
fn neighbours(at: usize, ratio: f64, length: usize) -> (usize, usize) {
    let center = ((at as f64 + 0.5) * ratio - 0.5).clamp(0.0, (length - 1) as f64);
    (center.floor() as usize, center.ceil() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::{Channels, Depth, Photo, Samples};

    #[test]
    fn an_edge_neither_rings_nor_reaches_far() {
        let samples: Vec<u8> = (0..12 * 12).flat_map(|i| [7, if i % 12 < 6 { 0 } else { 255 }]).collect();
        let photo = Photo::new(12, 12, Channels::GrayAlpha, samples).unwrap();
        let mut canvas = Canvas::new((48, 31), Channels::GrayAlpha, Depth::Sixteen);
        enlarge(&Raster::of(&photo), &mut canvas, (48, 31), &CancelToken::new()).unwrap();
        let Samples::U16(samples) = canvas.into_samples() else { panic!("another depth") };
        for row in samples.chunks_exact(2 * 48) {
            let alpha: Vec<u16> = row.iter().skip(1).step_by(2).copied().collect();
            assert!(alpha.is_sorted(), "{alpha:?}");
            assert!(alpha[..22].iter().all(|&alpha| alpha == 0) && alpha[26..].iter().all(|&alpha| alpha == u16::MAX));
            assert!(alpha[23] > 0 && alpha[24] < u16::MAX, "the edge is soft: {alpha:?}");
        }
    }
}
