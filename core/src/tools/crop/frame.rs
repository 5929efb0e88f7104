//! Computes the rectangle that a crop keeps.

use super::Gravity;
use crate::geometry::{Frame, Rect};
use crate::tools::framing::Sides;

/// The largest rectangle of `aspect` (width over height) inside `bounds`, positioned by `gravity`.
pub(super) fn inscribed(bounds: Rect, aspect: f64, gravity: Gravity, subject: Option<Rect>) -> Rect {
    let (width, height) = largest(bounds, aspect);
    let around = |start: u32, side: u32, inner: u32| f64::from(start) + f64::from(side) / 2.0 - f64::from(inner) / 2.0;
    let (x, y) = match (shares(gravity), subject) {
        (None, Some(subject)) => {
            (around(subject.left, subject.width, width), around(subject.top, subject.height, height))
        }
        (shares, _) => {
            let (x, y) = shares.unwrap_or((0.5, 0.5));
            let (free_x, free_y) = (bounds.width - width, bounds.height - height);
            (f64::from(bounds.left) + x * f64::from(free_x), f64::from(bounds.top) + y * f64::from(free_y))
        }
    };
    placed((x, y), (width, height), bounds)
}

/// The smallest rectangle of `aspect` around `inner`, with `inner` positioned in it by `gravity`. It is moved inside
/// `bounds`; if it is too large for them, it is the largest that fits, with `inner` in its middle.
pub(super) fn circumscribed(inner: Rect, aspect: f64, gravity: Gravity, bounds: Rect) -> Rect {
    let (wide, high) = (f64::from(inner.width), f64::from(inner.height));
    let (width, height) = (wide.max(high * aspect).round(), high.max(wide / aspect).round());
    if width > f64::from(bounds.width) || height > f64::from(bounds.height) {
        return inscribed(bounds, aspect, Gravity::Subject, Some(inner));
    }
    let (x, y) = shares(gravity).unwrap_or((0.5, 0.5));
    let left = f64::from(inner.left) - x * (width - wide);
    let top = f64::from(inner.top) - y * (height - high);
    placed((left, top), (width as u32, height as u32), bounds)
}

/// The smallest frame of `aspect` around `inner`, wherever the photo ends, with `inner` positioned in it by `gravity`. On a
/// side that is `stuck`, `inner` touches the frame, unless the opposite one is stuck too.
pub(super) fn expanded(inner: Frame, aspect: f64, gravity: Gravity, stuck: Sides<bool>) -> Frame {
    let (wide, high) = (f64::from(inner.width), f64::from(inner.height));
    let (width, height) = (wide.max(high * aspect).round(), high.max(wide / aspect).round());
    let [top, right, bottom, left] = stuck;
    let share = |share: f64, start: bool, end: bool| match (start, end) {
        (true, false) => 0.0,
        (false, true) => 1.0,
        _ => share,
    };
    let (x, y) = shares(gravity).unwrap_or((0.5, 0.5));
    let start = |at: i32, share: f64, free: f64| (f64::from(at) - share * free).round() as i32;
    Frame {
        left: start(inner.left, share(x, left, right), width - wide),
        top: start(inner.top, share(y, top, bottom), height - high),
        width: width as u32,
        height: height as u32,
    }
}

/// The shares of the free space that go to the left and above; `None` for [`Gravity::Subject`].
fn shares(gravity: Gravity) -> Option<(f64, f64)> {
    Some(match gravity {
        Gravity::Center => (0.5, 0.5),
        Gravity::Top => (0.5, 0.0),
        Gravity::TopRight => (1.0, 0.0),
        Gravity::Right => (1.0, 0.5),
        Gravity::BottomRight => (1.0, 1.0),
        Gravity::Bottom => (0.5, 1.0),
        Gravity::BottomLeft => (0.0, 1.0),
        Gravity::Left => (0.0, 0.5),
        Gravity::TopLeft => (0.0, 0.0),
        Gravity::Subject => return None,
    })
}

/// Width and height of the largest rectangle of `aspect` inside `bounds`; at least one pixel each.
fn largest(bounds: Rect, aspect: f64) -> (u32, u32) {
    let (wide, high) = (f64::from(bounds.width), f64::from(bounds.height));
    let side = |length: f64, most: u32| (length.round() as u32).clamp(1, most);
    if wide > high * aspect {
        (side(high * aspect, bounds.width), bounds.height)
    } else {
        (bounds.width, side(wide / aspect, bounds.height))
    }
}

