//! Luma and colour differences of BT.601, over the full range, as JPEG has them.

/// `[Y, Cb, Cr]` of red, green and blue from 0 to 1; the differences go from -0.5 to 0.5.
pub(crate) fn from_rgb([r, g, b]: [f32; 3]) -> [f32; 3] {
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    [y, (b - y) / 1.772, (r - y) / 1.402]
}

/// Red, green and blue; they may lie outside 0 to 1.
pub(crate) fn to_rgb([y, cb, cr]: [f32; 3]) -> [f32; 3] {
    let (r, b) = (y + 1.402 * cr, y + 1.772 * cb);
    [r, (y - 0.299 * r - 0.114 * b) / 0.587, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_back() {
        for rgb in [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [1.0, 0.0, 0.25], [0.1, 0.9, 0.5]] {
            let back = to_rgb(from_rgb(rgb));
            assert!(rgb.iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-6), "{rgb:?} became {back:?}");
        }
        let [y, cb, cr] = from_rgb([0.3; 3]);
        assert!((y - 0.3).abs() < 1e-6 && cb.abs() < 1e-6 && cr.abs() < 1e-6);
    }
}
