//! Credits: what an organisation has, reserves and spends.

use packshot_api::service::{Balance, Capture, Grant, Hold, NewHold, Quote, QuoteRequest, Time, Transaction};

use crate::client::builder::Client;
use crate::client::call::Call;
use crate::client::pages::Pages;

/// [`Client::credits`].
#[derive(Debug, Clone, Copy)]
pub struct Credits<'c>(&'c Client);

/// [`Client::holds`].
#[derive(Debug, Clone, Copy)]
pub struct Holds<'c>(&'c Client);

impl Client {
    /// The credits of the organisation.
    #[must_use]
    pub fn credits(&self) -> Credits<'_> {
        Credits(self)
    }

    /// Credits that are reserved for work.
    #[must_use]
    pub fn holds(&self) -> Holds<'_> {
        Holds(self)
    }
}

impl Credits<'_> {
    /// How many can be used, are reserved, and were spent.
    pub fn balance(&self) -> Call<Balance> {
        Call::json(self.0, "GET /v1/credits", &[])
    }

    /// What was given, in the order in which it is used.
    pub fn grants(&self) -> Pages<Grant> {
        Pages::new(Call::json(self.0, "GET /v1/credits/grants", &[]))
    }

    /// The journal, from its beginning.
    pub fn transactions(&self) -> Pages<Transaction> {
        Pages::new(Call::json(self.0, "GET /v1/credits/transactions", &[]))
    }

    /// The statement of a period, as CSV. An open end is that of the journal.
    pub fn statement(&self, from: Option<Time>, to: Option<Time>) -> Call<String> {
        Call::text(self.0, "GET /v1/credits/statement").query("from", from).query("to", to)
    }

    /// What a recipe costs.
    pub fn quote(&self, request: &QuoteRequest) -> Call<Quote> {
        Call::json(self.0, "POST /v1/credits/quotes", &[]).body(request)
    }
}

impl Holds<'_> {
    /// Reserves credits.
    pub fn create(&self, request: &NewHold) -> Call<Hold> {
        Call::json(self.0, "POST /v1/holds", &[]).body(request)
    }

    /// A hold.
    pub fn get(&self, id: &str) -> Call<Hold> {
        Call::json(self.0, "GET /v1/holds/{id}", &[id])
    }

    /// Spends what a hold reserves, and returns the rest.
    pub fn capture(&self, id: &str, request: &Capture) -> Call<Hold> {
        Call::json(self.0, "POST /v1/holds/{id}/capture", &[id]).body(request)
    }

    /// Returns what a hold reserves.
    pub fn void(&self, id: &str) -> Call<Hold> {
        Call::json(self.0, "POST /v1/holds/{id}/void", &[id])
    }
}
