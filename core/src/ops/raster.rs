//! Samples of 8 or 16 bit as floats from 0 to 1, a part at a time, and back.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::photo::{Channels, Depth, Photo, Samples};

/// A picture for reading.
#[derive(Debug, Clone)]
pub(crate) struct Raster<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) channels: Channels,
    pub(crate) samples: Cow<'a, Samples>,
}

impl<'a> Raster<'a> {
    pub(crate) fn of(photo: &'a Photo) -> Self {
        Self {
            width: photo.width() as usize,
            height: photo.height() as usize,
            channels: photo.channels(),
            samples: Cow::Borrowed(photo.samples()),
        }
    }

    /// Channels without alpha: 1 or 3.
    pub(crate) fn colors(&self) -> usize {
        self.channels.without_alpha().count()
    }

    /// The colours at these columns and rows, one plane after the other, 0 to 1.
    pub(crate) fn window(&self, columns: &[usize], rows: &[usize]) -> Vec<f32> {
        let area = columns.len() * rows.len();
        let mut planes = vec![0.0; self.colors() * area];
        for (channel, plane) in planes.chunks_exact_mut(area).enumerate() {
            match &*self.samples {
                Samples::U8(samples) => self.gather(samples, 255.0, channel, columns, rows, plane),
                Samples::U16(samples) => self.gather(samples, 65535.0, channel, columns, rows, plane),
            }
        }
        planes
    }

    /// Alpha of these rows, 0 to 1; there must be alpha.
    pub(crate) fn alpha(&self, rows: Range<usize>) -> Vec<f32> {
        let (columns, rows): (Vec<_>, Vec<_>) = ((0..self.width).collect(), rows.collect());
        let mut plane = vec![0.0; columns.len() * rows.len()];
        let channel = self.colors();
        match &*self.samples {
            Samples::U8(samples) => self.gather(samples, 255.0, channel, &columns, &rows, &mut plane),
            Samples::U16(samples) => self.gather(samples, 65535.0, channel, &columns, &rows, &mut plane),
        }
        plane
    }

    fn gather<T: Copy + Into<f32> + Sync>(
        &self,
        samples: &[T],
        largest: f32,
        channel: usize,
        columns: &[usize],
        rows: &[usize],
        plane: &mut [f32],
    ) {
        let count = self.channels.count();
        plane.par_chunks_exact_mut(columns.len()).zip(rows).for_each(|(line, &row)| {
            let source = &samples[row * self.width * count..][..self.width * count];
            for (value, &column) in line.iter_mut().zip(columns) {
                *value = source[column * count + channel].into() / largest;
            }
        });
    }
}

/// A picture for writing, initially black and transparent.
#[derive(Debug)]
pub(crate) struct Canvas {
    width: usize,
    count: usize,
    samples: Samples,
}

impl Canvas {
    pub(crate) fn new((width, height): (usize, usize), channels: Channels, depth: Depth) -> Self {
        let length = width * height * channels.count();
        let samples = match depth {
            Depth::Eight => Samples::U8(vec![0; length]),
            Depth::Sixteen => Samples::U16(vec![0; length]),
        };
        Self { width, count: channels.count(), samples }
    }

    /// Writes whole rows of one channel, starting at `row`. Values outside 0 to 1 are clamped, others rounded.
    pub(crate) fn write(&mut self, channel: usize, row: usize, values: &[f32]) {
        let (width, count) = (self.width, self.count);
        match &mut self.samples {
            Samples::U8(samples) => {
                scatter(samples, (width, count), channel, row, values, |value| (value * 255.0 + 0.5) as u8);
            }
            Samples::U16(samples) => {
                scatter(samples, (width, count), channel, row, values, |value| (value * 65535.0 + 0.5) as u16);
            }
        }
    }

    pub(crate) fn into_samples(self) -> Samples {
        self.samples
    }
}

fn scatter<T: Copy + Send>(
    samples: &mut [T],
    (width, count): (usize, usize),
    channel: usize,
    row: usize,
    values: &[f32],
    round: impl Fn(f32) -> T + Sync,
) {
    let stride = width * count;
    samples[row * stride..].par_chunks_exact_mut(stride).zip(values.par_chunks_exact(width)).for_each(
        |(line, values)| {
            for (pixel, value) in line.chunks_exact_mut(count).zip(values) {
                pixel[channel] = round(value.clamp(0.0, 1.0));
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_and_written_is_the_same() {
        let samples: Vec<u16> = (0..24).map(|value| value * 2849).collect();
        let photo = Photo::new(3, 2, Channels::Rgba, samples.clone()).unwrap();
        let raster = Raster::of(&photo);
        let planes = raster.window(&[0, 1, 2], &[0, 1]);
        let mut canvas = Canvas::new((3, 2), Channels::Rgba, Depth::Sixteen);
        planes.chunks_exact(6).enumerate().for_each(|(channel, plane)| canvas.write(channel, 0, plane));
        canvas.write(3, 1, &raster.alpha(1..2));
        canvas.write(3, 0, &raster.alpha(0..1));
        assert_eq!(canvas.into_samples(), Samples::U16(samples));
    }

    #[test]
    fn what_rings_is_clamped() {
        let mut canvas = Canvas::new((3, 1), Channels::Gray, Depth::Eight);
        canvas.write(0, 0, &[-0.2, 0.5, 1.3]);
        assert_eq!(canvas.into_samples(), Samples::U8(vec![0, 128, 255]));
    }
}
