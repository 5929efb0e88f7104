//! Dilation of bits: the union over a neighbourhood.

use rayon::prelude::*;

/// Each sample becomes the OR of all samples in the square window of `radius` around it.
pub(crate) fn spread(mut samples: Vec<u8>, width: usize, radius: usize) -> Vec<u8> {
    let mut before = samples.clone();
    let mut reached = 0;
    while reached < radius {
        // So far each sample covers `reached` neighbours on either side; the ranges combined in this step touch. Beyond
        // the border the outermost sample is used: its range reaches to the border.
        let step = (radius - reached).min(2 * reached + 1);
        samples.par_chunks_exact_mut(width).zip(before.par_chunks_exact(width)).for_each(|(row, before)| {
            let reach = step.min(width);
            let (first, last) = (before[0], before[width - 1]);
            row[..reach].iter_mut().for_each(|sample| *sample |= first);
            row[reach..].iter_mut().zip(before).for_each(|(sample, &left)| *sample |= left);
            row[width - reach..].iter_mut().for_each(|sample| *sample |= last);
            row.iter_mut().zip(&before[reach..]).for_each(|(sample, &right)| *sample |= right);
        });
        before.copy_from_slice(&samples);
        let rows = before.len() / width;
        samples.par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
            for other in [y.saturating_sub(step), (y + step).min(rows - 1)] {
                row.iter_mut().zip(&before[other * width..]).for_each(|(sample, &other)| *sample |= other);
            }
        });
        before.copy_from_slice(&samples);
        reached += step;
    }
    samples
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn spreading_is_the_or_of_the_window(
            (width, height) in (1_usize..24, 1_usize..24),
            radius in 0_usize..30,
            samples in prop::collection::vec(0_u8..8, 576),
        ) {
            let samples = &samples[..width * height];
            let spread = spread(samples.to_vec(), width, radius);
            for (index, &found) in spread.iter().enumerate() {
                let (x, y) = (index % width, index / width);
                let window = |at: usize, end: usize| at.saturating_sub(radius)..(at + radius + 1).min(end);
                let all = window(y, height).flat_map(|y| window(x, width).map(move |x| samples[y * width + x]));
                prop_assert_eq!(found, all.fold(0, |a, b| a | b));
            }
        }
    }
}
