//! Cuts out one photo: `cargo run --release --example cutout -- shoe.jpg shoe.png`

use packshot::{Engine, RemoveBackground};

fn main() -> packshot::Result<()> {
    let mut words = std::env::args().skip(1);
    let input = words.next().unwrap_or_else(|| "examples/photos/rendered-mug.jpg".to_owned());
    let output = words.next().unwrap_or_else(|| "mug.png".to_owned());

    let engine = Engine::new()?;
    let cutout = engine.remove_background(input.as_str(), &RemoveBackground::default())?;
    cutout.photo.save(&output)?;

    println!("{output}: {:.0} % sure, subject at {:?}", cutout.confidence * 100.0, cutout.subject);
    Ok(())
}
