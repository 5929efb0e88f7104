//! Checks that a policy can be kept and does not contradict itself.

mod clauses;
mod promises;
mod retention;

use std::fmt;

use crate::clause::Clause;
use crate::policy::Policy;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; the policy can be kept as it is.
    Warning,
    /// A promise cannot be kept, or contradicts another. A service must not start with such a policy.
    Error,
}

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident, $remedy:literal;)*) => {
        /// All checks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Check { $($(#[$doc])* $name,)* }

        impl Check {
            /// Every check, in the order of this list.
            pub const ALL: &'static [Check] = &[$(Check::$name,)*];

            /// The identifier that programs see; it never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Check::$name => $text,)* }
            }

            /// Its severity.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Check::$name => Severity::$severity,)* }
            }

            /// What an operator can do, in one sentence.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Check::$name => $remedy,)* }
            }
        }
    };
}

checks! {
    /// Personal data without an end, or with one that depends on an event that may never happen.
    UnboundedPersonalData = "unbounded_personal_data", Error, "Add a rule with `gone_by` from the day the data came in, or one that keeps it `while_active` and one that ends it after closure.";
    /// A policy under which nobody can have an account.
    NoPlans = "no_plans", Error, "Name at least one plan; one is enough for a service where all are equal.";
    /// A class without a rule.
    ClassWithoutRule = "class_without_rule", Error, "Add a rule, or remove the class from the inventory.";
    /// Something must still be kept at the time when it must be gone.
    FloorReachesCeiling = "floor_reaches_ceiling", Error, "Make `gone_by` longer than `keep_for`, by more than the slack of the engine.";
    /// The work would begin before the data exists, because the slack is as long as the promise.
    SlackReachesCeiling = "slack_reaches_ceiling", Error, "Make the slack of the engine shorter than the shortest `gone_by`.";
    /// Sweeps so rare that one missed sweep breaks a promise.
    SweepReachesSlack = "sweep_reaches_slack", Error, "Make the interval of sweeps shorter than the slack of the engine.";
    /// A deletion can still be undone when the data must be gone.
    RestoreOutlastsDelete = "restore_outlasts_delete", Error, "Shorten `restore_for`: with the slack it must end before the ceiling after a deletion.";
    /// A backup is held longer than the rule about backups allows.
    BackupOutlastsRule = "backup_outlasts_rule", Error, "Shorten `backup.window`: data leaves production first and then waits for the last backup to go.";
    /// The promise includes backups, and nothing makes their copies unreadable in time.
    CeilingWithoutShred = "ceiling_without_shred", Error, "Set `backup.shred = true`, or give the rule `tier = \"production\"` if the text excepts backups.";
    /// A restore would bring back what was deleted.
    RestoreWithoutReplay = "restore_without_replay", Error, "Set `backup.restore_replays_tombstones = true` and keep a class `tombstone`.";
    /// The list of what was deleted ends before the backups do.
    TombstoneDiesFirst = "tombstone_dies_first", Error, "Keep tombstones longer than `backup.window`.";
    /// A rule without effect.
    RuleWithoutEffect = "rule_without_effect", Warning, "Remove the rule, or correct its clock, plan or tier.";
    /// Two rules give the same data, from the same event, different ends or an end before its floor.
    Contradiction = "contradiction", Error, "Give both the same period, or say for which plan or tier each of them applies.";
    /// A clause that the text does not have.
    UnknownClause = "unknown_clause", Error, "Correct the id of the clause.";
    /// A rule about a field that its class does not list.
    UnknownField = "unknown_field", Error, "Add the field to the class, or correct its name.";
    /// A consent that is given by default.
    ConsentByDefault = "consent_by_default", Warning, "Set `default = false`, or be ready to explain why people need not be asked.";
    /// A non-essential cookie that cannot be refused.
    CookieWithoutChoice = "cookie_without_choice", Error, "Set `opt_out = true`; only essential cookies need no choice.";
    /// Training is ruled out in words, but not for flows.
    TrainingUnguarded = "training_unguarded", Error, "Add a `[[never]]` with the purpose `training`; with `unless_consent` if people may opt in.";
    /// Sale is ruled out in words, but not for flows.
    SaleUnguarded = "sale_unguarded", Error, "Add a `[[never]]` for everything (`*`) with the purpose `sale`.";
    /// A use that `[policy]` permits and a `[[never]]` rules out.
    PermittedAndRuledOut = "permitted_and_ruled_out", Error, "Decide: set the key of `[policy]` to no, or take the purpose out of the `[[never]]`.";
    /// A promise of the text that a setting does not implement.
    PromiseNotSet = "promise_not_set", Error, "Set it as promised, or take it out of `[promised]` if the text does not say it.";
    /// Stored without encryption or without a password hash.
    Unprotected = "unprotected", Warning, "Name a cipher such as `AES-256-GCM`, and a password hash such as `argon2id`.";
    /// A processor with a forbidden use.
    ForbiddenFlow = "forbidden_flow", Error, "Remove the processor or what it is sent; a `[[never]]` forbids it.";
    /// A cookie that the text promises not to store.
    ForbiddenCookie = "forbidden_cookie", Error, "Remove the cookie; a `[[never]]` rules it out.";
    /// A processor without a contract.
    NoAgreement = "no_agreement", Error, "Sign a data processing agreement and set `dpa = true`.";
    /// A processor without a proper name.
    UnnamedProcessor = "unnamed_processor", Warning, "Write the name of the company.";
    /// A processor that may hold photos or prompts without limit.
    JobWithoutTtl = "job_without_ttl", Error, "Give the processor a `ttl`, and set the same in its own settings.";
    /// A processor that may hold data when it must be gone everywhere.
    TtlOutlastsClass = "ttl_outlasts_class", Error, "Shorten the `ttl` to the shortest `gone_by` of what the processor gets.";
    /// A processor that receives names, addresses or secrets that its purpose does not need.
    NeedlessIdentity = "needless_identity", Error, "Send single fields (`class.field`) instead of the class, without those that identify a person.";
    /// Requests without a deadline.
    RequestWithoutDeadline = "request_without_deadline", Error, "Add a `[[deadline]]` with `on = \"privacy_request\"`.";
    /// Breaches without a deadline for telling people.
    IncidentWithoutDeadline = "incident_without_deadline", Warning, "Add a `[[deadline]]` with `on = \"incident\"`; the GDPR gives 72 hours to tell the authority.";
    /// Children are refused, but reports about children have no deadline.
    ChildReportWithoutDeadline = "child_report_without_deadline", Warning, "Add a `[[deadline]]` with `on = \"child_report\"`.";
    /// An extension that ends before the first deadline.
    ExtensionTooShort = "extension_too_short", Error, "Make `extend_to` longer than `within`, or remove it.";
    /// A deadline later than the law allows.
    LaterThanGdpr = "later_than_gdpr", Error, "Add a `[[deadline]]` with `when = { law = \"gdpr\" }` that ends within `1mo`.";
    /// A change that takes effect on the day when people are told.
    NoLeadTime = "no_lead_time", Warning, "Give the notice a `lead`, if the text or the law asks for one.";
    /// Dates in an impossible order.
    DatesOutOfOrder = "dates_out_of_order", Error, "`effective` and `last_updated` must not be before `published`.";
    /// A placeholder instead of an address.
    PlaceholderContact = "placeholder_contact", Warning, "Write an address of the service that people can reach.";
    /// Ages that contradict each other or the law.
    AgeContradiction = "age_contradiction", Error, "`guardian_until` must be above the minimum; COPPA requires a minimum of 13 without guardians.";
}

