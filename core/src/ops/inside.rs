//! The inside of a subject: where it is solid, and where the background shows through.
//!
//! Both decisions concern enclosed parts, which are not connected to the outside, and are made by colour: the
//! background around the subject is smoothed and continued over it, and a part that looks like it is a hole.

use super::components::Components;
use super::picture::Picture;
use super::smooth::{Smooth, distance};
use super::spread::spread;

/// An invisible difference of colours, found in every background, however even it looks.
const EVEN: f32 = 0.02 * 0.02;

/// A background that varies by more than this cannot be used to recognise holes.
const BUSY: f32 = 0.08 * 0.08;

/// A hole differs from the subject around it by at least this difference of colours.
const EDGE: f32 = 0.12 * 0.12;

/// Parts below this share of the picture are specks.
const SPECK: f64 = 1.0 / 20_000.0;

/// The pixels that are definitely subject, because they lie deeper than `reach` inside it: neither near the outside nor
/// near an enclosed part that looks like the background. `alpha` is 0 to 1.
pub(crate) fn solid(picture: &Picture, alpha: &[f32], reach: usize) -> Vec<bool> {
    let parts = Parts::of(picture, alpha);
    let mut open: Vec<u8> = parts.outside.iter().map(|&outside| u8::from(outside)).collect();
    for part in &parts.enclosed {
        let hole = parts.backdrop.as_ref().is_none_or(|backdrop| backdrop.resembles(picture, part));
        if hole {
            part.iter().for_each(|stretch| open[stretch.clone()].fill(1));
        }
    }
    spread(open, picture.width, reach).into_iter().map(|open| open == 0).collect()
}

/// The pixels of holes that alpha (0 to 1) misses: enclosed parts of the subject that look like the background outside
/// and differ from the subject around them.
pub(crate) fn holes(picture: &Picture, alpha: &[f32]) -> Vec<bool> {
    let mut found = vec![false; alpha.len()];
    let Some(backdrop) = Parts::of(picture, alpha).backdrop.filter(|backdrop| backdrop.variance < BUSY) else {
        return found;
    };
    let width = picture.width;
    let like: Vec<bool> = (0..alpha.len()).map(|at| backdrop.is_like(picture, at)).collect();
    let least = (alpha.len() as f64 * SPECK).max(8.0) as usize;
    for part in Components::of(width, &like).pixels(width) {
        let area: usize = part.iter().map(ExactSizeIterator::len).sum();
        if area < least || part.iter().any(|stretch| stretch.clone().any(|at| alpha[at] < 0.5)) {
            continue;
        }
        // The pixels at a distance of two to three from the part: beyond the blur of the edge.
        let mut near = vec![0_u8; alpha.len()];
        part.iter().for_each(|stretch| near[stretch.clone()].fill(1));
        let (close, wide) = (spread(near.clone(), width, 1), spread(near, width, 3));
        let rim = (0..alpha.len()).filter(|&at| wide[at] == 1 && close[at] == 0);
        let (sum, count, enclosed) = rim.fold((0.0, 0, true), |(sum, count, enclosed), at| {
            (sum + backdrop.difference(picture, at), count + 1, enclosed && alpha[at] >= 0.5)
        });
        if enclosed && count > 0 && sum / count as f32 >= EDGE.max(4.0 * backdrop.variance) {
            part.iter().for_each(|stretch| found[stretch.clone()].fill(true));
        }
    }
    found
}

type Stretches = Vec<std::ops::Range<usize>>;

/// The pixels that are not subject.
struct Parts {
    /// Pixels connected to the picture's border.
    outside: Vec<bool>,
    enclosed: Vec<Stretches>,
    /// The look of the outside, if there is any.
    backdrop: Option<Backdrop>,
}

impl Parts {
    fn of(picture: &Picture, alpha: &[f32]) -> Self {
        let (width, height) = (picture.width, picture.height);
        let below: Vec<bool> = alpha.iter().map(|&alpha| alpha < 0.5).collect();
        let components = Components::of(width, &below);
        let (mut outside, mut enclosed) = (vec![false; alpha.len()], Vec::new());
        for (instance, part) in components.instances().iter().zip(components.pixels(width)) {
            let bounds = instance.bounds;
            let inside =
                bounds.left > 0 && bounds.top > 0 && bounds.right() < width as u32 && bounds.bottom() < height as u32;
            if inside {
                enclosed.push(part);
            } else {
                part.iter().for_each(|stretch| outside[stretch.clone()].fill(true));
            }
        }
        let backdrop = Backdrop::of(picture, |at| outside[at] && alpha[at] < 0.05);
        Self { outside, enclosed, backdrop }
    }
}

/// The background, continued behind the subject.
struct Backdrop {
    smooth: Smooth,
    /// The mean squared difference between the background and its smoothed version.
    variance: f32,
}

impl Backdrop {
    fn of(picture: &Picture, member: impl Fn(usize) -> bool) -> Option<Self> {
        let smooth = Smooth::of(picture, &member)?;
        let members = (0..picture.pixels.len()).filter(|&at| member(at));
        let (sum, count) = members.fold((0.0_f64, 0_u64), |(sum, count), at| {
            (sum + f64::from(distance(picture.pixels[at], smooth.at(at))), count + 1)
        });
        Some(Self { smooth, variance: (sum / count.max(1) as f64) as f32 })
    }

    fn difference(&self, picture: &Picture, at: usize) -> f32 {
        distance(picture.pixels[at], self.smooth.at(at))
    }

    /// Whether the pixel is within the background's own variation.
    fn is_like(&self, picture: &Picture, at: usize) -> bool {
        self.difference(picture, at) <= EVEN + 6.0 * self.variance
    }

    /// Whether a part as a whole looks like the background.
    fn resembles(&self, picture: &Picture, part: &Stretches) -> bool {
        let all = part.iter().flat_map(Clone::clone);
        let (like, count) =
            all.fold((0, 0), |(like, count), at| (like + usize::from(self.is_like(picture, at)), count + 1));
        2 * like > count
    }
}
