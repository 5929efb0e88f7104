//! The places of a cut-out that are worth a closer look.

use packshot::{Matte, Rect};

/// Side of a place, in pixels of the photo.
pub(super) const SIDE: u32 = 64;

/// Three places that do not overlap, as far as the picture has room: where the last matte is softest, where it differs
/// most from the first, and where the second differs most from the first.
pub(super) fn find(mattes: &[&Matte]) -> Vec<Rect> {
    let [off, fast, fine] = mattes else { return Vec::new() };
    let differ = |a: &Matte, b: &Matte, at: usize| u64::from(a.alpha()[at].abs_diff(b.alpha()[at]));
    let soft = |at: usize| {
        let alpha = u64::from(fine.alpha()[at]);
        alpha * (255 - alpha) / 64
    };
    let mut found: Vec<Rect> = Vec::new();
    best(fine, &mut found, soft);
    best(fine, &mut found, |at| differ(fine, off, at));
    best(fine, &mut found, |at| differ(fast, off, at));
    found
}

fn best(matte: &Matte, found: &mut Vec<Rect>, value: impl Fn(usize) -> u64) {
    let (width, height) = (matte.width(), matte.height());
    let side = SIDE.min(width).min(height);
    let step = (side / 2).max(1);
    let mut top: Option<(u64, Rect)> = None;
    for y in (0..=height - side).step_by(step as usize) {
        for x in (0..=width - side).step_by(step as usize) {
            let place = Rect { left: x, top: y, width: side, height: side };
            if found.iter().any(|other| other.intersect(place).is_some()) {
                continue;
            }
            // Every second pixel of every second row is enough to tell places apart.
            let rows = (y..y + side).step_by(2);
            let sum =
                rows.flat_map(|y| (x..x + side).step_by(2).map(move |x| (y * width + x) as usize)).map(&value).sum();
            if top.is_none_or(|(best, _)| sum > best) {
                top = Some((sum, place));
            }
        }
    }
    found.extend(top.map(|(_, place)| place));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]
mod tests {
    use super::*;

    #[test]
    fn the_place_that_differs_is_found_and_places_do_not_overlap() {
        let flat = Matte::new(400, 300, vec![0; 120_000]).unwrap();
        let mut alpha = vec![0; 120_000];
        (0..40).for_each(|y| alpha[(200 + y) * 400 + 300..][..40].fill(255));
        let block = Matte::new(400, 300, alpha).unwrap();
        let spots = find(&[&flat, &flat, &block]);
        assert_eq!(spots.len(), 3);
        assert!(spots.iter().any(|spot| spot.contains(320, 220)));
        assert!(spots[0].intersect(spots[1]).is_none() && spots[1].intersect(spots[2]).is_none());
    }

    #[test]
    fn a_tiny_picture_is_one_place() {
        let tiny = Matte::new(3, 2, vec![9; 6]).unwrap();
        assert!(!find(&[&tiny, &tiny, &tiny]).is_empty());
    }
}
