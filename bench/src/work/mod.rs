//! What the sides in Rust do: `packshot-bench side JOB …` is one of them.

mod batch;
mod boundary;
mod calls;
mod codec;
mod cutout;
mod policy;
mod raw;
mod upscale;

use std::path::Path;

pub(crate) use calls::CALLS;
pub(crate) use cutout::model_file;
pub(crate) use policy::RECORDS;

use crate::serve::{Fault, serve, serve_timed};

/// Does the job that `words` name until nobody asks for another round.
pub(crate) fn run(words: &[&str]) -> Result<(), Fault> {
    match *words {
        ["raw", model, side, photo] => serve(raw::session(Path::new(model), side.parse()?, Path::new(photo))?),
        ["cutout", model, descriptor, photo, edges, decontaminate] => {
            serve(cutout::whole(model, descriptor, photo, edges, decontaminate)?)
        }
        ["edges", model, descriptor, photo, edges] => serve_timed(cutout::edges(model, descriptor, photo, edges)?),
        ["alpha", photo, mask, edges] => serve(cutout::alpha(photo, mask, edges)?),
        ["foreground", photo, mask, decontaminate] => serve(cutout::foreground(photo, mask, decontaminate)?),
        ["boundary-bytes", photo] => serve(boundary::bytes(photo)?),
        ["boundary-pixels", samples, width, height] => {
            serve(boundary::pixels(samples, width.parse()?, height.parse()?)?)
        }
        ["boundary-cancel", photo] => serve_timed(boundary::cancel(photo)?),
        ["batch", model, folder, edges, workers] => serve(batch::folder(model, folder, edges, workers)?),
        ["calls", photo, callers, workers] => serve(calls::at_once(photo, callers.parse()?, workers)?),
        ["upscale", backend, model, photo] => serve(upscale::twice(backend, model, photo)?),
        ["decode", photo] => serve(codec::decode(photo)?),
        ["jpeg", samples, width, height, quality] => {
            serve(codec::jpeg(samples, width.parse()?, height.parse()?, quality.parse()?)?)
        }
        ["png", samples, width, height] => serve(codec::png(samples, width.parse()?, height.parse()?)?),
        ["resize", samples, width, height, to_width, to_height] => {
            serve(codec::resize(samples, (width.parse()?, height.parse()?), (to_width.parse()?, to_height.parse()?))?)
        }
        ["fast-image-resize", samples, width, height, to_width, to_height] => serve(codec::fast_image_resize(
            samples,
            (width.parse()?, height.parse()?),
            (to_width.parse()?, to_height.parse()?),
        )?),
        ["policy-answer", zone] => serve(policy::answer(zone)?),
        ["policy-simulate", accounts] => serve(policy::simulate(accounts.parse()?)?),
        ["policy-sum"] => serve(policy::sum()?),
        #[cfg(feature = "turbo")]
        ["turbojpeg-decode", photo] => serve(codec::turbojpeg_decode(photo)?),
        #[cfg(feature = "turbo")]
        ["turbojpeg-encode", samples, width, height, quality] => {
            serve(codec::turbojpeg_encode(samples, width.parse()?, height.parse()?, quality.parse()?)?)
        }
        _ => Err(format!("there is no job `{}`", words.join(" ")).into()),
    }
}
