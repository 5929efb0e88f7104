//! `packshot doctor`: checks this machine, and suggests what to install.

use packshot::api::path_text;
use packshot::models::ModelState;
use packshot::{Backend, Engine, Result};
use serde_json::json;

use crate::args::Global;
use crate::command::engine;
use crate::say::Voice;
use crate::{Host, exit};

pub(crate) fn run(global: &Global, host: Host, voice: Voice) -> Result<u8> {
    let engine = engine(global)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    voice.text(&format!(
        "packshot {}, {} on {}, {threads} cores",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    ));

    voice.text("\nBackends");
    for backend in [Backend::OnnxRuntime, Backend::Rten] {
        match engine.probe(backend) {
            Ok(report) => {
                voice.event(&json!({
                    "event": "backend", "ok": true, "name": report.name, "version": report.version,
                    "library": report.library.as_deref().map(path_text), "reason": report.reason,
                }));
                voice.text(&match report.name {
                    "rten" => "  ✓ rten, built in".to_owned(),
                    _ => format!("  ✓ {report}"),
                });
            }
            Err(error) => {
                let mut line = crate::say::failure("backend", &error);
                line["name"] = json!("onnxruntime");
                voice.event(&line);
                // The places that were tried and searched, each list on its own line.
                let lists = error
                    .to_string()
                    .replace("; tried: ", "\n    tried: ")
                    .replace("; looked in: ", "\n    looked in: ");
                voice.text(&format!("  – onnxruntime: {lists}"));
                voice.text("    Optional: it runs models about twice as fast as rten.");
                voice.text(&format!("    {}", host.ort_advice()));
            }
        }
    }

    models(&engine, voice);
    voice.text("\nFormats");
    voice.text("  read   JPEG, PNG, WebP, TIFF");
    voice.text("  write  PNG, JPEG, WebP, TIFF");
    Ok(exit::DONE)
}

fn models(engine: &Engine, voice: Voice) {
    let store = engine.store();
    voice.text("\nModels");
    match store.folder() {
        Ok(folder) => {
            voice.event(&json!({ "event": "cache", "ok": true, "path": path_text(&folder) }));
            voice.text(&format!("  folder    {}", folder.display()));
        }
        Err(error) => {
            voice.event(&crate::say::failure("cache", &error));
            voice.text(&format!("  folder    none: {error}. {}", error.remedy()));
        }
    }
    let list = store.list();
    for (state, label) in
        [(ModelState::Embedded, "built in"), (ModelState::Present, "installed"), (ModelState::Damaged, "damaged")]
    {
        let ids: Vec<&str> = list.iter().filter(|model| model.state == state).map(|model| model.id.as_str()).collect();
        voice.event(&json!({ "event": "models", "state": label, "ids": ids }));
        if !ids.is_empty() {
            voice.text(&format!("  {label:<10}{}", ids.join(", ")));
        }
    }
    voice.text(if store.offline() { "  network   off" } else { "  network   used by `packshot models pull` only" });
}
