use crate::tools::ToolResult;
use crate::tools::facts::facts;

/// The result of [`Engine::remove_background`](crate::Engine::remove_background).
pub type Cutout = ToolResult<CutoutFacts>;

packshot_api::cutout! { facts CutoutFacts }
