//! Images that lie: told, and gone.

use packshot::ImageFormat;
use serde_json::json;

use super::{Shelf, picture};
use crate::files;
use crate::stores::{Fresh, on_both};

const MARKER: &[u8] = b"Packshot test marker 0b5c4d";

fn with_comment(jpeg: &[u8]) -> Vec<u8> {
    let length = (MARKER.len() + 2) as u16;
    [&jpeg[..2], &[0xff, 0xfe], &length.to_be_bytes(), MARKER, &jpeg[2..]].concat()
}

on_both! {
    async fn what_is_no_picture_is_refused_and_gone(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let html = [b"<html><script>alert(1)</script>".as_slice(), MARKER].concat();
        let cut = picture(1, ImageFormat::Png);
        let bomb = {
            // A PNG that says it has 60,000 x 60,000 pixels.
            let mut png = picture(2, ImageFormat::Png);
            png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
            let crc = crc32(&png[12..29]);
            png[29..33].copy_from_slice(&crc.to_be_bytes());
            png
        };
        let gif = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00;".to_vec();
        let cases = [(html, "asset_not_a_photo"), (cut[..cut.len() / 2].to_vec(), "asset_not_a_photo"),
            (bomb, "asset_too_large"), (gif, "asset_not_a_photo"), (vec![0; 3], "asset_not_a_photo")];
        for (bytes, why) in cases {
            let refused = shelf.complete(&bytes, json!({})).await;
            assert_eq!((&refused["state"], &refused["refused_because"]), (&json!("refused"), &json!(why)), "{refused}");
            let id = refused["id"].as_str().expect("an id");
            assert_eq!(shelf.content(id).await, 404);
            assert!(!shelf.data.join("content").join(shelf.house.organisation.to_string()).join(id).exists());
        }
        assert!(files::all(&shelf.data).iter().all(|file| memchr::memmem::find(file, MARKER).is_none()));
    }

    async fn what_stands_beside_the_picture_is_taken_out(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        // A JPEG that is a ZIP as well, and tells something in a comment.
        let jpeg = picture(3, ImageFormat::Jpeg);
        let polyglot = [with_comment(&jpeg).as_slice(), b"PK\x03\x04", MARKER].concat();
        let asset = shelf.store(&polyglot, json!({})).await;
        let content = shelf.service().request(reqwest::Method::GET, &format!("/v1/assets/{}/content", asset.id));
        let content = content.bearer_auth(&shelf.service().operator).send().await.expect("an answer");
        let content = content.bytes().await.expect("a body");
        assert!(memchr::memmem::find(&content, MARKER).is_none(), "NARPIX-1.2b: no metadata is kept");
        assert_eq!(content, jpeg, "and the picture is as it was");
    }

    async fn a_turned_photo_stays_turned(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let jpeg = picture(4, ImageFormat::Jpeg);
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x0e\0\x02\0\0\0\x04abc\0\0\0\0\0";
        let length = (exif.len() + 2) as u16;
        let turned = [&jpeg[..2], &[0xff, 0xe1], &length.to_be_bytes(), exif, &jpeg[2..]].concat();
        let asset = shelf.complete(&turned, json!({})).await;
        assert_eq!((&asset["width"], &asset["height"]), (&json!(64), &json!(96)), "{asset}");
        let id = asset["id"].as_str().expect("an id");
        let content = shelf.service().request(reqwest::Method::GET, &format!("/v1/assets/{id}/content"));
        let content = content.bearer_auth(&shelf.service().operator).send().await.expect("an answer");
        let content = content.bytes().await.expect("a body");
        let photo = packshot::Photo::decode(&content).expect("a photo");
        assert_eq!((photo.width(), photo.height()), (64, 96));
        assert!(memchr::memmem::find(&content, b"abc\0").is_none(), "and nothing else of its EXIF is there");
    }

    async fn a_policy_that_does_not_say_so_keeps_a_file_as_it_is(fresh: Fresh) {
        let settings = packshot_server::Settings { policy: "nanaimg".to_owned(), ..fresh.settings() };
        let shelf = Shelf::with(&fresh, settings).await;
        let bytes = with_comment(&picture(5, ImageFormat::Jpeg));
        let asset = shelf.store(&bytes, json!({})).await;
        let content = shelf.service().request(reqwest::Method::GET, &format!("/v1/assets/{}/content", asset.id));
        let content = content.bearer_auth(&shelf.service().operator).send().await.expect("an answer");
        assert_eq!(content.bytes().await.expect("a body"), bytes);
    }

    async fn a_scanner_that_does_not_answer_lets_nothing_pass(fresh: Fresh) {
        let nowhere = Some(packshot_server::Scanner::Socket("/nowhere/clamd".into()));
        let shelf = Shelf::with(&fresh, packshot_server::Settings { scanner: nowhere, ..fresh.settings() }).await;
        let asset = shelf.send(&picture(6, ImageFormat::Jpeg), json!({})).await;
        let id = asset["id"].as_str().expect("an id");
        let failed = shelf.house.post(&format!("/v1/assets/{id}/complete"), json!({})).await;
        assert_eq!(failed.refused(503), "scanner_failed");
        assert_eq!(shelf.show(id).await.is(200)["state"], "checking", "it waits in quarantine");
        assert_eq!(shelf.content(id).await, 404);
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// A clamd of one's own, which knows EICAR and the marker.
struct Clamd {
    child: std::process::Child,
    folder: tempfile::TempDir,
}

impl Clamd {
    /// Starts one; none where it is not installed.
    fn start() -> Option<Self> {
        let is_there = |name: &str| std::process::Command::new(name).arg("--version").output().is_ok();
        if !is_there("clamd") {
            return crate::test_data::skipped("clamd is not installed");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        std::fs::create_dir(path.join("db")).expect("a folder");
        let hex: String = MARKER.iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(path.join("db/test.ndb"), format!("Packshot.Test.Marker:0:*:{hex}\n")).expect("a signature");
        let conf = format!(
            "DatabaseDirectory {0}/db\nLocalSocket {0}/clamd.ctl\nForeground yes\nStreamMaxLength 4M\nSelfCheck 0\n",
            path.display()
        );
        std::fs::write(path.join("clamd.conf"), conf).expect("a configuration");
        // It gives up its rights when root starts it, and has to reach the folder then.
        std::process::Command::new("chmod").args(["-R", "a+rwX"]).arg(path).status().expect("chmod");
        let mut command = std::process::Command::new("clamd");
        command
            .arg("-c")
            .arg(path.join("clamd.conf"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let child = command.spawn().expect("clamd starts");
        let clamd = Self { child, folder };
        let begin = std::time::Instant::now();
        while std::os::unix::net::UnixStream::connect(clamd.socket()).is_err() {
            assert!(begin.elapsed().as_secs() < 30, "clamd does not start");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Some(clamd)
    }

    fn socket(&self) -> std::path::PathBuf {
        self.folder.path().join("clamd.ctl")
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn a_virus_inside_a_picture_is_found() {
    let Some(clamd) = Clamd::start() else { return };
    crate::stores::on(packshot_server::Backend::Sqlite, async |fresh| {
        let scanner = Some(packshot_server::Scanner::Socket(clamd.socket()));
        let shelf = Shelf::with(&fresh, packshot_server::Settings { scanner, ..fresh.settings() }).await;
        let clean = shelf.complete(&picture(7, ImageFormat::Jpeg), json!({})).await;
        assert_eq!(clean["state"], "ready", "{clean}");
        let infected = shelf.complete(&with_comment(&picture(8, ImageFormat::Jpeg)), json!({})).await;
        assert_eq!(
            (&infected["state"], &infected["refused_because"]),
            (&json!("refused"), &json!("asset_infected")),
            "{infected}"
        );
        // Longer than the scanner reads: that is no pass.
        let long = [picture(9, ImageFormat::Jpeg), vec![0; 6 << 20]].concat();
        let asset = shelf.send(&long, json!({})).await;
        let id = asset["id"].as_str().expect("an id");
        let refused = shelf.house.post(&format!("/v1/assets/{id}/complete"), json!({})).await;
        assert_eq!(refused.refused(503), "scanner_failed", "{}", refused.text);
        assert!(files::all(&shelf.data).iter().all(|file| memchr::memmem::find(file, MARKER).is_none()));
    });
}
