//! From samples to pixels: upsampling of components, then colour conversion.
//!
//! Components of half the size are upsampled with a triangle filter, with the same integers as libjpeg's "fancy
//! upsampling": the nearer sample counts three times as much as the one behind it. Other sizes are repeated.

use rayon::prelude::*;

use super::Pixels;
use super::headers::Colors;
use super::layout::{Grid, Layout};
use super::wide::wide;

/// The samples of a component.
pub(super) struct Plane {
    pub(super) samples: Vec<u8>,
    pub(super) stride: usize,
    /// Samples in each direction that belong to the picture.
    size: (usize, usize),
    enlarging: Enlarging,
}

/// How a component is upsampled.
#[derive(Clone, Copy)]
enum Enlarging {
    Across,
    Down,
    Both,
    /// Repeats every sample this many times in each direction.
    Repeating(usize, usize),
}

impl Plane {
    /// Without samples yet; `None` if the sizes are not multiples of each other.
    pub(super) fn of(grid: &Grid, layout: &Layout) -> Option<Self> {
        let ((across, down), (most_across, most_down)) = (grid.factors, layout.largest);
        if most_across % across != 0 || most_down % down != 0 {
            return None;
        }
        // libjpeg does not use the triangle filter for two samples.
        let is_wide = grid.size.0 > 2;
        let enlarging = match (most_across / across, most_down / down) {
            (2, 1) if is_wide => Enlarging::Across,
            (1, 2) => Enlarging::Down,
            (2, 2) if is_wide => Enlarging::Both,
            (across, down) => Enlarging::Repeating(across, down),
        };
        let samples = vec![0; grid.blocks_in(layout.groups.1) * 64];
        Some(Self { samples, stride: grid.stride * 8, size: grid.size, enlarging })
    }

    /// The n-th row, or the last one.
    fn row(&self, n: usize) -> &[u8] {
        let begin = n.min(self.size.1 - 1) * self.stride;
        &self.samples[begin..begin + self.size.0]
    }

    /// The upsampled row `y` of the picture. `space` has room for it.
    #[inline(always)]
    fn enlarged<'a>(&'a self, y: usize, sums: &mut Vec<u16>, space: &'a mut [u8]) -> &'a [u8] {
        // The nearest row, and the second nearest.
        let (near, is_upper) = (y / 2, y.is_multiple_of(2));
        let far = if is_upper { near.saturating_sub(1) } else { near + 1 };
        match self.enlarging {
            Enlarging::Repeating(1, down) => return self.row(y / down),
            Enlarging::Repeating(across, down) => {
                for (places, sample) in space.chunks_mut(across).zip(self.row(y / down)) {
                    places.fill(*sample);
                }
            }
            Enlarging::Across => across(self.row(y), space),
            Enlarging::Down => down(self.row(near), self.row(far), is_upper, space),
            Enlarging::Both => both(self.row(near), self.row(far), sums, space),
        }
        space
    }
}

#[inline(always)]
fn across(samples: &[u8], space: &mut [u8]) {
    let mix = |near: u8, far: u8, round: u16| ((3 * u16::from(near) + u16::from(far) + round) >> 2) as u8;
    let last = samples.len() - 1;
    space[0] = samples[0];
    space[1] = mix(samples[0], samples[1], 2);
    for (pair, near) in space[2..].chunks_exact_mut(2).zip(samples.windows(3)) {
        pair[0] = mix(near[1], near[0], 1);
        pair[1] = mix(near[1], near[2], 2);
    }
    space[2 * last] = mix(samples[last], samples[last - 1], 1);
    space[2 * last + 1] = samples[last];
}

#[inline(always)]
fn down(near: &[u8], far: &[u8], is_upper: bool, space: &mut [u8]) {
    let round = if is_upper { 1 } else { 2 };
    for (place, (near, far)) in space.iter_mut().zip(near.iter().zip(far)) {
        *place = ((3 * u16::from(*near) + u16::from(*far) + round) >> 2) as u8;
    }
}

#[inline(always)]
fn both(near: &[u8], far: &[u8], sums: &mut Vec<u16>, space: &mut [u8]) {
    let sum = |(near, far): (&u8, &u8)| 3 * u16::from(*near) + u16::from(*far);
    // The first and the last sum replace their missing neighbours.
    sums.clear();
    sums.extend(near.iter().zip(far).take(1).map(sum));
    sums.extend(near.iter().zip(far).map(sum));
    sums.extend(near.iter().zip(far).skip(near.len() - 1).map(sum));
    for (pair, sums) in space.chunks_exact_mut(2).zip(sums.windows(3)) {
        pair[0] = ((3 * sums[1] + sums[0] + 8) >> 4) as u8;
        pair[1] = ((3 * sums[1] + sums[2] + 7) >> 4) as u8;
    }
}

