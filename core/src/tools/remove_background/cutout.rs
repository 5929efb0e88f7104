use crate::tools::ToolResult;
use crate::tools::facts::facts;

/// What [`Engine::remove_background`](crate::Engine::remove_background) gives back.
pub type Cutout = ToolResult<CutoutFacts>;

packshot_api::cutout! { facts CutoutFacts CUTOUT }
