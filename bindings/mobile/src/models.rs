use std::sync::Arc;

use crate::engine::Engine;
use crate::error::Failure;
use crate::mirrors::ModelState;
use crate::run::{CancelToken, ProgressListener, spawn};

/// A model, seen from this machine.
#[derive(uniffi::Record)]
pub struct ModelStatus {
    /// The model's id.
    pub id: String,
    /// What it does, for people.
    pub title: String,
    /// Its licence: an SPDX identifier.
    pub licence: String,
    /// Whether the licence permits commercial use.
    pub commercial: bool,
    /// Whether it can be used as it is.
    pub state: ModelState,
    /// Size of its files in bytes: on disk or inside the library; if absent, of the download, and 0 where unknown.
    pub bytes: u64,
}

#[uniffi::export]
impl Engine {
    /// Every model of the registry, and whether it is here.
    pub fn models(&self) -> Result<Vec<ModelStatus>, Failure> {
        let store = self.0.store();
        let status = |status: packshot::models::ModelStatus| {
            let entry = store.registry().get(&status.id)?;
            Ok(ModelStatus {
                title: entry.title.clone(),
                licence: entry.licence.clone(),
                commercial: entry.commercial,
                id: status.id,
                state: status.state,
                bytes: status.bytes,
            })
        };
        Ok(packshot::guard(|| store.list().into_iter().map(status).collect())?)
    }

    /// The file of a model that is here.
    pub fn model_path(&self, id: String) -> Result<String, Failure> {
        Ok(packshot::guard(|| self.0.store().path(&id))?.to_string_lossy().into_owned())
    }

    /// Fetches a model, verified, if it is not here yet, and says where it is.
    pub async fn pull_model(
        &self,
        id: String,
        cancel: Arc<CancelToken>,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<String, Failure> {
        let engine = self.0.clone();
        let path = spawn(&cancel, listener, move |run| engine.store().pull(&id, run)).await?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// Compares a model's files with their published hashes.
    pub async fn verify_model(&self, id: String, cancel: Arc<CancelToken>) -> Result<(), Failure> {
        let engine = self.0.clone();
        spawn(&cancel, None, move |_| engine.store().verify(&id)).await
    }

    /// Deletes a model's files, and says whether there were any.
    pub async fn remove_model(&self, id: String, cancel: Arc<CancelToken>) -> Result<bool, Failure> {
        let engine = self.0.clone();
        spawn(&cancel, None, move |_| engine.store().remove(&id)).await
    }
}
