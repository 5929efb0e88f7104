//! The page of the gallery: plain HTML, no script, pictures beside it.

use std::fmt::Write;

use packshot::{Photo, Rect};

use super::{Result, spots};
use crate::serve::Fault;

/// A photo on the page.
pub(super) struct Article {
    /// What the page is sorted by.
    pub(super) badness: f64,
    pub(super) html: String,
}

/// Names of the pictures of an article.
pub(super) struct Files {
    pub(super) before: String,
    /// For each mode the whole cut-out and its details.
    pub(super) modes: Vec<(String, Vec<String>)>,
}

const GROUNDS: [&str; 4] = ["white", "black", "green", "checker"];

pub(super) fn article(name: &str, photo: &Photo, results: &[Result], spots: &[Rect], files: &Files) -> String {
    let (width, height) = (photo.width(), photo.height());
    let model = results[0].cutout.ran.model.as_deref().unwrap_or("own mask");
    let percent = |value: u32, of: u32| f64::from(value) * 100.0 / f64::from(of);
    let mut html = format!(
        "<article style=\"--ratio:{width}/{height}\"><header><h2>{}</h2><p>{width} × {height} · {}</p></header>\n\
         <div class=\"sheet\"><figure class=\"before\"><img alt=\"before\" src=\"{}\" loading=\"lazy\">",
        escape(name),
        escape(model),
        files.before,
    );
    for (number, spot) in spots.iter().enumerate() {
        let _ = write!(
            html,
            "<b style=\"left:{:.1}%;top:{:.1}%;width:{:.1}%;height:{:.1}%\">{}</b>",
            percent(spot.left, width),
            percent(spot.top, height),
            percent(spot.width, width),
            percent(spot.height, height),
            number + 1,
        );
    }
    html.push_str("</figure><div class=\"modes\">\n");
    for (result, (whole, details)) in results.iter().zip(&files.modes) {
        let error = result.error.map_or(String::new(), |error| format!("<br>error {:.2} %", error * 100.0));
        let _ = write!(
            html,
            "<p><strong>{}</strong><br>{:.0} ms<br>halo {:.2}{error}</p>",
            result.mode,
            result.took.as_secs_f64() * 1000.0,
            result.cutout.halo,
        );
        for ground in GROUNDS {
            let _ = write!(html, "<i class=\"whole {ground}\" style=\"--cut:url({whole})\"></i>");
        }
        for (detail, ground) in details.iter().zip(GROUNDS) {
            let _ = write!(html, "<i class=\"detail {ground}\" style=\"--cut:url({detail})\"></i>");
        }
        html.push('\n');
    }
    html.push_str("</div></div></article>\n");
    html
}

pub(super) fn failure(name: &str, fault: &Fault) -> String {
    format!("<article class=\"failed\"><h2>{}</h2><p>{}</p></article>\n", escape(name), escape(&fault.to_string()))
}

pub(super) fn page(articles: &[Article]) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>Packshot: edges</title>\n<style>{STYLE}</style></head>\n<body>\n\
         <h1>Edges <small>{} photos, the worst first</small></h1>\n\
         <p class=\"legend\">Each row is a mode of <code>edges</code>, with the time it took, the halo check, and the mean \
         absolute error of alpha where the true one is known. The squares are {} pixels of the photo, enlarged: 1 where \
         <em>fine</em> is softest, 2 where it differs most from <em>off</em>, 3 where <em>fast</em> does.</p>\n",
        articles.len(),
        spots::SIDE,
    );
    articles.iter().for_each(|article| html.push_str(&article.html));
    html.push_str("</body></html>\n");
    html
}

const STYLE: &str = "
:root{color-scheme:light;font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif;color:#1d1d1f;background:#f4f4f2}
body{max-width:1640px;margin:0 auto;padding:2.5rem 2rem 4rem}
h1{font-size:1.7rem;letter-spacing:-.02em;margin:0}
h1 small{font-size:1rem;font-weight:400;letter-spacing:0;color:#6e6e73;margin-left:.6rem}
.legend{max-width:52rem;margin:.4rem 0 1.6rem;color:#6e6e73;font-size:.9rem}
article{background:#fff;border-radius:14px;padding:1rem 1.1rem 1.1rem;margin-bottom:1.2rem;box-shadow:0 1px 2px #0001,0 4px 16px #0000000a}
header{display:flex;justify-content:space-between;gap:1.5rem;margin-bottom:.7rem}
h2{font-size:1rem;margin:0;overflow-wrap:anywhere}
header p,.modes p{margin:0;color:#6e6e73;font-size:.82rem;font-variant-numeric:tabular-nums}
.modes strong{color:#1d1d1f;font-size:.95rem}
.failed{border-left:4px solid #d70015}.failed p{color:#d70015}
.sheet{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,3.4fr);gap:14px;align-items:start}
.before{position:relative;margin:0}
.before img{display:block;width:100%;border-radius:8px}
.before b{position:absolute;box-sizing:border-box;border:1.5px solid #fff;outline:1.5px solid #0a84ff;font:600 11px/1.2 system-ui;color:#0a84ff;text-indent:2px;text-shadow:0 0 3px #fff,0 0 3px #fff}
.modes{display:grid;grid-template-columns:5.4rem repeat(4,minmax(0,1fr)) repeat(3,minmax(0,1fr));gap:8px;align-items:center}
.modes i{display:block;border-radius:6px;background:var(--cut) center/contain no-repeat,var(--ground);box-shadow:inset 0 0 0 1px #0000000f}
.whole{aspect-ratio:var(--ratio)}
.detail{aspect-ratio:1;image-rendering:pixelated}
.white{--ground:#fff}.black{--ground:#000}.green{--ground:#00b140}
.modes .checker{background:var(--cut) center/contain no-repeat,repeating-conic-gradient(#d4d4d4 0 25%,#fff 0 50%) 0 0/16px 16px}
@media(max-width:1000px){.sheet{grid-template-columns:1fr}.modes{grid-template-columns:5.4rem repeat(4,1fr)}.modes .detail{grid-column:auto}}
";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
