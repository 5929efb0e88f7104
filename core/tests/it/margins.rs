//! Margins around subjects are what was asked for, wherever the photo ends.

use packshot::{
    Backend, Background, Channels, Code, Color, Crop, Cutout, Edges, Engine, Frame, Margin, Matte, NoteCode, Output,
    Photo, Recipe, Rect, RemoveBackground, Result,
};
use proptest::prelude::*;

use crate::common::committed;

const WIDTH: u32 = 100;
const HEIGHT: u32 = 60;

fn engine() -> Engine {
    Engine::builder().backend(Backend::Rten).build().unwrap()
}

/// A red photo, and settings that cut `subject` out of it.
fn cut_out<'a>(subject: Rect, crop: impl Into<Option<&'a str>>, settings: &RemoveBackground) -> Result<Cutout> {
    let photo = Photo::new(WIDTH, HEIGHT, Channels::Rgb, [200_u8, 10, 10].repeat((WIDTH * HEIGHT) as usize))?;
    let alpha = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| if subject.contains(x, y) { 255 } else { 0 }));
    let mask = Some(Matte::new(WIDTH, HEIGHT, alpha.collect())?);
    let crop = crop.into().map(str::parse).transpose()?;
    let settings = RemoveBackground { mask, crop, edges: Edges::Off, ..settings.clone() };
    engine().remove_background(&photo, &settings)
}

/// The bounds of what is not transparent.
fn opaque(photo: &Photo) -> Option<Rect> {
    Matte::new(photo.width(), photo.height(), photo.alpha8()?).ok()?.bounds()
}

#[test]
fn a_product_at_the_edge_of_its_photo_has_its_margin() {
    let hat = Rect { left: 2, top: 0, width: 40, height: 20 };
    let cutout = cut_out(hat, "10% of result", &RemoveBackground::default()).unwrap();
    assert_eq!(cutout.frame, Frame { left: -3, top: -3, width: 50, height: 26 });
    assert_eq!((cutout.photo.width(), cutout.photo.height()), (50, 26));
    assert_eq!(opaque(&cutout.photo), Some(Rect { left: 5, top: 3, width: 40, height: 20 }));
    let on_white = RemoveBackground { background: Background::Color(Color::WHITE), ..RemoveBackground::default() };
    let white = cut_out(hat, "10% of result", &on_white).unwrap().photo;
    assert_eq!(white.channels(), Channels::Rgb);
    assert_eq!(white.as_u8().unwrap()[..3], [255; 3]);
    assert_eq!(white.as_u8().unwrap()[(3 * 50 + 5) * 3..][..3], [200, 10, 10]);
}

#[test]
fn a_background_picture_covers_what_lies_beyond_the_photo() {
    let picture = Photo::new(1, 1, Channels::Rgb, vec![0_u8, 0, 255]).unwrap();
    let settings = RemoveBackground { background: Background::Image(picture), ..RemoveBackground::default() };
    let subject = Rect { left: 80, top: 40, width: 20, height: 20 };
    let photo = cut_out(subject, "30px", &settings).unwrap().photo;
    assert_eq!((photo.width(), photo.height()), (80, 80));
    let samples = photo.as_u8().unwrap();
    assert!(samples.chunks(3).all(|pixel| pixel == [0, 0, 255] || pixel == [200, 10, 10]));
    assert_eq!(samples[samples.len() - 3..], [0, 0, 255]);
}

#[test]
fn every_output_reaches_as_far() {
    let subject = Rect { left: 0, top: 0, width: 10, height: 10 };
    for output in [Output::Alpha, Output::Mask, Output::Foreground, Output::Background, Output::Rgba] {
        let photo = cut_out(subject, "5px", &RemoveBackground { output, ..RemoveBackground::default() }).unwrap().photo;
        assert_eq!((photo.width(), photo.height()), (20, 20), "{output:?}");
        let count = photo.channels().count();
        assert!(photo.as_u8().unwrap()[..count].iter().all(|&sample| sample == 0), "{output:?}");
    }
}

#[test]
fn a_subject_that_the_photo_cuts_off_is_told_and_sticks_to_the_edge_if_asked() {
    let bust = Rect { left: 30, top: 10, width: 40, height: 50 };
    let plain = cut_out(bust, "10%", &RemoveBackground::default()).unwrap();
    assert_eq!(plain.frame, Frame { left: 26, top: 5, width: 48, height: 60 });
    assert!(
        plain.ran.notes.iter().any(|note| note.code == NoteCode::SubjectCut && note.text.contains("at the bottom"))
    );
    let snap = RemoveBackground { snap: true, ..RemoveBackground::default() };
    let stuck = cut_out(bust, "10%", &snap).unwrap();
    assert_eq!(stuck.frame, Frame { left: 26, top: 5, width: 48, height: 55 });
    assert_eq!(opaque(&stuck.photo).unwrap().bottom(), stuck.photo.height());
    let inside = cut_out(Rect { left: 30, top: 10, width: 40, height: 40 }, "10%", &snap).unwrap();
    assert!(inside.ran.notes.is_empty(), "{:?}", inside.ran.notes);
    assert_eq!(inside.frame, Frame { left: 26, top: 6, width: 48, height: 48 });
}

