//! Fills the gaps between known values smoothly: the push-pull method.
//!
//! Gortler, Grzeszczuk, Szeliski, Cohen: The Lumigraph, SIGGRAPH 1996, section 3.3. Known values are averaged into
//! smaller and smaller planes; then, from the smallest up, unknown values of a plane are interpolated from the smaller
//! one.

/// A plane of values, each with a weight: 1 is known, 0 is not.
struct Level<const N: usize> {
    width: usize,
    height: usize,
    values: Vec<[f32; N]>,
    weights: Vec<f32>,
}

/// `values` (`width` columns) where `known` is true, and a smooth continuation everywhere else; `fallback` if nothing
/// is known. Results lie within the range of the known values.
pub(crate) fn diffuse<const N: usize>(
    width: usize,
    values: Vec<[f32; N]>,
    known: impl Fn(usize) -> bool,
    fallback: [f32; N],
) -> Vec<[f32; N]> {
    let weights = (0..values.len()).map(|index| if known(index) { 1.0 } else { 0.0 }).collect();
    let height = values.len() / width;
    let mut levels = vec![Level { width, height, values, weights }];
    while let Some(last) = levels.last()
        && last.values.len() > 1
    {
        levels.push(pull(last));
    }
    let mut below: Option<Level<N>> = None;
    while let Some(mut level) = levels.pop() {
        match &below {
            Some(below) => push(&mut level, below),
            // The smallest plane is one pixel.
            None if level.weights[0] == 0.0 => level.values.fill(fallback),
            None => {}
        }
        below = Some(level);
    }
    below.map_or_else(Vec::new, |level| level.values)
}

/// The plane at half the size: the weighted mean of each two by two.
fn pull<const N: usize>(level: &Level<N>) -> Level<N> {
    let (width, height) = (level.width.div_ceil(2), level.height.div_ceil(2));
    let mut values = vec![[0.0; N]; width * height];
    let mut weights = vec![0.0_f32; width * height];
    for (y, (row, below)) in
        level.values.chunks_exact(level.width).zip(level.weights.chunks_exact(level.width)).enumerate()
    {
        for (x, (value, weight)) in row.iter().zip(below).enumerate() {
            let at = y / 2 * width + x / 2;
            values[at].iter_mut().zip(value).for_each(|(sum, value)| *sum += value * weight);
            weights[at] += weight;
        }
    }
    for (value, weight) in values.iter_mut().zip(&mut weights) {
        if *weight > 0.0 {
            *value = value.map(|sum| sum / *weight);
            *weight = weight.min(1.0);
        }
    }
    Level { width, height, values, weights }
}

/// Fills in unknown values of `level` from the plane at half its size, by linear interpolation.
fn push<const N: usize>(level: &mut Level<N>, half: &Level<N>) {
    let near = |at: usize, end: usize| {
        // The centre of pixel `at` lies a quarter of a pixel to the left or to the right of a centre below.
        let first = at / 2;
        let second = if at.is_multiple_of(2) { first.saturating_sub(1) } else { (first + 1).min(end - 1) };
        [(first, 0.75), (second, 0.25)]
    };
    for y in 0..level.height {
        let rows = near(y, half.height);
        for x in 0..level.width {
            let at = y * level.width + x;
            let weight = level.weights[at];
            if weight >= 1.0 {
                continue;
            }
            let mut filled = [0.0; N];
            for (row, down) in rows {
                for (column, across) in near(x, half.width) {
                    let value = &half.values[row * half.width + column];
                    filled.iter_mut().zip(value).for_each(|(sum, value)| *sum += value * down * across);
                }
            }
            let value = &mut level.values[at];
            value.iter_mut().zip(filled).for_each(|(value, filled)| *value = *value * weight + filled * (1.0 - weight));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gap_between_two_values_is_bridged() {
        let filled = diffuse(16, (0..16).map(|x| [x as f32]).collect(), |x| x == 0 || x == 15, [9.0]);
        let steps = filled.windows(2).map(|pair| pair[1][0] - pair[0][0]);
        assert!(steps.clone().all(|step| (0.0..5.0).contains(&step)), "{filled:?}");
        assert_eq!((filled[0], filled[15]), ([0.0], [15.0]));
    }

    #[test]
    fn nothing_known_gives_the_fallback() {
        assert_eq!(diffuse(2, vec![[1.0]; 4], |_| false, [7.0]), [[7.0]; 4]);
    }

    proptest! {
        #[test]
        fn known_values_stay_and_others_lie_between(width in 1_usize..20, cells in prop::collection::vec(any::<(u8, bool)>(), 1..200)) {
            let height = cells.len().div_ceil(width);
            let cell = |index: usize| cells.get(index).copied().unwrap_or((0, false));
            let values: Vec<[f32; 1]> = (0..width * height).map(|index| [f32::from(cell(index).0)]).collect();
            let filled = diffuse(width, values.clone(), |index| cell(index).1, [3.0]);
            let known = (0..values.len()).filter(|&index| cell(index).1).map(|index| values[index][0]);
            let (low, high) = known.fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)));
            for (index, value) in filled.iter().enumerate() {
                if cell(index).1 {
                    prop_assert_eq!(value, &values[index]);
                } else if low <= high {
                    prop_assert!(value[0] >= low - 1e-3 && value[0] <= high + 1e-3);
                }
            }
        }
    }
}
