//! The document: the content of a policy of the format `packshot.policy/1`.

use jiff::civil::Date;

use crate::clause::Clause;
use crate::identity::Identity;
use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::rule::{Rule, RuleSet};
use crate::words::{
    CardData, Channel, CookieClass, Downgrade, Law, Occasion, Purpose, Right, Setting, StaffAccess, Tier, TlsVersion,
    Training, Trigger,
};

/// The most plans that one policy may have.
pub const MOST_PLANS: usize = 32;

/// One version of a privacy policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The version, and the hash of the text that was read; it does not reflect later changes to fields.
    pub identity: Identity,
    /// `[policy]`: its name and general statements.
    pub about: About,
    /// `[contact]`: contact addresses.
    pub contact: Contact,
    /// `[engine]`: when the service does its work.
    pub engine: EngineTimes,
    /// `[plans]`: the names of the plans that rules distinguish.
    pub plans: Vec<String>,
    /// `[plan_change]`: what a change of plan does to existing data.
    pub plan_change: PlanChange,
    /// `[security]`: promises about storage and access.
    pub security: Security,
    /// `[promised]`: the settings that are promised to people, each with the clauses behind it; without a clause it is
    /// the operator's own promise, beyond the text.
    pub promised: Vec<(Setting, Vec<Clause>)>,
    /// `[age]`: who may use the service.
    pub age: Age,
    /// `[data]`: every class of data that the service may hold.
    pub classes: Vec<DataClass>,
    /// `[[rule]]`: how long data is kept.
    pub rules: Vec<Rule>,
    /// `[backup]`: how data leaves backups.
    pub backup: Backup,
    /// `[[deadline]]`: what must be answered by when.
    pub deadlines: Vec<Deadline>,
    /// `[[notice]]`: who must be told what.
    pub notices: Vec<Notice>,
    /// `[[consent]]`: what people are asked.
    pub consents: Vec<Consent>,
    /// `[[cookie]]`: what is stored on people's devices.
    pub cookies: Vec<Cookie>,
    /// `[[processor]]`: who else receives data.
    pub processors: Vec<Processor>,
    /// `[[never]]`: forbidden uses of data.
    pub never: Vec<Never>,
    /// `[rights]`: what people may ask for.
    pub rights: Vec<Right>,
    /// `[[open]]`: what the text leaves open, and what was chosen.
    pub open: Vec<OpenPoint>,
}

impl Policy {
    /// The class with this name.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.classes.iter().find(|class| class.name == name).and_then(|class| ClassId::new(&class.name))
    }

    /// The declaration of a class.
    #[must_use]
    pub fn described(&self, class: ClassId) -> Option<&DataClass> {
        self.classes.iter().find(|known| known.name == class.as_str())
    }

    /// The plan with this name.
    #[must_use]
    pub fn plan(&self, name: &str) -> Option<PlanId> {
        self.plans.iter().find(|plan| *plan == name).and_then(|plan| PlanId::new(plan))
    }

    /// The clauses behind the promise of a setting; empty if it is the operator's own promise, `None` if it is not
    /// promised.
    #[must_use]
    pub fn promised(&self, setting: Setting) -> Option<&[Clause]> {
        self.promised.iter().find(|(known, _)| *known == setting).map(|(_, clauses)| clauses.as_slice())
    }

    /// Every class with its id.
    pub fn class_ids(&self) -> impl Iterator<Item = (ClassId, &DataClass)> {
        self.classes.iter().filter_map(|class| Some((ClassId::new(&class.name)?, class)))
    }

    /// Every plan's id.
    pub fn plan_ids(&self) -> impl Iterator<Item = PlanId> {
        self.plans.iter().filter_map(|plan| PlanId::new(plan))
    }

    /// The rules of a set, in the order of the file.
    pub fn rules_in(&self, set: RuleSet) -> impl Iterator<Item = &Rule> {
        self.rules.iter().enumerate().filter(move |(place, _)| set.contains(*place)).map(|(_, rule)| rule)
    }
}

