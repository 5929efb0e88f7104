//! Assets: uploaded, checked, read, deleted and gone.

mod access;
mod bucket;
mod clauses;
mod closing;
mod drill;
mod faults;
mod gone;
mod images;
mod lives;
mod upload;
mod versions;

use std::path::PathBuf;

use packshot::{Channels, EncodeOptions, ImageFormat, Photo};
use packshot_policy::{NoteVerifier, Purged};
use packshot_server::{Backend, Settings};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::House;
use crate::files;
use crate::service::{Reply, Running};
use crate::stores::Fresh;

/// A picture that compresses badly, so that its file has bytes that are found nowhere else.
pub(crate) fn picture(seed: u32, format: ImageFormat) -> Vec<u8> {
    let (width, height) = (96, 64);
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let samples: Vec<u8> = (0..width * height * 3)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as u8
        })
        .collect();
    let photo = Photo::new(width, height, Channels::Rgb, samples).expect("a photo");
    photo.encode(&EncodeOptions::new(format)).expect("a file")
}

/// A service with an organisation that has assets.
pub(crate) struct Shelf {
    pub(crate) house: House,
    data: PathBuf,
    /// Where sealed content is.
    content: PathBuf,
    /// What else is searched for what is gone.
    elsewhere: Option<PathBuf>,
}

/// An asset that is there, and what its bytes are.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: String,
    /// Bytes of its file.
    canary: Vec<u8>,
    /// Bytes of what is stored of it, sealed.
    sealed: Vec<Vec<u8>>,
    /// A link that was made while it was there.
    link: String,
}

impl Shelf {
    pub(crate) async fn on(fresh: &Fresh) -> Self {
        Self::with(fresh, fresh.settings()).await
    }

    pub(crate) async fn with(fresh: &Fresh, settings: Settings) -> Self {
        let data = settings.data.clone();
        let mut house = House { service: Running::with(settings).await, organisation: packshot_server::Id::new() };
        // The operator's own, and no other.
        fresh.change("DELETE FROM member").await.expect("the owner may");
        let made = house.post("/v1/organisations", json!({ "name": "Hats" })).await.is(201);
        house.organisation = made["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        Self { house, content: data.join("content"), data, elsewhere: None }
    }

    pub(crate) fn service(&self) -> &Running {
        &self.house.service
    }

    /// Announces an asset and sends all of it, but does not say so.
    pub(crate) async fn send(&self, bytes: &[u8], more: Value) -> Value {
        let mut new = json!({ "bytes": bytes.len() });
        new.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let asset = self.house.post("/v1/assets", new).await.is(201);
        let upload = &asset["upload"];
        let size = upload["part_bytes"].as_u64().expect("a number") as usize;
        for (part, number) in bytes.chunks(size).zip(1..) {
            let path = format!("{}/{number}", upload["url"].as_str().expect("an address"));
            Reply::of(self.service().request(Method::PUT, &path).body(part.to_vec())).await.is(200);
        }
        asset
    }

    /// The same, and what became of it.
    pub(crate) async fn complete(&self, bytes: &[u8], more: Value) -> Value {
        let asset = self.send(bytes, more).await;
        let path = format!("/v1/assets/{}/complete", asset["id"].as_str().expect("an id"));
        self.house.post(&path, json!({})).await.is(200)
    }

    /// An asset that is ready.
    pub(crate) async fn store(&self, bytes: &[u8], more: Value) -> Stored {
        let asset = self.complete(bytes, more).await;
        assert_eq!(asset["state"], "ready", "{asset}");
        let id = asset["id"].as_str().expect("an id").to_owned();
        let link = self.house.post(&format!("/v1/assets/{id}/links"), json!({})).await.is(201);
        // Without the host: after a restart the service is elsewhere.
        let link =
            link["url"].as_str().and_then(|url| url.find("/v1/").map(|at| url[at..].to_owned())).expect("an address");
        let canary = bytes[bytes.len() / 2..][..24].to_vec();
        let sealed = files::all(&self.content.join(self.house.organisation.to_string()).join(&id));
        let sealed = sealed.into_iter().map(|file| file[file.len() / 2..][..24].to_vec()).collect();
        Stored { id, canary, sealed, link }
    }

    pub(crate) async fn show(&self, id: &str) -> Reply {
        self.house.get(&format!("/v1/assets/{id}")).await
    }

    pub(crate) async fn content(&self, id: &str) -> u16 {
        let request = self.service().request(Method::GET, &format!("/v1/assets/{id}/content"));
        let answer = request.bearer_auth(&self.service().operator).send().await.expect("an answer");
        answer.status().as_u16()
    }

    pub(crate) async fn remove(&self, id: &str) {
        self.service().delete(&format!("/v1/assets/{id}"), &self.service().operator).await.is(204);
    }

    /// Nothing is left of an asset: not for its owner, not behind a link, and no byte of it anywhere. And that is proven.
    pub(crate) async fn gone(&self, fresh: &Fresh, asset: &Stored) -> Purged {
        let Stored { id, canary, sealed, link } = asset;
        assert_eq!(self.show(id).await.refused(404), "not_found");
        assert_eq!(self.content(id).await, 404);
        let linked = Reply::of(self.service().request(Method::GET, link)).await;
        assert!(matches!(linked.status, 403 | 404), "{}", linked.text);
        let listed = self.house.get("/v1/assets?limit=200").await.is(200);
        assert!(!listed.to_string().contains(id), "{listed}");
        let restored = self.house.post(&format!("/v1/assets/{id}/restore"), json!({})).await;
        assert_eq!(restored.refused(404), "not_found");

        let folder = self.content.join(self.house.organisation.to_string()).join(id);
        assert!(!folder.exists(), "{} is there", folder.display());
        let mut kept = files::all(&self.data);
        kept.extend(self.elsewhere.iter().flat_map(|folder| files::all(folder)));
        kept.push(fresh.kept_here().await);
        for bytes in kept.iter() {
            for needle in std::iter::once(canary).chain(sealed) {
                let found = memchr::memmem::find(bytes, needle);
                assert!(found.is_none(), "bytes of {id} are kept at {found:?}");
            }
        }

        let proof = self.house.get(&format!("/v1/assets/{id}/proof")).await.is(200);
        let verifier = Reply::of(self.service().request(Method::GET, "/v1/policy/proof-key")).await.is(200);
        let verifier: NoteVerifier = verifier["key"].as_str().expect("a key").parse().expect("a verifier");
        let note = proof["note"].as_str().expect("a note");
        let purged = Purged::verified(note, &verifier).expect("it is signed");
        assert_eq!(&purged.record, id);
        assert_eq!(purged.checked, ["content", "key", "rows"]);
        purged
    }
}

/// Whether a database of a test is SQLite.
pub(crate) fn is_sqlite(fresh: &Fresh) -> bool {
    fresh.store.backend() == Backend::Sqlite
}
