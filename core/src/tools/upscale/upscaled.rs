use crate::tools::ToolResult;
use crate::tools::facts::facts;

/// What [`Engine::upscale`](crate::Engine::upscale) gives back: the larger photo, with the depth, channels, profile and
/// metadata of the one that came in.
pub type Upscaled = ToolResult<UpscaleFacts>;

packshot_api::upscaled! { facts UpscaleFacts UPSCALED }
