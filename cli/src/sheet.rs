//! The HTML sheet of `--report`: each photo before and after, the cut-out on four grounds. One file, no script, no
//! network: it can be mailed.

use std::fmt::Write;

use packshot::{Cutout, EncodeOptions, ImageFormat, Photo, Result};

use base64::Engine as _;

/// Longest side of a picture on the sheet, in pixels: sharp at its size on a dense screen, small in a mail.
const SIDE: u32 = 560;

/// Collects rows while photos are cut.
pub(crate) struct Sheet {
    rows: String,
    done: usize,
    failed: usize,
}

impl Sheet {
    pub(crate) fn new() -> Self {
        Self { rows: String::new(), done: 0, failed: 0 }
    }

    pub(crate) fn add(&mut self, name: &str, before: &Photo, cutout: &Cutout, seconds: f64) -> Result<()> {
        let before = before.crop(cutout.frame)?.fit_within(SIDE, SIDE)?;
        let after = cutout.photo.fit_within(SIDE, SIDE)?;
        let before = uri("image/jpeg", &before.encode(&EncodeOptions::new(ImageFormat::Jpeg).quality(84))?);
        let after = uri("image/webp", &after.encode(&EncodeOptions::new(ImageFormat::Webp).quality(88))?);
        let model = cutout.ran.model.as_deref().unwrap_or("own mask");
        let backend = cutout.ran.backend.as_ref().map_or("", |backend| backend.name);
        let (width, height) = (cutout.photo.width(), cutout.photo.height());
        let subjects = match cutout.instances.len() {
            0 => "no subject found".to_owned(),
            1 => "1 subject".to_owned(),
            n => format!("{n} subjects"),
        };
        self.done += 1;
        // Writing to a string cannot fail.
        let _ = write!(
            self.rows,
            r#"<article style="--cut:url({after});--ratio:{width}/{height}">
<header><h2>{}</h2><p>{width} × {height} · {subjects} · confidence {:.0} % · halo {:.2} · {seconds:.2} s · {} {}</p></header>
<div class="strip"><img alt="before" src="{before}"><i class="checker"></i><i class="white"></i><i class="black"></i><i class="green"></i></div>
</article>
"#,
            escape(name),
            cutout.confidence * 100.0,
            cutout.halo,
            escape(model),
            escape(backend),
        );
        Ok(())
    }

    pub(crate) fn fail(&mut self, name: &str, message: &str, remedy: &str) {
        self.failed += 1;
        let _ = writeln!(
            self.rows,
            "<article class=\"failed\"><header><h2>{}</h2><p>{}. {}</p></header></article>",
            escape(name),
            escape(message),
            escape(remedy),
        );
    }

    pub(crate) fn finish(self, seconds: f64) -> String {
        let failed = if self.failed == 0 { String::new() } else { format!(", {} failed", self.failed) };
        let photos = if self.done == 1 { "1 photo".to_owned() } else { format!("{} photos", self.done) };
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <title>Packshot: {photos}</title>\n<style>{STYLE}</style></head>\n<body>\n\
             <h1>Packshot <small>{photos}{failed} · {seconds:.1} s</small></h1>\n\
             <div class=\"strip legend\"><span>before</span><span>transparent</span><span>white</span><span>black</span><span>green</span></div>\n\
             {}</body></html>\n",
            self.rows
        )
    }
}

const STYLE: &str = "
:root{color-scheme:light;font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif;color:#1d1d1f;background:#f4f4f2}
body{max-width:1500px;margin:0 auto;padding:2.5rem 2rem 4rem}
h1{font-size:1.7rem;letter-spacing:-.02em;margin:0 0 1.2rem}
h1 small{font-size:1rem;font-weight:400;letter-spacing:0;color:#6e6e73;margin-left:.6rem}
.strip{display:grid;grid-template-columns:repeat(5,1fr);gap:10px;align-items:start}
.legend{position:sticky;top:0;z-index:1;padding:.5rem 1rem;background:#f4f4f2ee;font-size:.8rem;color:#6e6e73}
article{background:#fff;border-radius:14px;padding:1rem;margin-bottom:1.1rem;box-shadow:0 1px 2px #0001,0 4px 16px #0000000a}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.5rem;margin-bottom:.7rem}
h2{font-size:1rem;margin:0;overflow-wrap:anywhere}
header p{margin:0;color:#6e6e73;font-size:.85rem;font-variant-numeric:tabular-nums}
.failed{border-left:4px solid #d70015}.failed p{color:#d70015}
.strip img,.strip i{display:block;width:100%;aspect-ratio:var(--ratio);border-radius:8px;object-fit:contain}
.strip i{background:var(--cut) center/contain no-repeat,var(--ground);box-shadow:inset 0 0 0 1px #0000000f}
.white{--ground:#fff}.black{--ground:#000}.green{--ground:#00b140}
.checker{background:var(--cut) center/contain no-repeat,repeating-conic-gradient(#e3e3e3 0 25%,#fff 0 50%) 0 0/20px 20px!important}
@media(max-width:800px){.strip{grid-template-columns:repeat(2,1fr)}.legend{display:none}}
";

fn uri(kind: &str, bytes: &[u8]) -> String {
    format!("data:{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_inject_markup() {
        let mut sheet = Sheet::new();
        sheet.fail("<script>alert(1)</script>.jpg", "cannot & will not", "Check \"it\"");
        let page = sheet.finish(1.0);
        assert!(!page.contains("<script>"), "{page}");
        assert!(page.contains("&lt;script&gt;") && page.contains("1 failed"));
    }
}