/// General statements of a policy.
#[derive(Debug, Clone)]
pub struct About {
    /// The name of the service.
    pub service: String,
    /// The name of this version.
    pub version: String,
    /// When it was posted.
    pub published: Date,
    /// The date in the text.
    pub last_updated: Date,
    /// The day when it takes effect.
    pub effective: Date,
    /// The time zone in which its days begin, from the IANA time zone database.
    pub timezone: jiff::tz::TimeZone,
    /// Working days; empty is Monday to Friday.
    pub workweek: Vec<jiff::civil::Weekday>,
    /// Days off.
    pub holidays: Vec<Date>,
    /// Whether photos or prompts may train models.
    pub training: Training,
    /// Whether personal data is sold.
    pub sale: bool,
    /// Whether it is shared for advertisements.
    pub share_for_ads: bool,
    /// The laws that the text names, or that apply anyway.
    pub laws: Vec<Law>,
}

/// Contact addresses. Presets contain placeholders for the operator's own addresses.
#[derive(Debug, Clone)]
pub struct Contact {
    /// For privacy requests.
    pub privacy: String,
    /// The subject line for requests.
    pub privacy_subject: Option<String>,
    /// For reports about children.
    pub child: Option<String>,
    /// The subject line for such reports.
    pub child_subject: Option<String>,
    /// The data protection officer.
    pub dpo: Option<String>,
    /// The service's page.
    pub web: Option<String>,
}

/// When the service does its work: "within 24 hours" is the end of the work, not its beginning.
#[derive(Debug, Clone, Copy)]
pub struct EngineTimes {
    /// How often it looks for due work.
    pub sweep_every: Period,
    /// How long before a ceiling it starts to purge.
    pub slack: Period,
    /// How late a purge may be before an alert.
    pub lag_alert: Period,
    /// How long users can undo a deletion.
    pub restore_for: Period,
}

/// What a change of plan does to existing data. After an upgrade, the new plan's periods apply at once.
#[derive(Debug, Clone, Copy)]
pub struct PlanChange {
    /// How the shorter periods begin.
    pub downgrade: Downgrade,
    /// How long people are told before that.
    pub downgrade_notice: Option<Period>,
}

/// Promises about storage and access, checked when the service starts.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is one promise of a text, kept or not by itself")]
pub struct Security {
    /// The oldest TLS.
    pub tls_min: TlsVersion,
    /// The cipher at rest, such as `AES-256-GCM`.
    pub at_rest: String,
    /// The password hash, such as `argon2id`.
    pub password_hash: String,
    /// Whether files can be read through the service only.
    pub private_store: bool,
    /// Whether EXIF and other metadata are removed from stored photos.
    pub strip_metadata: bool,
    /// Which data of payment cards is stored.
    pub card_data: CardData,
    /// Which staff may see photos, if the policy says so.
    pub staff_bytes_access: Option<StaffAccess>,
    /// How long a signed URL is valid.
    pub signed_url_max: Option<Period>,
    /// Where the primary data must be stored.
    pub store_region: Option<String>,
    /// Whether files are scanned for viruses and checked for their type before they are stored.
    pub scan_before_persist: bool,
    /// Whether sign-in requires a second factor.
    pub mfa: bool,
    /// Whether access is logged.
    pub audit_log: bool,
    /// External sign-in providers, such as `google`.
    pub oauth: Vec<String>,
}

/// Who may use the service.
#[derive(Debug, Clone)]
pub struct Age {
    /// The clauses behind it; empty if the text states no age.
    pub clauses: Vec<Clause>,
    /// The minimum age.
    pub minimum: u32,
    /// Countries with a higher minimum, by ISO 3166 code.
    pub by_country: Vec<(String, u32)>,
    /// Below this age a guardian must agree.
    pub guardian_until: Option<u32>,
    /// What guardians may ask for.
    pub guardian_rights: Vec<Right>,
}

/// One class of data.
#[derive(Debug, Clone)]
pub struct DataClass {
    /// Its name, such as `upload.original`.
    pub name: String,
    /// The group it belongs to, such as `images`.
    pub group: String,
    /// Its title for people, if the policy gives one.
    pub title: Option<String>,
    /// What it is collected for, to follow "so that".
    pub why: Option<String>,
    /// The clauses that list it.
    pub clauses: Vec<Clause>,
    /// The fields that the text lists; a question mark at the end means that it may be absent.
    pub fields: Vec<String>,
    /// Whether it is personal data.
    pub personal: bool,
    /// For sums, the minimum number of people.
    pub aggregate_of: Option<u32>,
    /// The only tier where it is ever held, if there is only one.
    pub only_in: Option<Tier>,
}

