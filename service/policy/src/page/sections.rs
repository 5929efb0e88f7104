//! The sections below the inventory: recipients, rights, cookies, ages, safety, changes, and open points.

use std::fmt::Write;

use super::words::{self, list, purpose, right};
use super::{capital, escape, marks, small};
use crate::choices::MayStore;
use crate::policy::{Policy, Processor};
use crate::words::{CookieClass, Setting, Trigger};

impl Policy {
    pub(super) fn others(&self, html: &mut String) {
        html.push_str("<section><h2>Who else receives data</h2>");
        if self.processors.is_empty() {
            html.push_str("<p>Nobody.</p>");
        } else {
            html.push_str("<p>These and nobody else, and only what is listed here.");
            if let (Some(told), Some(clauses)) = (self.told(Setting::Contracts), self.promised(Setting::Contracts)) {
                let _ = write!(html, " {}{}", escape(&told), marks(clauses));
            }
            html.push_str("</p>\n<dl>");
            for to in &self.processors {
                let name = escape(&words::company(&to.name));
                let _ = write!(html, "<div><dt>{name}{}</dt><dd>{}</dd></div>", marks(&to.clauses), self.other(to));
            }
            html.push_str("</dl>\n");
        }
        if !self.never.is_empty() {
            html.push_str("<h3>What nobody may do</h3><ul>");
        }
        for never in &self.never {
            let cookies: Vec<&str> = never.cookies.iter().map(|class| class.as_str()).collect();
            if !cookies.is_empty() {
                let _ = write!(html, "<li>Store {} cookies.{}</li>", words::either(&cookies), marks(&never.clauses));
            }
            if never.purposes.is_empty() {
                continue;
            }
            let what = if never.data.iter().any(|data| data == "*") {
                "any of your data".to_owned()
            } else {
                self.called_all(|class| self.rules_out(never, &class.name))
            };
            let purposes: Vec<&str> = never.purposes.iter().map(|use_| words::forbidden(*use_)).collect();
            let unless = if never.unless_consent.is_some() { ", unless you agree" } else { "" };
            let _ = write!(
                html,
                "<li>Use {} {}{unless}.{}</li>",
                escape(&what),
                words::either(&purposes),
                marks(&never.clauses)
            );
        }
        html.push_str(if self.never.is_empty() { "</section>\n" } else { "</ul></section>\n" });
    }

    fn other(&self, to: &Processor) -> String {
        let names: Vec<String> = to.sends.iter().map(|sent| self.called(sent)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let purposes: Vec<&str> = to.purposes.iter().map(|use_| purpose(*use_)).collect();
        let mut text = format!("Receives {} {}.", escape(&list(&names)), list(&purposes));
        if let Some(ttl) = to.ttl {
            let _ = write!(text, " Holds it for {} at most.", ttl.in_words());
        }
        if !to.regions.is_empty() {
            let places: Vec<String> = to.regions.iter().map(|region| words::region(region)).collect();
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            let _ = write!(text, " Works in {}.", escape(&list(&places)));
        }
        let asked: Vec<&str> = to.needs_consent.iter().map(|(use_, _)| purpose(*use_)).collect();
        if asked.len() == to.purposes.len() {
            text.push_str(" Only if you agreed.");
        } else if !asked.is_empty() {
            let _ = write!(text, " {} only if you agreed.", capital(&list(&asked)));
        }
        text
    }

    /// `email of your account` for `account.email`.
    fn called(&self, sent: &str) -> String {
        let Some(class) = self.classes.iter().find(|class| Some(class.name.as_str()) == self.class_of(sent)) else {
            return sent.to_owned();
        };
        match sent.strip_prefix(&class.name).and_then(|rest| rest.strip_prefix('.')) {
            Some(field) => format!("{} of {}", words::field(field), small(&class.title())),
            None => small(&class.title()),
        }
    }

    pub(super) fn rights_and_answers(&self, html: &mut String) {
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
            let law = due.law.map_or(String::new(), |law| format!(", if the {} protects you", words::law(law)));
            let within: Vec<String> = due.within.iter().map(|period| period.in_words()).collect();
            let first = if within.len() > 1 { ", whichever ends first" } else { "" };
            let longer = due.extend_to.map_or(String::new(), |period| {
                format!("; {} if you are told in that time that the answer takes longer", period.in_words())
            });
            let what = match due.on {
                Trigger::PrivacyRequest => "A request is answered",
                Trigger::Incident => "If your data reaches somebody who must not have it, you are told",
                Trigger::ChildReport => "Data of a child that must not be held is deleted",
            };
            let _ = write!(
                html,
                "<li>{what} within {}{first}{law}{longer}.{}</li>",
                within.join(" or "),
                marks(&due.clauses)
            );
        }
        html.push_str("</ul>");
        if let Some(child) = &contact.child {
            let _ = write!(html, "<p>Reports about children: <strong>{}</strong>.</p>", escape(child));
        }
        if let Some(officer) = &contact.dpo {
            let _ = write!(html, "<p>Data protection officer: <strong>{}</strong>.</p>", escape(officer));
        }
        html.push_str("</section>\n");
    }

