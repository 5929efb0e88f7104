//! The edge of the subject: alpha in the unknown band, and the subject's own colours where alpha lies between 0 and 1.
//!
//! Neighbourhood operations run on a picture of at most [`WORK_PIXELS`]. Their result is a function of the photo's
//! colour (for alpha) or smooth (the colours of both sides), so it can be scaled to the photo's size and applied to the
//! photo's own pixels: time and memory are bounded, and no detail of the photo is lost.

use std::borrow::Cow;

use packshot_resize::Filter;
use rayon::prelude::*;

use super::Edges;
use crate::error::Result;
use crate::geometry::Rect;
use crate::ops::closed_form::closed_form;
use crate::ops::colors::settled;
use crate::ops::foreground::multi_level;
use crate::ops::guided_filter::{self, guided_filter};
use crate::ops::picture::{Picture, rgb};
use crate::ops::sample::{Grid, Position};
use crate::ops::spread::spread;
use crate::ops::tiles::Tiles;
use crate::ops::{band, compose, inside, rim, spacing, window};
use crate::photo::{Matte, Photo, Trimap};
use crate::run::CancelToken;

/// Edges are computed on at most this many pixels: one megapixel shows a hair, and bounds time and memory.
const WORK_PIXELS: f64 = 1024.0 * 1024.0;

/// Radius of the guided filter's windows, in pixels of the model.
const GUIDE: f32 = 4.5;

/// Variance of colour below which a window of the guided filter counts as flat.
const FLAT: f32 = 2e-4;

/// The guided filter leaves a haze on either side of an edge: alpha this close to 0 or 1 becomes 0 or 1, and values in
/// between are stretched. On exact mattes of products this reduces the absolute error by a third.
const HAZE: f32 = 0.08;

/// Radius and flatness for solved alpha that only has to be scaled up.
const CARRY: (usize, f32) = (2, 5e-5);

/// A model or a mask whose pixels cover fewer photo pixels than this places the edge better than a guided filter.
const CRISP: f32 = 1.5;

/// A photo with everything that the edge operations need.
pub(super) struct Work<'a> {
    photo: &'a Photo,
    /// Colours of the photo in 8 bit.
    rgb: Cow<'a, [u8]>,
    /// The photo's own alpha: where it is not opaque, its colours are already the subject's own.
    own: Option<Vec<u8>>,
    picture: Picture,
}

/// Alpha at the photo's size, with the trimap it was computed in.
pub(super) struct Refined {
    pub(super) matte: Matte,
    pub(super) trimap: Trimap,
}

impl<'a> Work<'a> {
    pub(super) fn new(photo: &'a Photo) -> Result<Self> {
        let scale = (WORK_PIXELS / (f64::from(photo.width()) * f64::from(photo.height()))).sqrt().min(1.0);
        let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let picture = Picture::of(photo, side(photo.width()), side(photo.height()))?;
        Ok(Self { photo, rgb: photo.rgb8(), own: photo.alpha8(), picture })
    }

    fn size(&self) -> (usize, usize) {
        (self.picture.width, self.picture.height)
    }

    fn full_size(&self) -> bool {
        self.size() == (self.photo.width() as usize, self.photo.height() as usize)
    }

    fn opaque(&self, at: usize) -> bool {
        self.own.as_ref().is_none_or(|own| own[at] == 255)
    }

    /// A matte of the photo's size, as values from 0 to 1 at working size.
    pub(super) fn alpha(&self, matte: &Matte) -> Result<Vec<f32>> {
        let (width, height) = self.size();
        let small = matte.scaled(width as u32, height as u32, Filter::Area)?;
        Ok(small.alpha().par_iter().map(|&alpha| f32::from(alpha) / 255.0).collect())
    }

