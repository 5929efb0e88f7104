use packshot_resize as resize;
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::geometry::Rect;
use crate::photo::Photo;

/// One-channel alpha at photo resolution: 0 is background, 255 is subject, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matte {
    width: u32,
    height: u32,
    alpha: Vec<u8>,
}

impl Matte {
    /// The lowest alpha of a pixel that counts as subject.
    pub(crate) const SUBJECT_FROM: u8 = 128;

    /// A matte from `width * height` samples.
    ///
    /// # Errors
    /// [`Code::MaskSize`] when a side is zero or the number of samples does not match.
    pub fn new(width: u32, height: u32, alpha: Vec<u8>) -> Result<Self> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || pixels != alpha.len() as u64 {
            let message = format!("a matte of {width} x {height} needs {pixels} samples, not {}", alpha.len());
            return Err(Error::new(Code::MaskSize, message));
        }
        Ok(Self { width, height, alpha })
    }

    /// A matte from samples whose number was already checked.
    pub(crate) fn of_photo(width: u32, height: u32, alpha: Vec<u8>) -> Self {
        debug_assert_eq!(alpha.len() as u64, u64::from(width) * u64::from(height));
        Self { width, height, alpha }
    }

    /// The part `frame`, which must lie inside.
    pub(crate) fn crop(&self, frame: Rect) -> Result<Self> {
        if frame == Rect::whole(self.width, self.height) {
            return Ok(self.clone());
        }
        let columns = frame.left as usize..frame.right() as usize;
        let rows = self.alpha.chunks_exact(self.width as usize).skip(frame.top as usize).take(frame.height as usize);
        Self::new(frame.width, frame.height, rows.flat_map(|row| &row[columns.clone()]).copied().collect())
    }

    /// The matte as a gray picture: 0 is background.
    #[must_use]
    pub fn into_photo(self) -> Photo {
        Photo::of_gray(self.width, self.height, self.alpha)
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The samples, row by row.
    #[must_use]
    pub fn alpha(&self) -> &[u8] {
        &self.alpha
    }

    /// The samples, without a copy.
    #[must_use]
    pub fn into_alpha(self) -> Vec<u8> {
        self.alpha
    }

    pub(crate) fn alpha_mut(&mut self) -> &mut [u8] {
        &mut self.alpha
    }

    /// Sum of alpha over the number of pixels, from 0 to 1.
    #[must_use]
    pub fn coverage(&self) -> f32 {
        let sum: u64 = self.alpha.par_iter().map(|&a| u64::from(a)).sum();
        (sum as f64 / (255.0 * self.alpha.len() as f64)) as f32
    }

    /// How sure the matte is of itself, from 0 to 1: the mean of `|2a - 1|` over all pixels with `a >= 1/16`,
    /// alpha `a` from 0 to 1. A hard-edged subject comes near 1, a haze near 0; a matte without any subject is 0.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        let (sum, count) = self
            .alpha
            .par_iter()
            .filter(|&&a| a >= 16)
            .fold(
                || (0_u64, 0_u64),
                |(sum, count), &a| (sum + u64::from((2 * i32::from(a) - 255).unsigned_abs()), count + 1),
            )
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        if count == 0 { 0.0 } else { (sum as f64 / (255.0 * count as f64)) as f32 }
    }

    /// The smallest rectangle around all pixels that are at least half subject.
    #[must_use]
    pub fn bounds(&self) -> Option<Rect> {
        let width = self.width as usize;
        let columns = |row: &[u8]| {
            let first = row.iter().position(|&a| a >= Self::SUBJECT_FROM)?;
            let last = row.iter().rposition(|&a| a >= Self::SUBJECT_FROM)?;
            Some((first as u32, last as u32))
        };
        self.alpha
            .par_chunks(width)
            .enumerate()
            .filter_map(|(y, row)| {
                let (first, last) = columns(row)?;
                Some(Rect { left: first, top: y as u32, width: last - first + 1, height: 1 })
            })
            .reduce_with(Rect::union)
    }

    /// The same matte at another size.
    pub(crate) fn scaled(&self, width: u32, height: u32, filter: resize::Filter) -> Result<Self> {
        let from = (self.width, self.height);
        if from == (width, height) {
            return Ok(self.clone());
        }
        let alpha = resize::gray(&self.alpha, from, resize::whole(from), (width, height), filter)
            .map_err(|cause| Error::new(Code::Internal, "cannot scale the matte").because(cause))?;
        Self::new(width, height, alpha)
    }

    /// This matte pasted at `at` into an empty one of `width` by `height`.
    pub(crate) fn placed(&self, at: Rect, width: u32, height: u32) -> Result<Self> {
        if at == Rect::whole(width, height) {
            return Ok(self.clone());
        }
        let mut alpha = vec![0; width as usize * height as usize];
        for (y, row) in self.alpha.chunks_exact(self.width as usize).enumerate() {
            let start = (at.top as usize + y) * width as usize + at.left as usize;
            alpha[start..start + row.len()].copy_from_slice(row);
        }
        Self::new(width, height, alpha)
    }

    /// Everything outside `keep` becomes background.
    pub(crate) fn clear_outside(&mut self, keep: Rect) {
        let width = self.width as usize;
        self.alpha.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
            if (keep.top..keep.bottom()).contains(&(y as u32)) {
                row[..keep.left as usize].fill(0);
                row[keep.right() as usize..].fill(0);
            } else {
                row.fill(0);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(side: u32, inner: Rect) -> Matte {
        let alpha = (0..side * side).map(|i| if inner.contains(i % side, i / side) { 255 } else { 0 }).collect();
        Matte::new(side, side, alpha).unwrap()
    }

    #[test]
    fn bounds_are_exact() {
        let inner = Rect { left: 3, top: 5, width: 4, height: 2 };
        assert_eq!(square(10, inner).bounds(), Some(inner));
        assert_eq!(Matte::new(3, 3, vec![127; 9]).unwrap().bounds(), None);
    }

    #[test]
    fn confidence_tells_sure_from_hazy() {
        assert_eq!(square(10, Rect::whole(5, 5)).confidence(), 1.0);
        assert!(Matte::new(2, 2, vec![128; 4]).unwrap().confidence() < 0.01);
        assert_eq!(Matte::new(2, 2, vec![0; 4]).unwrap().confidence(), 0.0);
    }

    #[test]
    fn placing_and_clearing() {
        let small = Matte::new(2, 2, vec![255; 4]).unwrap();
        let mut large = small.placed(Rect { left: 1, top: 1, width: 2, height: 2 }, 4, 4).unwrap();
        assert_eq!(large.coverage(), 0.25);
        large.clear_outside(Rect { left: 2, top: 0, width: 2, height: 2 });
        assert_eq!(large.bounds(), Some(Rect { left: 2, top: 1, width: 1, height: 1 }));
    }

    #[test]
    fn a_matte_of_the_wrong_size_is_refused() {
        assert_eq!(Matte::new(2, 2, vec![0; 3]).unwrap_err().code(), Code::MaskSize);
        assert_eq!(Matte::new(0, 2, vec![]).unwrap_err().code(), Code::MaskSize);
    }
}
