use crate::tools::ToolResult;
use crate::tools::facts::facts;

/// The result of [`Engine::upscale`](crate::Engine::upscale): the larger photo, with the depth, channels, profile and
/// metadata of the input.
pub type Upscaled = ToolResult<UpscaleFacts>;

packshot_api::upscaled! { facts UpscaleFacts }
