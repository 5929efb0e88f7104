//! Hostile files: refused with the right code, and with little memory.
//!
//! In a test program of its own, because it counts every allocation.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};

use packshot::{Code, DecodeOptions, Limits, Photo};

/// The system's allocator, with the bytes in use and the most there ever were.
struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code, reason = "an allocator cannot be written without; every call goes to the system's")]
// SAFETY: both functions pass their arguments on unchanged, and counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(USED.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`; `at` came from `System`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The tests run one at a time, each with all it makes: the counters are shared.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Decodes within the default limits; the code of the error and the most bytes in use meanwhile, in MiB.
fn refuse(name: &str, bytes: &[u8], expected: Code, max_mib: usize) {
    refuse_with(name, bytes, &DecodeOptions::new(), expected, max_mib);
}

fn refuse_with(name: &str, bytes: &[u8], options: &DecodeOptions, expected: Code, max_mib: usize) {
    let before = USED.load(Relaxed);
    PEAK.store(before, Relaxed);
    let code = Photo::decode_with(bytes, options).expect_err(name).code();
    let peak = PEAK.load(Relaxed) - before;
    println!("{name}: {code}, {} KiB for a file of {} KiB", peak >> 10, bytes.len() >> 10);
    assert_eq!(code, expected, "{name}");
    assert!(peak <= max_mib << 20, "{name} took {peak} bytes");
}

// --- Builders: just enough of each container ------------------------------------------------------------------------

fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, body) in chunks {
        out.extend((body.len() as u32).to_be_bytes());
        out.extend_from_slice(*name);
        out.extend_from_slice(body);
        out.extend(crc(&[*name, body]).to_be_bytes());
    }
    out
}

fn crc(parts: &[&[u8]]) -> u32 {
    let mut crc = flate2::Crc::new();
    parts.iter().for_each(|part| crc.update(part));
    crc.sum()
}

fn ihdr(width: u32, height: u32) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
}

fn deflate_zeros(mib: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..mib).for_each(|_| encoder.write_all(&zeros).unwrap());
    encoder.finish().unwrap()
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat()
}

fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    [&b"\xff\xd8"[..], &segments.concat(), b"\xff\xd9"].concat()
}

fn sof(width: u16, height: u16) -> Vec<u8> {
    let [h, w] = [height, width].map(u16::to_be_bytes);
    segment(0xc0, &[8, h[0], h[1], w[0], w[1], 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0])
}

fn webp(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend_from_slice(*name);
        body.extend((content.len() as u32).to_le_bytes());
        body.extend_from_slice(content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let [w, h] = [width - 1, height - 1].map(u32::to_le_bytes);
    vec![flags, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]]
}

/// Little-endian directories at the given offsets, each with LONG fields.
fn tiff(pages: &[(Vec<(u16, u32)>, u32)]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    for (fields, next) in pages {
        out.extend((fields.len() as u16).to_le_bytes());
        for (tag, value) in fields {
            out.extend(tag.to_le_bytes());
            out.extend([4, 0, 1, 0, 0, 0]);
            out.extend(value.to_le_bytes());
        }
        out.extend(next.to_le_bytes());
    }
    out
}

// --- The files ------------------------------------------------------------------------------------------------------

#[test]
fn headers_that_promise_too_many_pixels() {
    let _turn = turn();
    refuse("PNG 65535", &png(&[(b"IHDR", &ihdr(65_535, 65_535))]), Code::LimitPixels, 1);
    refuse("PNG 2^31", &png(&[(b"IHDR", &ihdr(u32::MAX >> 1, u32::MAX >> 1))]), Code::LimitPixels, 1);
    refuse("JPEG", &jpeg(&[sof(65_535, 65_535)]), Code::LimitPixels, 1);
    refuse("WebP canvas", &webp(&[(b"VP8X", vp8x(0, 1 << 24, 1 << 24))]), Code::LimitPixels, 1);
    let lossy = vec![0x10, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0x3f];
    refuse("WebP lossy", &webp(&[(b"VP8 ", lossy.clone())]), Code::LimitPixels, 1);
    refuse("WebP lossless", &webp(&[(b"VP8L", vec![0x2f, 0xff, 0xff, 0xff, 0x0f])]), Code::LimitPixels, 1);
    let small_canvas = webp(&[(b"VP8X", vp8x(0, 1, 1)), (b"VP8 ", lossy.clone())]);
    refuse("WebP with a small canvas", &small_canvas, Code::LimitPixels, 1);
    let frame = [vec![0; 16], b"VP8 ".to_vec(), (lossy.len() as u32).to_le_bytes().to_vec(), lossy].concat();
    let animated = webp(&[(b"VP8X", vp8x(2, 1, 1)), (b"ANIM", vec![0; 6]), (b"ANMF", frame)]);
    refuse("WebP with a large frame", &animated, Code::LimitPixels, 1);
    let page = (vec![(256, 65_535), (257, 65_535)], 0);
    refuse("TIFF", &tiff(&[page]), Code::LimitPixels, 1);
    let tile =
        vec![(256, 8), (257, 8), (258, 8), (262, 1), (277, 1), (322, 65_520), (323, 65_520), (324, 0), (325, 80)];
    refuse("TIFF with a large tile", &tiff(&[(tile, 0)]), Code::PhotoTruncated, 1);
}

