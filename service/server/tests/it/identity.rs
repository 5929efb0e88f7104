//! Accounts, sessions, organisations and API keys.

mod accounts;
mod canary;
mod members;
mod sessions;

use serde_json::{Value, json};

use crate::service::{Reply, Running};
use crate::stores::Fresh;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A service, and people who use it.
pub(crate) struct Town<'a> {
    pub(crate) service: Running,
    fresh: &'a Fresh,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) account: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

pub(crate) fn sign_up(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "age": 30, "country": "DE" })
}

impl<'a> Town<'a> {
    pub(crate) async fn on(fresh: &'a Fresh) -> Self {
        Self { service: Running::on(fresh).await, fresh }
    }

    pub(crate) async fn with_policy(fresh: &'a Fresh, policy: &str) -> Self {
        let settings = packshot_server::Settings { policy: policy.to_owned(), ..fresh.settings() };
        Self { service: Running::with(settings).await, fresh }
    }

    /// The code of the last mail to an address.
    pub(crate) async fn code(&self, email: &str) -> String {
        self.deliver().await;
        let mails = self.fresh.mails(email);
        let mail = mails.last().unwrap_or_else(|| panic!("no mail to {email}"));
        let code = mail.split_whitespace().find(|word| word.starts_with("psm_"));
        code.unwrap_or_else(|| panic!("no code in {mail}")).to_owned()
    }

    /// How many mails an address got.
    pub(crate) async fn mails(&self, email: &str) -> usize {
        self.deliver().await;
        self.fresh.mails(email).len()
    }

    /// Sends what waits.
    async fn deliver(&self) {
        self.service.wait(std::time::Duration::ZERO).await;
    }

    /// Signs somebody up, confirms the address and signs in.
    pub(crate) async fn person(&self, email: &str) -> Person {
        self.service.ask("/v1/accounts", sign_up(email)).await.is(202);
        let code = self.code(email).await;
        let account = self.service.ask("/v1/accounts/confirm", json!({ "token": code })).await.is(200);
        let tokens = self.sign_in(email, PASSWORD).await.is(201);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Person {
            email: email.to_owned(),
            account: text(&account["id"]),
            access: text(&tokens["access_token"]),
            refresh: text(&tokens["refresh_token"]),
        }
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Reply {
        self.service.ask("/v1/sessions", json!({ "email": email, "password": password })).await
    }
}
