//! The policy and the plans that the settings name.

use std::fs;

use packshot_policy::{Policy, Preset, Severity};

use crate::error::{Error, Result};
use crate::plans::Plans;
use crate::settings::Settings;

/// The policy with its text, and the plans. A policy with errors is refused: it would promise what cannot be kept.
pub(crate) fn load(settings: &Settings) -> Result<(Policy, String, Plans)> {
    let read = |path: &std::path::Path| {
        fs::read_to_string(path).map_err(|cause| Error::Setting(format!("{}: {cause}", path.display())))
    };
    let preset = Preset::named(&settings.policy);
    let text = match preset {
        Some(preset) => preset.text.to_owned(),
        None => {
            let names = Preset::ALL.map(|preset| preset.name).join(", ");
            let unknown = |error| Error::Setting(format!("the policy is {names} or a file: {error}"));
            read(settings.policy.as_ref()).map_err(unknown)?
        }
    };
    let policy: Policy = text.parse().map_err(|faults| Error::Policy(format!("{faults}")))?;
    let errors: Vec<_> =
        policy.lint(None).into_iter().filter(|finding| finding.check.severity() == Severity::Error).collect();
    if !errors.is_empty() {
        let lines = errors.iter().map(|finding| format!("\n  {finding}")).collect::<String>();
        return Err(Error::Policy(format!("it has errors:{lines}")));
    }
    let plans = match (&settings.plans, Plans::preset(&settings.policy)) {
        (Some(path), _) => read(path)?,
        (None, Some(plans)) => plans.to_owned(),
        (None, None) => return Err(Error::Setting("a policy of your own needs a file of plans".to_owned())),
    };
    let plans = Plans::parse(&plans, &policy)?;
    Ok((policy, text, plans))
}