/// The picture of these components.
pub(super) fn pixels(planes: &[Plane], colors: Colors, (width, height): (usize, usize)) -> Pixels {
    let channels = planes.len();
    let mut out = vec![0; width * height * channels];
    // Enough rows to be worth a task.
    let rows = ((1 << 16) / (width * channels)).max(1);
    out.par_chunks_mut(width * channels * rows).enumerate().for_each(|(index, out)| {
        // Enlarged rows may be longer than the picture's.
        let (mut spaces, mut sums) = (vec![vec![0; width + 8]; channels], Vec::with_capacity(width));
        for (y, out) in (index * rows..).zip(out.chunks_exact_mut(width * channels)) {
            let parts = planes.iter().zip(&mut spaces);
            wide(|| {
                let rows: Vec<&[u8]> =
                    parts.map(|(plane, space)| &plane.enlarged(y, &mut sums, space)[..width]).collect();
                join(&rows, colors, out);
            });
        }
    });
    match colors {
        Colors::Gray => Pixels::Gray(out),
        Colors::Rgb | Colors::YCbCr => Pixels::Rgb(out),
        Colors::Cmyk | Colors::Ycck => Pixels::Inks(out),
    }
}

/// A row of pixels from its components' rows. In the output, zero means no ink: Adobe stores light instead of ink, all
/// other software does the same, and YCCK is that with the first three samples converted to YCbCr.
#[inline(always)]
fn join(rows: &[&[u8]], colors: Colors, out: &mut [u8]) {
    match (colors, rows) {
        (Colors::YCbCr, [y, cb, cr]) => join_rgb(y, cb, cr, out),
        (Colors::Ycck, [y, cb, cr, k]) => {
            for ((((pixel, y), cb), cr), k) in out.chunks_exact_mut(4).zip(*y).zip(*cb).zip(*cr).zip(*k) {
                // What JFIF would call R, G, B is the ink.
                pixel[..3].copy_from_slice(&rgb(*y, *cb, *cr));
                pixel[3] = 255 - k;
            }
        }
        _ => {
            let turn = if colors == Colors::Cmyk { 255 } else { 0 };
            for (channel, row) in rows.iter().enumerate() {
                for (pixel, sample) in out.chunks_exact_mut(rows.len()).zip(*row) {
                    pixel[channel] = sample ^ turn;
                }
            }
        }
    }
}

/// A few pixels at a time, since compilers vectorise the loop if the samples need not be interleaved yet.
#[inline(always)]
fn join_rgb(y: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    const FEW: usize = 32;
    let (pixels, last_pixels) = out.as_chunks_mut::<{ 3 * FEW }>();
    let ((y, last_y), (cb, last_cb), (cr, last_cr)) =
        (y.as_chunks::<FEW>(), cb.as_chunks::<FEW>(), cr.as_chunks::<FEW>());
    for (((pixels, y), cb), cr) in pixels.iter_mut().zip(y).zip(cb).zip(cr) {
        let (mut red, mut green, mut blue) = ([0; FEW], [0; FEW], [0; FEW]);
        for place in 0..FEW {
            [red[place], green[place], blue[place]] = rgb(y[place], cb[place], cr[place]);
        }
        for (place, pixel) in pixels.chunks_exact_mut(3).enumerate() {
            pixel.copy_from_slice(&[red[place], green[place], blue[place]]);
        }
    }
    for (((pixel, y), cb), cr) in last_pixels.chunks_exact_mut(3).zip(last_y).zip(last_cb).zip(last_cr) {
        pixel.copy_from_slice(&rgb(*y, *cb, *cr));
    }
}

/// JFIF's colours with 16 bits behind the point: R = Y + 1.402 Cr, G = Y - 0.34414 Cb - 0.71414 Cr, B = Y + 1.772 Cb.
/// The factors' whole parts are added apart, so that the rest has 16 bits.
#[inline(always)]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let [y, cb, cr] = [i16::from(y), i16::from(cb) - 128, i16::from(cr) - 128];
    let part = |of_cb: i16, of_cr: i16| {
        ((i32::from(cb) * i32::from(of_cb) + i32::from(cr) * i32::from(of_cr) + HALF) >> 16) as i16
    };
    let red = y + cr + part(0, 26_345);
    let green = y - cr + part(-22_554, 18_734);
    let blue = y + 2 * cb + part(-14_942, 0);
    let sample = |value: i16| value.clamp(0, 255) as u8;
    [sample(red), sample(green), sample(blue)]
}
