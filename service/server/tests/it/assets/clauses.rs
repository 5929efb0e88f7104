//! What the five texts promise about photos and results, clause by clause, from the service under each policy.

use std::time::Duration;

use packshot::ImageFormat;
use packshot_server::{Backend, Scanner, Settings};
use serde_json::json;

use super::{Shelf, picture};
use crate::service::START;
use crate::stores::{Fresh, on};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// What ends an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Time.
    Time,
    /// Its owner deletes it, an hour after the upload.
    Deleted,
    /// The account is closed, an hour after the upload.
    Closed,
    /// Its owner asks for erasure, an hour after the upload.
    Erased,
}

/// One promise.
struct Promise {
    clauses: &'static [&'static str],
    policy: &'static str,
    plan: &'static str,
    kind: &'static str,
    end: End,
    /// Until when it is there, in seconds after the event that ends it.
    there: u64,
    /// By when it is gone; none where nothing but its owner ends it.
    gone: Option<u64>,
    rule: &'static str,
}

macro_rules! promises {
    ($($policy:literal $plan:literal $kind:literal $end:ident: there $there:expr, gone $gone:expr, $rule:literal, [$($clause:literal),*];)*) => {
        &[$(Promise {
            clauses: &[$($clause),*], policy: $policy, plan: $plan, kind: $kind, end: End::$end,
            there: $there, gone: $gone, rule: $rule,
        }),*]
    };
}

const PROMISES: &[Promise] = promises! {
    "narpix" "free" "photo" Time: there 23 * HOUR, gone Some(24 * HOUR), "images-free", ["NARPIX-1.2d", "NARPIX-4.1a", "NARPIX-6.2a", "NARPIX-S.b"];
    "narpix" "paid" "photo" Time: there 29 * DAY, gone Some(30 * DAY), "images-paid", ["NARPIX-1.2d", "NARPIX-4.1b", "NARPIX-6.2b", "NARPIX-S.b"];
    "narpix" "free" "result" Time: there 23 * HOUR, gone Some(24 * HOUR), "outputs-free", ["NARPIX-4.4c"];
    "narpix" "paid" "result" Time: there 29 * DAY, gone Some(30 * DAY), "outputs-paid", ["NARPIX-4.4c"];
    "narpix" "paid" "photo" Deleted: there 0, gone Some(7 * DAY), "manual-delete", ["NARPIX-4.1d", "NARPIX-4.5a", "NARPIX-4.5b", "NARPIX-6.2c", "NARPIX-S.g"];
    "narpix" "paid" "photo" Erased: there 0, gone Some(28 * DAY), "erasure", ["NARPIX-5.1c", "NARPIX-5.2d", "NARPIX-5.3f", "NARPIX-5.3h"];
    "neximage" "free" "photo" Time: there 30 * DAY, gone Some(31 * DAY), "originals", ["NEXIMAGE-1b", "NEXIMAGE-3a", "NEXIMAGE-3b"];
    "neximage" "free" "result" Time: there 30 * DAY, gone Some(31 * DAY), "outputs-free", ["NEXIMAGE-3c"];
    "neximage" "starter" "result" Time: there 90 * DAY, gone Some(91 * DAY), "outputs-starter", ["NEXIMAGE-3d"];
    "neximage" "pro" "result" Time: there 2000 * DAY, gone None, "", ["NEXIMAGE-3e"];
    "neximage" "pro" "result" Deleted: there 0, gone Some(DAY), "manual-delete", ["NEXIMAGE-3f", "NEXIMAGE-6b"];
    "neximage" "pro" "result" Closed: there 0, gone Some(30 * DAY), "closure", ["NEXIMAGE-6b"];
    "upixel" "free" "result" Time: there 2000 * DAY, gone None, "", ["UPIXEL-4b", "UPIXEL-1d"];
    "upixel" "free" "result" Deleted: there 0, gone Some(DAY), "manual-delete", ["UPIXEL-5c"];
    "upixel" "free" "result" Closed: there 0, gone Some(30 * DAY), "closure", ["UPIXEL-4c", "UPIXEL-5c"];
    "upixel" "free" "result" Erased: there 0, gone Some(28 * DAY), "erasure", ["UPIXEL-5c", "UPIXEL-5e"];
    "picphoto" "free" "photo" Time: there 180 * DAY, gone Some(181 * DAY), "uploads-default", ["PICPHOTO-6b", "PICPHOTO-2c"];
    "picphoto" "free" "result" Time: there 180 * DAY, gone Some(181 * DAY), "assets-default", ["PICPHOTO-6b", "PICPHOTO-2c"];
    "picphoto" "free" "photo" Deleted: there 0, gone Some(DAY), "manual-delete-production", ["PICPHOTO-6c", "PICPHOTO-6d"];
    "picphoto" "free" "photo" Closed: there 29 * DAY, gone Some(30 * DAY), "closure", ["PICPHOTO-6a"];
    "picphoto" "free" "photo" Erased: there 0, gone Some(28 * DAY), "erasure", ["PICPHOTO-7a", "PICPHOTO-7c"];
    "nanaimg" "free" "photo" Time: there 29 * DAY, gone Some(30 * DAY), "uploads", ["NANAIMG-S3a"];
    "nanaimg" "free" "result" Time: there 29 * DAY, gone Some(30 * DAY), "outputs", ["NANAIMG-S3a"];
    "nanaimg" "free" "result" Deleted: there 0, gone Some(DAY), "manual-delete", ["NANAIMG-S3b", "NANAIMG-R1"];
    "nanaimg" "free" "photo" Erased: there 0, gone Some(28 * DAY), "erasure", ["NANAIMG-R1"];
};