impl DataClass {
    /// Its title for people, or its name with spaces instead of dots.
    #[must_use]
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| self.name.replace(['.', '_'], " "))
    }

    /// Whether it needs an end: personal data other than sums over many people.
    #[must_use]
    pub fn needs_a_ceiling(&self) -> bool {
        self.personal && self.aggregate_of.is_none()
    }
}

/// How backups forget.
#[derive(Debug, Clone, Copy)]
pub struct Backup {
    /// How long a backup is held.
    pub window: Period,
    /// Whether deletion destroys the key, so that copies in backups can no longer be read.
    pub shred: bool,
    /// Whether deletions since the backup are repeated after a restore.
    pub restore_replays_tombstones: bool,
}

/// What must be answered by when.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// Its name.
    pub id: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// What it answers.
    pub on: Trigger,
    /// Only under this law.
    pub law: Option<Law>,
    /// The time for an answer; of several periods the first to end counts.
    pub within: Vec<Period>,
    /// The extended time, if the person is told in time that the answer takes longer.
    pub extend_to: Option<Period>,
}

/// Who must be told what, and how.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its name.
    pub id: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// What happened.
    pub on: Occasion,
    /// Only under this law.
    pub law: Option<Law>,
    /// How people are told.
    pub channels: Vec<Channel>,
    /// Whether every channel must be used; otherwise one is enough.
    pub all_channels: bool,
    /// How long before it takes effect.
    pub lead: Option<Period>,
    /// Whether continued use of the service counts as agreement.
    pub continued_use_accepts: bool,
    /// The consents that must be given again.
    pub reconsent: Vec<String>,
}

/// A consent that people are asked for. It is not given before they answer, unless `default` says so.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Its name.
    pub id: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// Whether it is given before they answer.
    pub default: bool,
    /// Whether it is asked separately from everything else.
    pub explicit: bool,
    /// Whether it can be given for single items.
    pub per_item: bool,
    /// Whether a browser that sends Global Privacy Control refuses it.
    pub gpc_refuses: bool,
}

/// What is stored on people's devices.
#[derive(Debug, Clone)]
pub struct Cookie {
    /// Its kind.
    pub class: CookieClass,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// How long it lasts at most.
    pub max_age: Period,
    /// Whether it can be refused.
    pub opt_out: bool,
}

/// A third party that receives data, bound by a contract.
#[derive(Debug, Clone)]
pub struct Processor {
    /// Its id, which is stable when the company is renamed.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// Its purposes.
    pub purposes: Vec<Purpose>,
    /// The classes it receives, or `class.field` for a single field.
    pub sends: Vec<String>,
    /// How long it may hold a job's data.
    pub ttl: Option<Period>,
    /// The consents without which nothing is sent, each for one of the purposes.
    pub needs_consent: Vec<(Purpose, String)>,
    /// Where it works; empty if the policy does not say so.
    pub regions: Vec<String>,
    /// Whether there is a data processing agreement.
    pub dpa: bool,
}

impl Processor {
    /// The consent without which nothing is sent for this purpose.
    #[must_use]
    pub fn consent_for(&self, purpose: Purpose) -> Option<&str> {
        self.needs_consent.iter().find(|(known, _)| *known == purpose).map(|(_, consent)| consent.as_str())
    }
}

/// A use that is forbidden for everybody.
#[derive(Debug, Clone)]
pub struct Never {
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// Groups or classes of data; `*` is everything.
    pub data: Vec<String>,
    /// What it must not be used for.
    pub purposes: Vec<Purpose>,
    /// Kinds of cookies that are never stored.
    pub cookies: Vec<CookieClass>,
    /// The consent that permits it after all.
    pub unless_consent: Option<String>,
}

/// A point where the published text is silent or contradictory, and what was chosen. The operator must confirm it.
#[derive(Debug, Clone)]
pub struct OpenPoint {
    /// Its name.
    pub id: String,
    /// The clauses that leave it open.
    pub clauses: Vec<Clause>,
    /// What is open.
    pub question: String,
    /// What was chosen.
    pub chosen: String,
    /// Why.
    pub why: String,
    /// What the operator should know or do; not shown on the page.
    pub note: Option<String>,
    /// Whether it concerns only the operator; then it is not shown on the page.
    pub internal: bool,
}
