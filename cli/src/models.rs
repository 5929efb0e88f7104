//! `packshot models …`

use std::sync::{Arc, Mutex};

use packshot::api::path_text;
use packshot::models::{ModelState, Store};
use packshot::{Result, Run};
use serde_json::json;

use crate::args::{Global, Models};
use crate::command::engine;
use crate::exit;
use crate::say::{Voice, failure};

pub(crate) fn run(action: &Models, global: &Global, voice: Voice) -> Result<u8> {
    let engine = engine(global)?;
    let store = engine.store();
    match action {
        Models::List => list(store, voice),
        Models::Pull { ids } => each(ids, voice, |id| pull(store, id, voice)),
        Models::Verify { ids } if ids.is_empty() => each(&present(store), voice, |id| verify(store, id, voice)),
        Models::Verify { ids } => each(ids, voice, |id| verify(store, id, voice)),
        Models::Remove { ids } => each(ids, voice, |id| {
            let removed = store.remove(id)?;
            voice.event(&json!({ "event": "remove", "ok": true, "id": id, "removed": removed }));
            voice.text(&format!("{id}: {}", if removed { "removed" } else { "was not installed" }));
            Ok(())
        }),
        Models::Path { id } => {
            let path = match id {
                Some(id) => store.path(id)?,
                None => store.folder()?,
            };
            voice.event(&json!({ "event": "path", "path": path_text(&path) }));
            voice.text(&path.display().to_string());
            Ok(exit::DONE)
        }
    }
}

/// Continues after a failure, so that one bad id does not hide the others.
fn each(ids: &[String], voice: Voice, action: impl Fn(&str) -> Result<()>) -> Result<u8> {
    let mut failed = 0;
    for id in ids {
        if let Err(error) = action(id) {
            failed += 1;
            if voice.json {
                let mut line = failure("model", &error);
                line["id"] = json!(id);
                voice.event(&line);
            } else {
                voice.error(&error);
            }
        }
    }
    Ok(match failed {
        0 => exit::DONE,
        n if n == ids.len() => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    })
}

fn present(store: &Store) -> Vec<String> {
    store.list().into_iter().filter(|model| model.state == ModelState::Present).map(|model| model.id).collect()
}

fn list(store: &Store, voice: Voice) -> Result<u8> {
    voice.text(&format!("{:<30} {:<9} {:>9}  {:<18} {:<18} FOR", "MODEL", "INSTALLED", "SIZE", "TASK", "LICENCE"));
    for (entry, status) in store.registry().iter().zip(store.list()) {
        let here = match status.state {
            ModelState::Embedded => "built in",
            ModelState::Present => "yes",
            ModelState::Damaged => "damaged",
            ModelState::Absent if entry.files.is_empty() => "as file",
            ModelState::Absent => "no",
        };
        voice.event(&json!({
            "event": "model", "id": entry.id, "task": entry.task, "title": entry.title, "state": here, "licence": entry.licence,
            "commercial": entry.commercial, "training_data": entry.training_data, "source": entry.source,
            "bytes": Some(status.bytes).filter(|bytes| *bytes > 0),
        }));
        let mark = if entry.commercial { "" } else { " (!)" };
        let licence = format!("{}{mark}", entry.licence);
        let task = entry.task.to_string();
        let size = megabytes(status.bytes);
        voice.text(&format!("{:<30} {here:<9} {size:>9}  {task:<18} {licence:<18} {}", entry.id, entry.title));
    }
    voice.text("\n(!) not for commercial use: needs --allow-noncommercial. Download a model: packshot models pull ID");
    voice.text("as file: not published as ONNX; convert your own, and use it with --model FILE --like ID");
    Ok(exit::DONE)
}

/// `2.5 MB`, or nothing for an unknown size.
fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    match bytes {
        0 => String::new(),
        _ if megabytes < 9.95 => format!("{megabytes:.1} MB"),
        _ => format!("{megabytes:.0} MB"),
    }
}

fn pull(store: &Store, id: &str, voice: Voice) -> Result<()> {
    let bar = voice.bar(100, "%");
    bar.set_message(id.to_owned());
    let shared = bar.clone();
    let last = Arc::new(Mutex::new(-1_i64));
    let run = Run::default().cancelled_by(&crate::batch::interrupt()).reporting_to(move |progress| {
        let percent = (progress.fraction * 100.0) as i64;
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if percent > *last {
            *last = percent;
            shared.set_position(percent.unsigned_abs());
        }
    });
    let pulled = store.pull(id, &run);
    bar.finish_and_clear();
    let path = pulled?;
    voice.event(&json!({ "event": "pull", "ok": true, "id": id, "path": path_text(&path) }));
    voice.text(&format!("{id}: {}", path.display()));
    Ok(())
}

fn verify(store: &Store, id: &str, voice: Voice) -> Result<()> {
    store.verify(id)?;
    voice.event(&json!({ "event": "verify", "ok": true, "id": id }));
    voice.text(&format!("{id}: ok"));
    Ok(())
}
