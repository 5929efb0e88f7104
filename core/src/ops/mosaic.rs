//! Splits a picture into equal tiles with overlapping margins.
//!
//! Convolutions have a bounded receptive field. A tile with a margin of that size gives, in its middle, exactly the
//! result of the whole picture, and equal tiles let a backend prepare for one shape.

use std::ops::Range;

/// One axis of a mosaic: `count` tiles of `tile` pixels, of which the last may reach beyond the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Axis {
    length: usize,
    tile: usize,
    halo: usize,
    count: usize,
}

impl Axis {
    /// Tiles of about equal length, at most `most` pixels, over an axis of `length`, with `halo` on either side. Tiles
    /// and halos are multiples of `multiple`, so that every window begins at a multiple.
    pub(crate) fn new(length: usize, most: usize, halo: usize, multiple: usize) -> Self {
        let most = (most / multiple * multiple).max(multiple);
        let tile = length.div_ceil(length.div_ceil(most)).next_multiple_of(multiple);
        Self { length, tile, halo: halo.next_multiple_of(multiple), count: length.div_ceil(tile) }
    }

    /// Number of tiles.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Pixels from the beginning of a window to that of its tile.
    pub(crate) fn halo(&self) -> usize {
        self.halo
    }

    /// Pixels of a window: a tile and its halo.
    pub(crate) fn window(&self) -> usize {
        self.tile + 2 * self.halo
    }

    /// The part of the axis that each tile covers.
    pub(crate) fn tiles(self) -> impl Iterator<Item = Range<usize>> {
        (0..self.count).map(move |index| index * self.tile..((index + 1) * self.tile).min(self.length))
    }

    /// The pixels of the window of the tile that begins at `start`. Beyond the ends the picture is mirrored, its
    /// outermost pixels included: repeating them draws streaks that nets take for lines, which costs a halo's width of
    /// the border half a decibel.
    pub(crate) fn pixels(&self, start: usize) -> Vec<usize> {
        let period = 2 * self.length;
        // Shifted right by whole periods, so that no index is negative.
        let lead = self.halo.next_multiple_of(period) - self.halo;
        let mirrored = |at: usize| (at + lead) % period;
        (start..start + self.window()).map(mirrored).map(|at| at.min(period - 1 - at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tiles_are_equal_and_few() {
        let axis = Axis::new(1000, 256, 8, 1);
        assert_eq!((axis.count(), axis.window()), (4, 266));
        assert_eq!(axis.tiles().last(), Some(750..1000));
        let axis = Axis::new(3, 256, 2, 4);
        assert_eq!(axis.pixels(0), [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1]);
    }

    proptest! {
        #[test]
        fn tiles_cover_an_axis_once(length in 1_usize..3000, most in 1_usize..600, halo in 0_usize..40, multiple in 1_usize..9) {
            let axis = Axis::new(length, most, halo, multiple);
            let mut end = 0;
            for tile in axis.tiles() {
                prop_assert_eq!(tile.start, end);
                prop_assert!(tile.start.is_multiple_of(multiple) && tile.end > tile.start);
                let pixels = axis.pixels(tile.start);
                prop_assert!(pixels.len() == axis.window() && pixels.len().is_multiple_of(multiple));
                prop_assert!(tile.clone().all(|at| pixels[axis.halo() + at - tile.start] == at));
                end = tile.end;
            }
            prop_assert_eq!(end, length);
            prop_assert!(axis.window() <= most.max(multiple) + 2 * axis.halo());
        }
    }
}
