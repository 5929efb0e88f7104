//! Fills in colours where alpha is 0: editors leave arbitrary ones there, often black, from which a net would draw a
//! rim.

use std::borrow::Cow;

use rayon::prelude::*;

use super::diffuse::diffuse;
use super::raster::Raster;
use super::sample::{Grid, Position};
use crate::photo::Samples;

/// The picture with the colours of visible pixels continued smoothly into fully transparent ones. Visible pixels,
/// however faint, and alpha are unchanged; the picture itself is returned if there is nothing to do.
///
/// The continuation is computed at half the size, from the mean of the visible pixels of each two by two, weighted by
/// alpha.
pub(crate) fn bleed(raster: Raster<'_>) -> Raster<'_> {
    let samples = match (raster.channels.has_alpha(), &*raster.samples) {
        (false, _) => None,
        (true, Samples::U8(samples)) => bled(&raster, samples, |value| (value + 0.5) as u8).map(Samples::U8),
        (true, Samples::U16(samples)) => bled(&raster, samples, |value| (value + 0.5) as u16).map(Samples::U16),
    };
    match samples {
        None => raster,
        Some(samples) => Raster { samples: Cow::Owned(samples), ..raster },
    }
}

fn bled<T>(raster: &Raster<'_>, samples: &[T], round: impl Fn(f32) -> T + Sync) -> Option<Vec<T>>
where
    T: Copy + Default + PartialEq + Into<f32> + Send + Sync,
{
    let (count, colors) = (raster.channels.count(), raster.colors());
    let transparent = |pixel: &[T]| pixel[colors] == T::default();
    if !samples.par_chunks_exact(count).any(transparent) {
        return None;
    }
    let (width, height) = (raster.width, raster.height);
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut weights = vec![0.0_f32; half_width * half_height];
    let mut means = vec![[0.0_f32; 3]; half_width * half_height];
    means.par_chunks_exact_mut(half_width).zip(weights.par_chunks_exact_mut(half_width)).enumerate().for_each(
        |(y, (means, weights))| {
            for row in samples.chunks_exact(width * count).skip(2 * y).take(2) {
                for (x, pixel) in row.chunks_exact(count).enumerate() {
                    let alpha: f32 = pixel[colors].into();
                    weights[x / 2] += alpha;
                    for (sum, &sample) in means[x / 2].iter_mut().zip(&pixel[..colors]) {
                        let sample: f32 = sample.into();
                        *sum += alpha * sample;
                    }
                }
            }
            for (mean, weight) in means.iter_mut().zip(weights).filter(|(_, weight)| **weight > 0.0) {
                *mean = mean.map(|sum| sum / *weight);
            }
        },
    );
    let values = diffuse(half_width, means, |at| weights[at] > 0.0, [0.0; 3]);
    let grid = Grid { width: half_width, values };
    // At an odd side, the last pixel of the half size is only half covered.
    let columns: Vec<_> = (0..width).map(|x| Position::of(x, 2 * half_width, half_width)).collect();
    let mut filled = samples.to_vec();
    filled.par_chunks_exact_mut(width * count).enumerate().for_each(|(y, row)| {
        let place = Position::of(y, 2 * half_height, half_height);
        for (pixel, &column) in row.chunks_exact_mut(count).zip(&columns).filter(|(pixel, _)| transparent(pixel)) {
            let color = grid.between(column, place);
            pixel[..colors].iter_mut().zip(color).for_each(|(sample, value)| *sample = round(value));
        }
    });
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::{Channels, Photo};

    #[test]
    fn what_is_seen_stays_and_its_colour_goes_on() {
        // Red, seen in the left third; green under the rest.
        let pixel = |x: u32| if x < 3 { [200_u8, 10, 10, 128] } else { [0, 255, 0, 0] };
        let samples: Vec<u8> = (0..9 * 5).flat_map(|i| pixel(i % 9)).collect();
        let photo = Photo::new(9, 5, Channels::Rgba, samples).unwrap();
        let bled = bleed(Raster::of(&photo));
        let Samples::U8(bled) = &*bled.samples else { panic!("another depth") };
        for (after, before) in bled.chunks_exact(4).zip(photo.as_u8().unwrap().chunks_exact(4)) {
            assert_eq!(after, [200, 10, 10, before[3]]);
        }
    }

    #[test]
    fn nothing_is_copied_where_nothing_is_transparent() {
        let photo = Photo::new(2, 1, Channels::GrayAlpha, vec![9_u16, 1, 8, 65535]).unwrap();
        assert!(matches!(bleed(Raster::of(&photo)).samples, Cow::Borrowed(_)));
        let clear = Photo::new(2, 1, Channels::GrayAlpha, vec![9_u16, 0, 8, 0]).unwrap();
        let bled = bleed(Raster::of(&clear));
        assert_eq!(*bled.samples, Samples::U16(vec![0; 4]), "nothing is seen: black");
    }
}
