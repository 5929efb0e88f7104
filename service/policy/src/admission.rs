//! Who may use the service: ages and guardians.

use crate::policy::Policy;
use crate::words::Right;

/// Whether a person of some age may have an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// They may not, and their input must not be stored.
    TooYoung {
        /// They may from this age on.
        minimum: u32,
    },
    /// They may once a guardian agrees, in a way that can be verified.
    NeedsGuardian {
        /// From this age on they decide themselves.
        until: u32,
    },
    /// They may.
    Welcome,
}

impl Policy {
    /// The minimum age in a country, by its ISO 3166 code: the general one for a country that the policy does not name,
    /// and never lower than that.
    #[must_use]
    pub fn minimum_age(&self, country: Option<&str>) -> u32 {
        let named =
            self.age.by_country.iter().find(|(code, _)| country.is_some_and(|own| own.eq_ignore_ascii_case(code)));
        named.map_or(self.age.minimum, |(_, age)| self.age.minimum.max(*age))
    }

    /// Whether a person of `age` whole years may have an account.
    #[must_use]
    pub fn admission(&self, age: u32, country: Option<&str>) -> Admission {
        let minimum = self.minimum_age(country);
        match self.age.guardian_until {
            _ if age < minimum => Admission::TooYoung { minimum },
            Some(until) if age < until => Admission::NeedsGuardian { until },
            _ => Admission::Welcome,
        }
    }

    /// Whether the guardian of a person of `age` may exercise this right for them.
    #[must_use]
    pub fn guardian_may(&self, right: Right, age: u32) -> bool {
        self.age.guardian_until.is_some_and(|until| age < until) && self.age.guardian_rights.contains(&right)
    }
}
