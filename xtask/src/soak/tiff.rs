//! A large photo, made up: a TIFF without compression needs no encoder.

use std::path::Path;

use super::random::Random;

/// Writes an RGB picture of a grainy disc on a light ground: a subject that compresses badly.
pub(super) fn write_disc(path: &Path, width: u32, height: u32) -> Result<(), String> {
    let mut bytes = header(width, height);
    let mut random = Random::new(7);
    let (x0, y0, radius) = (i64::from(width / 2), i64::from(height / 2), i64::from(width.min(height)) / 3);
    for y in 0..i64::from(height) {
        for x in 0..i64::from(width) {
            let inside = (x - x0).pow(2) + (y - y0).pow(2) < radius * radius;
            let grain = random.next().to_le_bytes();
            bytes.extend(if inside { [150 | grain[0] & 63, 40 | grain[1] & 63, grain[2] & 63] } else { [236; 3] });
        }
    }
    std::fs::write(path, bytes).map_err(|cause| format!("cannot write {}: {cause}", path.display()))
}

/// Little-endian header, one directory, and the three values that do not fit into it; the pixels follow.
fn header(width: u32, height: u32) -> Vec<u8> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const ENTRIES: u16 = 9;
    const AFTER_DIRECTORY: u32 = 8 + 2 + ENTRIES as u32 * 12 + 4;
    let fields: [(u16, u16, u32, u32); ENTRIES as usize] = [
        (256, LONG, 1, width),
        (257, LONG, 1, height),
        (258, SHORT, 3, AFTER_DIRECTORY),    // bits per sample: 8, 8, 8
        (259, SHORT, 1, 1),                  // no compression
        (262, SHORT, 1, 2),                  // RGB
        (273, LONG, 1, AFTER_DIRECTORY + 6), // the one strip's offset
        (277, SHORT, 1, 3),                  // samples per pixel
        (278, LONG, 1, height),              // rows per strip
        (279, LONG, 1, width * height * 3),  // the strip's bytes
    ];
    let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
    bytes.extend(ENTRIES.to_le_bytes());
    for (tag, kind, count, value) in fields {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend([8, 0, 8, 0, 8, 0]);
    bytes
}
