//! Photos: pixels in, pixels out.

use std::path::{Path, PathBuf};

use numpy::{Element, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use packshot::api;
use packshot::{Channels, Code, DecodeOptions, EncodeOptions, Error, Result, Samples, from_json};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict};

use crate::call::{long, short};
use crate::encoded;

/// Decoded pixels.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Photo(pub(crate) packshot::Photo);

#[pymethods]
impl Photo {
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf, options: &str) -> PyResult<Self> {
        let options = decode_options(py, options)?;
        long(py, move || packshot::Photo::open_with(path, &options)).map(Self)
    }

    #[staticmethod]
    fn decode(py: Python<'_>, data: PyBackedBytes, options: &str) -> PyResult<Self> {
        let options = decode_options(py, options)?;
        long(py, move || packshot::Photo::decode_with(&data, &options)).map(Self)
    }

    /// From a contiguous array, height by width by channels.
    #[staticmethod]
    fn from_array8(py: Python<'_>, array: PyReadonlyArrayDyn<'_, u8>) -> PyResult<Self> {
        from_array(py, &array)
    }

    #[staticmethod]
    fn from_array16(py: Python<'_>, array: PyReadonlyArrayDyn<'_, u16>) -> PyResult<Self> {
        from_array(py, &array)
    }

    /// From interleaved samples of 8 bit, or of 16 in this machine's order of bytes.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8], size: (u32, u32), channels: usize, depth: u8) -> PyResult<Self> {
        let wide = || data.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect::<Vec<_>>();
        let samples = || if depth == 16 { Samples::U16(wide()) } else { Samples::U8(data.to_vec()) };
        short(py, || packshot::Photo::new(size.0, size.1, counted(channels)?, samples())).map(Self)
    }

    #[getter]
    fn width(&self) -> u32 {
        self.0.width()
    }

    #[getter]
    fn height(&self) -> u32 {
        self.0.height()
    }

    #[getter]
    fn channels(&self) -> usize {
        self.0.channels().count()
    }

    #[getter]
    fn depth(&self) -> u8 {
        match self.0.samples() {
            Samples::U8(_) => 8,
            Samples::U16(_) => 16,
        }
    }

    #[getter]
    fn format(&self) -> Option<&'static str> {
        self.0.format().map(api::ImageFormat::as_str)
    }

    #[getter]
    fn profile(&self) -> Option<&[u8]> {
        self.0.profile()
    }

    #[getter]
    fn exif(&self) -> Option<&[u8]> {
        self.0.exif()
    }

    #[getter]
    fn xmp(&self) -> Option<&[u8]> {
        self.0.xmp()
    }

    fn encode<'py>(&self, py: Python<'py>, options: &str) -> PyResult<Bound<'py, PyBytes>> {
        let (photo, options) = (self.0.clone(), encode_options(py, options, None)?);
        encoded::bytes(py, &long(py, move || photo.encode(&options))?)
    }

    fn save(&self, py: Python<'_>, path: PathBuf, options: &str) -> PyResult<()> {
        let (photo, options) = (self.0.clone(), encode_options(py, options, Some(&path))?);
        long(py, move || photo.save_with(path, &options))
    }

    fn to_8bit(&self, py: Python<'_>) -> PyResult<Self> {
        let photo = self.0.clone();
        long(py, move || Ok(photo.to_8bit())).map(Self)
    }

    fn fit_within(&self, py: Python<'_>, width: u32, height: u32) -> PyResult<Self> {
        let photo = self.0.clone();
        long(py, move || photo.fit_within(width, height)).map(Self)
    }

    /// The samples in a copy.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match self.0.samples() {
            Samples::U8(samples) => encoded::bytes(py, samples),
            Samples::U16(samples) => {
                let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect();
                encoded::bytes(py, &bytes)
            }
        }
    }

    /// How NumPy sees the samples without a copy: it keeps this object, which owns them and never changes them.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (kind, address) = match self.0.samples() {
            Samples::U8(samples) => ("|u1", samples.as_ptr().addr()),
            Samples::U16(samples) => (if cfg!(target_endian = "big") { ">u2" } else { "<u2" }, samples.as_ptr().addr()),
        };
        let interface = PyDict::new(py);
        interface.set_item("version", 3)?;
        interface.set_item("shape", (self.0.height(), self.0.width(), self.channels()))?;
        interface.set_item("typestr", kind)?;
        let read_only = true;
        interface.set_item("data", (address, read_only))?;
        Ok(interface)
    }
}

fn from_array<T: Element + Copy>(py: Python<'_>, array: &PyReadonlyArrayDyn<'_, T>) -> PyResult<Photo>
where
    Samples: From<Vec<T>>,
{
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let photo = short(py, || {
        let [height, width, channels] = *array.shape() else {
            return Err(Error::new(Code::OptionInvalid, "an array of pixels has height, width and channels"));
        };
        let samples = array.as_slice().map_err(|cause| Error::new(Code::Internal, cause.to_string()))?;
        packshot::Photo::new(side(width), side(height), counted(channels)?, samples.to_vec())
    });
    photo.map(Photo)
}

fn counted(channels: usize) -> Result<Channels> {
    let all = [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba];
    let found = all.into_iter().find(|known| known.count() == channels);
    found.ok_or_else(|| Error::new(Code::OptionInvalid, format!("a photo has 1 to 4 channels, not {channels}")))
}

fn decode_options(py: Python<'_>, options: &str) -> PyResult<DecodeOptions> {
    short(py, || Ok(DecodeOptions::from(&from_json::<api::Decode>(options)?)))
}

fn encode_options(py: Python<'_>, options: &str, file: Option<&Path>) -> PyResult<EncodeOptions> {
    short(py, || EncodeOptions::read(&from_json(options)?, file))
}