    pub(super) fn cookies(&self, html: &mut String) {
        if self.cookies.is_empty() {
            return;
        }
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
                MayStore::Yes(_) => "on until you refuse",
                _ => "off until you agree",
            };
            let stays = cookie.max_age.in_words();
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\">{kind}{}</th><td>{stays} at most</td><td>{choice}</td></tr>",
                marks(&cookie.clauses)
            );
        }
        html.push_str("</tbody></table></section>\n");
    }

    pub(super) fn ages(&self, html: &mut String) {
        let age = &self.age;
        let older = if age.by_country.is_empty() { "" } else { ", and in some countries older" };
        let _ = write!(html, "<section><h2>Ages</h2><p>You must be {} or older{older}.", age.minimum);
        if age.clauses.is_empty() {
            html.push_str(" The published text states no age; this one was chosen.");
        }
        if let Some(until) = age.guardian_until {
            let rights: Vec<&str> = age.guardian_rights.iter().map(|one| words::right_in_short(*one)).collect();
            let may = if rights.is_empty() { String::new() } else { format!(", and may {} for you", list(&rights)) };
            let _ = write!(html, " Below {until} a parent or guardian must agree{may}.");
        }
        let _ = write!(html, "{}</p>", marks(&age.clauses));
        if !age.by_country.is_empty() {
            let ages: Vec<String> = age.by_country.iter().map(|(country, age)| format!("{country} {age}")).collect();
            let _ = write!(html, "<p class=\"fields\">By country: {}.</p>", escape(&ages.join(", ")));
        }
        html.push_str("</section>\n");
    }

    /// Promises about storage and access, by the text or by the operator beyond it. Settings that are not promised may
    /// change, and are not shown.
    pub(super) fn safety(&self, html: &mut String) {
        let apart = [Setting::Contracts, Setting::RestoreFor];
        let mut lines = String::new();
        for setting in Setting::ALL.iter().filter(|setting| !apart.contains(setting)) {
            if let (Some(told), Some(clauses)) = (self.told(*setting), self.promised(*setting)) {
                let own =
                    if clauses.is_empty() { " (A promise of the service beyond the published text.)" } else { "" };
                let _ = write!(lines, "<li>{}{own}{}</li>", escape(&told), marks(clauses));
            }
        }
        if !lines.is_empty() {
            let _ = writeln!(html, "<section><h2>How it is kept safe</h2><ul>{lines}</ul></section>");
        }
    }

    pub(super) fn changes(&self, html: &mut String) {
        if self.notices.is_empty() {
            return;
        }
        html.push_str("<section><h2>When this changes</h2><ul>");
        for notice in &self.notices {
            let ways: Vec<&str> = notice.channels.iter().map(|way| words::channel(*way)).collect();
            let ways = if notice.all_channels { list(&ways) } else { words::either(&ways) };
            let lead = notice.lead.filter(|lead| !lead.is_zero());
            let lead =
                lead.map_or(String::new(), |lead| format!(", {} before it takes effect for you", lead.in_words()));
            let law = notice.law.map_or(String::new(), |law| format!(", if the {} protects you", words::law(law)));
            let anew: Vec<&str> = notice.reconsent.iter().map(String::as_str).collect();
            let anew =
                if anew.is_empty() { String::new() } else { format!(" You are asked again about {}.", list(&anew)) };
            let accepts =
                if notice.continued_use_accepts { " Continued use of the service counts as agreement." } else { "" };
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

    pub(super) fn left_open(&self, html: &mut String) {
        let mut told = self.open.iter().filter(|open| !open.internal).peekable();
        if told.peek().is_none() {
            return;
        }
        html.push_str(
            "<section><h2>Where the text was not clear</h2><p>Here the published text is silent or contradictory, and this was \
             chosen:</p><dl class=\"open\">",
        );
        for open in told {
            let (question, chosen, why) = (escape(&open.question), capital(&escape(&open.chosen)), escape(&open.why));
            let _ = write!(
                html,
                "<div><dt>{question}{}</dt><dd><strong>{chosen}.</strong> {why}</dd></div>",
                marks(&open.clauses)
            );
        }
        html.push_str("</dl></section>\n");
    }
}
