//! A page about a policy for the people whose data it is about.

mod style;
pub(crate) mod words;

use std::fmt::Write;

use crate::policy::{ClassId, DataClass, Policy, Processor};
use crate::record::{Events, Record};
use crate::retention::{GoneBy, Retention};
use crate::wording::{day, instant};
use crate::{CardData, Clause, Clock, CookieClass, Flow, StaffAccess, Tier, TlsVersion, Training, Trigger};
use words::{list, purpose, right};

impl Policy {
    /// A page in HTML: what is collected, why, for how long, who gets it, what people may ask for, and when. It loads nothing
    /// from anywhere, follows the reader's light or dark mode, and prints.
    #[must_use]
    pub fn page(&self) -> String {
        let service = escape(&self.about.service);
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{service}: your data</title><style>{}</style></head>\n\
             <body><main>\n<header><p class=\"over\">{service}</p><h1>Your data, and how long it stays</h1>\
             <p class=\"lead\">What {service} keeps about you, what for, who else gets it, and when it is gone. Every line is made \
             from the policy that the service itself obeys.</p><p class=\"meta\">In force from {} · last updated {} · version \
             {}</p></header>\n",
            style::STYLE,
            day(self.about.effective),
            day(self.about.last_updated),
            escape(&self.about.version)
        );
        self.in_short(&mut html);
        self.example(&mut html);
        self.inventory(&mut html);
        self.others(&mut html);
        self.rights_and_answers(&mut html);
        self.cookies_and_ages(&mut html);
        self.safety(&mut html);
        self.changes(&mut html);
        self.left_open(&mut html);
        let _ = write!(
            html,
            "<footer><p>Small marks such as <span class=\"clause\">4.1a</span> name the clause of the published text behind a \
             line. Times are those of {}.</p></footer>\n</main></body></html>\n",
            escape(self.about.timezone.iana_name().unwrap_or("UTC"))
        );
        html
    }

    /// The few things that everybody wants to know first.
    fn in_short(&self, html: &mut String) {
        html.push_str("<section class=\"short\" aria-label=\"In short\"><ul>\n");
        let mut card = |head: &str, text: &str| {
            let _ = writeln!(html, "<li><strong>{}</strong><span>{}</span></li>", escape(head), escape(text));
        };
        match self.about.training {
            Training::Never => {
                card("No training", "Your pictures never teach a model anything. No setting changes that.");
            }
            Training::OptIn => {
                card("No training unless you say so", "Your pictures teach a model only if you choose to give them.");
            }
        }
        if !self.about.sale {
            let ads = if self.about.share_for_ads { "" } else { ", nor shared for advertisements" };
            card("Nothing is sold", &format!("Your data is not sold{ads}."));
        }
        let ends = |backup: bool| {
            let deletion = |rule: &&crate::Rule| {
                rule.clock == Some(Clock::DeletedByUserAt) && (rule.tier == Some(Tier::Backup)) == backup
            };
            let periods = self.rules.iter().filter(deletion).filter_map(|rule| rule.gone_by);
            periods.max_by_key(|period| period.most_seconds())
        };
        if let Some(period) = ends(false) {
            let restore = self.engine.restore_for.in_words();
            let backups = ends(true).map(|period| format!(" Backups forget it within {}.", period.in_words()));
            card(
                &format!("Delete means gone within {}", period.in_words()),
                &format!(
                    "You can take a deletion back for {restore}; after that nobody can.{}",
                    backups.unwrap_or_default()
                ),
            );
        }
        if let Some(due) = self.deadlines.iter().find(|due| due.on == Trigger::PrivacyRequest && due.law.is_none()) {
            let within: Vec<String> = due.within.iter().map(|period| period.in_words()).collect();
            card(
                &format!("Answers within {}", within.join(" or ")),
                "Ask what is known about you, or for all of it to go.",
            );
        }
        html.push_str("</ul></section>\n");
    }

    /// What a day under the policy comes to, with dates.
    fn example(&self, html: &mut String) {
        let noon = self.about.effective.at(12, 0, 0, 0);
        let Ok(noon) = self.about.timezone.to_ambiguous_timestamp(noon).later() else { return };
        let retention = Retention::new(self);
        let mut rows = String::new();
        for (id, class) in self.class_ids().filter(|(_, class)| class.personal && class.only_in.is_none()) {
            let mut known = Vec::new();
            for (plan, name) in self.plan_ids().zip(&self.plans) {
                let begins = [Clock::UploadedAt, Clock::CreatedAt];
                let events = begins.into_iter().fold(Events::new(), |events, clock| events.with(clock, noon));
                let answer = retention.answer(&Record::new(id, plan, events));
                let GoneBy::At(gone) = answer.gone_by else { continue };
                match known.iter_mut().find(|(known, _): &&mut (_, Vec<&str>)| *known == gone) {
                    Some((_, plans)) => plans.push(name.as_str()),
                    None => known.push((gone, vec![name.as_str()])),
                }
            }
            for (gone, plans) in known {
                let plan = if plans.len() == self.plans.len() { "every plan".to_owned() } else { list(&plans) };
                let _ = writeln!(
                    rows,
                    "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
                    escape(&class.title()),
                    escape(&plan),
                    instant(gone, &self.about.timezone)
                );
            }
        }
        if !rows.is_empty() {
            let _ = writeln!(
                html,
                "<section><h2>An example with dates</h2><p>Suppose you make all of this on {}. If you do nothing more, it is gone \
                 at the latest by:</p><table><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Plan</th>\
                 <th scope=\"col\">Gone by</th></tr></thead><tbody>\n{rows}</tbody></table></section>",
                instant(noon, &self.about.timezone)
            );
        }
    }

    /// What is collected, why, for how long, and who gets it.
    fn inventory(&self, html: &mut String) {
        html.push_str("<section><h2>What is kept, and for how long</h2>\n");
        for (id, class) in self.class_ids() {
            self.class_card(id, class, html);
        }
        html.push_str("</section>\n");
    }

    fn class_card(&self, id: ClassId, class: &DataClass, html: &mut String) {
        let _ = write!(html, "<article><h3>{}{}</h3>", escape(&class.title()), marks(&class.clauses));
        if let Some(why) = &class.why {
            let _ = write!(html, "<p>Kept so that {}.</p>", escape(why));
        }
        if !class.fields.is_empty() {
            let fields: Vec<String> = class.fields.iter().map(|field| words::field(field)).collect();
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let _ = write!(html, "<p class=\"fields\">It holds: {}.</p>", escape(&list(&fields)));
        }
        html.push_str("<ul class=\"promises\">");
        for promise in self.promises(id) {
            let plan =
                promise.plan.map_or(String::new(), |plan| format!("<span class=\"plan\">{}</span> ", escape(plan)));
            let _ = write!(html, "<li>{plan}{}.{}</li>", capital(&escape(&promise.text)), marks(promise.clauses));
        }
        html.push_str("</ul>");
        let who: Vec<&str> = self.recipients(&class.name).map(|to| to.name.as_str()).collect();
        let who =
            if who.is_empty() { "Nobody else gets it.".to_owned() } else { format!("Also goes to {}.", list(&who)) };
        let _ = writeln!(html, "<p class=\"who\">{}</p></article>", escape(&who));
    }

    fn others(&self, html: &mut String) {
        html.push_str(
            "<section><h2>Who else gets data</h2><p>These and nobody else, and only what stands here.</p>\n<dl>",
        );
        for to in &self.processors {
            let _ = write!(html, "<dt>{}{}</dt><dd>{}</dd>", escape(&to.name), marks(&to.clauses), self.other(to));
        }
        html.push_str("</dl>\n<h3>What nobody may do with it</h3><ul>");
        for never in &self.never {
            let what = if never.data.iter().any(|data| data == "*") {
                "any of your data"
            } else {
                "your pictures and what belongs to them"
            };
            let purposes: Vec<&str> = never.purposes.iter().map(|use_| purpose(*use_)).collect();
            let unless = if never.unless_consent.is_some() { ", unless you choose it" } else { "" };
            let _ = write!(html, "<li>Use {what} {}{unless}.{}</li>", list(&purposes), marks(&never.clauses));
        }
        html.push_str("</ul></section>\n");
    }

    fn other(&self, to: &Processor) -> String {
        let names: Vec<String> = to.sends.iter().map(|sent| self.called(sent)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut text = format!("Gets {} {}.", escape(&list(&names)), purpose(to.purpose));
        if let Some(ttl) = to.ttl {
            let _ = write!(text, " Holds it for {} at most.", ttl.in_words());
        }
        let places: Vec<String> = to.regions.iter().map(|region| words::region(region)).collect();
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let _ = write!(text, " Works in {}.", escape(&list(&places)));
        let asked = self.flow(to.sends.first().map_or("", String::as_str), &to.name, to.purpose, &[]);
        if let Flow::NeedsConsent(..) = asked {
            text.push_str(" Only if you agreed.");
        }
        if to.dpa {
            text.push_str(" Bound by a contract.");
        }
        text
    }

    /// `your account: email` for `account.email`.
    fn called(&self, sent: &str) -> String {
        if let Some(class) = self.classes.iter().find(|class| class.name == sent) {
            return class.title().to_lowercase();
        }
        let class = self
            .classes
            .iter()
            .find(|class| sent.strip_prefix(class.name.as_str()).is_some_and(|rest| rest.starts_with('.')));
        match class {
            Some(class) => {
                format!("{} of {}", words::field(&sent[class.name.len() + 1..]), class.title().to_lowercase())
            }
            None => sent.to_owned(),
        }
    }

    fn rights_and_answers(&self, html: &mut String) {
        html.push_str("<section><h2>What you may ask for</h2><ul class=\"rights\">");
        for one in &self.rights {
            let _ = write!(html, "<li>{}</li>", right(*one));
        }
        let contact = &self.contact;
        let _ = write!(html, "</ul><p>Write to <strong>{}</strong>", escape(&contact.privacy));
        if let Some(subject) = &contact.privacy_subject {
            let _ = write!(html, " with the subject “{}”", escape(subject));
        }
        html.push_str(".</p><ul>");
        for due in &self.deadlines {
            let law = due.law.map_or(String::new(), |law| format!(" if the {} protects you", words::law(law)));
            let within: Vec<String> = due.within.iter().map(|period| period.in_words()).collect();
            let first = if within.len() > 1 { ", whichever ends first" } else { "" };
            let longer = due.extend_to.map_or(String::new(), |period| {
                format!("; {} if you are told in that time that it takes longer", period.in_words())
            });
            let what = match due.on {
                Trigger::PrivacyRequest => "A request is answered",
                Trigger::Incident => "If your data reached somebody it should not, you are told",
                Trigger::ChildReport => "The data of a child that should not be here is gone",
            };
            let _ = write!(
                html,
                "<li>{what} within {}{first}{law}{longer}.{}</li>",
                within.join(" or "),
                marks(&due.clauses)
            );
        }
        html.push_str("</ul>");
        if let Some(officer) = &contact.dpo {
            let _ = write!(html, "<p>Data protection officer: <strong>{}</strong>.</p>", escape(officer));
        }
        html.push_str("</section>\n");
    }

    fn cookies_and_ages(&self, html: &mut String) {
        html.push_str(
            "<section><h2>Cookies</h2><table><thead><tr><th scope=\"col\">Kind</th><th scope=\"col\">Stays</th>\
             <th scope=\"col\">Your choice</th></tr></thead><tbody>\n",
        );
        for cookie in &self.cookies {
            let kind = match cookie.class {
                CookieClass::Essential => "Essential: you stay signed in",
                CookieClass::Preference => "Preference: your settings",
                CookieClass::Analytics => "Analytics: visits are counted",
                CookieClass::Marketing => "Marketing: campaigns are measured",
            };
            let choice = match self.may_store(cookie.class, None, false) {
                _ if !cookie.opt_out => "needed; none",
                crate::MayStore::Yes(_) => "on until you refuse",
                _ => "off until you agree",
            };
            let stays = cookie.max_age.in_words();
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\">{kind}{}</th><td>{stays} at most</td><td>{choice}</td></tr>",
                marks(&cookie.clauses)
            );
        }
        html.push_str("</tbody></table></section>\n<section><h2>Ages</h2><p>");
        let age = &self.age;
        let _ = write!(
            html,
            "You must be {} or older{}.",
            age.minimum,
            if age.by_country.is_empty() { "" } else { ", and in some countries older" }
        );
        if let Some(until) = age.guardian_until {
            let rights: Vec<&str> = age.guardian_rights.iter().map(|one| words::right_in_short(*one)).collect();
            let _ = write!(html, " Below {until} a parent or guardian must agree, and may {} for you.", list(&rights));
        }
        let _ = write!(html, "{}</p>", marks(&age.clauses));
        if !age.by_country.is_empty() {
            let ages: Vec<String> = age.by_country.iter().map(|(country, age)| format!("{country} {age}")).collect();
            let _ = write!(html, "<p class=\"fields\">By country: {}.</p>", ages.join(", "));
        }
        html.push_str("</section>\n");
    }

    fn safety(&self, html: &mut String) {
        let safety = &self.security;
        let tls = match safety.tls_min {
            TlsVersion::V12 => "1.2",
            TlsVersion::V13 => "1.3",
        };
        let cards = match safety.card_data {
            CardData::None => "Nothing of your payment card is stored.",
            CardData::Token => "Of your payment card only a token of the payment provider is stored.",
            CardData::Last4 => "Of your payment card only its brand, last four digits and expiry are stored.",
        };
        let staff = match safety.staff_bytes_access {
            StaffAccess::Never => "Nobody of the staff can look at your pictures.",
            StaffAccess::BreakGlass => {
                "Staff see your pictures only in an emergency, with a reason, a second person and a time limit."
            }
            StaffAccess::OnCall => "Only engineers on call see your pictures, with credentials for one occasion.",
        };
        let _ = write!(
            html,
            "<section><h2>How it is kept safe</h2><ul><li>On the way it is encrypted with TLS {tls} or newer, at rest with {}.</li>\
             <li>{cards}</li><li>{staff}</li>",
            escape(&safety.at_rest)
        );
        for (kept, text) in [
            (safety.strip_metadata, "Places and other hidden facts are taken out of stored photos."),
            (safety.scan_before_persist, "Files are checked for viruses before they are stored."),
            (safety.private_store, "Files can be read through the service only."),
            (safety.mfa, "You can ask for a second factor at sign-in."),
            (safety.audit_log, "Every access is written down, and you can see it."),
        ] {
            if kept {
                let _ = write!(html, "<li>{text}</li>");
            }
        }
        let backups = if self.backup.shred {
            "What you delete loses its key, so that it cannot be read there either."
        } else {
            ""
        };
        let _ =
            writeln!(html, "<li>Backups are held for {}. {backups}</li></ul></section>", self.backup.window.in_words());
    }

    fn changes(&self, html: &mut String) {
        if self.notices.is_empty() {
            return;
        }
        html.push_str("<section><h2>When this changes</h2><ul>");
        for notice in &self.notices {
            let ways: Vec<&str> = notice.channels.iter().map(|way| words::channel(*way)).collect();
            let ways = if notice.all_channels { list(&ways) } else { ways.join(" or ") };
            let lead = notice.lead.filter(|lead| !lead.is_zero());
            let lead = lead.map_or(String::new(), |lead| format!(", {} before it holds for you", lead.in_words()));
            let law = notice.law.map_or(String::new(), |law| format!(" if the {} protects you", words::law(law)));
            let anew: Vec<&str> = notice.reconsent.iter().map(String::as_str).collect();
            let anew =
                if anew.is_empty() { String::new() } else { format!(" You are asked again about {}.", list(&anew)) };
            let accepts =
                if notice.continued_use_accepts { " Going on to use the service counts as agreement." } else { "" };
            let _ = write!(
                html,
                "<li>{}: you are told {ways}{lead}{law}.{}{accepts}{}</li>",
                words::occasion(notice.on),
                escape(&anew),
                marks(&notice.clauses)
            );
        }
        html.push_str("</ul></section>\n");
    }

    fn left_open(&self, html: &mut String) {
        if self.open.is_empty() {
            return;
        }
        let _ = write!(
            html,
            "<section><h2>Where the text was not clear</h2><p>Laws and promises are written by people. Here the published text \
             says nothing, or two things, and this was chosen:</p><dl class=\"open\">",
        );
        for open in &self.open {
            let (question, chosen, why) = (escape(&open.question), capital(&escape(&open.chosen)), escape(&open.why));
            let _ =
                write!(html, "<dt>{question}{}</dt><dd><strong>{chosen}.</strong> {why}</dd>", marks(&open.clauses));
        }
        html.push_str("</dl></section>\n");
    }
}

/// The numbers of clauses, small.
fn marks(clauses: &[Clause]) -> String {
    let mut text = String::new();
    for clause in clauses {
        let number = clause.as_str().split_once('-').map_or("", |(_, number)| number);
        let _ = write!(text, " <span class=\"clause\" title=\"{clause}\">{number}</span>");
    }
    text
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