impl Promise {
    async fn is_kept(&self, fresh: &Fresh) {
        let settings = Settings { policy: self.policy.to_owned(), scanner: Some(Scanner::Off), ..fresh.settings() };
        let shelf = Shelf::with(fresh, settings).await;
        let name = format!("{} {} {} {:?}: {:?}", self.policy, self.plan, self.kind, self.end, self.clauses);
        shelf.house.admin("plan", json!({ "plan": self.plan })).await.is(204);
        let asset = shelf.store(&picture(1, ImageFormat::Jpeg), json!({ "kind": self.kind })).await;
        let told = shelf.show(&asset.id).await.is(200)["retention"].to_string();
        let known = |clause: &&str| told.contains(&format!("\"{clause}\""));
        if self.end == End::Time && self.gone.is_some() {
            assert!(self.clauses.iter().any(known), "{name}: {told}");
        }
        let wait = async |seconds: u64| shelf.service().wait(Duration::from_secs(seconds)).await;
        if self.end != End::Time {
            wait(HOUR).await;
        }
        match self.end {
            End::Time => {}
            End::Deleted => shelf.remove(&asset.id).await,
            End::Closed => happen(fresh, &shelf, "closed_at").await,
            End::Erased => happen(fresh, &shelf, "erased_at").await,
        }
        wait(self.there).await;
        let shown = shelf.show(&asset.id).await;
        assert_eq!(shown.status, 200, "{name}: it is missing");
        if self.end == End::Time {
            assert_eq!(shelf.content(&asset.id).await, 200, "{name}: it cannot be read");
        }
        let Some(gone) = self.gone else {
            assert_eq!(shown.is(200)["expires_at"], serde_json::Value::Null, "{name}");
            return;
        };
        // The work is done before the ceiling, and not at it.
        wait(gone - self.there - HOUR / 2).await;
        let shown = shelf.show(&asset.id).await;
        assert_eq!(shown.status, 404, "{name}: it is there: {}", shown.text);
        let purged = shelf.gone(fresh, &asset).await;
        assert_eq!(purged.rule, self.rule, "{name}");
        assert!(purged.in_time(), "{name}: {purged:?}");
    }
}

/// What happens to an account happens to what it owns. How it comes to that is shown elsewhere.
async fn happen(fresh: &Fresh, shelf: &Shelf, event: &str) {
    let now = START.as_micros() + HOUR as i64 * 1_000_000;
    let organisation = fresh.literal(&shelf.house.organisation.to_string());
    let zero = fresh.literal(&"0".repeat(32));
    for statement in [
        format!("INSERT INTO organisation_retention (organisation, {event}) VALUES ({organisation}, {now})"),
        format!("INSERT INTO replan VALUES ({organisation}, {zero}) ON CONFLICT DO NOTHING"),
    ] {
        fresh.change(&statement).await.expect("the owner may");
    }
}

fn kept(policy: &str) {
    let promises: Vec<_> = PROMISES.iter().filter(|promise| promise.policy == policy).collect();
    assert!(!promises.is_empty());
    for promise in promises {
        on(Backend::Sqlite, async |fresh| promise.is_kept(&fresh).await);
    }
}

#[test]
fn narpix() {
    kept("narpix");
}

#[test]
fn neximage() {
    kept("neximage");
}

#[test]
fn upixel() {
    kept("upixel");
}

#[test]
fn picphoto() {
    kept("picphoto");
}

#[test]
fn nanaimg() {
    kept("nanaimg");
}
