//! Assets as `packshot::client` sees them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packshot::ImageFormat;
use packshot::api::service::{AssetIds, AssetState, NewAsset, NewLegalHold, NewLink, RetentionChoice};
use packshot::client::Client;

use crate::assets::{Shelf, picture};
use crate::stores::{Fresh, on_both};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn client(shelf: &Shelf) -> Client {
    let service = shelf.service();
    Client::builder().base_url(&service.url).api_key(&service.operator).build().expect("a client")
}

/// A picture of three parts: what stands behind it is taken out.
fn large() -> (Vec<u8>, Vec<u8>) {
    let jpeg = picture(1, ImageFormat::Jpeg);
    ([jpeg.as_slice(), &vec![7; 12 << 20]].concat(), jpeg)
}

on_both! {
    async fn a_file_goes_up_with_progress_and_comes_down(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let client = client(&shelf);
        let (bytes, jpeg) = large();
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), &bytes).expect("it can be written");
        let steps = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&steps);
        let upload = client.assets().upload(file.path()).name("Hat").on_progress(move |progress| {
            heard.lock().expect("no panic").push((progress.sent, progress.total));
        });
        let asset = upload.await.expect("it is stored");
        assert_eq!((asset.state, asset.name.as_deref()), (AssetState::Ready, Some("Hat")));
        let total = bytes.len() as u64;
        let steps = steps.lock().expect("no panic").clone();
        assert_eq!((steps.first(), steps.last(), steps.len()), (Some(&(0, total)), Some(&(total, total)), 4), "{steps:?}");
        let content = client.assets().content(&asset.id, None).await.expect("content");
        assert_eq!(content, jpeg);
        let part = client.assets().content(&asset.id, None).range(2..10).await.expect("a part");
        assert_eq!(part, &jpeg[2..10]);
        let link = client.assets().link(&asset.id, &NewLink { variant: None, expires_in: Some(60), download: None }).await;
        let link = link.expect("a link");
        let nobody = Client::builder().base_url(&shelf.service().url).build().expect("a client");
        assert_eq!(nobody.assets().file(&link.url).await.expect("the file"), jpeg);

        client.assets().delete(&asset.id).await.expect("it is deleted");
        assert_eq!(nobody.assets().file(&link.url).await.expect_err("deletion beats the signature").code(), "not_found");
        assert_eq!(client.assets().restore(&asset.id).await.expect("it is back").state, AssetState::Ready);
        let told = client.assets().delete_many(&AssetIds { ids: vec![asset.id.clone()] }).await.expect("it is deleted");
        assert_eq!(told.deleted, std::slice::from_ref(&asset.id));
        shelf.service().wait(DAY).await;
        let proof = client.assets().proof(&asset.id).await.expect("a proof");
        let key = client.retention().proof_key().await.expect("a key").key.parse().expect("a verifier");
        let purged = packshot_policy::Purged::verified(&proof.note, &key).expect("it is signed");
        assert_eq!(purged.record, asset.id);
        assert!(client.assets().list().collect(10).await.expect("a list").is_empty());
    }

    async fn an_upload_that_was_cut_goes_on_and_sends_only_what_is_missing(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let client = client(&shelf);
        let (bytes, _) = large();
        let new = NewAsset { bytes: bytes.len() as u64, kind: None, name: None };
        let begun = client.assets().create(&new).await.expect("it is announced");
        let upload = begun.upload.expect("how to upload");
        let size = upload.part_bytes as usize;
        // The process of before sent the first part and one that was damaged on the way, and was killed.
        client.assets().put_part(&begun.id, 1, bytes[..size].to_vec().into()).await.expect("it is there");
        let mut damaged = bytes[size..2 * size].to_vec();
        damaged[7] ^= 1;
        client.assets().put_part_to(&upload.url, 2, damaged.into()).await.expect("it is there");
        let sent = Arc::new(AtomicU64::new(u64::MAX));
        let first = Arc::clone(&sent);
        let upload = client.assets().upload(bytes.clone()).resume(&begun.id).on_progress(move |progress| {
            first.fetch_min(progress.sent, Ordering::Relaxed);
        });
        let asset = upload.await.expect("it goes on");
        assert_eq!((asset.id.clone(), asset.state), (begun.id, AssetState::Ready));
        assert_eq!(sent.load(Ordering::Relaxed), size as u64, "the first part is not sent again, and the damaged one is");
        let done = client.assets().upload(bytes.clone()).resume(&asset.id).await.expect("it is done");
        assert_eq!(done.state, AssetState::Ready);
        let begun = client.assets().create(&new).await.expect("it is announced");
        let other = client.assets().upload(b"another".to_vec()).resume(&begun.id).await.expect_err("another file");
        assert_eq!(other.code(), "option_invalid");
    }

    async fn whoever_keeps_the_key_has_one_asset(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let client = client(&shelf);
        let bytes = picture(3, ImageFormat::Png);
        let one = client.assets().upload(bytes.clone()).idempotency_key("hat-1").await.expect("it is stored");
        let two = client.assets().upload(bytes).idempotency_key("hat-1").await.expect("it is the same");
        assert_eq!(one.id, two.id);
        assert_eq!(client.assets().list().collect(10).await.expect("a list").len(), 1);
    }

    async fn an_operator_holds_and_reports(fresh: Fresh) {
        let shelf = Shelf::on(&fresh).await;
        let client = client(&shelf);
        let asset = client.assets().upload(picture(4, ImageFormat::Png)).await.expect("it is stored");
        client.admin().hold_asset(&asset.id, &NewLegalHold { reason: "order 7".into() }).await.expect("it is held");
        assert_eq!(client.admin().retention().await.expect("a report").held, 1);
        client.admin().release_asset(&asset.id).await.expect("it is released");
        assert_eq!(client.admin().retention().await.expect("a report").held, 0);
        assert_eq!(client.retention().choice().await.expect("a choice").keep, None);
        let refused = client.retention().choose(&RetentionChoice { keep: Some("1h".into()) }).await.expect_err("Narpix offers none");
        assert_eq!(refused.code(), "retention_not_offered");
    }
}
