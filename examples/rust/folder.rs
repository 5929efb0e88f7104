//! Puts every photo of a folder through a recipe, shows progress, and stops at Ctrl-C; the same command continues from there:
//! `cargo run --release --example folder -- photos out`

use packshot::api::Batch;
use packshot::{BatchEvent, CancelToken, Code, Engine, Recipe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let photos = words.next().unwrap_or_else(|| "examples/photos".to_owned());
    let out = words.next().unwrap_or_else(|| "out".to_owned());

    let cancel = CancelToken::new();
    let stop = cancel.clone();
    ctrlc::set_handler(move || stop.cancel())?;

    let engine = Engine::new()?.with_cancel(&cancel);
    let recipe = Recipe::preset("transparent-png")?;
    let batch = Batch { inputs: vec![photos.into()], output: Some(out.into()), ..Batch::default() };
    match engine.batch(&recipe, &batch, show) {
        Ok(report) => println!("{} made, {} made before, {} failed", report.done, report.resumed, report.failed),
        Err(error) if error.code() == Code::Cancelled => {
            // The last photo may still be on its way.
            let _ = cancel.wait_until_idle(std::time::Duration::from_secs(10));
            println!("stopped; run the same command to continue");
        }
        Err(error) => return Err(format!("{error}. {}", error.remedy()).into()),
    }
    Ok(())
}

fn show(event: &BatchEvent) {
    let finished = event.done + event.resumed + event.skipped + event.failed;
    let left = event.left.map_or_else(String::new, |seconds| format!(", {seconds:.0} s left"));
    eprintln!(
        "{finished} of {}  {}  {:.1} photos/s{left}",
        event.total.unwrap_or_default(),
        event.item.input.display(),
        event.rate
    );
    // One bad photo does not end the work.
    if let Some(error) = &event.item.error {
        eprintln!("    {}. {}", error.message, error.remedy);
    }
}
