//! Bits and Huffman codes (ITU-T T.81, annexes C and F.2.2).

/// Why samples cannot be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Damage {
    /// The data ends before the last of them.
    Cut,
    Corrupt(&'static str),
}

/// Codes up to this length are looked up at once.
const LOOKUP_BITS: u32 = 10;

/// A table as stored in its segment: the number of codes of each length from 1 to 16, and their symbols.
#[derive(Clone)]
pub(super) struct Codes {
    pub(super) counts: [u8; 16],
    pub(super) symbols: Vec<u8>,
}

/// A table prepared for decoding.
pub(super) struct Decoding {
    /// By the next bits: the code's length in the upper byte and its symbol in the lower; 0 for longer codes.
    lookup: Vec<u16>,
    /// By length: one more than the largest code, aligned to 16 bits, and the offset from a code to its symbol's index.
    longer: [(u32, i32); 17],
    symbols: Vec<u8>,
}

impl Codes {
    /// Prepares the table for decoding; `None` if there are more codes than bits can distinguish.
    pub(super) fn decoding(&self) -> Option<Decoding> {
        let mut lookup = vec![0; 1 << LOOKUP_BITS];
        let mut longer = [(0, 0); 17];
        let (mut code, mut place) = (0_u32, 0);
        for (length, count) in (1..=16).zip(self.counts) {
            let first = code;
            for _ in 0..count {
                let symbol = *self.symbols.get(place)?;
                if length <= LOOKUP_BITS {
                    let begin = (code << (LOOKUP_BITS - length)) as usize;
                    let entry = (length as u16) << 8 | u16::from(symbol);
                    lookup.get_mut(begin..begin + (1 << (LOOKUP_BITS - length)))?.fill(entry);
                }
                code += 1;
                place += 1;
            }
            if code > 1 << length {
                return None;
            }
            longer[length as usize] = (code << (16 - length), place as i32 - i32::from(count) - first as i32);
            code <<= 1;
        }
        Some(Decoding { lookup, longer, symbols: self.symbols.clone() })
    }

    /// The largest symbol.
    pub(super) fn largest(&self) -> u8 {
        self.symbols.iter().copied().max().unwrap_or(0)
    }
}

/// Reads the coded samples bit by bit.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, from the highest on. Zeros follow where the data has ended.
    buffer: u64,
    /// How many of them are from the data; if negative, more bits were read than there are.
    count: i32,
}

impl<'a> Bits<'a> {
    pub(super) fn of(data: &'a [u8]) -> Self {
        Self { data, at: 0, buffer: 0, count: 0 }
    }

    /// Makes sure that 32 bits can be read: a code and the value behind it.
    #[inline(always)]
    pub(super) fn fill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some(next) = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>())
            && self.count >= 0
            && !has_ff(u64::from_be_bytes(*next))
        {
            // The bits beyond `count` are read again the next time, with the same value.
            self.buffer |= u64::from_be_bytes(*next) >> self.count;
            self.at += (63 - self.count as usize) >> 3;
            self.count |= 56;
        } else {
            self.fill_by_byte();
        }
    }

    /// The same for data with 0xFF: before a zero it is a data byte, otherwise the beginning of a marker, which ends
    /// the data.
    #[cold]
    fn fill_by_byte(&mut self) {
        while (0..=56).contains(&self.count) {
            let Some(&byte) = self.data.get(self.at) else { return };
            let mut next = self.at + 1;
            if byte == 0xff {
                while self.data.get(next) == Some(&0xff) {
                    next += 1;
                }
                if self.data.get(next) != Some(&0) {
                    return;
                }
                next += 1;
            }
            self.buffer |= u64::from(byte) << (56 - self.count);
            self.count += 8;
            self.at = next;
        }
    }

    #[inline(always)]
    fn skip(&mut self, bits: u32) {
        self.buffer <<= bits;
        self.count -= bits as i32;
    }

    /// A symbol. Needs [`Bits::fill`] before it.
    #[inline(always)]
    pub(super) fn symbol(&mut self, table: &Decoding) -> Result<u8, Damage> {
        let entry = table.lookup[(self.buffer >> (64 - LOOKUP_BITS)) as usize];
        if entry == 0 {
            return self.long_symbol(table);
        }
        self.skip(u32::from(entry >> 8));
        Ok(entry as u8)
    }

    #[cold]
    fn long_symbol(&mut self, table: &Decoding) -> Result<u8, Damage> {
        let next = (self.buffer >> 48) as u32;
        for length in LOOKUP_BITS + 1..=16 {
            let (end, offset) = table.longer[length as usize];
            if next < end {
                let place = (next >> (16 - length)) as i32 + offset;
                self.skip(length);
                return table
                    .symbols
                    .get(place as usize)
                    .copied()
                    .ok_or(Damage::Corrupt("a code that its table lacks"));
            }
        }
        // Zeros replace missing bits; in a table without short codes they are not a code.
        self.check()?;
        Err(if self.count < 16 { self.end() } else { Damage::Corrupt("a code that its table lacks") })
    }

    /// A value of `size` bits (F.2.2.1). Needs [`Bits::fill`] before its symbol.
    #[inline(always)]
    pub(super) fn value(&mut self, size: u32) -> i32 {
        if size == 0 {
            return 0;
        }
        let raw = (self.buffer >> (64 - size)) as i32;
        self.skip(size);
        if raw < 1 << (size - 1) { raw - (1 << size) + 1 } else { raw }
    }

    /// A number of `size` bits, at most 15.
    pub(super) fn number(&mut self, size: u32) -> u32 {
        self.fill();
        // In two steps: a shift by 64 would overflow.
        let number = (self.buffer >> 32 >> (32 - size)) as u32;
        self.skip(size);
        number
    }

    /// Fails if more bits were read than there are.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Damage> {
        if self.count < 0 { Err(self.end()) } else { Ok(()) }
    }

    /// The error for missing data.
    fn end(&self) -> Damage {
        let is_last = self.data.iter().skip(self.at).all(|byte| *byte == 0xff);
        if is_last { Damage::Cut } else { Damage::Corrupt("the data between two restart markers is too short") }
    }

    /// Moves past the next marker, which must be this restart.
    pub(super) fn restart(&mut self, number: u8) -> Result<(), Damage> {
        self.check()?;
        let rest = self.data.get(self.at..).unwrap_or_default();
        let found =
            rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff)).ok_or(Damage::Cut)?;
        if rest[found + 1] != 0xd0 + number {
            return Err(Damage::Corrupt("a restart marker is missing"));
        }
        *self = Self { data: self.data, at: self.at + found + 2, buffer: 0, count: 0 };
        Ok(())
    }
}

/// Whether one of the eight bytes is 0xFF, that is, whether one of the complement's is zero.
#[inline(always)]
fn has_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (!word).wrapping_sub(ONES) & word & (ONES << 7) != 0
}
