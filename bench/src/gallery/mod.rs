//! `cargo xtask gallery`: a page with every photo at hand, cut out with every edge mode, to be looked at.
//!
//! What a number cannot say, an eye can: each cut-out stands on white, black, green and a checker, and the three places
//! where the edge is softest or where the modes differ most are shown pixel by pixel. The worst come first.

mod page;
mod spots;

use std::path::{Path, PathBuf};
use std::time::Duration;

use packshot::{
    Cutout, DescriptorSource, Edges, EncodeOptions, Engine, ImageFormat, Matte, ModelChoice, Photo, RemoveBackground,
    Stage,
};

use crate::inputs::Inputs;
use crate::metrics;
use crate::serve::Fault;

/// Longest side of a whole picture on the page, in pixels.
const SIDE: u32 = 360;

const MODES: [(&str, Edges); 3] = [("off", Edges::Off), ("fast", Edges::Fast), ("fine", Edges::Fine)];

/// A photo, what to cut it out with, and its true alpha if that is known.
struct Exhibit {
    name: String,
    photo: PathBuf,
    truth: Option<PathBuf>,
    /// A model of the test data instead of the embedded one.
    model: Option<PathBuf>,
}

/// What one mode made of an exhibit.
struct Result {
    mode: &'static str,
    cutout: Cutout,
    took: Duration,
    /// Mean absolute error of alpha.
    error: Option<f64>,
}

/// Writes the page and its pictures into `folder`, and returns the page's path.
pub(crate) fn run(folder: &Path, inputs: &Inputs) -> std::result::Result<PathBuf, Fault> {
    std::fs::create_dir_all(folder)?;
    let engine = Engine::new()?;
    let mut articles = Vec::new();
    let exhibits = exhibits(inputs)?;
    for (number, exhibit) in exhibits.iter().enumerate() {
        eprintln!("{} of {}: {}", number + 1, exhibits.len(), exhibit.name);
        // A photo that cannot be shown is a line on the page, not the end of it.
        articles.push(show(&engine, exhibit, number, folder).unwrap_or_else(|fault| page::Article {
            badness: f64::INFINITY,
            html: page::failure(&exhibit.name, &fault),
        }));
    }
    articles.sort_by(|a, b| b.badness.total_cmp(&a.badness));
    let path = folder.join("index.html");
    std::fs::write(&path, page::page(&articles))?;
    Ok(path)
}

/// The photos of the repository, and those of the test data.
fn exhibits(inputs: &Inputs) -> std::result::Result<Vec<Exhibit>, Fault> {
    let mut all = Vec::new();
    let mut folder = |path: PathBuf, group: &str| -> std::result::Result<(), Fault> {
        let mut files: Vec<_> =
            std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
        files.sort();
        for photo in files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "jpg" || end == "jpeg"))
        {
            let stem = photo.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let truth = Some(photo.with_file_name(format!("{stem}.alpha.png"))).filter(|truth| truth.exists());
            all.push(Exhibit { name: format!("{group} / {stem}"), photo, truth, model: None });
        }
        Ok(())
    };
    folder(inputs.root.join("examples/photos"), "examples")?;
    folder(inputs.root.join("models/testdata/renders"), "renders")?;
    for group in ["products", "shop", "rembg"] {
        match inputs.data(&format!("images/{group}")) {
            Ok(path) => folder(path, group)?,
            Err(why) => eprintln!("left out: {why}"),
        }
    }
    match (inputs.data("images/pymatting"), inputs.data("models/u2netp-fp16.onnx")) {
        (Ok(lemur), Ok(model)) => all.push(Exhibit {
            name: "pymatting / lemur".to_owned(),
            photo: lemur.join("lemur.png"),
            truth: Some(lemur.join("lemur_alpha.png")),
            model: Some(model),
        }),
        (Err(why), _) | (_, Err(why)) => eprintln!("left out: {why}"),
    }
    Ok(all)
}

fn show(engine: &Engine, exhibit: &Exhibit, number: usize, folder: &Path) -> std::result::Result<page::Article, Fault> {
    let photo = Photo::open(&exhibit.photo)?;
    let truth = exhibit.truth.as_ref().map(|path| Ok::<Matte, Fault>(Photo::open(path)?.to_matte())).transpose()?;
    let model = match &exhibit.model {
        Some(path) => ModelChoice::File { path: path.clone(), descriptor: DescriptorSource::Like("u2netp".into()) },
        None => ModelChoice::Embedded,
    };
    let mut results = Vec::new();
    for (mode, edges) in MODES {
        let settings = RemoveBackground { model: model.clone(), edges, ..RemoveBackground::default() };
        let cutout = engine.remove_background(&photo, &settings)?;
        let took = cutout.ran.stages.iter().filter(|(stage, _)| *stage == Stage::Edges).map(|(_, time)| *time).sum();
        let error = truth
            .as_ref()
            .map(|truth| metrics::sad(cutout.matte.alpha(), truth.alpha()) * 1000.0 / truth.alpha().len() as f64);
        results.push(Result { mode, cutout, took, error });
    }
    let spots = spots::find(&results.iter().map(|result| &result.cutout.matte).collect::<Vec<_>>());

    let write = |name: String, photo: &Photo, format: ImageFormat| -> std::result::Result<String, Fault> {
        let name = format!("{number:02}-{name}.{}", format.extension());
        std::fs::write(folder.join(&name), photo.encode(&EncodeOptions::new(format).quality(90))?)?;
        Ok(name)
    };
    let mut files = page::Files {
        before: write("before".into(), &photo.fit_within(2 * SIDE, 2 * SIDE)?, ImageFormat::Jpeg)?,
        modes: Vec::new(),
    };
    for result in &results {
        let cutout = &result.cutout.photo;
        let whole = write(result.mode.into(), &cutout.fit_within(SIDE, SIDE)?, ImageFormat::Webp)?;
        let details = spots
            .iter()
            .enumerate()
            .map(|(index, spot)| write(format!("{}-{index}", result.mode), &cutout.crop(*spot)?, ImageFormat::Png));
        files.modes.push((whole, details.collect::<std::result::Result<_, _>>()?));
    }
    // What has a reference is judged by it; of the rest, a halo is the best sign of trouble.
    let fast = &results[1];
    let badness = fast.error.map_or(f64::from(fast.cutout.halo) / 100.0, |error| error);
    Ok(page::Article { badness, html: page::article(&exhibit.name, &photo, &results, &spots, &files) })
}
