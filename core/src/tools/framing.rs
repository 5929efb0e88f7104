//! The frame around a subject: its margin, and what to do where the photo cuts the subject off.

use crate::error::{Code, Error, Result};
use crate::geometry::{Frame, Margin, Rect};
use crate::note::{Note, NoteCode};
use crate::photo::{MAX_PIXELS, Matte};

/// Alpha from which an edge pixel is inside a subject, not on its outline.
const INSIDE: u8 = 224;
/// The share of a subject's side that must lie inside it along the photo's edge: what only touches the edge is whole.
const CUT: f64 = 0.05;

/// One value for each side, in CSS order: top, right, bottom, left.
pub(crate) type Sides<T> = [T; 4];

const SIDES: Sides<&str> = ["top", "right", "bottom", "left"];

/// A subject, and the sides at which its photo cuts it off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) bounds: Rect,
    pub(crate) cut: Sides<bool>,
}

impl Subject {
    /// The subject of `matte`, if there is one.
    pub(crate) fn find(matte: &Matte) -> Option<Self> {
        let bounds = matte.bounds()?;
        let (width, alpha) = (matte.width() as usize, matte.alpha());
        let (x, y) = (bounds.left as usize..bounds.right() as usize, bounds.top as usize..bounds.bottom() as usize);
        let row = |y: usize| is_inside(x.clone().map(|x| alpha[y * width + x]), bounds.width);
        let column = |x: usize| is_inside(y.clone().map(|y| alpha[y * width + x]), bounds.height);
        let cut = [
            bounds.top == 0 && row(0),
            bounds.right() == matte.width() && column(width - 1),
            bounds.bottom() == matte.height() && row(matte.height() as usize - 1),
            bounds.left == 0 && column(0),
        ];
        Some(Self { bounds, cut })
    }

    /// Pixels of `margin` on each side; with `snap`, none where the subject is cut off. A margin of the result is
    /// computed without those sides.
    pub(crate) fn margin(&self, mut margin: Margin, snap: bool) -> Sides<u32> {
        let sides = [&mut margin.top, &mut margin.right, &mut margin.bottom, &mut margin.left];
        for (length, cut) in sides.into_iter().zip(self.cut) {
            if snap && cut {
                *length = packshot_api::Length::Pixels(0.0);
            }
        }
        margin.resolve((self.bounds.width, self.bounds.height))
    }

    /// A note on the sides at which the photo cuts the subject off.
    pub(crate) fn note(&self, snap: bool) -> Option<Note> {
        let names: Vec<_> = SIDES.into_iter().zip(self.cut).filter_map(|(name, cut)| cut.then_some(name)).collect();
        if names.is_empty() {
            return None;
        }
        let sides = names.join(" and ");
        let then = if snap { "it touches the edge of the result there" } else { "`snap` leaves out the margin there" };
        Some(Note::new(NoteCode::SubjectCut, format!("the photo cuts the subject off at the {sides}; {then}")))
    }

    /// A note on the sides at which the photo `whole` ends before `margin` does, other than those that cut the subject off.
    pub(crate) fn clipped(&self, margin: Margin, snap: bool, whole: Rect) -> Option<Note> {
        let Rect { left, top, .. } = self.bounds;
        let room = [top, whole.right() - self.bounds.right(), whole.bottom() - self.bounds.bottom(), left];
        let wanted = self.margin(margin, snap).into_iter().zip(room).zip(self.cut).zip(SIDES);
        let short: Vec<_> = wanted
            .filter(|(((wanted, room), cut), _)| wanted > room && !cut)
            .map(|(((wanted, room), _), side)| format!("{side} {room} of {wanted} px"))
            .collect();
        let sides = short.join(", ");
        let text = format!("the photo ends before the margin does ({sides}); a crop of a cut-out has all of it");
        (!short.is_empty()).then(|| Note::new(NoteCode::MarginClipped, text))
    }
}

/// Whether enough of an edge's pixels lie inside a subject whose side is `side` long.
fn is_inside(edge: impl Iterator<Item = u8>, side: u32) -> bool {
    edge.filter(|&alpha| alpha >= INSIDE).count() as f64 >= (f64::from(side) * CUT).max(1.0)
}

/// Fails if `frame` is larger than the photo `whole` and than a photo may be; `option` made it so.
pub(crate) fn check_size(frame: Frame, whole: Rect, option: &str) -> Result<()> {
    let pixels = |width: u32, height: u32| u64::from(width) * u64::from(height);
    if pixels(frame.width, frame.height) <= MAX_PIXELS.max(pixels(whole.width, whole.height)) {
        return Ok(());
    }
    let message = format!(
        "with this margin the result is {} x {}; it must have at most {MAX_PIXELS} pixels",
        frame.width, frame.height
    );
    Err(Error::new(Code::OptionInvalid, message).with("option", option))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 by 10, opaque inside `rect` except for a softer outline.
    fn matte(rect: Rect, outline: u8) -> Matte {
        let inner = |x: u32, y: u32| x > rect.left && y > rect.top && x + 1 < rect.right() && y + 1 < rect.bottom();
        let alpha = (0..10).flat_map(|y| (0..20).map(move |x| (x, y)));
        let alpha = alpha.map(|(x, y)| match (rect.contains(x, y), inner(x, y)) {
            (_, true) => 255,
            (true, false) => outline,
            _ => 0,
        });
        Matte::new(20, 10, alpha.collect()).unwrap()
    }

    #[test]
    fn a_subject_is_cut_where_its_inside_reaches_the_edge() {
        let cut = |rect, outline| Subject::find(&matte(rect, outline)).unwrap().cut;
        let corner = Rect { left: 0, top: 3, width: 8, height: 7 };
        assert_eq!(cut(corner, 255), [false, false, true, true]);
        assert_eq!(cut(corner, 200), [false; 4], "its outline is there: it is whole");
        assert_eq!(cut(Rect::whole(20, 10), 255), [true; 4]);
        assert_eq!(cut(Rect { left: 1, top: 1, width: 18, height: 8 }, 255), [false; 4]);
    }

    #[test]
    fn snapping_leaves_out_the_margin_of_cut_sides() {
        let subject = Subject::find(&matte(Rect { left: 4, top: 2, width: 10, height: 8 }, 255)).unwrap();
        let tenth = "10% of result".parse().unwrap();
        assert_eq!(subject.margin(tenth, false), [1; 4]);
        assert_eq!(subject.margin("50%".parse().unwrap(), true), [4, 5, 0, 5]);
        let note = subject.note(true).unwrap();
        assert_eq!(note.code, NoteCode::SubjectCut);
        assert!(note.text.contains("at the bottom; it touches"), "{}", note.text);
        assert!(subject.note(false).unwrap().text.contains("`snap`"));
    }
}
