//! Every public error code, reached through the public API.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use packshot::models::{Descriptor, Registry, Store, StoreOptions};
use packshot::{
    Backend, CancelToken, Channels, Code, DecodeOptions, DescriptorSource, Engine, Error, Limits, Matte, ModelChoice,
    Photo, Recipe, RemoveBackground, Result, Run, write_atomically,
};

fn photo() -> Photo {
    Photo::new(8, 8, Channels::Rgb, vec![100_u8; 192]).unwrap()
}

fn cut(engine: &Engine, settings: &RemoveBackground) -> Result<()> {
    engine.remove_background(photo(), settings).map(drop)
}

fn rten() -> Engine {
    Engine::builder().backend(Backend::Rten).build().unwrap()
}

fn tiny(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn model_file(path: PathBuf, descriptor: &str) -> RemoveBackground {
    let descriptor = DescriptorSource::Given(Box::new(Descriptor::from_toml(descriptor).unwrap()));
    RemoveBackground { model: ModelChoice::File { path, descriptor }, ..RemoveBackground::default() }
}

const EIGHT: &str = "[input]\nsize = { fixed = [8, 8] }\n";

fn limited(change: impl FnOnce(&mut Limits), bytes: &[u8]) -> Result<()> {
    let mut limits = Limits::default();
    change(&mut limits);
    Photo::decode_with(bytes, &DecodeOptions::new().limits(limits)).map(drop)
}

/// A batch of the photo `x.jpg` in a folder, into the same folder.
fn batch(folder: &Path, report: Option<PathBuf>) -> Result<()> {
    let (inputs, output) = (vec![folder.join("x.jpg")], Some(folder.to_owned()));
    let batch = packshot::api::Batch { inputs, output, report, ..Default::default() };
    rten().batch(&Recipe::preset("thumbnail")?, &batch, |_| {}).map(drop)
}

/// A PNG with more of whatever a test wants.
fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let whole = photo().encode(&packshot::EncodeOptions::new(packshot::ImageFormat::Png)).unwrap();
    // After the signature and IHDR.
    let (head, tail) = whole.split_at(33);
    let mut out = head.to_vec();
    for (kind, data) in chunks {
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(*kind);
        out.extend(data);
        let mut crc = flate2::Crc::new();
        crc.update(*kind);
        crc.update(data);
        out.extend(crc.sum().to_be_bytes());
    }
    out.extend(tail);
    out
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A store with one model behind `url`.
fn pull(url: &str, hash: &str, options: StoreOptions) -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let registry = format!(
        "[[model]]\nid = 'net'\ntask = 'remove_background'\ntitle = 'Net'\nlicence = 'MIT'\ncommercial = true\n\
         [[model.files]]\nname = 'net.onnx'\nurl = '{url}'\n{hash}\n[model.input]\nsize = {{ fixed = [8, 8] }}\n"
    );
    let store = Store::new(Some(folder.path().to_owned()), options)?.with_registry(Registry::from_toml(&registry)?);
    store.pull("net", &Run::default()).map(drop)
}

fn hash() -> String {
    format!("sha256 = '{}'", "ab".repeat(32))
}

fn impatient() -> StoreOptions {
    StoreOptions {
        stall_timeout: Duration::from_millis(200),
        retry_pause: Duration::from_millis(1),
        ..StoreOptions::default()
    }
}

/// Answers every request with `answer`, or never.
fn server(answer: Option<&'static [u8]>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/net.onnx", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            if let Some(answer) = answer {
                let _ = stream.write_all(answer);
            } else {
                open.push(stream);
            }
        }
    });
    url
}

/// A port of this machine on which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/net.onnx", listener.local_addr().unwrap())
}

