//! Cuts out every photo of a folder, shows progress, and stops at Ctrl-C:
//! `cargo run --release --example folder -- photos out`

use std::path::{Path, PathBuf};

use packshot::{CancelToken, Code, Edges, Engine, RemoveBackground};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().unwrap_or_else(|| "examples/photos".to_owned());
    let out = PathBuf::from(words.next().unwrap_or_else(|| "out".to_owned()));
    std::fs::create_dir_all(&out)?;

    let cancel = CancelToken::new();
    let stop = cancel.clone();
    ctrlc::set_handler(move || stop.cancel())?;

    let engine = Engine::new()?.with_cancel(&cancel);
    let settings = RemoveBackground { edges: Edges::Fine, crop: Some("5%".parse()?), ..RemoveBackground::default() };
    for photo in photos(Path::new(&folder))? {
        let name = photo.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let shown = name.clone();
        let watched = engine.clone().with_progress(move |progress| {
            eprint!("\r{shown}: {:>9} {:>3.0} %", progress.stage.as_str(), progress.fraction * 100.0);
        });
        match watched.remove_background(photo, &settings) {
            Ok(cutout) => {
                cutout.photo.save(out.join(format!("{name}.png")))?;
                eprintln!("\r{name}: {} x {} pixels ", cutout.photo.width(), cutout.photo.height());
            }
            Err(error) if error.code() == Code::Cancelled => {
                eprintln!("\rstopped at {name}          ");
                break;
            }
            // One bad photo does not end the work.
            Err(error) => eprintln!("\r{name}: {error}. {}", error.remedy()),
        }
    }
    Ok(())
}

fn photos(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut photos: Vec<_> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    photos.retain(|path| path.extension().is_some_and(|end| end == "jpg" || end == "png"));
    photos.sort();
    Ok(photos)
}
