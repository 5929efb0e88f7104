//! Assets: photos and results that the service keeps, and for how long.

use super::Time;
use super::open::{answers, open_words, requests};

open_words! {
    /// What an asset is.
    AssetKind {
        /// A photo that somebody uploaded.
        Photo = "photo",
        /// A picture that was made of photos.
        Result = "result",
    }
}

open_words! {
    /// Where an asset is on its way.
    AssetState {
        /// Parts of it are missing.
        Uploading = "uploading",
        /// All parts are there; it is being checked. Nobody can read it yet.
        Checking = "checking",
        /// It can be read.
        Ready = "ready",
        /// It was refused, for the reason that is told. Nothing of its content is kept.
        Refused = "refused",
        /// It was deleted, and can be restored for a while.
        Deleted = "deleted",
        /// It is being removed. It cannot be restored any more.
        Purging = "purging",
    }
}

requests! {
    /// An asset that is to be uploaded.
    pub struct NewAsset {
        /// How many bytes it has.
        #[cfg_attr(feature = "openapi", schema(minimum = 1))]
        pub bytes: u64,
        /// What it is; a photo, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<AssetKind>,
        /// Its name, for people: 1 to 200 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
        pub name: Option<String>,
    }

    /// Assets of one organisation.
    pub struct AssetIds {
        /// Their ids: 1 to 1,000.
        #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
        pub ids: Vec<String>,
    }

    /// A link to content, which works without a token.
    pub struct NewLink {
        /// Which content: `original` or a variant such as `thumbnail`; the original, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub variant: Option<String>,
        /// For how many seconds it works: 1 to 3,600, and no longer than the policy says; 600, or what the policy says, if
        /// absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3600))]
        pub expires_in: Option<u32>,
        /// Whether a browser saves it under its name instead of showing it; it shows it, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub download: Option<bool>,
    }

    /// Why an asset must not be removed, whatever the policy says.
    pub struct NewLegalHold {
        /// The order or claim behind it, in words: 1 to 500 characters. Nothing personal.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
        pub reason: String,
    }

    /// How long photos are kept.
    pub struct RetentionChoice {
        /// A period such as `12h` or `7d`, shorter than the policy's; that of the policy, if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub keep: Option<String>,
    }
}

answers! {
    /// An asset.
    pub struct Asset {
        /// Its id.
        pub id: String,
        /// What it is.
        pub kind: AssetKind,
        /// Where it is on its way.
        pub state: AssetState,
        /// Why it was refused: a code, such as `asset_not_a_photo`.
        pub refused_because: Option<String>,
        /// Its name, for people.
        pub name: Option<String>,
        /// How many bytes it has.
        pub bytes: u64,
        /// The format of the file, such as `jpeg`, once it was checked.
        pub format: Option<String>,
        /// Its width in pixels, once it was checked.
        pub width: Option<u32>,
        /// Its height in pixels, once it was checked.
        pub height: Option<u32>,
        /// Smaller pictures of it.
        pub variants: Vec<Variant>,
        /// When it was announced.
        pub created_at: Time,
        /// When it was complete.
        pub uploaded_at: Option<Time>,
        /// When it was deleted.
        pub deleted_at: Option<Time>,
        /// Until when it can be restored.
        pub restore_until: Option<Time>,
        /// By when it is gone for ever; absent while nothing ends it.
        pub expires_at: Option<Time>,
        /// Why then, and what the policy says about it.
        pub retention: Retention,
        /// How to upload it, while parts are missing.
        pub upload: Option<Upload>,
    }

    /// A picture that was made of an asset.
    pub struct Variant {
        /// Its name, such as `thumbnail`.
        pub name: String,
        /// How many bytes it has.
        pub bytes: u64,
        /// The format of the file.
        pub format: String,
        /// Its width in pixels.
        pub width: u32,
        /// Its height in pixels.
        pub height: u32,
    }

    /// How an asset is uploaded: in parts of the same size, of which the last one may be smaller, in any order and as often
    /// as needed.
    pub struct Upload {
        /// Bytes of each part but the last.
        pub part_bytes: u64,
        /// How many parts there are.
        pub parts: u32,
        /// The parts that are there.
        pub received: Vec<UploadedPart>,
        /// Where a part is sent with `PUT`, without a token: this, a slash, and the number of the part, from 1.
        pub url: String,
        /// From this moment on what was sent is gone.
        pub expires_at: Time,
    }

    /// A part that the service has.
    pub struct UploadedPart {
        /// Its number, from 1.
        pub number: u32,
        /// How many bytes it has.
        pub bytes: u64,
        /// The SHA-256 of its bytes, in hexadecimal.
        pub sha256: String,
    }

    /// How long something is kept, in words.
    pub struct Retention {
        /// What happens when, in a sentence.
        pub sentence: String,
        /// What else matters: what the law requires, what would end it sooner.
        pub more: Vec<String>,
        /// The clauses of the policy behind it.
        pub clauses: Vec<String>,
        /// The version of the policy that decides: of those since it was stored, the one that is better for its owner.
        pub policy: String,
        /// Whether a legal hold keeps it.
        pub held: bool,
    }

    /// A link to content.
    pub struct Link {
        /// The address.
        pub url: String,
        /// When it stops working.
        pub expires_at: Time,
    }

    /// What became of many assets.
    pub struct Deleted {
        /// Those that are deleted now.
        pub deleted: Vec<String>,
        /// Those that do not exist, or were being removed already.
        pub missing: Vec<String>,
    }

    /// Evidence that something is gone.
    pub struct PurgeProof {
        /// What it was.
        pub asset: String,
        /// When it was gone.
        pub gone_at: Time,
        /// By when it had to be.
        pub due_by: Time,
        /// The proof: a signed note (<https://c2sp.org/signed-note>) that anybody can check with the service's public key.
        pub note: String,
    }

    /// The key with which proofs are checked.
    pub struct ProofKey {
        /// The verifier key of signed notes: name, hash and Ed25519 key.
        pub key: String,
    }

    /// How well the service keeps its promises, for who operates it.
    pub struct RetentionReport {
        /// Assets whose removal is due and not done.
        pub due: i64,
        /// Those of them that are later than the policy's alert.
        pub late: i64,
        /// How late the latest is, in seconds.
        pub lag: i64,
        /// Assets that a legal hold keeps.
        pub held: i64,
        /// Assets that were removed and proven, as far as it is remembered.
        pub gone: i64,
    }
}
