//! For the operator of a service, and for tests.

use packshot_api::service::{
    Audit, ClockMove, ClockReading, Correction, Faults, Grant, NewGrant, NewLegalHold, NewPlan, Organisation,
    RetentionReport, Transaction,
};

use crate::client::builder::Client;
use crate::client::call::Call;

/// [`Client::admin`].
#[derive(Debug, Clone, Copy)]
pub struct Admin<'c>(&'c Client);

/// [`Client::test`].
#[derive(Debug, Clone, Copy)]
pub struct TestClock<'c>(&'c Client);

impl Client {
    /// What only the operator of the service may do.
    #[must_use]
    pub fn admin(&self) -> Admin<'_> {
        Admin(self)
    }

    /// The clock and the faults of a service that was started with a test clock.
    #[must_use]
    pub fn test(&self) -> TestClock<'_> {
        TestClock(self)
    }
}

impl Admin<'_> {
    /// Gives credits to an organisation.
    pub fn grant(&self, organisation: &str, grant: &NewGrant) -> Call<Grant> {
        Call::json(self.0, "POST /v1/admin/organisations/{id}/grants", &[organisation]).body(grant)
    }

    /// Returns spent credits, or takes back a grant.
    pub fn correct(&self, organisation: &str, correction: &Correction) -> Call<Transaction> {
        Call::json(self.0, "POST /v1/admin/organisations/{id}/corrections", &[organisation]).body(correction)
    }

    /// Gives an organisation another plan.
    pub fn change_plan(&self, organisation: &str, plan: &NewPlan) -> Call<Organisation> {
        Call::json(self.0, "POST /v1/admin/organisations/{id}/plan", &[organisation]).body(plan)
    }

    /// Reads the whole journal of an organisation, and compares everything else with it.
    pub fn audit(&self, organisation: &str) -> Call<Audit> {
        Call::json(self.0, "GET /v1/admin/organisations/{id}/audit", &[organisation])
    }

    /// How well the promises of the policy are kept.
    pub fn retention(&self) -> Call<RetentionReport> {
        Call::json(self.0, "GET /v1/admin/retention", &[])
    }

    /// Keeps an asset, whatever ends it, until the hold is released.
    pub fn hold_asset(&self, asset: &str, hold: &NewLegalHold) -> Call<()> {
        Call::empty(self.0, "POST /v1/admin/assets/{id}/hold", &[asset]).body(hold)
    }

    /// Releases it.
    pub fn release_asset(&self, asset: &str) -> Call<()> {
        Call::empty(self.0, "DELETE /v1/admin/assets/{id}/hold", &[asset])
    }
}

impl TestClock<'_> {
    /// What time it is for the service.
    pub fn now(&self) -> Call<ClockReading> {
        Call::json(self.0, "GET /v1/test/clock", &[]).public()
    }

    /// Moves the clock.
    pub fn advance(&self, by: &ClockMove) -> Call<ClockReading> {
        Call::json(self.0, "POST /v1/test/clock", &[]).public().body(by)
    }

    /// Makes the next requests fail.
    pub fn fail(&self, faults: &Faults) -> Call<()> {
        Call::empty(self.0, "POST /v1/test/faults", &[]).public().body(faults)
    }
}
