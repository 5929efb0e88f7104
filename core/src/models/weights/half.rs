//! IEEE 754 half precision.

/// The value of the half-precision number with these bits; exact.
pub(super) fn to_f32(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let fraction = f32::from(bits & 0x3ff);
    match bits >> 10 & 0x1f {
        0 => sign * fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        exponent => sign * (1.0 + fraction / 1024.0) * 2.0_f32.powi(i32::from(exponent) - 15),
    }
}

/// The bits of the nearest half-precision number; of two that are as near, the one with an even last bit.
pub(super) fn from_f32(value: f32) -> u16 {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let size = value.abs();
    if size.is_nan() {
        return sign | 0x7e00;
    }
    // The largest half is 65504; from half a step beyond it on, numbers round to infinity.
    if size >= 65520.0 {
        return sign | 0x7c00;
    }
    // Halves of one exponent are evenly spaced: count steps. A full count carries into the exponent by itself.
    let exponent = ((size.to_bits() >> 23) as i32 - 127).max(-14);
    let steps = (size * 2.0_f32.powi(10 - exponent)).round_ties_even() as u16;
    let base = if steps >= 0x400 || exponent > -14 { (exponent + 14) as u16 } else { 0 };
    sign | ((base << 10) + steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_comes_back() {
        for bits in 0..=u16::MAX {
            let value = to_f32(bits);
            if value.is_nan() {
                assert!(to_f32(from_f32(value)).is_nan(), "{bits:#x}");
            } else {
                assert_eq!(from_f32(value), bits, "{value} of {bits:#x}");
            }
        }
    }

    #[test]
    fn values_between_go_to_the_nearer_or_the_even_one() {
        for (value, bits) in [
            (1.0, 0x3c00),
            (-2.0, 0xc000),
            (1.0 + 1.0 / 2048.0, 0x3c00),
            (1.0 + 3.0 / 2048.0, 0x3c02),
            (1.999_9, 0x4000),
            (65519.0, 0x7bff),
            (65520.0, 0x7c00),
            (2.0_f32.powi(-25), 0x0000),
            (2.0_f32.powi(-25) * 1.01, 0x0001),
            (2.0_f32.powi(-14) * 0.999_9, 0x0400),
        ] {
            assert_eq!(from_f32(value), bits, "{value}");
        }
    }
}
