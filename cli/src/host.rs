//! What the command runs in.

/// The program around the command, which decides how its user gets ONNX Runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// The program `packshot`.
    Program,
    /// The Python package.
    Python,
    /// The Node package.
    Node,
}

impl Host {
    /// How to get ONNX Runtime, in a sentence.
    pub(crate) fn ort_advice(self) -> &'static str {
        match self {
            Self::Program => {
                "Get it with `pip install onnxruntime`, then set PACKSHOT_ORT_DYLIB to its libonnxruntime file."
            }
            Self::Python => "Get it with `pip install \"packshot[ort]\"`.",
            Self::Node => "Get it with `npm install onnxruntime-node`, beside packshot.",
        }
    }
}
