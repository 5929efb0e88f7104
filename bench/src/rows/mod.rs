//! The rows: which jobs are measured, on what, who does them, and what is to be reached.

mod batch;
mod bindings;
mod calls;
mod codecs;
mod cutouts;
mod edges;
mod policy;
mod resizing;
mod start;
mod upscale;

use crate::place::Place;
use crate::row::{Contender, Limit, Row};
use crate::serve::Fault;
use crate::side::Launch;

/// A row by name; it is made when its turn comes, for making it may take a while.
pub(crate) type Maker = fn(&Place) -> Result<Row, Fault>;

/// All rows in the order of the table.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("isnet-1.5mp", |place| cutouts::isnet(place, 1.5)),
    ("isnet-12mp", |place| cutouts::isnet(place, 12.0)),
    ("u2netp-1.5mp", |place| cutouts::u2netp(place, 1.5)),
    ("u2netp-12mp", |place| cutouts::u2netp(place, 12.0)),
    ("lemur-alpha", edges::lemur_alpha),
    ("lemur-foreground", edges::lemur_foreground),
    ("fine-1.5mp", |place| edges::product(place, 1.5)),
    ("fine-12mp", |place| edges::product(place, 12.0)),
    ("resize", resizing::down),
    ("jpeg-decode", codecs::jpeg_decode),
    ("jpeg-encode", codecs::jpeg_encode),
    ("png-decode", codecs::png_decode),
    ("png-encode", codecs::png_encode),
    ("upscale-2x", upscale::twice),
    ("batch-u2netp", |place| batch::folder(place, 1.5)),
    ("calls", |place| calls::at_once(place, 1.5)),
    ("start-up", start::first_cutout),
    ("binding-bytes", bindings::bytes),
    ("binding-pixels", bindings::pixels),
    ("binding-cancel", bindings::cancel),
    ("policy", policy::answer),
    ("policy-simulate", policy::simulate),
];

/// A side whose answer is judged.
fn side(name: &str, launch: Result<Launch, String>, limits: impl AsRef<[Limit]>) -> Contender {
    Contender { name: name.to_owned(), launch, judged: true, limits: limits.as_ref().to_vec() }
}

/// A side that measures time and memory only.
fn unjudged(name: &str, launch: Result<Launch, String>) -> Contender {
    Contender { name: name.to_owned(), launch, judged: false, limits: Vec::new() }
}
