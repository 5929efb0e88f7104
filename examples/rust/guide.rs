//! The code of the guide, in Rust: `cargo run --release --example guide`, in a folder with `shoe.jpg` and with photos in
//! `photos`. The site shows the parts between `guide:` and `end`.

use packshot::{Engine, Recipe, Result, api::Batch};

fn main() -> Result<()> {
    first()?;
    options()?;
    larger()?;
    crop()?;
    recipes()?;
    batches()?;
    errors()?;
    models()?;
    load()
}

fn first() -> Result<()> {
    // guide: first
    use packshot::{Engine, RemoveBackground};

    let engine = Engine::new()?; // make one and keep it
    let cutout = engine.remove_background("shoe.jpg", &RemoveBackground::default())?;
    cutout.photo.save("shoe.png")?;
    // end
    Ok(())
}

fn options() -> Result<()> {
    let engine = Engine::new()?;
    // guide: options
    use packshot::{Background, Color, Edges, RemoveBackground};

    let options = RemoveBackground {
        edges: Edges::Fine, // hair, fur, glass
        background: Background::Color(Color::WHITE),
        crop: Some("6% of result".parse()?),
        ..RemoveBackground::default()
    };
    let on_white = engine.remove_background("shoe.jpg", &options)?;
    on_white.photo.save("white.jpg")?;
    println!("{:?}, {:.0} % sure", on_white.subject, on_white.confidence * 100.0);
    // end
    Ok(())
}

fn larger() -> Result<()> {
    let engine = Engine::new()?;
    // guide: larger
    use packshot::{Target, Upscale};

    let options = Upscale { target: Target::Scale(2.0), denoise: Some(0.3), ..Upscale::default() };
    let larger = engine.upscale("shoe.jpg", &options)?;
    larger.photo.save("large.png")?;
    // end
    Ok(())
}

fn crop() -> Result<()> {
    let engine = Engine::new()?;
    // guide: crop
    use packshot::Crop;

    let options = Crop { margin: Some("10%".parse()?), aspect: Some("4:5".parse()?), ..Crop::default() };
    let portrait = engine.crop("shoe.jpg", &options)?;
    portrait.photo.save("portrait.png")?;
    println!("{:?} of the photo, around {:?}", portrait.frame, portrait.subject);
    // end
    Ok(())
}

fn recipes() -> Result<()> {
    let engine = Engine::new()?;
    // guide: recipes
    let recipe = Recipe::preset("white-background")?.with("margin", "8%")?;
    engine.run_recipe("shoe.jpg", &recipe)?.save("shoe-on-white.jpg")?;
    // end
    Ok(())
}

fn batches() -> Result<()> {
    let engine = Engine::new()?;
    let recipe = Recipe::preset("thumbnail")?;
    // guide: batches
    let batch = Batch { inputs: vec!["photos".into()], output: Some("results".into()), ..Batch::default() };
    let report = engine.batch(&recipe, &batch, |event| {
        println!("{} done, {:.1} a second", event.done, event.rate);
    })?;
    println!("{} made, {} made before, {} failed", report.done, report.resumed, report.failed);
    // end
    Ok(())
}

fn errors() -> Result<()> {
    let engine = Engine::new()?;
    // guide: errors
    use packshot::{Code, RemoveBackground};

    match engine.remove_background("nowhere.jpg", &RemoveBackground::default()) {
        Ok(cutout) => cutout.photo.save("cutout.png")?,
        Err(error) if error.code() == Code::FileMissing => println!("{error}. {}", error.remedy()),
        Err(error) => return Err(error),
    }
    // end
    Ok(())
}

fn models() -> Result<()> {
    let engine = Engine::new()?;
    // guide: models
    for model in engine.store().list() {
        println!("{} {} {} bytes", model.id, model.state.as_str(), model.bytes);
    }
    // end
    Ok(())
}

fn load() -> Result<()> {
    // guide: load
    use std::thread;

    use packshot::RemoveBackground;

    let engine = Engine::builder().memory(2_000_000_000).build()?; // for all calls together
    let cut = || engine.remove_background("shoe.jpg", &RemoveBackground::default());
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(cut)))); // as many as you like: they wait in line
    // end
    Ok(())
}
