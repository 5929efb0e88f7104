//! From coefficients to samples: the inverse cosine transform, with the integers that libjpeg calls "islow".
//!
//! It is the algorithm of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) with 13 bits behind the point, columns first
//! and two more bits between the passes. The same numbers, rounded at the same places, give libjpeg's samples bit by
//! bit. Here the factors of each sum are multiplied out, since compilers turn products of 16-bit numbers into fast
//! code; none of the sums can overflow 32 bits.

use super::headers::Steps as StepsOfFile;
use super::huffman::Damage;
use super::scan::{Block, ZIGZAG};

/// Bits behind the point of the factors.
const BITS: u32 = 13;
/// Extra bits that the samples keep between the passes.
const MORE_BITS: u32 = 2;
/// Bound on coefficients: samples from -128 to 127 have coefficients up to 1,024, rounding to steps at most doubles
/// them, and another factor of two leaves room for inexact encoders. Damaged data soon exceeds it, and decoders would
/// then differ, since their sums overflow at different places.
const MOST_OF_PICTURE: i16 = 4_095;
/// The same between the passes.
const MOST_BETWEEN: i16 = 16_383;
const TOO_LARGE: Damage = Damage::Corrupt("a block is brighter than any picture");

/// Eight numbers of a row or a column.
type Lanes = [i16; 8];

/// Steps of quantisation, row by row.
pub(super) struct Steps(Block);

impl Steps {
    /// `None` for steps that are larger than any coefficient.
    pub(super) fn of(file: &StepsOfFile) -> Option<Self> {
        let mut steps = [0; 64];
        for (place, step) in ZIGZAG.into_iter().zip(file) {
            steps[usize::from(place)] = i16::try_from(*step).ok()?;
        }
        Some(Self(steps))
    }
}

/// Writes the 8 x 8 samples of a block; the rows of `samples` are `stride` apart.
#[inline(always)]
pub(super) fn transform(block: &Block, steps: &Steps, samples: &mut [u8], stride: usize) -> Result<(), Damage> {
    let rows = samples.chunks_mut(stride);
    let (coefficients, _) = block.as_chunks::<8>();
    if is_flat(coefficients) {
        let mean = i32::from(block[0]) * i32::from(steps.0[0]);
        let sample = (((mean + 4) >> 3) + 128).clamp(0, 255) as u8;
        rows.for_each(|row| row[..8].fill(sample));
        return if mean.abs() > MOST_OF_PICTURE.into() { Err(TOO_LARGE) } else { Ok(()) };
    }
    let mut lanes = [[0; 8]; 8];
    for (row, (coefficients, steps)) in lanes.iter_mut().zip(coefficients.iter().zip(steps.0.as_chunks::<8>().0)) {
        for lane in 0..8 {
            let product = i32::from(coefficients[lane]) * i32::from(steps[lane]);
            row[lane] = product.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        }
    }
    let is_too_large = exceeds(&lanes, MOST_OF_PICTURE);
    pass::<{ BITS - MORE_BITS }, 0, { i16::MIN }, { i16::MAX }>(&mut lanes);
    if is_too_large || exceeds(&lanes, MOST_BETWEEN) {
        return Err(TOO_LARGE);
    }
    lanes = transposed(lanes);
    pass::<{ BITS + MORE_BITS + 3 }, 128, 0, 255>(&mut lanes);
    for (row, values) in rows.zip(transposed(lanes)) {
        for (place, value) in row.iter_mut().zip(values) {
            *place = value as u8;
        }
    }
    Ok(())
}

/// Whether a number, without its sign, is larger than `most`, which is one less than a power of two.
#[inline(always)]
fn exceeds(rows: &[Lanes; 8], most: i16) -> bool {
    let mut bits = [0; 8];
    for row in rows {
        for lane in 0..8 {
            // Of a negative number, all bits turned: one less than without its sign.
            bits[lane] |= row[lane] ^ row[lane] >> 15;
        }
    }
    bits.iter().fold(0, |all, lane| all | lane) > most
}

