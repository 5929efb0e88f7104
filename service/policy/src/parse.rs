//! Parses the text of a policy to a [`Policy`], or to all of its faults.

mod rules;
mod sections;

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::fault::{FaultCode, Faults};
use crate::identity::Identity;
use crate::name::{ClassId, PlanId};
use crate::policy::{DataClass, Policy};
use crate::reader::{Entry, Section, Text};

/// The first line of every policy of this version of the format.
pub const SCHEMA: &str = "packshot.policy/1";

impl FromStr for Policy {
    type Err = Faults;

    /// Reads a policy of the format [`SCHEMA`].
    ///
    /// # Errors
    ///
    /// Every fault of the text at once, with line, column, key and remedy; unknown keys are refused.
    fn from_str(text: &str) -> Result<Policy, Faults> {
        let text = Text::new(text);
        if text.is_too_long() {
            return text.finish(None);
        }
        let policy = text.root().and_then(|root| read(&text, root));
        text.finish(policy)
    }
}

fn read<'t>(text: &'t Text<'t>, mut root: Section<'t>) -> Option<Policy> {
    let hash = root.hash();
    let schema = root.may("schema", Entry::text);
    if schema.as_deref() != Some(SCHEMA) {
        let found = schema.map_or("no schema is named".to_owned(), |name| format!("`{name}` is another format"));
        text.fault(FaultCode::Schema, "schema", &(0..0), found);
        return None;
    }
    let about = root.must("policy", |found| found.section(sections::about));
    let contact = root.must("contact", |found| found.section(sections::contact));
    let engine = root.must("engine", |found| found.section(sections::engine));
    let plans = root.must("plans", sections::plans);
    let plan_change = root.must("plan_change", |found| found.section(sections::plan_change));
    let security = root.must("security", |found| found.section(sections::security));
    let promised = root.may("promised", sections::promised).unwrap_or_default();
    let age = root.must("age", |found| found.section(sections::age));
    let classes = root.must("data", sections::classes);
    let backup = root.must("backup", |found| found.section(sections::backup));
    let names = Names { classes: classes.as_deref().unwrap_or_default(), plans: plans.as_deref().unwrap_or_default() };

    let consents = root.entries("consent", unique(|entry| sections::consent(entry), |consent| consent.id.clone()));
    let consent_names: Vec<String> = consents.iter().map(|consent| consent.id.clone()).collect();
    let rules = root.entries("rule", unique(|entry| rules::rule(entry, &names), |rule| rule.id.clone()));
    if rules.len() > crate::rule::MOST_RULES {
        root.fault(FaultCode::Limit, format!("there are {} rules; at most 128 are allowed", rules.len()));
    }
    let deadlines = root.entries("deadline", unique(|entry| rules::deadline(entry), |deadline| deadline.id.clone()));
    let notices =
        root.entries("notice", unique(|entry| rules::notice(entry, &consent_names), |notice| notice.id.clone()));
    let cookies = root.entries("cookie", rules::cookie);
    let processors = root.entries(
        "processor",
        unique(|entry| rules::processor(entry, &names, &consent_names), |processor| processor.id.clone()),
    );
    let twice = processors.iter().enumerate().find(|(place, to)| {
        processors
            .iter()
            .take(*place)
            .any(|other| [&other.id, &other.name].into_iter().any(|id| *id == to.name || *id == to.id))
    });
    if let Some((place, to)) = twice {
        root.fault(
            FaultCode::Duplicate,
            format!("`processor[{}]` has the id or name of another: `{}`", place + 1, to.name),
        );
    }
    let never = root.entries("never", |entry| rules::never(entry, &names, &consent_names));
    let rights = root.list("rights", Entry::word);
    let open = root.entries("open", unique(|entry| rules::open(entry), |open| open.id.clone()));
    root.end();
    let (version, about) = about?;
    Some(Policy {
        identity: Identity { version, hash },
        about,
        contact: contact?,
        engine: engine?,
        plan_change: plan_change?,
        security: security?,
        promised,
        age: age?,
        backup: backup?,
        plans: plans?,
        classes: classes?,
        rules,
        deadlines,
        notices,
        consents,
        cookies,
        processors,
        never,
        rights,
        open,
    })
}

/// The names that rules may refer to.
struct Names<'p> {
    classes: &'p [DataClass],
    plans: &'p [String],
}

impl Names<'_> {
    fn class(&self, found: &Entry<'_>) -> Option<ClassId> {
        let name = found.str()?;
        match self.classes.iter().find(|class| class.name == name) {
            Some(class) => ClassId::new(&class.name),
            None => found.fault(FaultCode::UnknownName, format!("there is no data class `{name}`")),
        }
    }

    fn plan(&self, found: &Entry<'_>) -> Option<PlanId> {
        let name = found.str()?;
        match self.plans.iter().find(|plan| *plan == name) {
            Some(plan) => PlanId::new(plan),
            None => found.fault(FaultCode::UnknownName, format!("there is no plan `{name}`")),
        }
    }

    /// A class, or `class.field`.
    fn class_or_field(&self, found: Entry<'_>) -> Option<String> {
        let name = found.str()?;
        let is_field = |class: &DataClass| {
            name.strip_prefix(class.name.as_str())
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|field| class.fields.iter().any(|known| known.trim_end_matches('?') == field))
        };
        if self.classes.iter().any(|class| class.name == name || is_field(class)) {
            return found.text();
        }
        found.fault(FaultCode::UnknownName, format!("there is no data class `{name}`, and no field of one"))
    }

    /// A class, a group, or `*`.
    fn class_or_group(&self, found: Entry<'_>) -> Option<String> {
        let name = found.str()?;
        if name == "*" || self.classes.iter().any(|class| class.name == name || class.group == name) {
            return found.text();
        }
        found.fault(FaultCode::UnknownName, format!("there is no data class and no group `{name}`"))
    }
}

/// Reports a second entry with the same id.
fn unique<'t, T>(
    mut read: impl FnMut(&mut Section<'t>) -> Option<T>,
    id: impl Fn(&T) -> String,
) -> impl FnMut(&mut Section<'t>) -> Option<T> {
    let mut ids = BTreeSet::new();
    move |section| {
        let value = read(section)?;
        if !ids.insert(id(&value)) {
            section.fault(FaultCode::Duplicate, format!("`{}` appears twice", id(&value)));
        }
        Some(value)
    }
}
