//! Runs an ONNX model of your own: `cargo run --release --example custom_model -- mine.onnx photo.jpg`
//!
//! The descriptor says how the model wants its input and gives its output. If it works like one that Packshot knows,
//! `DescriptorSource::Like("u2netp".into())` says it all.

use packshot::models::Descriptor;
use packshot::{DescriptorSource, Engine, ModelChoice, RemoveBackground};

const DESCRIPTOR: &str = r#"
[input]
size = { fixed = [384, 384] }        # width, height
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]

[output]
activation = "none"                  # its answer lies between 0 and 1 already
"#;

fn main() -> packshot::Result<()> {
    let mut words = std::env::args().skip(1);
    let model = words.next().unwrap_or_else(|| "models/weights/packshot-matte-2.onnx".to_owned());
    let photo = words.next().unwrap_or_else(|| "examples/photos/rendered-mug.jpg".to_owned());

    let descriptor = DescriptorSource::Given(Box::new(Descriptor::from_toml(DESCRIPTOR)?));
    let settings =
        RemoveBackground { model: ModelChoice::File { path: model.into(), descriptor }, ..RemoveBackground::default() };
    let cutout = Engine::new()?.remove_background(photo.as_str(), &settings)?;
    cutout.photo.save("custom.png")?;

    for (stage, time) in cutout.ran.stages {
        println!("{:>9} {:>6.1} ms", stage.as_str(), time.as_secs_f64() * 1000.0);
    }
    Ok(())
}
