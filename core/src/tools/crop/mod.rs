//! Keeps a part of a photo.
//!
//! subject (the photo's own alpha, or a model) -> frame -> crop -> scale down

mod frame;
mod options;
mod settings;

use packshot_api as api;

pub use packshot_api::{Aspect, Gravity};
pub use settings::Crop;

use crate::device::Device;
use crate::error::{Code, Error, Result};
use crate::geometry::{Frame, Rect};
use crate::models::{ModelTask, Registry};
use crate::photo::Photo;
use crate::run::{Run, Stage};
use crate::tools::facts::facts;
use crate::tools::framing::{self, Subject};
use crate::tools::remove_background::{Edges, Output, RemoveBackground};
use crate::tools::{Clock, Pictures, Ran, Tool, ToolResult, Uses};

/// The share of progress for finding the subject.
const SEARCH: f32 = 0.9;

/// The result of [`Engine::crop`](crate::Engine::crop): the part of the photo, with its depth, channels, profile and
/// metadata.
pub type Cropped = ToolResult<CropFacts>;

packshot_api::cropped! { facts CropFacts }

impl Tool for Crop {
    type Options = api::Crop;
    type Facts = CropFacts;

    fn read_with(options: &api::Crop, _: &Pictures) -> Result<Self> {
        Self::read(options)
    }

    fn uses(&self) -> Option<Uses<'_>> {
        let uses = Uses { choice: &self.model, task: ModelTask::RemoveBackground, own: &[Registry::EMBEDDED] };
        self.needs_subject().then_some(uses)
    }

    fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        api::largest_crop(self.margin, self.aspect, from)
    }

    fn run(&self, device: &Device, run: &Run, photo: &Photo) -> Result<Cropped> {
        self.check()?;
        let whole = Rect::whole(photo.width(), photo.height());
        let area = self.area.map_or(Ok(whole), |area| area.resolve(whole.width, whole.height))?;
        let Found { subject, transparent, mut ran } = match self.needs_subject() {
            true => self.look(device, &run.part(0.0, SEARCH), photo)?,
            false => Found::default(),
        };
        run.checkpoint(Stage::Compose, SEARCH)?;
        let mut clock = Clock::after(std::mem::take(&mut ran.stages));
        let frame = self.frame(area, subject.as_ref(), whole, transparent)?;
        framing::check_size(frame, whole, "margin")?;
        let part = photo.framed(frame)?;
        let part = match self.size {
            Some(size) => part.fit_size(size)?,
            None => part,
        };
        clock.lap(Stage::Compose);
        run.checkpoint(Stage::Compose, 1.0)?;
        ran.notes.extend(self.ignored(ran.model.is_some()));
        ran.notes.extend(self.margin.zip(subject.as_ref()).into_iter().flat_map(|(margin, subject)| {
            let clipped = (!transparent).then(|| subject.clipped(margin, self.snap, whole)).flatten();
            subject.note(self.snap).into_iter().chain(clipped)
        }));
        ran.stages = clock.into_laps();
        let subject = subject.map(|subject| subject.bounds);
        Ok(Cropped { photo: part, facts: CropFacts { frame, subject }, ran })
    }
}

impl Crop {
    /// Finds the subject: by alpha in a photo with transparent parts, otherwise by a model.
    fn look(&self, device: &Device, run: &Run, photo: &Photo) -> Result<Found> {
        if let Some(own) = photo.alpha_matte() {
            return Ok(Found { subject: Subject::find(&own), transparent: true, ran: Ran::default() });
        }
        let rough = RemoveBackground {
            model: self.model.clone(),
            output: Output::Alpha,
            edges: Edges::Off,
            ..RemoveBackground::default()
        };
        let cutout = rough.run(device, run, photo)?;
        Ok(Found { subject: Subject::find(&cutout.facts.matte), transparent: false, ran: cutout.ran })
    }

    /// What to keep: of a photo with transparency, the frame may reach beyond it.
    fn frame(&self, area: Rect, found: Option<&Subject>, whole: Rect, transparent: bool) -> Result<Frame> {
        if self.needs_subject() && found.is_none() {
            return Err(Error::new(Code::SubjectMissing, "there is no subject to crop to"));
        }
        let Some((margin, found)) = self.margin.zip(found) else {
            let subject = found.map(|found| found.bounds);
            let inscribed = |aspect: Aspect| frame::inscribed(area, aspect.ratio(), self.gravity, subject);
            return Ok(self.aspect.map_or(area, inscribed).into());
        };
        let margin = found.margin(margin, self.snap);
        let (around, within) = (Frame::around(found.bounds, margin), found.bounds.grow(margin, whole));
        Ok(match (self.aspect, transparent) {
            (None, true) => around,
            (None, false) => within.into(),
            (Some(aspect), true) => {
                let stuck = found.cut.map(|cut| cut && self.snap);
                frame::expanded(around, aspect.ratio(), self.gravity, stuck)
            }
            (Some(aspect), false) => frame::circumscribed(within, aspect.ratio(), self.gravity, whole).into(),
        })
    }
}

