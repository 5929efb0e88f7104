//! Sentences about settings: only those that a text promises, or the operator beyond it.

use crate::diff::is_protection;
use crate::page::words::{either, region};
use crate::policy::Policy;
use crate::words::{CardData, Setting, StaffAccess, TlsVersion};

impl Policy {
    /// Whether a setting is enabled.
    #[must_use]
    pub fn is_set(&self, setting: Setting) -> bool {
        let safety = &self.security;
        match setting {
            Setting::TlsMin | Setting::CardData => true,
            Setting::AtRest => is_protection(&safety.at_rest),
            Setting::PasswordHash => is_protection(&safety.password_hash),
            Setting::PrivateStore => safety.private_store,
            Setting::StripMetadata => safety.strip_metadata,
            Setting::StaffAccess => safety.staff_bytes_access.is_some(),
            Setting::SignedUrlMax => safety.signed_url_max.is_some(),
            Setting::StoreRegion => safety.store_region.is_some(),
            Setting::ScanBeforePersist => safety.scan_before_persist,
            Setting::Mfa => safety.mfa,
            Setting::AuditLog => safety.audit_log,
            Setting::OAuth => !safety.oauth.is_empty(),
            Setting::RestoreFor => !self.engine.restore_for.is_zero(),
            Setting::BackupWindow => true,
            Setting::Shred => self.backup.shred,
            Setting::Contracts => self.processors.iter().all(|to| to.dpa),
        }
    }

    /// The sentence about a setting for people. `None` unless it is promised and set.
    #[must_use]
    pub fn told(&self, setting: Setting) -> Option<String> {
        self.promised(setting)?;
        if !self.is_set(setting) {
            return None;
        }
        let safety = &self.security;
        Some(match setting {
            Setting::TlsMin => match safety.tls_min {
                TlsVersion::V12 => "Data is encrypted in transit (HTTPS).".to_owned(),
                TlsVersion::V13 => "Data is encrypted in transit (HTTPS, with TLS 1.3 or newer).".to_owned(),
            },
            Setting::AtRest => "Stored files are encrypted.".to_owned(),
            Setting::PasswordHash => "Passwords are stored as hashes, so that nobody can read them.".to_owned(),
            Setting::PrivateStore => "Files are kept in private storage with restricted access.".to_owned(),
            Setting::StripMetadata => "Locations and other hidden metadata are removed from stored photos.".to_owned(),
            Setting::CardData => match safety.card_data {
                CardData::None => "Nothing of your payment card is stored.".to_owned(),
                CardData::Token => {
                    "For your payment card, only a token of the payment provider is stored, never the full number."
                        .to_owned()
                }
                CardData::Last4 => "The full number of your payment card is not stored.".to_owned(),
            },
            Setting::StaffAccess => match safety.staff_bytes_access? {
                StaffAccess::Never => "No staff can look at stored files.".to_owned(),
                StaffAccess::BreakGlass => {
                    "Staff look at stored files in exceptional circumstances only, and that is logged.".to_owned()
                }
                StaffAccess::OnCall => {
                    "Only engineers on call can look at stored files, with credentials made for the occasion."
                        .to_owned()
                }
            },
            Setting::SignedUrlMax => format!("A link to a file works for {}.", safety.signed_url_max?.in_words()),
            Setting::StoreRegion => format!("The data is stored in {}.", region(safety.store_region.as_deref()?)),
            Setting::ScanBeforePersist => {
                "Files are checked for viruses and for their type before they are stored.".to_owned()
            }
            Setting::Mfa => "Sign-in requires a second factor.".to_owned(),
            Setting::AuditLog => "Access is recorded in an audit log.".to_owned(),
            Setting::OAuth => {
                let names: Vec<String> = safety.oauth.iter().map(|name| company(name)).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("You can also sign in with {}.", either(&names))
            }
            Setting::RestoreFor => {
                format!("What you delete can be restored for {}.", self.engine.restore_for.in_words())
            }
            Setting::BackupWindow => format!("Backups are held for {}.", self.backup.window.in_words()),
            Setting::Shred => "Deleted data can no longer be read in backups.".to_owned(),
            Setting::Contracts => "Everybody who receives data is bound by a contract to protect it.".to_owned(),
        })
    }
}

/// The spelling of a sign-in provider's name.
fn company(name: &str) -> String {
    if name == "github" { "GitHub".to_owned() } else { crate::page::capital(name) }
}
