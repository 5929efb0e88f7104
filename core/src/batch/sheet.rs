//! The contact sheet: each photo before and after, on one self-contained page.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use packshot_api::{Existing, path_text, time_text};

use super::event::{BatchItem, BatchReport};
use super::inputs::Input;
use super::stream::Stream;
use crate::error::Result;
use crate::photo::{EncodeOptions, ImageFormat, Photo};

/// Longest side of a thumbnail, in pixels: two thousand photos make a page of some thirty megabytes.
const SIDE: u32 = 240;

/// A page that is written photo by photo; the counts are written last, and the style sheet moves them to the top.
pub(super) struct Sheet(Stream);

impl Sheet {
    pub(super) fn begin(path: &Path, existing: Existing) -> Result<Self> {
        let mut stream = Stream::begin(path, existing, HEAD)?;
        stream.write(HEAD)?;
        stream.write("<style>")?;
        stream.write(include_str!("sheet.css"))?;
        stream.write("</style></head><body>\n<main>\n")?;
        Ok(Self(stream))
    }

    pub(super) fn add(&mut self, card: &str) -> Result<()> {
        self.0.write(card)
    }

    pub(super) fn finish(mut self, report: &BatchReport) -> Result<()> {
        self.0.write("</main>\n")?;
        self.0.write(&header(report))?;
        self.0.write("</body></html>\n")?;
        self.0.finish()
    }
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Packshot: contact sheet</title>\n";

fn header(report: &BatchReport) -> String {
    let BatchReport { done, resumed, skipped, failed, seconds, rate, .. } = report;
    let made = done + resumed;
    let mut filters = format!(
        "<input type=\"radio\" name=\"show\" id=\"all\" checked><label for=\"all\">All <b>{}</b></label>",
        made + skipped + failed
    );
    for (id, name, count) in [("made", "Done", made), ("failed", "Failed", *failed), ("skipped", "Skipped", *skipped)] {
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(
                filters,
                "<input type=\"radio\" name=\"show\" id=\"{id}\"><label for=\"{id}\">{name} <b>{count}</b></label>"
            );
        }
    }
    let mut facts = vec![time_text(*seconds)];
    if *done > 0 {
        facts.push(format!("{rate:.1} photos a second"));
    }
    if *resumed > 0 {
        facts.push(format!("{resumed} done before"));
    }
    let stopped = report.stopped.as_ref().map_or_else(String::new, |failure| {
        format!("<p class=\"stopped\">{}. {}</p>", escape(&failure.message), escape(&failure.remedy))
    });
    format!(
        "<header><h1>Contact sheet</h1><p>{}</p>{stopped}<nav>{filters}</nav></header>\n",
        escape(&facts.join(" · "))
    )
}

/// The card of a photo that was made. A picture without a preview is left empty.
pub(super) fn card(input: &Input, target: &Path, before: &Photo, after: &Photo, time: Duration) -> String {
    let (width, height) = (after.width(), after.height());
    let took = if time.is_zero() { "done before".to_owned() } else { format!("{:.2} s", time.as_secs_f64()) };
    format!(
        "<article class=\"made\"><div>{}{}</div><h2 title=\"{}\">{}</h2><p>{width} × {height} · {took}</p></article>\n",
        picture(before, "before"),
        picture(after, "after"),
        escape(&path_text(&input.path)),
        escape(&target.file_name().unwrap_or_default().to_string_lossy()),
    )
}

/// The card of a photo that failed or was skipped.
pub(super) fn failure(item: &BatchItem) -> String {
    let name = path_text(Path::new(item.input.file_name().unwrap_or_default()));
    let (class, text) = match &item.error {
        None => {
            ("skipped", "A file already exists in its place that no batch wrote, or that was changed since.".to_owned())
        }
        Some(error) => ("failed", format!("{}. {}", escape(&capital(&error.message)), escape(&error.remedy))),
    };
    format!(
        "<article class=\"{class}\"><div><span>{}</span></div><h2 title=\"{}\">{}</h2><p>{text}</p></article>\n",
        class,
        escape(&path_text(&item.input)),
        escape(&name),
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

fn picture(photo: &Photo, name: &str) -> String {
    // Small, and for screens: sRGB, 8 bit.
    let small = photo.to_srgb().to_8bit().fit_within(SIDE, SIDE);
    let alpha = photo.has_alpha();
    let (format, kind, quality) = if alpha { (ImageFormat::Webp, "webp", 80) } else { (ImageFormat::Jpeg, "jpeg", 78) };
    match small.and_then(|small| small.encode(&EncodeOptions::new(format).quality(quality))) {
        Ok(bytes) => format!(
            "<img class=\"{name}\" alt=\"{name}\" loading=\"lazy\" decoding=\"async\" src=\"data:image/{kind};base64,{}\">",
            base64::engine::general_purpose::STANDARD.encode(bytes)
        ),
        Err(_) => "<span>no preview</span>".to_owned(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_inject_markup() {
        let input = Input { path: "<script>\"alert(1)\".jpg".into(), ..Input::default() };
        let photo = Photo::new(4, 4, crate::photo::Channels::Rgba, vec![9_u8; 64]).unwrap();
        let card = card(&input, Path::new("<b>.png"), &photo, &photo, Duration::from_secs(1));
        assert!(!card.contains("<script>") && !card.contains("<b>"), "{card}");
        assert!(card.contains("image/webp"));
    }
}