/// The subject, and how it was found.
#[derive(Default)]
struct Found {
    subject: Option<Subject>,
    /// By the alpha of the photo.
    transparent: bool,
    ran: Ran,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use crate::models::ModelChoice;
    use crate::photo::{Channels, Samples};

    /// 8 by 6, with samples that name their place, and `alpha` where x is 2 to 4 and y 1 to 3.
    fn photo(alpha: u16) -> Photo {
        let inside = |x: u16, y: u16| (2..=4).contains(&x) && (1..=3).contains(&y);
        let pixel = |x: u16, y: u16| [x * 257, y * 257, if inside(x, y) { alpha } else { 0 }];
        let samples = (0..6).flat_map(|y| (0..8).flat_map(move |x| pixel(x, y))).collect::<Vec<u16>>();
        let rgba = samples.chunks(3).flat_map(|pixel| [pixel[0], pixel[1], 0, pixel[2]]).collect::<Vec<_>>();
        Photo::new(8, 6, Channels::Rgba, Samples::U16(rgba)).unwrap()
    }

    fn crop(photo: Photo, settings: &Crop) -> Result<Cropped> {
        Engine::builder().backend(crate::Backend::Rten).build().unwrap().crop(photo, settings)
    }

    #[test]
    fn a_photo_that_is_transparent_knows_its_subject_without_a_model() {
        let settings = Crop {
            margin: Some("1px".parse().unwrap()),
            model: ModelChoice::Id("u2netp".to_owned()),
            ..Crop::default()
        };
        let cropped = crop(photo(u16::MAX), &settings).unwrap();
        assert_eq!(cropped.subject, Some(Rect { left: 2, top: 1, width: 3, height: 3 }));
        assert_eq!(cropped.frame, Rect { left: 1, top: 0, width: 5, height: 5 });
        assert_eq!((cropped.photo.width(), cropped.photo.height()), (5, 5));
        let Samples::U16(samples) = cropped.photo.samples() else { panic!("the depth is another") };
        assert_eq!(samples[..2], [257, 0], "the first pixel is that of the corner of the frame");
        assert!(cropped.ran.model.is_none());
        assert_eq!(cropped.ran.notes.len(), 1, "that the model was not needed: {:?}", cropped.ran.notes);
        assert!(cropped.ran.notes[0].text.contains("model"), "{:?}", cropped.ran.notes);
    }

    #[test]
    fn the_search_for_the_subject_brings_no_notes_of_its_own() {
        let square = |x: u32, y: u32| (24..40).contains(&x) && (24..40).contains(&y);
        let color = |x, y| if square(x, y) { [200_u8, 40, 40] } else { [240; 3] };
        let samples = (0..64).flat_map(|y| (0..64).flat_map(move |x| color(x, y))).collect::<Vec<_>>();
        let photo = Photo::new(64, 64, Channels::Rgb, samples).unwrap();
        let settings = Crop { margin: Some("0".parse().unwrap()), ..Crop::default() };
        let cropped = crop(photo, &settings).unwrap();
        assert!(cropped.ran.model.is_some() && cropped.ran.notes.is_empty(), "{:?}", cropped.ran);
    }

    #[test]
    fn where_there_is_no_subject_nothing_is_cropped() {
        let settings = Crop { margin: Some("0".parse().unwrap()), ..Crop::default() };
        assert_eq!(crop(photo(0), &settings).unwrap_err().code(), Code::SubjectMissing);
        let around = Crop { aspect: Some("1".parse().unwrap()), gravity: Gravity::Subject, ..Crop::default() };
        assert_eq!(crop(photo(0), &around).unwrap_err().code(), Code::SubjectMissing);
    }

    #[test]
    fn a_size_is_reached_from_above_only() {
        let of = |size: &str| Crop {
            size: Some(size.parse().unwrap()),
            aspect: Some("2:1".parse().unwrap()),
            ..Crop::default()
        };
        let size = |settings: &Crop| {
            let cropped = crop(photo(9), settings).unwrap();
            assert_eq!(cropped.frame, Rect { left: 0, top: 1, width: 8, height: 4 });
            (cropped.photo.width(), cropped.photo.height())
        };
        assert_eq!([size(&of("4")), size(&of("x1")), size(&of("100"))], [(4, 2), (2, 1), (8, 4)]);
    }
}
