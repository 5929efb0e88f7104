//! Assets: photos and results that the service keeps, and for how long.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use packshot_api::service::{
    Asset, AssetIds, Deleted, Link, NewAsset, NewLink, ProofKey, PurgeProof, RetentionChoice, UploadedPart, header,
};
use sha2::{Digest as _, Sha256};

use crate::client::builder::Client;
use crate::client::call::Call;
use crate::client::pages::Pages;
use crate::client::upload::{Upload, UploadSource};

/// [`Client::assets`].
#[derive(Debug, Clone, Copy)]
pub struct Assets<'c>(&'c Client);

/// [`Client::retention`].
#[derive(Debug, Clone, Copy)]
pub struct Retention<'c>(&'c Client);

impl Client {
    /// The assets of the organisation.
    #[must_use]
    pub fn assets(&self) -> Assets<'_> {
        Assets(self)
    }

    /// How long things are kept.
    #[must_use]
    pub fn retention(&self) -> Retention<'_> {
        Retention(self)
    }
}

impl Assets<'_> {
    /// All of them, the newest first.
    pub fn list(&self) -> Pages<Asset> {
        Pages::new(Call::json(self.0, "GET /v1/assets", &[]))
    }

    /// Uploads a file, or bytes: announces it, sends its parts, and has it checked. Awaiting it does so.
    pub fn upload(&self, source: impl Into<UploadSource>) -> Upload {
        Upload::new(self.0.clone(), source.into())
    }

    /// Announces one. [`Assets::upload`] does this and the rest.
    pub fn create(&self, request: &NewAsset) -> Call<Asset> {
        Call::json(self.0, "POST /v1/assets", &[]).body(request)
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Call<Asset> {
        Call::json(self.0, "GET /v1/assets/{id}", &[id])
    }

    /// Sends a part, from 1.
    pub fn put_part(&self, id: &str, number: u32, bytes: Bytes) -> Call<UploadedPart> {
        let call = Call::json(self.0, "PUT /v1/assets/{id}/parts/{number}", &[id, &number.to_string()]);
        with_digest(call, bytes)
    }

    /// Sends a part to the address that an upload tells, without a token: for senders that are not signed in.
    pub fn put_part_to(&self, upload: &str, number: u32, bytes: Bytes) -> Call<UploadedPart> {
        let token = upload.rsplit('/').next().unwrap_or_default();
        let call = Call::json(self.0, "PUT /v1/uploads/{upload}/{number}", &[token, &number.to_string()]);
        with_digest(call.public(), bytes)
    }

    /// Says that all parts were sent, and waits until it is checked.
    pub fn complete(&self, id: &str) -> Call<Asset> {
        Call::json(self.0, "POST /v1/assets/{id}/complete", &[id])
    }

    /// Deletes one. It can be restored for a while.
    pub fn delete(&self, id: &str) -> Call<()> {
        Call::empty(self.0, "DELETE /v1/assets/{id}", &[id])
    }

    /// Deletes many.
    pub fn delete_many(&self, request: &AssetIds) -> Call<Deleted> {
        Call::json(self.0, "POST /v1/assets/delete", &[]).body(request)
    }

    /// Restores one that was deleted.
    pub fn restore(&self, id: &str) -> Call<Asset> {
        Call::json(self.0, "POST /v1/assets/{id}/restore", &[id])
    }

    /// Makes a link to content, which works without a token.
    pub fn link(&self, id: &str, request: &NewLink) -> Call<Link> {
        Call::json(self.0, "POST /v1/assets/{id}/links", &[id]).body(request)
    }

    /// The content; of a variant such as `thumbnail`, or the original.
    pub fn content(&self, id: &str, variant: Option<&str>) -> Call<Bytes> {
        Call::bytes(self.0, "GET /v1/assets/{id}/content", &[id]).query("variant", variant)
    }

    /// The content that a link is for.
    pub fn file(&self, link: &str) -> Call<Bytes> {
        let token = link.rsplit('/').next().unwrap_or_default();
        Call::bytes(self.0, "GET /v1/files/{link}", &[token]).public()
    }

    /// The proof that one is gone.
    pub fn proof(&self, id: &str) -> Call<PurgeProof> {
        Call::json(self.0, "GET /v1/assets/{id}/proof", &[id])
    }
}

impl Retention<'_> {
    /// What the organisation chose.
    pub fn choice(&self) -> Call<RetentionChoice> {
        Call::json(self.0, "GET /v1/retention", &[])
    }

    /// Has photos kept for a shorter time than the policy's, where it offers that.
    pub fn choose(&self, request: &RetentionChoice) -> Call<RetentionChoice> {
        Call::json(self.0, "PATCH /v1/retention", &[]).body(request)
    }

    /// The key with which proofs are checked.
    pub fn proof_key(&self) -> Call<ProofKey> {
        Call::json(self.0, "GET /v1/policy/proof-key", &[]).public()
    }
}

/// What arrives otherwise than it was sent is refused.
fn with_digest(call: Call<UploadedPart>, bytes: Bytes) -> Call<UploadedPart> {
    let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&bytes)));
    call.header(header::CONTENT_DIGEST, digest).content(bytes)
}
