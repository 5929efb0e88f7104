//! A folder of photos through a recipe.

use std::fs;
use std::path::Path;

use packshot::{Backend, Engine, Recipe, api};

use crate::serve::Fault;

/// Cuts the photos of a folder out, onto white; answers with the first file. Nothing of a round is there in the next.
pub(super) fn folder(
    model: &str,
    folder: &str,
    edges: &str,
    workers: &str,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::OnnxRuntime).build()?;
    let recipe = Recipe::new(serde_json::from_value(serde_json::json!({
        "schema": "packshot.recipe/1",
        "steps": [
            { "remove_background": {
                "model": { "file": model, "like": "u2netp" },
                "edges": edges, "decontaminate": edges != "off", "background": "white",
            } },
            { "export": { "format": "jpeg", "quality": 90 } },
        ],
    }))?)?;
    let output = Path::new(folder).with_extension("out");
    let batch = api::Batch {
        inputs: vec![folder.into()],
        output: Some(output.clone()),
        workers: workers.parse().ok(),
        ..api::Batch::default()
    };
    Ok(move || {
        if output.exists() {
            fs::remove_dir_all(&output)?;
        }
        let report = engine.batch(&recipe, &batch, |_| ())?;
        if report.failed > 0 {
            return Err(format!("{} photos failed", report.failed).into());
        }
        Ok(fs::read(output.join("00.jpg"))?)
    })
}