    /// Recomputes alpha in the unknown band of `matte`, where one pixel of the model covers `spacing` pixels of the
    /// photo, or in the unknown part of `given`. Sure pixels keep their alpha.
    pub(super) fn refine(
        &self,
        matte: Matte,
        spacing: f32,
        given: Option<&Trimap>,
        within: Rect,
        edges: Edges,
        cancel: &CancelToken,
    ) -> Result<Refined> {
        let (width, height) = self.size();
        if is_kept(edges, given, spacing) {
            let trimap = Trimap::new(matte.width(), matte.height(), band::soft(&matte))?;
            return Ok(Refined { matte, trimap });
        }
        let spacing = spacing * width as f32 / self.photo.width() as f32;
        let mut alpha = self.alpha(&matte)?;
        let mut trimap = match given {
            Some(given) => shrunk(given, width, height),
            None => band::unknown(&alpha, width, spacing::reach(spacing) as f32),
        };
        self.forbid_outside(&mut trimap, within);
        cancel.check()?;
        match edges {
            Edges::Fine => {
                alpha = closed_form(&self.picture, &trimap, &alpha, cancel)?;
                if self.full_size() {
                    return self.finish(matte, given, &trimap, |at, _, _, _| alpha[at]);
                }
                let grid = self.functions(&alpha, &trimap, CARRY, None);
                cancel.check()?;
                self.finish(matte, given, &trimap, |at, x, y, _| self.value(grid.between(x, y), at))
            }
            Edges::Fast | Edges::Off => {
                let radius = ((GUIDE * spacing).round() as usize).max(2);
                // The guided filter knows nothing of the sure pixels beside the band: fade from the model's alpha to
                // its answer, unless the caller drew the band.
                let grid = self.functions(&alpha, &trimap, (radius, FLAT), given.is_none().then_some(radius / 2));
                cancel.check()?;
                self.finish(matte, given, &trimap, |at, x, y, model| {
                    let function = grid.between(x, y);
                    let found = (self.value(function, at) - HAZE) / (1.0 - 2.0 * HAZE);
                    model + (found.clamp(0.0, 1.0) - model) * function[4]
                })
            }
        }
    }

    /// Alpha as a function of colour in and beside the unknown pixels of `trimap`: the guided filter's four
    /// coefficients, and their weight: 1, or from 0 at the border of the band to 1 at a depth of `fade`.
    fn functions(&self, alpha: &[f32], trimap: &[u8], filter: (usize, f32), fade: Option<usize>) -> Grid<5> {
        let (width, height) = self.size();
        let unknown: Vec<u8> = trimap.par_iter().map(|&sample| u8::from(sample == Trimap::UNKNOWN)).collect();
        // Positions between an unknown pixel and its neighbour interpolate both.
        let tiles = Tiles::with(width, &spread(unknown.clone(), width, 1), filter.0);
        let linear = guided_filter(&self.picture, alpha, &tiles, filter.0, filter.1);
        let counts: Vec<f32> = fade.map_or_else(
            || vec![1.0; alpha.len()],
            |fade| {
                tiles.compute(|region| {
                    let share = |x: usize, y: usize| [f32::from(unknown[y * width + x])];
                    let means = window::means((width, height), region, fade, share);
                    means.iter().map(|mean| (2.0 * mean[0] - 1.0).max(0.0)).collect()
                })
            },
        );
        let values = linear.iter().zip(counts).map(|(&[r, g, b, rest], count)| [r, g, b, rest, count]).collect();
        Grid { width, values }
    }

    /// A function's value at a pixel of the photo.
    fn value(&self, [r, g, b, rest, _]: [f32; 5], at: usize) -> f32 {
        guided_filter::at([r, g, b, rest], rgb(&self.rgb[at * 3..]))
    }

    /// Writes `found(pixel, column, row, alpha)` to the unknown pixels of the photo, whose old value is `alpha`.
    fn finish(
        &self,
        mut matte: Matte,
        given: Option<&Trimap>,
        trimap: &[u8],
        found: impl Fn(usize, Position, Position, f32) -> f32 + Sync,
    ) -> Result<Refined> {
        let (width, height) = (matte.width() as usize, matte.height() as usize);
        let (across, down) = self.size();
        let columns: Vec<Position> = (0..width).map(|x| Position::of(x, width, across)).collect();
        let mut samples = given.map_or_else(|| vec![0; width * height], |given| given.samples().to_vec());
        let rows = samples.par_chunks_exact_mut(width).zip(matte.alpha_mut().par_chunks_exact_mut(width));
        rows.enumerate().for_each(|(y, (samples, alpha))| {
            let row = Position::of(y, height, down);
            let line = &trimap[row.nearest() * across..][..across];
            for (x, ((sample, alpha), &column)) in samples.iter_mut().zip(alpha).zip(&columns).enumerate() {
                let at = y * width + x;
                if given.is_none() {
                    *sample = line[column.nearest()];
                }
                if *sample == Trimap::UNKNOWN && self.opaque(at) {
                    let new = found(at, column, row, f32::from(*alpha) / 255.0);
                    *alpha = (new.clamp(0.0, 1.0) * 255.0).round() as u8;
                }
            }
        });
        Ok(Refined { matte, trimap: Trimap::new(width as u32, height as u32, samples)? })
    }

    /// Makes the inside of the subject opaque.
    pub(super) fn solidify(&self, matte: &mut Matte, spacing: f32) -> Result<()> {
        let reach = spacing::reach(spacing * self.picture.width as f32 / self.photo.width() as f32);
        let solid = inside::solid(&self.picture, &self.alpha(matte)?, reach);
        self.fill(matte, &solid, 255);
        Ok(())
    }

