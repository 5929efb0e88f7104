use crate::tools::ToolResult;

/// What [`Engine::upscale`](crate::Engine::upscale) gives back: the larger photo, with the depth, channels, profile and
/// metadata of the one that came in.
pub type Upscaled = ToolResult<UpscaleFacts>;

/// What an upscale tells besides the photo.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UpscaleFacts {
    /// By what factor both sides are larger, before they were rounded to whole pixels: 1 if nothing had to be done.
    pub scale: f64,
}
