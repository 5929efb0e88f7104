//! A cache folder with a registry of one model.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use packshot::models::{Registry, Store, StoreOptions};
use packshot::{Code, Result, Run};
use sha2::{Digest, Sha256};

use super::server::Sending;

pub(crate) const ID: &str = "net";
pub(crate) const RANGES: Sending =
    Sending { ranges: true, etag: Some("\"v1\""), cut: None, trickle: None, announce: None };

/// Bytes without a pattern that a misplaced range could hide in.
pub(crate) fn data() -> Vec<u8> {
    let mut state = 1_u32;
    (0..300_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

pub(crate) fn sha256(data: &[u8]) -> String {
    Sha256::digest(data).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A registry with one model, at `url`; `facts` are further lines of its file.
pub(crate) fn registry(url: &str, facts: &str) -> String {
    format!(
        "[[model]]\nid = '{ID}'\ntask = 'remove_background'\ntitle = 'Net'\nlicence = 'MIT'\ncommercial = true\n\
         [[model.files]]\nname = 'net.onnx'\nurl = '{url}'\n{facts}\n\
         [model.input]\nsize = {{ fixed = [32, 32] }}\n"
    )
}

pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) registry: String,
    pub(crate) options: StoreOptions,
}

impl Place {
    pub(crate) fn new(url: &str) -> Self {
        Self::with(url, &format!("sha256 = '{}'", sha256(&data())))
    }

    pub(crate) fn with(url: &str, facts: &str) -> Self {
        let options = StoreOptions {
            stall_timeout: Duration::from_secs(5),
            retry_pause: Duration::from_millis(10),
            ..StoreOptions::default()
        };
        Self { folder: tempfile::tempdir().unwrap(), registry: registry(url, facts), options }
    }

    pub(crate) fn store(&self) -> Store {
        let registry = Registry::from_toml(&self.registry).unwrap();
        Store::new(Some(self.folder.path().to_owned()), self.options).unwrap().with_registry(registry)
    }

    pub(crate) fn pull(&self) -> Result<PathBuf> {
        self.store().pull(ID, &Run::default())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("models").join(ID).join(name)
    }

    pub(crate) fn part_len(&self) -> Option<u64> {
        self.file("net.onnx.part").metadata().ok().map(|part| part.len())
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(self.file("")).unwrap();
        std::fs::write(self.file(name), bytes).unwrap();
    }

    #[track_caller]
    pub(crate) fn assert_whole(&self) {
        assert_eq!(std::fs::read(self.file("net.onnx")).unwrap(), data());
        assert_eq!(self.part_len(), None);
        self.store().verify(ID).unwrap();
    }

    #[track_caller]
    pub(crate) fn assert_fails(&self, code: Code) -> packshot::Error {
        let error = self.pull().unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!self.file("net.onnx").exists());
        error
    }

    /// This test program again, pulling into the same cache.
    pub(crate) fn child(&self, environment: &[(&str, &str)]) -> Child {
        let registry = self.folder.path().join("registry.toml");
        std::fs::write(&registry, &self.registry).unwrap();
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::processes::pull_in_another_process", "--nocapture"])
            .env("PACKSHOT_CACHE", self.folder.path())
            .env("PACKSHOT_TEST_REGISTRY", registry)
            .envs(environment.iter().copied())
            .spawn()
            .unwrap()
    }
}