    /// Cuts out the background that shows through the subject.
    pub(super) fn open_holes(&self, matte: &mut Matte) -> Result<()> {
        let holes = inside::holes(&self.picture, &self.alpha(matte)?);
        self.fill(matte, &holes, 0);
        Ok(())
    }

    /// How much of the old background the result shows along its edge; see [`Cutout::halo`](super::Cutout::halo).
    pub(super) fn halo(&self, matte: &Matte, alpha: &[f32], result: &Photo) -> f32 {
        let (width, height) = self.size();
        let full = (matte.width() as usize, matte.height() as usize);
        let colors = result.rgb8();
        // Colours of transparent pixels are meaningless, so the result is sampled, not scaled.
        rim::halo(&self.picture, alpha, |at| {
            let place = |at: usize, small: usize, full: usize| (2 * at + 1) * full / (2 * small);
            let at = place(at / width, height, full.1) * full.0 + place(at % width, width, full.0);
            (f32::from(matte.alpha()[at]) / 255.0, rgb(&colors[at * 3..]))
        })
    }

    fn fill(&self, matte: &mut Matte, set: &[bool], alpha: u8) {
        let (width, height) = (matte.width() as usize, matte.height() as usize);
        let (across, down) = self.size();
        let columns: Vec<usize> = (0..width).map(|x| Position::of(x, width, across).nearest()).collect();
        matte.alpha_mut().par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
            let line = &set[Position::of(y, height, down).nearest() * across..][..across];
            for (x, (pixel, &column)) in row.iter_mut().zip(&columns).enumerate() {
                if line[column] && self.opaque(y * width + x) {
                    *pixel = alpha;
                }
            }
        });
    }

    /// Keeps pixels outside the region unchanged.
    fn forbid_outside(&self, trimap: &mut [u8], within: Rect) {
        let (width, height) = self.size();
        let (columns, rows) = (width as f32 / self.photo.width() as f32, height as f32 / self.photo.height() as f32);
        let range = |start: u32, end: u32, scale: f32| {
            (start as f32 * scale).ceil() as usize..(end as f32 * scale).floor() as usize
        };
        let (x, y) = (range(within.left, within.right(), columns), range(within.top, within.bottom(), rows));
        for (row, line) in trimap.chunks_exact_mut(width).enumerate() {
            for (column, sample) in line.iter_mut().enumerate() {
                if *sample == Trimap::UNKNOWN && !(x.contains(&column) && y.contains(&row)) {
                    *sample = Trimap::BACKGROUND;
                }
            }
        }
    }

    /// The photo with the subject's own colours where `matte` lies between 0 and 1: the old background is taken out.
    /// `alpha` is the same matte at working size.
    pub(super) fn decontaminate(&self, matte: &Matte, alpha: &[f32], cancel: &CancelToken) -> Result<Photo> {
        let (width, height) = self.size();
        let grid = Grid { width, values: multi_level(&self.picture, alpha, cancel)? };
        cancel.check()?;
        let full = (self.photo.width() as usize, self.photo.height() as usize);
        let columns: Vec<Position> = (0..full.0).map(|x| Position::of(x, full.0, width)).collect();
        compose::recolored(self.photo, |at, color| {
            let alpha = matte.alpha()[at];
            if alpha == 0 || alpha == 255 || !self.opaque(at) {
                return None;
            }
            let colors = grid.between(columns[at % full.0], Position::of(at / full.0, full.1, height));
            Some(settled(color, f32::from(alpha) / 255.0, &colors))
        })
    }
}

/// Whether a matte is as sharp as the photo, so that its edge is kept.
pub(super) fn is_kept(edges: Edges, given: Option<&Trimap>, spacing: f32) -> bool {
    edges == Edges::Fast && given.is_none() && spacing < CRISP
}

/// A trimap at a smaller size: a pixel is sure if all the pixels that it covers are.
fn shrunk(trimap: &Trimap, width: usize, height: usize) -> Vec<u8> {
    let (from, down) = (trimap.width() as usize, trimap.height() as usize);
    let columns: Vec<usize> = (0..from).map(|x| x * width / from).collect();
    let mut small = vec![None; width * height];
    for (y, row) in trimap.samples().chunks_exact(from).enumerate() {
        let line = &mut small[y * height / down * width..][..width];
        for (&sample, &column) in row.iter().zip(&columns) {
            line[column] = match line[column] {
                None => Some(sample),
                Some(before) if before == sample => Some(sample),
                Some(_) => Some(Trimap::UNKNOWN),
            };
        }
    }
    small.into_iter().map(|sample| sample.unwrap_or(Trimap::UNKNOWN)).collect()
}