fn provoke(code: Code) -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let store = || Store::new(Some(folder.path().to_owned()), StoreOptions::default()).unwrap();
    let default = RemoveBackground::default;
    let id = |id: &str| RemoveBackground { model: ModelChoice::Id(id.to_owned()), ..default() };
    match code {
        Code::PhotoEmpty => Photo::decode(&[]).map(drop),
        Code::PhotoTruncated => Photo::decode(&png(&[])[..60]).map(drop),
        Code::PhotoCorrupt => {
            let mut bytes = png(&[]);
            bytes[20..28].fill(0);
            Photo::decode(&bytes).map(drop)
        }
        Code::PhotoFormat => Photo::decode(b"GIF89a, or something else altogether").map(drop),
        Code::PhotoFormatDisabled => Photo::decode(b"\0\0\0\x18ftypavif\0\0\0\0avifmif1").map(drop),
        Code::PhotoUnsupported => {
            let long = Photo::new(70_000, 1, Channels::Gray, vec![0_u8; 70_000])?;
            long.encode(&packshot::EncodeOptions::new(packshot::ImageFormat::Jpeg)).map(drop)
        }
        Code::LimitPixels => limited(|limits| limits.max_pixels = 63, &png(&[])),
        Code::LimitBytes => limited(|limits| limits.max_bytes = 10, &png(&[])),
        Code::LimitFrames => {
            let animation = [10_000_u32.to_be_bytes(), 0_u32.to_be_bytes()].concat();
            Photo::decode(&png(&[(b"acTL", animation)])).map(drop)
        }
        Code::LimitProfile => {
            let profile = [b"icc\0\0".to_vec(), deflated(&vec![0; 8 << 20])].concat();
            Photo::decode(&png(&[(b"iCCP", profile)])).map(drop)
        }
        Code::LimitMetadata => {
            let exif = [b"II*\0\x08\0\0\0".to_vec(), vec![0; 5 << 20]].concat();
            let photo = Photo::decode(&png(&[(b"eXIf", exif)]))?;
            let kept = packshot::EncodeOptions::new(packshot::ImageFormat::Png).metadata(packshot::MetadataMode::Keep);
            photo.encode(&kept).map(drop)
        }
        Code::OptionInvalid => "12 apples".parse::<packshot::Area>().map(drop),
        Code::BudgetMissed => {
            let png = packshot::EncodeOptions::new(packshot::ImageFormat::Png);
            photo().encode(&png.max_bytes(20)).map(drop)
        }
        Code::MaskSize => Matte::new(2, 2, vec![0; 3]).map(drop),
        Code::SubjectMissing => {
            let mask = Some(Matte::new(8, 8, vec![0; 64])?);
            cut(&rten(), &RemoveBackground { mask, crop: Some("0".parse()?), ..default() })
        }
        Code::FileMissing => Photo::open(folder.path().join("none.png")).map(drop),
        Code::FileUnreadable => Photo::open(folder.path()).map(drop),
        Code::FileUnwritable => photo().save(folder.path().join("none").join("x.png")),
        Code::DiskFull => write_atomically(Path::new("/dev/full"), b"x"),
        Code::BatchBusy => {
            let journal = std::fs::File::create(folder.path().join(".packshot-journal")).unwrap();
            journal.lock().unwrap();
            batch(folder.path(), None)
        }
        Code::FileExists => {
            let report = folder.path().join("report.json");
            std::fs::write(&report, b"mine").unwrap();
            batch(folder.path(), Some(report))
        }
        Code::FileProtected => {
            let photo = folder.path().join("x.jpg");
            std::fs::write(&photo, b"a photo").unwrap();
            batch(folder.path(), Some(photo))
        }
        Code::RecipeInvalid => Recipe::preset("none").map(drop),
        Code::ModelUnknown => cut(&rten(), &id("no-such-model")),
        Code::ModelMissing => store().path("u2netp").map(drop),
        Code::ModelLicence => store().path("bria-rmbg-2.0").map(drop),
        Code::ModelUnverifiable => pull(&nobody(), "", impatient()),
        Code::ModelCorrupt => {
            let home = folder.path().join("models/u2netp");
            std::fs::create_dir_all(&home).unwrap();
            std::fs::write(home.join("u2netp.onnx"), b"not it").unwrap();
            store().verify("u2netp")
        }
        Code::DescriptorInvalid => Descriptor::from_toml("[input]\nsize = 'large'").map(drop),
        Code::ModelInvalid => {
            let path = folder.path().join("net.onnx");
            std::fs::write(&path, b"this is not a network").unwrap();
            cut(&rten(), &model_file(path, EIGHT))
        }
        Code::ModelShape => cut(&rten(), &model_file(tiny("tiny.onnx"), &format!("{EIGHT}[output]\nname = 'nothing'"))),
        Code::NetworkFailed => pull(&nobody(), &hash(), impatient()),
        Code::NetworkStalled => pull(&server(None), &hash(), impatient()),
        Code::DownloadCorrupt => {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nwrong";
            pull(&server(Some(answer)), &hash(), impatient())
        }
        Code::Offline => pull(&nobody(), &hash(), StoreOptions { offline: true, ..impatient() }),
        Code::BackendMissing => {
            let garbage = folder.path().join("libonnxruntime.so");
            std::fs::write(&garbage, b"not a library").unwrap();
            cut(&Engine::builder().backend(Backend::OnnxRuntime).ort_library(garbage).build()?, &default())
        }
        Code::BackendFailed => cut(&rten(), &model_file(tiny("tiny_nan.onnx"), EIGHT)),
        Code::Cancelled => {
            let cancel = CancelToken::new();
            cancel.cancel();
            cut(&rten().with_cancel(&cancel), &default())
        }
        Code::Internal => cut(&rten().with_progress(|_| panic!("a listener that panics")), &default()),
        other => Err(Error::new(Code::Internal, format!("no test reaches {other}"))),
    }
}

#[test]
fn every_code_is_reached() {
    for &code in Code::ALL {
        // A device that is always full is a thing of Linux.
        if code == Code::DiskFull && !Path::new("/dev/full").exists() {
            eprintln!("skipped: {code}, there is no /dev/full");
            continue;
        }
        let error = provoke(code).expect_err(code.as_str());
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!error.message().is_empty() && !error.message().ends_with('.'), "{code}: {}", error.message());
    }
    crate::common::shown(&["errors", "panics"]);
}
