//! Samples a small plane at the pixels of a larger one.

/// A plane of values, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Grid<const N: usize> {
    pub(crate) width: usize,
    pub(crate) values: Vec<[f32; N]>,
}

/// A position along one axis: between two neighbours, with the share of the second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    first: usize,
    second: usize,
    share: f32,
}

impl Position {
    /// The position of the centre of pixel `at` of `full` among `small` pixels that cover the same length.
    pub(crate) fn of(at: usize, full: usize, small: usize) -> Self {
        let center = (at as f32 + 0.5) * small as f32 / full as f32 - 0.5;
        let center = center.clamp(0.0, (small - 1) as f32);
        let first = center as usize;
        Self { first, second: (first + 1).min(small - 1), share: center - first as f32 }
    }

    /// The position shifted by `by` pixels.
    pub(crate) fn shifted(self, by: usize) -> Self {
        Self { first: self.first + by, second: self.second + by, ..self }
    }

    /// The nearer one of the two neighbours.
    pub(crate) fn nearest(self) -> usize {
        if self.share < 0.5 { self.first } else { self.second }
    }
}

impl<const N: usize> Grid<N> {
    /// The value at a position, by bilinear interpolation.
    pub(crate) fn between(&self, x: Position, y: Position) -> [f32; N] {
        let value = |column: usize, row: usize| &self.values[row * self.width + column];
        let (a, b) = (value(x.first, y.first), value(x.second, y.first));
        let (c, d) = (value(x.first, y.second), value(x.second, y.second));
        std::array::from_fn(|n| {
            let upper = a[n] + (b[n] - a[n]) * x.share;
            let lower = c[n] + (d[n] - c[n]) * x.share;
            upper + (lower - upper) * y.share
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_stays_a_ramp_and_ends_are_held() {
        let grid = Grid { width: 2, values: vec![[0.0], [1.0]] };
        let read: Vec<f32> = (0..8).map(|x| grid.between(Position::of(x, 8, 2), Position::of(0, 3, 1))[0]).collect();
        assert_eq!(read, [0.0, 0.0, 0.125, 0.375, 0.625, 0.875, 1.0, 1.0]);
        assert_eq!((Position::of(3, 8, 2).nearest(), Position::of(4, 8, 2).nearest()), (0, 1));
    }

    #[test]
    fn the_same_size_gives_the_same_values() {
        let grid = Grid { width: 3, values: (0..6).map(|v| [v as f32]).collect() };
        for (index, value) in grid.values.iter().enumerate() {
            assert_eq!(grid.between(Position::of(index % 3, 3, 3), Position::of(index / 3, 2, 2)), *value);
        }
    }
}