/// Whether all coefficients but the lowest are zero.
#[inline(always)]
fn is_flat(coefficients: &[Lanes]) -> bool {
    let mut any = [0; 8];
    for row in coefficients {
        for lane in 0..8 {
            any[lane] |= row[lane];
        }
    }
    any[0] = coefficients[1..].iter().fold(0, |any, row| any | row[0]);
    any.iter().fold(0, |all, lane| all | lane) == 0
}

/// Rows to columns, in three steps that each bring the halves together.
#[inline(always)]
fn transposed(rows: [Lanes; 8]) -> [Lanes; 8] {
    let mut lanes = rows;
    for _ in 0..3 {
        let [a, b, c, d, e, f, g, h] = lanes;
        let ((a, e), (b, f), (c, g), (d, h)) = (zip(a, e), zip(b, f), zip(c, g), zip(d, h));
        lanes = [a, e, b, f, c, g, d, h];
    }
    lanes
}

#[inline(always)]
fn zip(a: Lanes, b: Lanes) -> (Lanes, Lanes) {
    ([a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]], [a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]])
}

/// A factor with [`BITS`] behind the point.
const fn fixed(factor: f64) -> i32 {
    (factor * (1 << BITS) as f64 + 0.5) as i32
}

// The factors of the algorithm, multiplied out: of coefficients 2 and 6, and of 1, 3, 5 and 7.
const A: i32 = fixed(0.541_196_100);
const B: i32 = A + fixed(0.765_366_865);
const C: i32 = A - fixed(1.847_759_065);
const D: i32 = fixed(1.175_875_602);
const E: i32 = D - fixed(0.390_180_644);
const F: i32 = D - fixed(0.899_976_223);
const G: i32 = D - fixed(2.562_915_447);
const H: i32 = D - fixed(1.961_570_560);
const I: i32 = fixed(1.501_321_110) + E + F - D;
const J: i32 = fixed(3.072_711_026) + G + H - D;
const K: i32 = fixed(2.053_119_869) + G + E - D;
const L: i32 = fixed(0.298_631_336) + F + H - D;

/// One dimension: each of the eight lanes for itself, rounded to so many bits fewer, moved and kept in a range.
#[inline(always)]
#[allow(
    clippy::needless_range_loop,
    reason = "compilers do the lanes at once, and the rows are what an iterator would go over"
)]
fn pass<const SHIFT: u32, const MOVE: i32, const LEAST: i16, const MOST: i16>(rows: &mut [Lanes; 8]) {
    for lane in 0..8 {
        let at = |row: usize| i32::from(rows[row][lane]);
        let (s0, s1, s2, s3, s4, s5, s6, s7) = (at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7));
        let half = (1 << (SHIFT - 1)) + (MOVE << SHIFT);
        let (sum, difference) = (((s0 + s4) << BITS) + half, ((s0 - s4) << BITS) + half);
        let (high, low) = (s2 * B + s6 * A, s2 * A + s6 * C);
        let (even0, even1, even2, even3) = (sum + high, difference + low, difference - low, sum - high);
        let odd0 = s1 * I + s3 * D + s5 * E + s7 * F;
        let odd1 = s1 * D + s3 * J + s5 * G + s7 * H;
        let odd2 = s1 * E + s3 * G + s5 * K + s7 * D;
        let odd3 = s1 * F + s3 * H + s5 * D + s7 * L;
        let round = |value: i32| (value >> SHIFT).clamp(LEAST.into(), MOST.into()) as i16;
        rows[0][lane] = round(even0 + odd0);
        rows[1][lane] = round(even1 + odd1);
        rows[2][lane] = round(even2 + odd2);
        rows[3][lane] = round(even3 + odd3);
        rows[4][lane] = round(even3 - odd3);
        rows[5][lane] = round(even2 - odd2);
        rows[6][lane] = round(even1 - odd1);
        rows[7][lane] = round(even0 - odd0);
    }
}
