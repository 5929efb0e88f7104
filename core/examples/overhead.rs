//! The Rust half of the benchmarks of the bindings: does the same work as they do, each time it is asked to, so that both
//! are measured in turns on the same machine.
//!
//! ```sh
//! cargo run --release -p packshot --example overhead -- PHOTO
//! ```
//!
//! Each line `bytes` cuts out the photo from its file's bytes to a PNG's, each line `pixels` from raw pixels to raw pixels;
//! the answer is a line with the milliseconds it took. The backend is rten.

use std::io::{BufRead, Write};
use std::time::Instant;

use packshot::{Backend, EncodeOptions, Engine, ImageFormat, Photo, RemoveBackground, Samples};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("give a photo")?;
    let engine = Engine::builder().backend(Backend::Rten).build()?;
    let (bytes, settings) = (std::fs::read(&path)?, RemoveBackground::default());
    let photo = Photo::decode(&bytes)?;
    let (width, height, channels) = (photo.width(), photo.height(), photo.channels());
    let pixels = photo.as_u8().ok_or("give a photo with 8 bits")?.to_vec();
    for line in std::io::stdin().lock().lines() {
        let begin = Instant::now();
        let size = match line?.as_str() {
            "bytes" => {
                let cutout = engine.remove_background(bytes.clone(), &settings)?;
                cutout.photo.encode(&EncodeOptions::new(ImageFormat::Png))?.len()
            }
            "pixels" => {
                let photo = Photo::new(width, height, channels, pixels.clone())?;
                let Samples::U8(samples) = engine.remove_background(photo, &settings)?.photo.into_samples() else {
                    return Err("the cut-out of an 8-bit photo has 8 bits".into());
                };
                samples.len()
            }
            other => return Err(format!("`{other}` is neither bytes nor pixels").into()),
        };
        let time = begin.elapsed();
        println!("{:.3} {size}", time.as_secs_f64() * 1000.0);
        std::io::stdout().flush()?;
    }
    Ok(())
}
