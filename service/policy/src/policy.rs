//! The document: everything that a policy of the format `packshot.policy/1` says.

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
    /// The version, and the hash of the text that was read; fields that are changed by hand afterwards are not in it.
    pub identity: Identity,
    /// `[policy]`: what this is and what it says about everything.
    pub about: About,
    /// `[contact]`: whom to write to.
    pub contact: Contact,
    /// `[engine]`: how the service goes about it.
    pub engine: EngineTimes,
    /// `[plans]`: the names of the plans that rules tell apart.
    pub plans: Vec<String>,
    /// `[plan_change]`: what happens to data already held.
    pub plan_change: PlanChange,
    /// `[security]`: promises about storage and access.
    pub security: Security,
    /// `[promised]`: the settings that people are told of, each with the clauses behind it; without a clause it is the
    /// operator's own promise, beyond the text.
    pub promised: Vec<(Setting, Vec<Clause>)>,
    /// `[age]`: who may use the service.
    pub age: Age,
    /// `[data]`: every class of data that the service may hold.
    pub classes: Vec<DataClass>,
    /// `[[rule]]`: how long each is kept.
    pub rules: Vec<Rule>,
    /// `[backup]`: how backups forget.
    pub backup: Backup,
    /// `[[deadline]]`: what must be answered by when.
    pub deadlines: Vec<Deadline>,
    /// `[[notice]]`: who must be told what.
    pub notices: Vec<Notice>,
    /// `[[consent]]`: what people are asked.
    pub consents: Vec<Consent>,
    /// `[[cookie]]`: what is stored on their device.
    pub cookies: Vec<Cookie>,
    /// `[[processor]]`: who else gets data.
    pub processors: Vec<Processor>,
    /// `[[never]]`: what nobody may do with it.
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

    /// What the policy says of a class.
    #[must_use]
    pub fn described(&self, class: ClassId) -> Option<&DataClass> {
        self.classes.iter().find(|known| known.name == class.as_str())
    }

    /// The plan with this name.
    #[must_use]
    pub fn plan(&self, name: &str) -> Option<PlanId> {
        self.plans.iter().find(|plan| *plan == name).and_then(|plan| PlanId::new(plan))
    }

    /// The clauses behind what people are told of a setting; empty if it is the operator's own promise, none if they are
    /// told nothing of it.
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

/// What a policy says about itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The name of the service.
    pub service: String,
    /// The name of this version.
    pub version: String,
    /// When it was posted.
    pub published: Date,
    /// The date that the text bears.
    pub last_updated: Date,
    /// From when on it holds.
    pub effective: Date,
    /// Where its days begin: a name of the IANA time zone database.
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
    /// The laws that the text names, or that hold anyway.
    pub laws: Vec<Law>,
}

/// Whom to write to. Presets hold placeholders; the operator's own addresses go here.
#[derive(Debug, Clone)]
pub struct Contact {
    /// For privacy requests.
    pub privacy: String,
    /// The subject that requests should bear.
    pub privacy_subject: Option<String>,
    /// For reports about children.
    pub child: Option<String>,
    /// The subject that such reports should bear.
    pub child_subject: Option<String>,
    /// The data protection officer.
    pub dpo: Option<String>,
    /// The service's page.
    pub web: Option<String>,
}

/// How the service keeps its promises in time: "within 24 hours" is the end of the work, not its beginning.
#[derive(Debug, Clone, Copy)]
pub struct EngineTimes {
    /// How often it looks for what is due.
    pub sweep_every: Period,
    /// How long before a ceiling it starts to purge.
    pub slack: Period,
    /// How late a purge may be before somebody is woken.
    pub lag_alert: Period,
    /// How long users can take a deletion back.
    pub restore_for: Period,
}

/// What a change of plan does to data already held. An upgrade gives the new plan's periods at once.
#[derive(Debug, Clone, Copy)]
pub struct PlanChange {
    /// How the shorter periods begin.
    pub downgrade: Downgrade,
    /// How long before that people are told.
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
    /// Files can be read through the service only.
    pub private_store: bool,
    /// EXIF and other metadata are taken out of stored photos.
    pub strip_metadata: bool,
    /// What is stored of payment cards.
    pub card_data: CardData,
    /// Who of the staff may see photos, if the policy says so.
    pub staff_bytes_access: Option<StaffAccess>,
    /// How long a signed address works.
    pub signed_url_max: Option<Period>,
    /// Where the primary data must lie.
    pub store_region: Option<String>,
    /// Files are scanned for viruses and checked for their type before they are stored.
    pub scan_before_persist: bool,
    /// Sign-in asks for a second factor.
    pub mfa: bool,
    /// Access is written to a log.
    pub audit_log: bool,
    /// Sign-in through others, such as `google`.
    pub oauth: Vec<String>,
}

/// Who may use the service.
#[derive(Debug, Clone)]
pub struct Age {
    /// The clauses behind it; none if the text names no age.
    pub clauses: Vec<Clause>,
    /// The least age.
    pub minimum: u32,
    /// Countries with a higher one, by ISO 3166 code.
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
    /// What people call it, if the policy says so.
    pub title: Option<String>,
    /// What it is collected for, to stand after "so that".
    pub why: Option<String>,
    /// The clauses that list it.
    pub clauses: Vec<Clause>,
    /// The fields that the text lists; a question mark at the end means that it may be absent.
    pub fields: Vec<String>,
    /// Whether it says anything about a person.
    pub personal: bool,
    /// Sums over at least so many people.
    pub aggregate_of: Option<u32>,
    /// The only place where it is ever held, if there is only one.
    pub only_in: Option<Tier>,
}

impl DataClass {
    /// What people call it: the title, or the name with spaces for its dots.
    #[must_use]
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| self.name.replace(['.', '_'], " "))
    }

    /// Whether it needs an end: personal data that is no sum over many people.
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
    /// What is deleted loses its key, so that copies in backups can no longer be read.
    pub shred: bool,
    /// What was deleted since the backup is deleted again after a restore.
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
    /// How long there is; of several periods the first to end counts.
    pub within: Vec<Period>,
    /// How long there is at most, once the person was told in time that it takes longer.
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
    /// Whether going on to use the service counts as agreement.
    pub continued_use_accepts: bool,
    /// The consents that must be given anew.
    pub reconsent: Vec<String>,
}

/// What people are asked. Nothing is agreed to before they answer, unless `default` says so.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Its name.
    pub id: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// What holds before they answer.
    pub default: bool,
    /// Asked apart from everything else.
    pub explicit: bool,
    /// Can be given for single items.
    pub per_item: bool,
    /// Refused by a browser that sends Global Privacy Control.
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

/// Somebody else who gets data, bound by a contract.
#[derive(Debug, Clone)]
pub struct Processor {
    /// Its id, which stays when the company takes another name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The clauses behind it.
    pub clauses: Vec<Clause>,
    /// What for.
    pub purposes: Vec<Purpose>,
    /// The classes it gets, or `class.field` for a single field.
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

/// A use that no processor and no purpose may make.
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

/// Something that the published text leaves open or says twice, and what was chosen. The operator must confirm it.
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
    /// What the operator should know or do; it reaches no page.
    pub note: Option<String>,
    /// Nobody but the operator is concerned: it reaches no page.
    pub internal: bool,
}
