//! Who asks: signing in and out, and the account.

use packshot::Result;
use packshot::api::service::{Account, Organisation, Password, SignIn, SignUp, Token};
use packshot::client::Client;
use serde_json::json;

use super::args::{self, AccountAction};
use super::connect::{Failure, block_on, remember};
use super::{password, tell};
use crate::say::Voice;

pub(super) fn login(args: &args::Login, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.session()?;
    match (&args.operator, &args.email) {
        (Some(code), _) => block_on(client.sign_in_as_operator(&Token { token: code.clone() }))?,
        (None, email) => {
            let who = SignIn { email: email.clone().unwrap_or_default(), password: password::read(false)? };
            block_on(client.sign_in(&who))?;
        }
    }
    remember(client.base_url())?;
    let who = args.email.as_deref().unwrap_or("its operator");
    let text = format!("Signed in to {} as {who}", client.base_url());
    Ok(tell(voice, "login", &json!({ "url": client.base_url() }), &text)?)
}

pub(super) fn logout(args: &args::Logout, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.session()?;
    block_on(client.sign_out())?;
    let text = format!("Signed out of {}", client.base_url());
    Ok(tell(voice, "logout", &json!({ "url": client.base_url() }), &text)?)
}

pub(super) fn run(args: &args::Account, voice: Voice) -> Result<(), Failure> {
    let client = args.connection.client()?;
    match &args.action {
        AccountAction::Create(sign_up) => create(&client, sign_up, voice),
        AccountAction::Confirm { code } => {
            let account = block_on(client.account().confirm(&Token { token: code.clone() }).into_future())?;
            let text =
                format!("Confirmed. Sign in: packshot login --url {} --email {}", client.base_url(), account.email);
            Ok(tell(voice, "account", &account, &text)?)
        }
        AccountAction::Show => {
            let account = block_on(client.account().get().into_future())?;
            let organisations = block_on(client.organisations().list().collect(usize::MAX))?;
            show(&account, &organisations, voice)
        }
        AccountAction::Close => {
            let password = Password { password: password::read(false)? };
            let account = block_on(client.account().close(&password).into_future())?;
            let until = account.reopen_until.map(|until| format!(" It can be opened again until {until}."));
            Ok(tell(voice, "account", &account, &format!("Closed.{}", until.unwrap_or_default()))?)
        }
    }
}

fn create(client: &Client, sign_up: &args::SignUp, voice: Voice) -> Result<(), Failure> {
    let request = SignUp {
        email: sign_up.email.clone(),
        password: password::read(true)?,
        name: sign_up.name.clone(),
        age: sign_up.age,
        country: sign_up.country.clone(),
        guardian_email: sign_up.guardian.clone(),
    };
    block_on(client.account().create(&request).into_future())?;
    remember(client.base_url())?;
    let text = format!("A mail to {} has a code. Then: packshot account confirm CODE", sign_up.email);
    Ok(tell(voice, "sign_up", &json!({ "email": sign_up.email }), &text)?)
}

fn show(account: &Account, organisations: &[Organisation], voice: Voice) -> Result<(), Failure> {
    let name = account.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let operator = if account.operator { ", operator of the service" } else { "" };
    tell(voice, "account", account, &format!("{}{name}: {}{operator}", account.email, account.state))?;
    for own in organisations {
        let text = format!("  {}  {}: {}, plan {}", own.id, own.name, own.role, own.plan);
        tell(voice, "organisation", own, &text)?;
    }
    Ok(())
}
