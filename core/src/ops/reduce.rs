//! Scales down a picture row by row, without holding all of it in memory.

use packshot_resize::{Filter, plane};

use crate::error::{Code, Error, Result};

/// Lobes of the filter, on either side.
const LOBES: f64 = 3.0;

/// Takes planes of the size `from` from top to bottom and returns them at the size `to`, by Lanczos with three lobes,
/// antialiased. It holds only the rows that the next results need.
#[derive(Debug)]
pub(crate) struct Reduce {
    from: (usize, usize),
    to: (usize, usize),
    /// Buffered rows of each plane, starting with the row `first`.
    held: Vec<Vec<f32>>,
    first: usize,
    given: usize,
}

impl Reduce {
    /// `to` must not be larger than `from`.
    pub(crate) fn new(from: (usize, usize), to: (usize, usize), planes: usize) -> Self {
        Self { from, to, held: vec![Vec::new(); planes], first: 0, given: 0 }
    }

    /// Takes the next rows of all planes, and calls `give` with a plane, a row, and the resulting rows from there on.
    pub(crate) fn push(&mut self, rows: Vec<Vec<f32>>, mut give: impl FnMut(usize, usize, &[f32])) -> Result<()> {
        if self.from == self.to {
            let count = rows.first().map_or(0, |plane| plane.len() / self.from.0);
            rows.iter().enumerate().for_each(|(index, plane)| give(index, self.given, plane));
            self.given += count;
            return Ok(());
        }
        self.held.iter_mut().zip(rows).for_each(|(held, rows)| held.extend(rows));
        let end = self.first + self.held.first().map_or(0, |plane| plane.len() / self.from.0);
        let ready = match end == self.from.1 {
            true => self.to.1,
            false => {
                (self.given..self.to.1).take_while(|&row| self.needs(row).1 <= end).last().map_or(0, |row| row + 1)
            }
        };
        if ready > self.given {
            let ratio = self.from.1 as f64 / self.to.1 as f64;
            let crop_top = self.given as f64 * ratio - self.first as f64;
            let crop = (0.0, crop_top, self.from.0 as f64, (ready - self.given) as f64 * ratio);
            let from = (self.from.0 as u32, (end - self.first) as u32);
            let to = (self.to.0 as u32, (ready - self.given) as u32);
            // Rounding must not carry the crop beyond the last row.
            let crop = (crop.0, crop.1, crop.2, crop.3.min(f64::from(from.1) - crop.1));
            for (index, held) in self.held.iter().enumerate() {
                let scaled = plane(held, from, crop, to, Filter::Lanczos3)
                    .map_err(|cause| Error::new(Code::Internal, "cannot scale the picture").because(cause))?;
                give(index, self.given, &scaled);
            }
            self.given = ready;
        }
        let keep = self.needs(self.given.min(self.to.1 - 1)).0.max(self.first);
        let done = (keep - self.first) * self.from.0;
        self.held.iter_mut().for_each(|held| drop(held.drain(..done.min(held.len()))));
        self.first = keep;
        Ok(())
    }

    /// The source rows that a result row depends on, and one more on either side for rounding.
    fn needs(&self, row: usize) -> (usize, usize) {
        let ratio = self.from.1 as f64 / self.to.1 as f64;
        let center = (row as f64 + 0.5) * ratio;
        let reach = LOBES * ratio.max(1.0) + 1.0;
        ((center - reach).floor().max(0.0) as usize, ((center + reach).ceil() as usize).min(self.from.1))
    }
}

#[cfg(test)]
mod tests {
    use packshot_resize::whole;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strips_are_the_whole(
            (width, height) in (1_usize..40, 1_usize..60),
            (across, down) in (0.1_f64..=1.0, 0.1_f64..=1.0),
            strips in prop::collection::vec(1_usize..20, 60),
            seed in any::<u32>(),
        ) {
            let side = |side: usize, share: f64| ((side as f64 * share) as usize).max(1);
            let to = (side(width, across), side(height, down));
            let values: Vec<f32> =
                (0..width * height).map(|i| ((i as u32 ^ seed).wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 24) as f32).collect();
            let (from_size, to_size) = ((width as u32, height as u32), (to.0 as u32, to.1 as u32));
            let expected = plane(&values, from_size, whole(from_size), to_size, Filter::Lanczos3).unwrap();
            let mut reduce = Reduce::new((width, height), to, 1);
            let (mut given, mut row) = (Vec::new(), 0);
            for strip in strips {
                let end = (row + strip).min(height);
                if row < end {
                    let rows = values[row * width..end * width].to_vec();
                    reduce.push(vec![rows], |_, at, rows| {
                        assert_eq!(at * to.0, given.len());
                        given.extend_from_slice(rows);
                    }).unwrap();
                }
                row = end;
            }
            prop_assume!(row == height);
            prop_assert_eq!(given.len(), expected.len());
            prop_assert!(given.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5));
        }
    }
}