/// The rectangle of this size inside `bounds` whose upper left corner is nearest to the wanted one.
fn placed((left, top): (f64, f64), (width, height): (u32, u32), bounds: Rect) -> Rect {
    let within = |at: f64, first: u32, last: u32| (at.round().max(0.0) as u32).clamp(first, last);
    let left = within(left, bounds.left, bounds.right() - width);
    let top = within(top, bounds.top, bounds.bottom() - height);
    Rect { left, top, width, height }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PHOTO: Rect = Rect::whole(300, 200);

    fn rect(left: u32, top: u32, width: u32, height: u32) -> Rect {
        Rect { left, top, width, height }
    }

    #[test]
    fn the_largest_part_of_an_aspect_lies_where_gravity_says() {
        for (aspect, gravity, frame) in [
            (1.0, Gravity::Center, rect(50, 0, 200, 200)),
            (1.0, Gravity::Left, rect(0, 0, 200, 200)),
            (1.0, Gravity::BottomRight, rect(100, 0, 200, 200)),
            (3.0, Gravity::Center, rect(0, 50, 300, 100)),
            (3.0, Gravity::Top, rect(0, 0, 300, 100)),
            (3.0, Gravity::BottomLeft, rect(0, 100, 300, 100)),
            (1.5, Gravity::TopRight, PHOTO),
        ] {
            assert_eq!(inscribed(PHOTO, aspect, gravity, None), frame, "{aspect} {gravity}");
        }
        let subject = |left| inscribed(PHOTO, 1.0, Gravity::Subject, Some(rect(left, 20, 20, 20)));
        assert_eq!([subject(120), subject(0), subject(280)].map(|frame| frame.left), [30, 0, 100]);
    }

    #[test]
    fn the_smallest_part_around_a_subject_keeps_its_place() {
        let subject = rect(100, 50, 60, 30);
        for (aspect, gravity, frame) in [
            (2.0, Gravity::Center, subject),
            (1.0, Gravity::Center, rect(100, 35, 60, 60)),
            (1.0, Gravity::Bottom, rect(100, 20, 60, 60)),
            (4.0, Gravity::Left, rect(100, 50, 120, 30)),
            (4.0, Gravity::Right, rect(40, 50, 120, 30)),
            (0.2, Gravity::Center, rect(110, 0, 40, 200)),
        ] {
            assert_eq!(circumscribed(subject, aspect, gravity, PHOTO), frame, "{aspect} {gravity}");
        }
        assert_eq!(circumscribed(rect(0, 0, 60, 30), 1.0, Gravity::Bottom, PHOTO), rect(0, 0, 60, 60));
    }

    fn part() -> impl Strategy<Value = (Rect, Rect)> {
        (1..400u32, 1..400u32).prop_flat_map(|(width, height)| {
            (0..width, 0..height).prop_flat_map(move |(left, top)| {
                (1..=width - left, 1..=height - top)
                    .prop_map(move |(wide, high)| (Rect::whole(width, height), rect(left, top, wide, high)))
            })
        })
    }

    proptest! {
        #[test]
        fn frames_lie_inside_and_have_the_aspect(
            (bounds, inner) in part(), aspect in 0.02f64..50.0, at in 0..Gravity::ALL.len(),
        ) {
            let gravity = Gravity::ALL[at];
            for frame in [
                inscribed(bounds, aspect, gravity, Some(inner)),
                circumscribed(inner, aspect, gravity, bounds),
            ] {
                prop_assert_eq!(frame.intersect(bounds), Some(frame));
                let (wide, high) = (f64::from(frame.width), f64::from(frame.height));
                let near = (wide - high * aspect).abs() <= 0.5 + 1e-9 || (high - wide / aspect).abs() <= 0.5 + 1e-9;
                prop_assert!(near || frame.width == 1 || frame.height == 1, "{:?} for {}", frame, aspect);
            }
            let around = circumscribed(inner, aspect, gravity, bounds);
            let fits = f64::from(inner.height) * aspect <= f64::from(bounds.width)
                && f64::from(inner.width) / aspect <= f64::from(bounds.height);
            if fits {
                prop_assert_eq!(around.intersect(inner), Some(inner));
            }
        }
    }
}
