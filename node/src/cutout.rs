//! Cut-outs on their way to JavaScript.

use napi::bindgen_prelude::Env;
use napi_derive::napi;
use packshot::BackendReport;

use crate::photo::Photo;

/// `lib/cutout.ts` makes a `Cutout` of it.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Cutout {
    pub photo: Photo,
    pub matte: Photo,
    pub trimap: Option<Photo>,
    pub subject: Option<Rect>,
    pub frame: Rect,
    pub instances: Vec<Instance>,
    pub confidence: f64,
    pub halo: f64,
    pub ran: Ran,
}

#[napi(object, object_from_js = false)]
pub struct Rect {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl From<packshot::Rect> for Rect {
    fn from(packshot::Rect { left, top, width, height }: packshot::Rect) -> Self {
        Self { left, top, width, height }
    }
}

#[napi(object, object_from_js = false)]
pub struct Instance {
    pub bounds: Rect,
    pub area: f64,
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Ran {
    pub model: Option<String>,
    pub backend: Option<Backend>,
    pub stages: Vec<StageTime>,
    pub notes: Vec<Note>,
}

#[napi(object, object_from_js = false)]
#[derive(Clone)]
pub struct Note {
    pub code: &'static str,
    pub text: String,
}

impl From<packshot::Note> for Note {
    fn from(note: packshot::Note) -> Self {
        Self { code: note.code.as_str(), text: note.text }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Backend {
    pub name: &'static str,
    pub version: Option<String>,
    pub library: Option<String>,
    pub reason: String,
}

impl From<BackendReport> for Backend {
    fn from(report: BackendReport) -> Self {
        let library = report.library.map(|path| path.display().to_string());
        Self { name: report.name, version: report.version, library, reason: report.reason }
    }
}

#[napi(object, object_from_js = false)]
pub struct StageTime {
    pub stage: &'static str,
    pub milliseconds: f64,
}

impl Cutout {
    pub(crate) fn shown(env: &Env, cutout: packshot::Cutout) -> napi::Result<Self> {
        let packshot::Cutout { photo, facts, ran } = cutout;
        let packshot::CutoutFacts { matte, trimap, subject, frame, instances, confidence, halo } = facts;
        let instance =
            |instance: packshot::Instance| Instance { bounds: instance.bounds.into(), area: instance.area as f64 };
        Ok(Self {
            photo: Photo::shown(env, photo)?,
            matte: Photo::shown(env, matte.into_photo())?,
            trimap: trimap.map(|trimap| Photo::shown(env, trimap.into_photo())).transpose()?,
            subject: subject.map(Rect::from),
            frame: frame.into(),
            instances: instances.into_iter().map(instance).collect(),
            confidence: f64::from(confidence),
            halo: f64::from(halo),
            ran: ran.into(),
        })
    }
}

impl From<packshot::Ran> for Ran {
    fn from(ran: packshot::Ran) -> Self {
        let stage = |(stage, time): (packshot::Stage, std::time::Duration)| StageTime {
            stage: stage.as_str(),
            milliseconds: time.as_secs_f64() * 1000.0,
        };
        Self {
            model: ran.model,
            backend: ran.backend.map(Backend::from),
            stages: ran.stages.into_iter().map(stage).collect(),
            notes: ran.notes.into_iter().map(Note::from).collect(),
        }
    }
}
