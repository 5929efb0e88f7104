//! Organisations: their members, invitations and API keys.

use packshot_api::service::{
    ApiKey, Invitation, Member, NewApiKey, NewInvitation, NewOrganisation, NewRole, Organisation, Token,
};

use crate::client::builder::Client;
use crate::client::call::Call;
use crate::client::pages::Pages;

/// [`Client::organisations`].
#[derive(Debug, Clone, Copy)]
pub struct Organisations<'c>(&'c Client);

/// [`Client::members`].
#[derive(Debug, Clone, Copy)]
pub struct Members<'c>(&'c Client);

/// [`Client::invitations`].
#[derive(Debug, Clone, Copy)]
pub struct Invitations<'c>(&'c Client);

/// [`Client::keys`].
#[derive(Debug, Clone, Copy)]
pub struct Keys<'c>(&'c Client);

impl Client {
    /// The organisations of the account.
    #[must_use]
    pub fn organisations(&self) -> Organisations<'_> {
        Organisations(self)
    }

    /// The members of the organisation.
    #[must_use]
    pub fn members(&self) -> Members<'_> {
        Members(self)
    }

    /// Invitations to the organisation.
    #[must_use]
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations(self)
    }

    /// The API keys of the organisation.
    #[must_use]
    pub fn keys(&self) -> Keys<'_> {
        Keys(self)
    }
}

impl Organisations<'_> {
    /// All of them.
    pub fn list(&self) -> Pages<Organisation> {
        Pages::new(Call::json(self.0, "GET /v1/organisations", &[]))
    }

    /// Makes one; the account owns it.
    pub fn create(&self, request: &NewOrganisation) -> Call<Organisation> {
        Call::json(self.0, "POST /v1/organisations", &[]).body(request)
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Call<Organisation> {
        Call::json(self.0, "GET /v1/organisations/{id}", &[id])
    }

    /// Renames one.
    pub fn update(&self, id: &str, request: &NewOrganisation) -> Call<Organisation> {
        Call::json(self.0, "PATCH /v1/organisations/{id}", &[id]).body(request)
    }
}

impl Members<'_> {
    /// All of them.
    pub fn list(&self) -> Pages<Member> {
        Pages::new(Call::json(self.0, "GET /v1/members", &[]))
    }

    /// Gives a member another role.
    pub fn update(&self, account: &str, role: &NewRole) -> Call<Member> {
        Call::json(self.0, "PATCH /v1/members/{account}", &[account]).body(role)
    }

    /// Removes a member.
    pub fn remove(&self, account: &str) -> Call<()> {
        Call::empty(self.0, "DELETE /v1/members/{account}", &[account])
    }
}

impl Invitations<'_> {
    /// Those that nobody has accepted yet.
    pub fn list(&self) -> Pages<Invitation> {
        Pages::new(Call::json(self.0, "GET /v1/invitations", &[]))
    }

    /// Invites somebody by mail.
    pub fn create(&self, request: &NewInvitation) -> Call<Invitation> {
        Call::json(self.0, "POST /v1/invitations", &[]).body(request)
    }

    /// Takes one back.
    pub fn remove(&self, id: &str) -> Call<()> {
        Call::empty(self.0, "DELETE /v1/invitations/{id}", &[id])
    }

    /// Accepts one, with the code of the mail.
    pub fn accept(&self, code: &Token) -> Call<Organisation> {
        Call::json(self.0, "POST /v1/invitations/accept", &[]).body(code)
    }
}

impl Keys<'_> {
    /// All of them, without their secrets.
    pub fn list(&self) -> Pages<ApiKey> {
        Pages::new(Call::json(self.0, "GET /v1/keys", &[]))
    }

    /// Makes one. Only this answer has its secret.
    pub fn create(&self, request: &NewApiKey) -> Call<ApiKey> {
        Call::json(self.0, "POST /v1/keys", &[]).body(request)
    }

    /// Ends one.
    pub fn remove(&self, id: &str) -> Call<()> {
        Call::empty(self.0, "DELETE /v1/keys/{id}", &[id])
    }
}
