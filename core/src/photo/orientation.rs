//! The eight EXIF orientations.

use rayon::prelude::*;

/// How stored pixels are turned into the upright picture; the numbers are those of EXIF tag 0x0112.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Orientation {
    /// Rows become columns. Applied before mirroring.
    transpose: bool,
    mirror_x: bool,
    mirror_y: bool,
}

impl Orientation {
    /// Values other than 2 to 8 leave the picture unchanged, as in viewers.
    pub(crate) fn from_exif(value: u16) -> Self {
        let (transpose, mirror_x, mirror_y) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self { transpose, mirror_x, mirror_y }
    }

    /// The upright picture's width, height and samples.
    pub(crate) fn apply<T: Copy + Default + Send + Sync>(
        self,
        width: usize,
        height: usize,
        channels: usize,
        samples: Vec<T>,
    ) -> (usize, usize, Vec<T>) {
        if self == Self::default() {
            return (width, height, samples);
        }
        let (out_width, out_height) = if self.transpose { (height, width) } else { (width, height) };
        let mut out = vec![T::default(); samples.len()];
        out.par_chunks_exact_mut(out_width * channels).enumerate().for_each(|(y, row)| {
            let y = if self.mirror_y { out_height - 1 - y } else { y };
            for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
                let x = if self.mirror_x { out_width - 1 - x } else { x };
                let (x, y) = if self.transpose { (y, x) } else { (x, y) };
                let from = (y * width + x) * channels;
                pixel.copy_from_slice(&samples[from..from + channels]);
            }
        });
        (out_width, out_height, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where EXIF says the first stored row and the first stored column are, seen upright.
    #[test]
    fn the_first_row_and_column_go_where_exif_says() {
        // Stored: a b c
        //         d e f
        for (value, upright) in [
            (1, ["abc", "def"].as_slice()),
            (2, &["cba", "fed"]),
            (3, &["fed", "cba"]),
            (4, &["def", "abc"]),
            (5, &["ad", "be", "cf"]),
            (6, &["da", "eb", "fc"]),
            (7, &["fc", "eb", "da"]),
            (8, &["cf", "be", "ad"]),
            (0, &["abc", "def"]),
        ] {
            let (width, height, samples) = Orientation::from_exif(value).apply(3, 2, 1, b"abcdef".to_vec());
            assert_eq!((width, height), (upright[0].len(), upright.len()), "orientation {value}");
            assert_eq!(samples, upright.concat().as_bytes(), "orientation {value}");
        }
    }
}
