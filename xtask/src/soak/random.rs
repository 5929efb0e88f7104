//! Numbers that look random and are the same every time.

/// Xorshift, Marsaglia's 64-bit variant.
pub(super) struct Random(u64);

impl Random {
    /// `seed` must not be 0.
    pub(super) fn new(seed: u64) -> Self {
        // The first numbers of a small seed are small.
        let mut random = Self(seed);
        for _ in 0..16 {
            random.next();
        }
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to below 1.
    pub(super) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
