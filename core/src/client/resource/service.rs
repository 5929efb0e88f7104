//! What anybody may ask the service.

use packshot_api::service::{ErrorDescription, Health, Plan, PolicyDocument, Price};

use crate::client::builder::Client;
use crate::client::call::Call;
use crate::client::pages::Pages;

impl Client {
    /// Whether the service works, and its versions.
    pub fn health(&self) -> Call<Health> {
        Call::json(self, "GET /v1/health", &[]).public()
    }

    /// The privacy policy that the service obeys.
    pub fn policy(&self) -> Call<PolicyDocument> {
        Call::json(self, "GET /v1/policy", &[]).public()
    }

    /// The plans that an organisation can have.
    pub fn plans(&self) -> Pages<Plan> {
        Pages::new(Call::json(self, "GET /v1/plans", &[]).public())
    }

    /// What each tool costs.
    pub fn prices(&self) -> Pages<Price> {
        Pages::new(Call::json(self, "GET /v1/prices", &[]).public())
    }

    /// All that can go wrong, with its codes.
    pub fn errors(&self) -> Pages<ErrorDescription> {
        Pages::new(Call::json(self, "GET /v1/errors", &[]).public())
    }
}
