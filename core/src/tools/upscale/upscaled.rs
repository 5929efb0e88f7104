use crate::photo::Photo;
use crate::tools::Ran;

/// What [`Engine::upscale`](crate::Engine::upscale) gives back.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Upscaled {
    /// The larger photo, with the depth, channels, profile and metadata of the one that came in.
    pub photo: Photo,
    /// By what factor both sides are larger, before they were rounded to whole pixels: 1 if nothing had to be done.
    pub scale: f64,
    /// What did the work; without a model if nothing had to be done.
    pub ran: Ran,
}
