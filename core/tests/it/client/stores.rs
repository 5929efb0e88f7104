//! Where tokens are kept.

use std::sync::Arc;

use packshot::api::service::{Time, Tokens};
use packshot::client::{ErrorKind, FileTokens, MemoryTokens, TokenStore};

use super::script::{Reply, Script, paused};

pub(super) fn tokens(generation: u32) -> Tokens {
    Tokens {
        session: "ses_1".into(),
        access_token: format!("access-{generation}"),
        access_expires_at: Time::from_micros(0),
        refresh_token: format!("refresh-{generation}"),
        refresh_expires_at: Time::from_micros(0),
    }
}

#[test]
fn every_store_keeps_replaces_and_removes() {
    let folder = tempfile::tempdir().unwrap();
    let file = FileTokens::new(folder.path().join("packshot/tokens.json"));
    let stores: [Arc<dyn TokenStore>; 2] = [Arc::new(MemoryTokens::default()), Arc::new(file)];
    for store in stores {
        paused(async {
            assert_eq!(store.load().await.unwrap(), None);
            store.clear().await.unwrap();
            for generation in [1, 2] {
                store.save(&tokens(generation)).await.unwrap();
                assert_eq!(store.load().await.unwrap(), Some(tokens(generation)));
            }
            store.clear().await.unwrap();
            assert_eq!(store.load().await.unwrap(), None);
        });
    }
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    std::fs::write(&path, "{}").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    paused(async { FileTokens::new(&path).save(&tokens(1)).await.unwrap() });
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_broken_file_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.json");
    std::fs::write(&path, "{\"access_token\":\"half").unwrap();
    paused(async {
        let script = Script::of(vec![Reply::ok()]);
        let client = script.builder().tokens(Arc::new(FileTokens::new(&path))).build().unwrap();
        let error = client.credits().balance().await.unwrap_err();
        assert_eq!((error.kind(), script.seen().len()), (ErrorKind::Store, 0));
        let text = format!("{error:?}");
        assert!(text.contains("sign in again") && !text.contains("half"), "{text}");
    });
    assert!(path.exists());
}
