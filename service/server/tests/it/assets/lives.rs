//! Histories at random: never read after its ceiling, never missing before its floor.

use std::time::Duration;

use packshot::ImageFormat;
use packshot_api::service::Time;
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::json;

use super::{Shelf, Stored, picture};
use crate::service::START;
use crate::stores::{Fresh, on_both};

const HOUR: u64 = 3600;

/// How many steps a history has.
fn steps() -> u32 {
    std::env::var("PACKSHOT_TEST_SCHEDULES").map_or(40, |count| count.parse::<u32>().expect("a number") * 4)
}

struct Life {
    asset: Stored,
    uploaded: u64,
    deleted: Option<u64>,
}

impl Life {
    /// Under PicPhoto: kept for 180 days and gone after 181, unless its owner deletes it; then gone within a day.
    fn is_promised(&self, now: u64) -> bool {
        self.deleted.is_none() && now < self.uploaded + 180 * 24 * HOUR
    }

    fn must_be_gone(&self, now: u64) -> bool {
        now >= self.uploaded + 181 * 24 * HOUR || self.deleted.is_some_and(|deleted| now >= deleted + 24 * HOUR)
    }
}

on_both! {
    async fn never_after_its_ceiling_and_never_missing_before_its_floor(fresh: Fresh) {
        let scanner = Some(packshot_server::Scanner::Off);
        let settings = packshot_server::Settings { policy: "picphoto".to_owned(), scanner, ..fresh.settings() };
        let shelf = Shelf::with(&fresh, settings).await;
        let mut chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let (mut now, mut lives, mut gone): (u64, Vec<Life>, u32) = (0, Vec::new(), 0);
        for step in 0..steps() {
            match chance.next_u64() % 6 {
                0 | 1 => {
                    let asset = shelf.store(&picture(100 + step, ImageFormat::Jpeg), json!({})).await;
                    lives.push(Life { asset, uploaded: now, deleted: None });
                }
                2 if !lives.is_empty() => {
                    let place = (chance.next_u64() % lives.len() as u64) as usize;
                    let life = &mut lives[place];
                    if life.deleted.is_none() && life.is_promised(now) {
                        shelf.remove(&life.asset.id).await;
                        life.deleted = Some(now);
                    }
                }
                3 if !lives.is_empty() => {
                    let place = (chance.next_u64() % lives.len() as u64) as usize;
                    let life = &mut lives[place];
                    // PicPhoto's text leaves 20 hours to restore.
                    if life.deleted.is_some_and(|deleted| now < deleted + 20 * HOUR) {
                        shelf.house.post(&format!("/v1/assets/{}/restore", life.asset.id), json!({})).await.is(200);
                        life.deleted = None;
                    }
                }
                _ => {
                    let hours = [1, 7, 23, 24 * 20, 24 * 90][(chance.next_u64() % 5) as usize];
                    now += hours * HOUR;
                    shelf.service().wait(Duration::from_secs(hours * HOUR)).await;
                }
            }
            let time = Time::from_micros(START.as_micros() + now as i64 * 1_000_000);
            let mut left = Vec::new();
            for life in lives {
                let status = shelf.content(&life.asset.id).await;
                if life.is_promised(now) {
                    assert_eq!(status, 200, "{} is missing at {time}", life.asset.id);
                }
                // Between floor and ceiling it may be gone already.
                let shown = shelf.show(&life.asset.id).await;
                if life.must_be_gone(now) {
                    assert_eq!(shown.status, 404, "uploaded {} deleted {:?} now {now}: {}", life.uploaded, life.deleted, shown.text);
                }
                if shown.status == 404 {
                    shelf.gone(&fresh, &life.asset).await;
                    gone += 1;
                } else {
                    left.push(life);
                }
            }
            lives = left;
        }
        assert!(gone > 0, "a history in which nothing ends shows nothing");
    }
}