#[test]
fn pictures_without_pixels() {
    let _turn = turn();
    refuse("PNG", &png(&[(b"IHDR", &ihdr(0, 5))]), Code::PhotoCorrupt, 1);
    refuse("JPEG", &jpeg(&[sof(5, 0)]), Code::PhotoCorrupt, 1);
    refuse("TIFF", &tiff(&[(vec![(256, 0), (257, 5)], 0)]), Code::PhotoCorrupt, 1);
    refuse("TIFF without a page", b"II*\0\0\0\0\0", Code::PhotoCorrupt, 1);
}

#[test]
fn compressed_bombs_in_a_png() {
    let _turn = turn();
    let bomb = deflate_zeros(200);
    let header = ihdr(8, 8);
    let with = |name: &[u8; 4], prefix: &[u8]| png(&[(b"IHDR", &header), (name, &[prefix, &bomb].concat())]);
    refuse("iCCP", &with(b"iCCP", b"x\0\0"), Code::LimitProfile, 16);
    // Text that is nothing to us is not unpacked, and metadata only as far as its limit; the file ends before its picture.
    refuse("zTXt", &with(b"zTXt", b"x\0\0"), Code::PhotoTruncated, 1);
    refuse("iTXt", &with(b"iTXt", b"x\0\x01\0\0\0"), Code::PhotoTruncated, 1);
    refuse("XMP", &with(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"), Code::PhotoTruncated, 40);
    refuse("raw EXIF", &with(b"zTXt", b"Raw profile type exif\0\0"), Code::PhotoTruncated, 40);
    // The picture itself: 200 MiB behind a header that speaks of 8 x 8 pixels.
    let idat = png(&[(b"IHDR", &header), (b"IDAT", &bomb), (b"IEND", b"")]);
    let before = USED.load(Relaxed);
    PEAK.store(before, Relaxed);
    let decoded = Photo::decode(&idat);
    let peak = PEAK.load(Relaxed) - before;
    println!("IDAT: {:?}, {} KiB", decoded.map(|photo| photo.width()), peak >> 10);
    assert!(peak < 4 << 20);
}

#[test]
fn many_text_chunks_take_nothing() {
    let _turn = turn();
    let text = vec![b'a'; 1 << 20];
    let header = ihdr(8, 8);
    let mut chunks: Vec<(&[u8; 4], &[u8])> = vec![(b"IHDR", &header)];
    chunks.extend((0..5).map(|_| (b"tEXt", &text[..])));
    refuse("tEXt", &png(&chunks), Code::PhotoTruncated, 1);
}

#[test]
fn ten_thousand_frames() {
    let _turn = turn();
    let header = ihdr(8, 8);
    let declared = [&10_000_u32.to_be_bytes()[..], &[0; 4]].concat();
    refuse("APNG, declared", &png(&[(b"IHDR", &header), (b"acTL", &declared)]), Code::LimitFrames, 1);
    let mut chunks: Vec<(&[u8; 4], &[u8])> = vec![(b"IHDR", &header)];
    chunks.extend((0..10_000).map(|_| (b"fcTL", &[0; 26][..])));
    refuse("APNG, present", &png(&chunks), Code::LimitFrames, 1);

    let mut frames: Vec<(&[u8; 4], Vec<u8>)> = vec![(b"VP8X", vp8x(2, 8, 8)), (b"ANIM", vec![0; 6])];
    frames.extend((0..10_000).map(|_| (b"ANMF", vec![0; 24])));
    refuse("WebP", &webp(&frames), Code::LimitFrames, 1);

    let page = |i: u32| (vec![(256, 8), (257, 8)], 8 + (i + 1) * 30);
    refuse("TIFF", &tiff(&(0..10_000).map(page).collect::<Vec<_>>()), Code::LimitFrames, 1);
    refuse("TIFF in a circle", &tiff(&[(vec![(256, 8), (257, 8)], 8)]), Code::PhotoCorrupt, 1);
}

#[test]
fn giant_profiles_and_metadata() {
    let _turn = turn();
    let icc = |i: u8| segment(0xe2, &[&b"ICC_PROFILE\0"[..], &[i, 200], &vec![0; 65_000]].concat());
    let segments: Vec<_> = (1..=200).map(icc).collect();
    refuse("JPEG, ICC", &jpeg(&segments), Code::LimitProfile, 12);
    let exif = segment(0xe1, &[&b"Exif\0\0"[..], &vec![0; 65_000]].concat());
    refuse("JPEG, EXIF", &jpeg(&vec![exif; 200]), Code::PhotoCorrupt, 1);
    let xmp = segment(0xe1, &[&b"http://ns.adobe.com/xmp/extension/\0"[..], &vec![0; 65_000]].concat());
    refuse("JPEG, extended XMP", &jpeg(&vec![xmp; 200]), Code::PhotoCorrupt, 1);

    let large = vec![0; 5 << 20];
    let of = |name| webp(&[(b"VP8X", vp8x(0, 8, 8)), (name, large.clone())]);
    refuse("WebP, ICC", &of(b"ICCP"), Code::LimitProfile, 1);
    // Large metadata is left behind, not held: these files fail for want of a picture.
    refuse("WebP, EXIF", &of(b"EXIF"), Code::PhotoCorrupt, 1);
    refuse("PNG, EXIF", &png(&[(b"IHDR", &ihdr(8, 8)), (b"eXIf", &large)]), Code::PhotoTruncated, 1);
    let mut page = tiff(&[(vec![(256, 8), (257, 8), (34_675, 0)], 0)]);
    // The third field: five million bytes.
    page[8 + 2 + 24 + 2..][..6].copy_from_slice(&[1, 0, 0x40, 0x4b, 0x4c, 0]);
    refuse("TIFF, ICC", &page, Code::LimitProfile, 1);
    page[8 + 2 + 24..][..2].copy_from_slice(&273_u16.to_le_bytes());
    refuse("TIFF, strips", &page, Code::PhotoTruncated, 1);
}

/// 64 KiB of EXIF in which 2,700 fields share the same 32 KiB: 88 MiB if each is copied.
#[test]
fn overlapping_exif_values_are_not_multiplied() {
    let _turn = turn();
    let count = 2_700_u16;
    let mut exif = b"II*\0\x08\0\0\0".to_vec();
    exif.extend(count.to_le_bytes());
    for _ in 0..count {
        // Make, ASCII.
        exif.extend([0x0f, 0x01, 2, 0]);
        exif.extend(32_000_u32.to_le_bytes());
        exif.extend(33_000_u32.to_le_bytes());
    }
    exif.resize(65_500, b'x');
    let photo = Photo::new(8, 8, packshot::Channels::Gray, vec![0_u8; 64]).unwrap();
    let png = photo.encode(&packshot::EncodeOptions::new(packshot::ImageFormat::Png)).unwrap();
    let at = 8 + 25;
    let chunk = png_chunk(b"eXIf", &exif);
    let photo = Photo::decode(&[&png[..at], &chunk, &png[at..]].concat()).unwrap();
    let options = packshot::EncodeOptions::new(packshot::ImageFormat::Png);
    let before = USED.load(Relaxed);
    PEAK.store(before, Relaxed);
    let saved = photo.encode(&options.metadata(packshot::MetadataMode::KeepSafe)).unwrap();
    let peak = PEAK.load(Relaxed) - before;
    assert!(saved.len() < 100_000 && peak < 4 << 20, "{} bytes, {peak} in use", saved.len());
}

fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    png(&[(name, body)])[8..].to_vec()
}

#[test]
fn every_limit_can_be_set() {
    let _turn = turn();
    let mut limits = Limits::default();
    limits.max_pixels = 63;
    let photo = Photo::new(8, 8, packshot::Channels::Gray, vec![0_u8; 64]).unwrap();
    let bytes = photo.encode(&packshot::EncodeOptions::new(packshot::ImageFormat::Png)).unwrap();
    refuse_with("pixels", &bytes, &DecodeOptions::new().limits(limits.clone()), Code::LimitPixels, 1);
    limits.max_bytes = 10;
    refuse_with("bytes", &bytes, &DecodeOptions::new().limits(limits), Code::LimitBytes, 1);
}
