//! What is only printed: settings, and the OpenAPI document.

use std::process::ExitCode;

use super::args::Args;
use crate::error::{Error, Result};
use crate::settings::Settings;

pub(super) fn openapi() -> Result<ExitCode> {
    let text = crate::app::openapi().to_pretty_json().map_err(|cause| Error::Internal(cause.to_string()))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// Every setting, its value, and where it comes from.
pub(super) fn config(args: &Args, settings: &Settings) {
    let proxies = args.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let default = Settings::default();
    let rows: [(&str, &str, Option<String>, Option<String>); 21] = [
        ("data", "PACKSHOT_DATA", Some(settings.data.display().to_string()), Some(default.data.display().to_string())),
        ("database", "DATABASE_URL", settings.database.as_deref().map(masked), None),
        ("policy", "PACKSHOT_POLICY", Some(settings.policy.clone()), Some(default.policy)),
        ("plans", "PACKSHOT_PLANS", settings.plans.as_ref().map(|path| path.display().to_string()), None),
        ("listen", "PACKSHOT_LISTEN", Some(settings.listen.to_string()), Some(default.listen.to_string())),
        ("public-url", "PACKSHOT_PUBLIC_URL", settings.public_url.clone(), None),
        ("smtp", "PACKSHOT_SMTP", settings.smtp.as_deref().map(masked), None),
        ("mail-from", "PACKSHOT_MAIL_FROM", Some(settings.mail_from.clone()), Some(default.mail_from)),
        ("trusted-proxies", "PACKSHOT_TRUSTED_PROXIES", Some(proxies).filter(|all| !all.is_empty()), None),
        ("service-key", "PACKSHOT_SERVICE_KEY", settings.service_key.as_ref().map(|_| "(hidden)".to_owned()), None),
        ("keys", "PACKSHOT_KEYS", settings.keys.as_deref().map(masked), None),
        ("vault-key", "PACKSHOT_VAULT_KEY", settings.vault_key.as_ref().map(|_| "(hidden)".to_owned()), None),
        ("bucket", "PACKSHOT_BUCKET", args.bucket.clone(), None),
        ("bucket-endpoint", "PACKSHOT_BUCKET_ENDPOINT", args.bucket_endpoint.clone(), None),
        ("bucket-region", "PACKSHOT_BUCKET_REGION", Some(args.bucket_region.clone()), Some("us-east-1".to_owned())),
        (
            "bucket-secret-key",
            "PACKSHOT_BUCKET_SECRET_KEY",
            args.bucket_secret_key.as_ref().map(|_| "(hidden)".to_owned()),
            None,
        ),
        ("scanner", "PACKSHOT_SCANNER", settings.scanner.as_ref().map(ToString::to_string), None),
        (
            "largest-asset",
            "PACKSHOT_LARGEST_ASSET",
            Some(settings.largest_asset.to_string()),
            Some(default.largest_asset.to_string()),
        ),
        number("limit-address", "PACKSHOT_LIMIT_ADDRESS", settings.limit_address.get(), default.limit_address.get()),
        number("limit-account", "PACKSHOT_LIMIT_ACCOUNT", settings.limit_account.get(), default.limit_account.get()),
        number("limit-costly", "PACKSHOT_LIMIT_COSTLY", settings.limit_costly.get(), default.limit_costly.get()),
    ];
    for (name, variable, value, default) in rows {
        let source = match (&value, std::env::var_os(variable)) {
            (_, Some(_)) if !std::env::args().any(|word| word.starts_with(&format!("--{name}"))) => variable,
            (value, _) if *value == default => "default",
            _ => "command line",
        };
        println!("{name:<18} {:<40} {source}", value.as_deref().unwrap_or("-"));
    }
}

fn number<'a>(
    name: &'a str,
    variable: &'a str,
    value: u32,
    default: u32,
) -> (&'a str, &'a str, Option<String>, Option<String>) {
    (name, variable, Some(value.to_string()), Some(default.to_string()))
}

/// A URL without its password.
fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "(hidden)".to_owned() };
    match rest.rsplit_once('@') {
        Some((who, place)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            format!("{scheme}://{user}:…@{place}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(masked("postgres://anna:s3cr@t@db/x"), "postgres://anna:…@db/x");
        assert_eq!(masked("postgres://db/x"), "postgres://db/x");
        assert_eq!(masked("secret"), "(hidden)");
    }
}
