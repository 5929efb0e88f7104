//! Makes a photo larger: `cargo run --release --example upscale -- shoe.jpg shoe-large.png`

use packshot::{Engine, Target, Upscale};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let photo = words.next().unwrap_or_else(|| "examples/photos/rendered-mug.jpg".to_owned());
    let out = words.next().unwrap_or_else(|| "large.png".to_owned());

    // A little of the noise and the blocks of a JPEG is taken away, too.
    let settings = Upscale { target: Target::Scale(2.0), denoise: Some(0.5), ..Upscale::default() };
    let larger = Engine::new()?.upscale(photo.as_str(), &settings)?;
    larger.photo.save(&out)?;
    println!("{out}: {} x {}", larger.photo.width(), larger.photo.height());
    Ok(())
}
