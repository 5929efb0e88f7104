//! Plans which nets run, how often, and at what sizes.

use super::{Net, Upscale};
use crate::device::Device;
use crate::error::Result;
use crate::models::{ModelChoice, Registry};
use crate::ops::mosaic::Axis;
use crate::run::Run;

/// Tile side as a multiple of the halo, so that margins do not take most of the time; clamped to [`TILE`], so that
/// memory is bounded.
const HALOS: usize = 12;
const TILE: (usize, usize) = (256, 384);

/// One run of a net over a picture.
pub(super) struct Pass {
    pub(super) net: Net,
    /// The tiles of the input.
    pub(super) columns: Axis,
    pub(super) rows: Axis,
    /// The size of the output, after scaling it down.
    pub(super) to: (usize, usize),
}

impl Pass {
    /// Pixels of a tile with its margins.
    pub(super) fn window(&self) -> usize {
        self.columns.window() * self.rows.window()
    }

    /// Pixels that the net processes.
    pub(super) fn work(&self) -> usize {
        self.columns.count() * self.rows.count() * self.window()
    }
}

/// The passes that enlarge a picture from the size `from` to `to`, by the factor `scale`.
///
/// Between two nets, the picture's size is chosen so that the last net overshoots `to` as little as possible: no
/// intermediate picture is larger than the result, except for strips of the last answer.
pub(super) fn chain(
    device: &Device,
    run: &Run,
    settings: &Upscale,
    from: (usize, usize),
    to: (usize, usize),
    scale: f64,
) -> Result<Vec<Pass>> {
    let nets = nets(device, run, settings, scale)?;
    let scales: Vec<_> = nets.iter().map(Net::scale).collect();
    let sizes = sizes(&scales, from, to);
    let passes = nets.into_iter().zip(sizes.windows(2)).map(|(net, sizes)| {
        let (halo, multiple) = (net.spec.halo as usize, net.spec.multiple_of as usize);
        let tile = settings.tile.map_or_else(|| (HALOS * halo).clamp(TILE.0, TILE.1), |tile| tile as usize);
        let axis = |length: usize| Axis::new(length, tile, halo, multiple);
        Pass { columns: axis(sizes[0].0), rows: axis(sizes[0].1), net, to: sizes[1] }
    });
    Ok(passes.collect())
}

fn nets(device: &Device, run: &Run, settings: &Upscale, scale: f64) -> Result<Vec<Net>> {
    let [twice, four_times] = Registry::EMBEDDED_UPSCALE;
    let net = |own: &str, denoise: Option<u8>| Net::open(device, &settings.model, own, denoise, run);
    let denoise = settings.hundredths();
    if matches!(settings.model, ModelChoice::Embedded) {
        return match scale {
            ..=2.0 => Ok(vec![net(twice, denoise)?]),
            ..=4.0 => Ok(vec![net(four_times, denoise)?]),
            // The first net has already removed the noise.
            _ => Ok(vec![net(four_times, denoise)?, net(twice, None)?]),
        };
    }
    let mut nets = vec![net(twice, denoise)?];
    let once = nets[0].spec.scale as f64;
    let mut reached = once;
    while reached < scale {
        nets.push(net(twice, denoise)?);
        reached *= once;
    }
    Ok(nets)
}

/// The sizes of the picture before the first net, between nets, and at the end.
fn sizes(scales: &[usize], from: (usize, usize), to: (usize, usize)) -> Vec<(usize, usize)> {
    let mut sizes = vec![to];
    let mut size = to;
    for &scale in scales.iter().skip(1).rev() {
        size = (size.0.div_ceil(scale), size.1.div_ceil(scale));
        sizes.push(size);
    }
    sizes.push(from);
    sizes.reverse();
    sizes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_net_begins_where_it_just_reaches_the_size() {
        assert_eq!(sizes(&[4, 2], (100, 50), (800, 400)), [(100, 50), (400, 200), (800, 400)]);
        assert_eq!(sizes(&[4, 2], (100, 50), (530, 265)), [(100, 50), (265, 133), (530, 265)]);
        assert_eq!(sizes(&[2, 2, 2], (10, 10), (50, 50)), [(10, 10), (13, 13), (25, 25), (50, 50)]);
    }

    proptest! {
        #[test]
        fn no_net_is_asked_for_more_than_it_gives(
            from in (1_usize..2000, 1_usize..2000),
            net in 2_usize..=8,
            scale in 1.0_f64..=8.0,
        ) {
            let mut scales = vec![net];
            while (net as f64).powi(scales.len() as i32) < scale {
                scales.push(net);
            }
            let side = |side: usize| ((side as f64 * scale).round() as usize).max(1);
            let to = (side(from.0), side(from.1));
            let sizes = sizes(&scales, from, to);
            prop_assert_eq!((sizes[0], sizes[sizes.len() - 1]), (from, to));
            for (step, scale) in sizes.windows(2).zip(scales) {
                prop_assert!(step[0].0 * scale >= step[1].0 && step[0].1 * scale >= step[1].1, "{sizes:?}");
            }
        }
    }
}
