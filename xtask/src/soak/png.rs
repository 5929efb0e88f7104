//! Is this PNG file whole?

use std::path::Path;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Fails unless the file is a PNG whose every chunk is there and has the right checksum, up to the end marker.
///
/// That finds whatever a killed program or a full disk can leave behind, and needs no decoder.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|cause| format!("cannot read {}: {cause}", path.display()))?;
    check_bytes(&bytes).map_err(|fault| format!("{} is not a whole PNG: {fault}", path.display()))
}

fn check_bytes(bytes: &[u8]) -> Result<(), String> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or("it does not begin like one")?;
    let mut has_pixels = false;
    loop {
        // Four bytes of length, four of type, the data, four of checksum.
        let (length, after) = rest.split_first_chunk::<4>().ok_or("it ends before its end marker")?;
        let length = u32::from_be_bytes(*length) as usize;
        let (typed, after) = after.split_at_checked(4 + length).ok_or("it ends inside a chunk")?;
        let (checksum, after) = after.split_first_chunk::<4>().ok_or("it ends inside a checksum")?;
        if crc32(typed) != u32::from_be_bytes(*checksum) {
            return Err(format!("the checksum of {} is wrong", String::from_utf8_lossy(&typed[..4])));
        }
        match &typed[..4] {
            b"IDAT" => has_pixels = true,
            b"IEND" if !after.is_empty() => return Err("something follows its end marker".to_owned()),
            b"IEND" if !has_pixels => return Err("it has no pixels".to_owned()),
            b"IEND" => return Ok(()),
            _ => {}
        }
        rest = after;
    }
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut value, mut bit) = (byte as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
};

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| TABLE[((crc ^ u32::from(*byte)) & 0xFF) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let typed = [kind, data].concat();
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &typed, &crc32(&typed).to_be_bytes()].concat()
    }

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(crc32(b"IEND"), 0xAE42_6082);
    }

    #[test]
    fn every_truncation_and_every_changed_byte_is_found() {
        let whole = [SIGNATURE, &chunk(b"IHDR", &[0; 13]), &chunk(b"IDAT", b"pixels"), &chunk(b"IEND", b"")].concat();
        assert_eq!(check_bytes(&whole), Ok(()));
        for length in 0..whole.len() {
            assert!(check_bytes(&whole[..length]).is_err(), "cut at {length}");
        }
        for index in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[index] ^= 1;
            assert!(check_bytes(&damaged).is_err(), "changed at {index}");
        }
    }
}
