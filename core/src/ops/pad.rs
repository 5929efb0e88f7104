//! Fits a photo into a frame of another shape without distortion, padded with its mean colour.

use super::sample::{Grid, Position};
use crate::geometry::Rect;

/// The rectangle of a photo of `width` by `height` that is scaled to fit into a frame of `size`, centred.
pub(crate) fn inside((width, height): (u32, u32), size: (u32, u32)) -> Rect {
    let scale = (f64::from(size.0) / f64::from(width)).min(f64::from(size.1) / f64::from(height));
    let side = |side: u32, most: u32| ((f64::from(side) * scale).round() as u32).clamp(1, most);
    let (w, h) = (side(width, size.0), side(height, size.1));
    Rect { left: (size.0 - w) / 2, top: (size.1 - h) / 2, width: w, height: h }
}

/// Interleaved RGB of the size of `at`, placed in a frame of `size` filled with its mean colour.
pub(crate) fn pad(rgb: &[u8], at: Rect, size: (u32, u32)) -> Vec<u8> {
    let pixels = (rgb.len() / 3).max(1) as u64;
    let mean = [0, 1, 2].map(|channel| {
        let sum: u64 = rgb.iter().skip(channel).step_by(3).map(|&sample| u64::from(sample)).sum();
        ((sum + pixels / 2) / pixels) as u8
    });
    let mut framed = mean.repeat(size.0 as usize * size.1 as usize);
    let columns = at.left as usize * 3..at.right() as usize * 3;
    let rows = framed.chunks_exact_mut(size.0 as usize * 3).skip(at.top as usize);
    for (row, inner) in rows.zip(rgb.chunks_exact(columns.len())) {
        row[columns.clone()].copy_from_slice(inner);
    }
    framed
}

/// The part `at` of a plane of `size`, stretched to the whole plane.
pub(crate) fn unpad(plane: &[f32], at: Rect, size: (u32, u32)) -> Vec<f32> {
    let (width, height) = (size.0 as usize, size.1 as usize);
    let grid = Grid { width, values: plane.iter().map(|&value| [value]).collect() };
    let places = |full: usize, inner: u32, start: u32| -> Vec<Position> {
        (0..full).map(|place| Position::of(place, full, inner as usize).shifted(start as usize)).collect()
    };
    let (columns, rows) = (places(width, at.width, at.left), places(height, at.height, at.top));
    rows.iter()
        .flat_map(|&row| columns.iter().map(move |&column| (column, row)))
        .map(|(column, row)| grid.between(column, row)[0])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_photo_fills_the_frame_as_far_as_its_shape_allows() {
        assert_eq!(inside((600, 400), (384, 384)), Rect { left: 0, top: 64, width: 384, height: 256 });
        assert_eq!(inside((10, 40), (8, 8)), Rect { left: 3, top: 0, width: 2, height: 8 });
        assert_eq!(inside((1, 5000), (384, 384)).width, 1);
    }

    #[test]
    fn the_ground_has_the_mean_colour() {
        let framed = pad(&[10, 20, 30, 20, 40, 60], Rect { left: 0, top: 1, width: 2, height: 1 }, (2, 2));
        assert_eq!(framed, [15, 30, 45, 15, 30, 45, 10, 20, 30, 20, 40, 60]);
    }

    #[test]
    fn what_was_padded_comes_back_stretched() {
        // A ramp across the photo, which lies in the middle half of the frame.
        let at = Rect { left: 0, top: 4, width: 16, height: 8 };
        let ramp: Vec<f32> =
            (0..256).map(|i| if (4..12).contains(&(i / 16)) { (i % 16) as f32 } else { 99.0 }).collect();
        let data = unpad(&ramp, at, (16, 16));
        assert!((0..256).all(|i| data[i] == (i % 16) as f32), "{data:?}");
    }
}
