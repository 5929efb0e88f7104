//! Passwords: argon2id (RFC 9106) with 19 MiB and two passes, as OWASP ASVS 5.0 asks for at least.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Lengths in characters. The longest one bounds the work; nothing is cut off.
const SHORTEST: usize = 8;
const LONGEST: usize = 256;

/// What people try first. Words of keyboards and years are covered by the rules below.
const COMMON: &[&str] =
    &["password", "passwort", "letmein", "iloveyou", "welcome", "admin", "monkey", "dragon", "packshot"];

/// Rows of keyboards, and counting.
const ROWS: &[&str] =
    &["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "01234567890", "abcdefghijklmnopqrstuvwxyz"];

/// Hashes passwords, a few at a time: each takes 19 MiB and tens of milliseconds.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash of a password that nobody has, to be compared with for addresses that nobody has.
    dummy: String,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self> {
        let turns = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self { turns: Arc::new(Semaphore::new(turns)), dummy: hash(&crate::secrets::random::<32>()?)? })
    }

    /// The PHC string of a password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.turn(move || hash(password.as_bytes())).await
    }

    /// Whether `phc` is of this password. It takes as long if there is none.
    pub(crate) async fn verify(&self, password: &str, phc: Option<&str>) -> Result<bool> {
        let (password, phc) = (password.to_owned(), phc.unwrap_or(&self.dummy).to_owned());
        self.turn(move || {
            // An account without a password has none that fits.
            let Ok(phc) = PasswordHash::new(&phc) else { return Ok(false) };
            Ok(Argon2::default().verify_password(password.as_bytes(), &phc).is_ok())
        })
        .await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let fault = |cause: String| Error::Internal(cause);
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|cause| fault(cause.to_string()))?;
        let work = tokio::task::spawn_blocking(move || {
            // The turn ends with the work, also when nobody waits for it any more.
            let _turn = turn;
            work()
        });
        work.await.map_err(|cause| fault(cause.to_string()))?
    }
}

fn hash(password: &[u8]) -> Result<String> {
    let hashed = Argon2::default().hash_password(password);
    hashed.map(|hash| hash.to_string()).map_err(|cause| Error::Internal(cause.to_string()))
}

/// Whether somebody may have this password.
pub(crate) fn check(field: &str, password: &str, email: &str) -> Result<()> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Error::field(field, format!("has {SHORTEST} to {LONGEST} characters")));
    }
    let lower = password.to_lowercase();
    let letters: String = lower.chars().filter(|letter| letter.is_alphabetic()).collect();
    let is_row =
        |row: &str| row.contains(lower.as_str()) || row.chars().rev().collect::<String>().contains(lower.as_str());
    let name = email.split('@').next().unwrap_or_default();
    let is_common = COMMON.contains(&letters.as_str())
        || lower.chars().all(|letter| letter.is_ascii_digit())
        || ROWS.iter().any(|row| is_row(row) || (letters.len() >= 5 && row.contains(letters.as_str())))
        || lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 4
        || lower == email
        || lower == name;
    if is_common { Err(Error::field(field, "is one that others try first; take a longer one")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_others_try_first_are_refused() {
        let is_refused = |password: &str| check("password", password, "anna.muster@example.org").is_err();
        for password in [
            "short",
            "12345678",
            "aaaaaaaa",
            "abababab",
            "password1",
            "Password!2026",
            "qwertyui",
            "asdfghjk1",
            "anna.muster",
            "Anna.Muster@example.org",
            "31122026",
        ] {
            assert!(is_refused(password), "{password}");
        }
        for password in ["correct horse", "Xk2-9vLq", "пароль надёжный", "passwords are hard", &"long".repeat(64)]
        {
            assert!(!is_refused(password), "{password}");
        }
        assert!(is_refused(&"long ".repeat(64)));
    }

    #[tokio::test]
    async fn a_hash_has_the_parameters_and_fits_its_password_only() {
        let passwords = Passwords::new().unwrap();
        let phc = passwords.hash("correct horse").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify("correct horse", Some(&phc)).await.unwrap());
        assert!(!passwords.verify("correct horse ", Some(&phc)).await.unwrap());
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert!(!passwords.verify("!", Some("!")).await.unwrap());
    }
}
