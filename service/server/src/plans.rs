//! Plans and prices, which are data: a file of the format `packshot.plans/1`.

mod give;
mod quote;

use packshot_api::service::{Plan, Price};
use packshot_policy::Policy;
use serde::Deserialize;

pub(crate) use give::{give, give_due};
pub(crate) use quote::QuoteFacts;

use crate::error::{Error, Result};

/// The format of the file.
const SCHEMA: &str = "packshot.plans/1";

/// The periods of a plan's grants.
const PERIODS: [&str; 2] = ["month", "once"];

/// What an organisation can subscribe to, and what tools cost.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plans {
    schema: String,
    #[serde(rename = "plan")]
    pub(crate) plans: Vec<Plan>,
    #[serde(rename = "price")]
    pub(crate) prices: Vec<Price>,
}

impl Plans {
    /// The plans of a policy that comes with the program.
    pub(crate) fn preset(name: &str) -> Option<&'static str> {
        match name {
            "narpix" => Some(include_str!("../plans/narpix.toml")),
            "neximage" => Some(include_str!("../plans/neximage.toml")),
            "upixel" => Some(include_str!("../plans/upixel.toml")),
            "picphoto" => Some(include_str!("../plans/picphoto.toml")),
            "nanaimg" => Some(include_str!("../plans/nanaimg.toml")),
            _ => None,
        }
    }

    /// The plans of a file. They are those of the policy, whose rules depend on them.
    pub(crate) fn parse(text: &str, policy: &Policy) -> Result<Self> {
        let fault = |why: String| Error::Setting(format!("the plans: {why}"));
        let plans: Self = toml::from_str(text).map_err(|cause| fault(cause.to_string()))?;
        if plans.schema != SCHEMA {
            return Err(fault(format!("`schema` is `{}`; it must be `{SCHEMA}`", plans.schema)));
        }
        let mut ids: Vec<_> = plans.plans.iter().map(|plan| plan.id.as_str()).collect();
        let mut known: Vec<_> = policy.plans.iter().map(String::as_str).collect();
        ids.sort_unstable();
        known.sort_unstable();
        if ids != known {
            return Err(fault(format!("they are {}, and the policy has {}", ids.join(", "), known.join(", "))));
        }
        for grant in plans.plans.iter().flat_map(|plan| &plan.grants) {
            if !PERIODS.contains(&grant.every.as_str()) {
                return Err(fault(format!("`every` is `{}`; it may be {}", grant.every, PERIODS.join(" or "))));
            }
        }
        Ok(plans)
    }

    pub(crate) fn plan(&self, id: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The plan of a new organisation: the first one of the file.
    pub(crate) fn first(&self) -> Result<&Plan> {
        self.plans.first().ok_or_else(|| Error::Setting("the plans: there is none".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packshot_policy::Preset;

    #[test]
    fn every_preset_has_plans_that_fit_its_policy() {
        for preset in Preset::ALL {
            let plans = Plans::parse(Plans::preset(preset.name).unwrap(), &preset.policy().unwrap()).unwrap();
            let steps = packshot_api::TOOLS.iter().map(|tool| tool.name).chain(["export"]);
            for step in steps {
                assert!(plans.prices.iter().any(|price| price.step == step), "{}: {step}", preset.name);
            }
        }
    }

    #[test]
    fn plans_that_the_policy_does_not_have_are_refused() {
        let policy = Preset::named("neximage").unwrap().policy().unwrap();
        let error = Plans::parse(Plans::preset("narpix").unwrap(), &policy).unwrap_err().to_string();
        assert!(error.contains("free, paid") && error.contains("free, pro, starter"), "{error}");
        let weekly = Plans::preset("neximage").unwrap().replacen("month", "week", 1);
        assert!(Plans::parse(&weekly, &policy).unwrap_err().to_string().contains("month or once"));
    }
}
