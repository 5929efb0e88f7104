//! Originals: files that a call reads, and to which it must not write by any name or link.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use crate::error::{Code, Error, Result};

/// Identities of files, not names: hard and symbolic links, `..`, other cases and pipes lead to the same file.
#[derive(Default)]
pub(super) struct Originals(RwLock<BTreeSet<Identity>>);

impl Originals {
    /// Adds a file; one that does not exist needs no protection.
    pub(super) fn add(&self, path: &Path) {
        if let Some(identity) = identity(path) {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(identity);
        }
    }

    /// Whether writing to `path` would change one of the files.
    pub(super) fn holds(&self, path: &Path) -> bool {
        identity(path).is_some_and(|identity| self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&identity))
    }

    /// Fails if writing `what` to `path` would change one of the files.
    ///
    /// # Errors
    /// [`Code::FileProtected`].
    pub(super) fn check(&self, path: &Path, what: &str) -> Result<()> {
        match self.holds(path) {
            true => {
                Err(Error::new(Code::FileProtected, format!("the {what} would replace what this call reads")).at(path))
            }
            false => Ok(()),
        }
    }
}

/// Device and inode.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// The real path, in lower case. Hard links are not detected; since results are renamed into place, the result replaces
/// only that link, and the original keeps its content.
#[cfg(not(unix))]
type Identity = String;

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.canonicalize().ok().map(|place| place.to_string_lossy().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_leads_to_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("sub")).unwrap();
        std::fs::write(at("a.png"), b"original").unwrap();
        std::fs::write(at("b.png"), b"another").unwrap();
        std::fs::hard_link(at("a.png"), at("hard.png")).unwrap();
        let mut ways = vec![at("a.png"), at("sub/../a.png")];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a.png", at("soft.png")).unwrap();
            std::os::unix::fs::symlink(".", at("sub/here")).unwrap();
            std::os::unix::fs::symlink("../../soft.png", at("sub/far.png")).unwrap();
            ways.extend([at("hard.png"), at("soft.png"), at("sub/here/../a.png")]);
        }
        let originals = Originals::default();
        originals.add(&at("a.png"));
        originals.add(&at("missing.png"));
        for way in ways {
            assert!(originals.holds(&way), "{way:?}");
            assert_eq!(originals.check(&way, "report").unwrap_err().code(), Code::FileProtected);
        }
        assert!(!originals.holds(&at("b.png")) && !originals.holds(&at("missing.png")));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_itself_under_every_name() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link.png"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        let originals = Originals::default();
        originals.add(&pipe);
        assert!(originals.holds(&link), "and nobody waits for somebody to open it");
    }
}