/// A finding of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: Check,
    /// The rule, class or entry concerned.
    pub subject: String,
    /// The clauses concerned.
    pub clauses: Vec<Clause>,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.check.severity() {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{word} {}, `{}`: {}. {}", self.check.as_str(), self.subject, self.message, self.check.remedy())?;
        for (index, clause) in self.clauses.iter().enumerate() {
            write!(f, "{}{clause}", if index == 0 { " Clauses: " } else { ", " })?;
        }
        Ok(())
    }
}

/// Collects findings.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, check: Check, subject: &str, clauses: &[Clause], message: impl Into<String>) {
        self.0.push(Finding { check, subject: subject.to_owned(), clauses: clauses.to_vec(), message: message.into() });
    }
}

impl Policy {
    /// Runs all checks; errors first.
    ///
    /// `clauses` are the ids of all clauses of the published text. Without them, clauses of a text that comes with the
    /// crate are looked up there, and clauses of a different text than most of the policy's are reported as unknown.
    #[must_use]
    pub fn lint(&self, clauses: Option<&[Clause]>) -> Vec<Finding> {
        let mut findings = Findings::default();
        retention::check(self, &mut findings);
        promises::check(self, &mut findings);
        clauses::check(self, clauses, &mut findings);
        let mut findings = findings.0;
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.check.severity()), finding.check));
        findings
    }
}
