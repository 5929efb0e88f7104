use crate::geometry::Rect;
use crate::ops::components::Instance;
use crate::photo::{Matte, Trimap};
use crate::tools::ToolResult;

/// What [`Engine::remove_background`](crate::Engine::remove_background) gives back.
pub type Cutout = ToolResult<CutoutFacts>;

/// What a cut-out tells besides the photo.
#[derive(Debug, Clone)]
pub struct CutoutFacts {
    /// The matte at the photo's full size, before cropping.
    pub matte: Matte,
    /// Where the edge was worked out, at the photo's full size; `None` with [`Edges::Off`](crate::Edges::Off).
    pub trimap: Option<Trimap>,
    /// The smallest rectangle around everything that is at least half subject, in the photo; `None` if nothing is.
    pub subject: Option<Rect>,
    /// The part of the photo that the result shows.
    pub frame: Rect,
    /// The separate subjects found, largest first; specks below 1/2000 of the photo are not listed.
    pub instances: Vec<Instance>,
    /// How sure the model is, from 0 to 1; see [`Matte::confidence`].
    pub confidence: f32,
    /// How much of the old background is left in the rim, from 0 to 1. Above 0.2 or so a rim shows on another
    /// background: try [`Edges::Fine`](crate::Edges::Fine). Without colours in the result it tells of the photo's own.
    pub halo: f32,
}