#[test]
fn a_margin_too_large_for_a_photo_is_refused() {
    let error = cut_out(Rect::whole(WIDTH, HEIGHT), "100000%", &RemoveBackground::default()).unwrap_err();
    assert_eq!(error.code(), Code::OptionInvalid);
    assert!(error.to_string().contains("120000000 pixels") && error.to_string().contains("option: crop"), "{error}");
}

#[test]
fn a_crop_of_a_cut_out_reaches_beyond_it_and_of_a_photo_does_not() {
    let subject = Rect { left: 0, top: 20, width: 30, height: 10 };
    let whole = cut_out(subject, None, &RemoveBackground::default()).unwrap().photo;
    let crop = |margin: &str, snap| Crop {
        margin: Some(margin.parse().unwrap()),
        aspect: Some("1:1".parse().unwrap()),
        snap,
        ..Crop::default()
    };
    let square = engine().crop(&whole, &crop("10% of result", false)).unwrap();
    assert_eq!(square.frame, Frame { left: -4, top: 6, width: 38, height: 38 });
    assert_eq!(opaque(&square.photo), Some(Rect { left: 4, top: 14, width: 30, height: 10 }));
    let stuck = engine().crop(&whole, &Crop { aspect: Some("4:1".parse().unwrap()), ..crop("2px", true) }).unwrap();
    assert_eq!((stuck.frame.left, stuck.frame.width), (0, 56), "the photo cuts the subject off at the left");

    let filled = RemoveBackground { background: Background::Color(Color::WHITE), ..RemoveBackground::default() };
    let mug = Photo::open(committed("bindings/cases/photos/mug.jpg")).unwrap();
    let cut =
        engine().remove_background(&mug, &RemoveBackground { crop: Some("2%".parse().unwrap()), ..filled }).unwrap();
    let part = engine().crop(&cut.photo, &crop("20%", false)).unwrap();
    assert!(part.frame.left >= 0 && part.frame.top >= 0, "{:?}", part.frame);
    assert!(part.photo.width() <= cut.photo.width());
    let note =
        part.ran.notes.iter().find(|note| note.code == NoteCode::MarginClipped).expect("that the margin is smaller");
    assert!(note.text.contains(" of ") && note.text.contains(" px"), "{}", note.text);
}

#[test]
fn estimates_leave_room_for_margins() {
    let recipe = |step: &str| Recipe::parse(&format!("schema = \"packshot.recipe/1\"\n[[steps]]\n{step}\n")).unwrap();
    let size = |step: &str| recipe(step).estimate((1000, 500), |_, _, _| 0).steps[0].output;
    assert_eq!(size("remove_background = { crop = \"10% of result\" }"), (1250, 626));
    assert_eq!(size("remove_background = {}"), (1000, 500));
    assert_eq!(size("crop = { margin = 50, aspect = 1 }"), (1100, 1100));
    assert_eq!(size("crop = { margin = 50, aspect = 1, size = 300 }"), (300, 300));
    assert_eq!(size("crop = { aspect = 1 }"), (1000, 500));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Wherever the subject lies: the result is exactly the subject and its margins.
    #[test]
    fn the_margins_are_what_was_asked(
        (left, top) in (0..WIDTH - 1, 0..HEIGHT - 1), (wide, high) in (1..WIDTH, 1..HEIGHT),
        margin in prop_oneof![
            (0..40u32).prop_map(|pixels| format!("{pixels}px {}px", 2 * pixels)),
            (0..40u32).prop_map(|percent| format!("{percent}% {}% 3px 0", percent / 2)),
            (0..40u32).prop_map(|percent| format!("{percent}% of result")),
        ],
    ) {
        let subject = Rect { left, top, width: wide.min(WIDTH - left), height: high.min(HEIGHT - top) };
        let cutout = cut_out(subject, margin.as_str(), &RemoveBackground::default()).unwrap();
        let asked = margin.parse::<Margin>().unwrap().resolve((subject.width, subject.height));
        let (width, height) = (cutout.photo.width(), cutout.photo.height());
        let found = opaque(&cutout.photo).unwrap();
        prop_assert_eq!([found.top, width - found.right(), height - found.bottom(), found.left], asked);
        prop_assert_eq!((found.width, found.height), (subject.width, subject.height));
        prop_assert_eq!(i64::from(cutout.frame.left) + i64::from(found.left), i64::from(subject.left));
    }
}
