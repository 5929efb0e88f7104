//! Notes on settings of a cut-out that had no effect.

use super::{RemoveBackground, has_colors};
use crate::inference::BackendReport;
use crate::note::Note;
use crate::photo::Trimap;
use crate::tools::fallback;

/// `kept`: the edge of the caller's mask stayed as it was; `ran`: the model and its backend, if one ran.
pub(super) fn of(settings: &RemoveBackground, kept: bool, ran: Option<(&str, &BackendReport)>) -> Vec<Note> {
    let mut notes = Vec::new();
    if !settings.decontaminate && !has_colors(settings.output) {
        let why = format!("the output `{}` shows no colours of the photo", settings.output.as_str());
        notes.push(Note::ignored("decontaminate", why));
    }
    if settings.snap && settings.crop.is_none() {
        notes.push(Note::ignored("snap", "without a crop there is no margin"));
    }
    if kept {
        notes.push(Note::ignored("edges", "the edge of the mask is as sharp as the photo, and `fast` keeps it"));
    }
    let sure = |trimap: &Trimap| !trimap.samples().contains(&Trimap::UNKNOWN);
    if settings.trimap.as_ref().is_some_and(sure) {
        let why = "no pixel of the trimap is unknown";
        notes.push(Note::ignored("edges", why));
        if settings.mask.is_some() {
            notes.push(Note::ignored("mask", why));
        }
    }
    notes.extend(ran.and_then(|(model, backend)| fallback(model, backend)));
    notes
}
