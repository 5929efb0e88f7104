//! The places of a cut-out that are worth a closer look.

use packshot::{Matte, Rect};

/// Side of a place, in pixels of the photo.
pub(super) const SIDE: u32 = 64;

/// Up to three places that do not overlap: where the last matte is softest, where it differs most from the first, and where
/// the second does; where nothing differs, the next softest.
pub(super) fn find(mattes: &[&Matte]) -> Vec<Rect> {
    let [off, fast, fine] = mattes else { return Vec::new() };
    let differ = |a: &Matte, b: &Matte, at: usize| u64::from(a.alpha()[at].abs_diff(b.alpha()[at]));
    let soft = |at: usize| {
        let alpha = u64::from(fine.alpha()[at]);
        alpha * (255 - alpha) / 64
    };
    let mut found: Vec<Rect> = Vec::new();
    best(fine, &mut found, soft);
    for other in [fine, fast] {
        if !best(fine, &mut found, |at| differ(other, off, at)) {
            best(fine, &mut found, soft);
        }
    }
    found
}

/// Adds the place with the largest sum of `value`; false if that is 0 everywhere.
fn best(matte: &Matte, found: &mut Vec<Rect>, value: impl Fn(usize) -> u64) -> bool {
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
            if sum > top.map_or(0, |(best, _)| best) {
                top = Some((sum, place));
            }
        }
    }
    found.extend(top.map(|(_, place)| place));
    top.is_some()
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
        (0..40).for_each(|y| alpha[(20 + y) * 400 + 20..][..40].fill(100));
        let blocks = Matte::new(400, 300, alpha).unwrap();
        let spots = find(&[&flat, &flat, &blocks]);
        assert!(spots[0].contains(40, 40), "the softest comes first: {spots:?}");
        assert!(spots[1].contains(320, 220), "then what differs most: {spots:?}");
        assert!(spots[0].intersect(spots[1]).is_none());
    }

    #[test]
    fn a_tiny_picture_is_one_place() {
        let tiny = Matte::new(3, 2, vec![90; 6]).unwrap();
        assert_eq!(find(&[&tiny, &tiny, &tiny]).len(), 1);
    }
}
