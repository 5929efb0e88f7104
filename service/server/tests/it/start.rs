//! How a store starts: for the first time, by several at once, and on what another version left.

use packshot_server::{Error, Store};
use tokio::task::JoinSet;

use crate::stores::{Fresh, on_both, runtime};

fn refusal(again: Result<Store, Error>) -> String {
    let error = again.expect_err("it must not start");
    assert_eq!(error.code().as_str(), "migration_changed");
    error.to_string()
}

on_both! {
    async fn a_changed_migration_is_refused(fresh: Fresh) {
        fresh.again().await.expect("the same program");
        fresh.change("UPDATE migration SET number = 7 WHERE number = 1").await.expect("the owner may");
        assert!(refusal(fresh.again().await).contains("missing"));
        let other = format!("UPDATE migration SET number = 1, hash = {} WHERE number = 7", fresh.bytes(&[7; 32]));
        fresh.change(&other).await.expect("the owner may");
        assert!(refusal(fresh.again().await).contains("was changed after it was run"));
    }

    async fn a_database_of_a_later_version_is_refused(fresh: Fresh) {
        let later = format!("INSERT INTO migration VALUES (4, {})", fresh.bytes(&[7; 32]));
        fresh.change(&later).await.expect("the owner may");
        assert!(refusal(fresh.again().await).contains("older than the database"));
    }

    async fn several_start_at_once(fresh: Fresh) {
        let tables = "migration credit_transaction credit_transfer credit_grant credit_hold subject_key account session \
            organisation member invitation api_key request mail fact policy_text organisation_plan organisation_retention \
            replan asset asset_part asset_variant tombstone lease";
        for table in tables.split_whitespace() {
            fresh.change(&format!("DROP TABLE {table}")).await.expect("the owner may");
        }
        fresh.change_where_needed("DROP FUNCTION journal_only_grows CASCADE").await;
        let mut starts = JoinSet::new();
        for _ in 0..8 {
            starts.spawn(fresh.opener());
        }
        for started in starts.join_all().await {
            started.expect("each of them starts");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_told() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let error = runtime().block_on(Store::in_folder(file.path())).expect_err("it is no folder");
    assert_eq!(error.code().as_str(), "folder_unusable");
    assert!(error.to_string().contains(file.path().to_str().expect("a path")), "{error}");
}
