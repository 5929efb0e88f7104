//! A page about a policy for the people whose data it covers.

mod sections;
mod style;
pub(crate) mod words;

use std::fmt::Write;

use crate::clause::Clause;
use crate::events::Events;
use crate::name::ClassId;
use crate::plain::html as escape;
use crate::policy::{DataClass, Never, Policy};
use crate::record::Record;
use crate::retention::{Answer, GoneBy, Retention};
use crate::wording::{day, instant};
use crate::words::{Clock, Purpose, Setting, Tier, Training, Trigger};
use words::list;

impl Policy {
    /// A page in HTML: what is collected, why, for how long, who receives it, what people may ask for, and the
    /// deadlines. It loads no external resources, follows the reader's light or dark mode, and can be printed.
    #[must_use]
    pub fn page(&self) -> String {
        let service = escape(&self.about.service);
        let mut html = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{service}: your data</title><style>{}</style></head>\n\
             <body><main>\n<header><p class=\"over\">{service}</p><h1>Your data, and how long it stays</h1>\
             <p class=\"lead\">What {service} keeps about you, why, who else receives it, and when it must be gone. Every line is \
             made from the service's policy file.</p><p class=\"meta\">In force from {} · last updated {} · version \
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
        self.cookies(&mut html);
        self.ages(&mut html);
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

    /// The most important facts.
    fn in_short(&self, html: &mut String) {
        html.push_str("<section class=\"short\" aria-label=\"In short\"><ul>\n");
        let mut card = |head: &str, text: &str| {
            let _ = writeln!(html, "<li><strong>{}</strong><span>{}</span></li>", escape(head), escape(text));
        };
        let trained = self.called_all(|class| self.is_ruled_out(Purpose::Training, class));
        match self.about.training {
            Training::Never => card("No training", &format!("Nobody may train models on {trained}.")),
            Training::OptIn => {
                card(
                    "No training unless you say so",
                    &format!("Only with your consent may models be trained on {trained}."),
                );
            }
        }
        let everything = |purpose: Purpose| {
            let all = |never: &Never| never.purposes.contains(&purpose) && never.data.iter().any(|data| data == "*");
            self.never.iter().any(all)
        };
        if !self.about.sale && everything(Purpose::Sale) {
            let ads =
                if everything(Purpose::CrossSiteAds) { ", nor used to follow you across other sites" } else { "" };
            card("Nothing is sold", &format!("Your data is not sold{ads}."));
        }
        self.deletion(&mut card);
        if let Some(due) = self.deadlines.iter().find(|due| due.on == Trigger::PrivacyRequest && due.law.is_none()) {
            let within: Vec<String> = due.within.iter().map(|period| period.in_words()).collect();
            card(&format!("Answers within {}", within.join(" or ")), "Whatever you ask about your data.");
        }
        html.push_str("</ul></section>\n");
    }

    /// What deletion means.
    fn deletion(&self, card: &mut dyn FnMut(&str, &str)) {
        let rules = |backup: bool| {
            self.rules.iter().filter(move |rule| {
                rule.clock == Some(Clock::DeletedByUserAt) && (rule.tier == Some(Tier::Backup)) == backup
            })
        };
        let latest =
            |backup: bool| rules(backup).filter_map(|rule| rule.gone_by).max_by_key(|period| period.most_seconds());
        let Some(period) = latest(false) else { return };
        let about = |class: &DataClass| {
            let id = self.class(&class.name);
            rules(false).any(|rule| id.is_some_and(|id| rule.data.contains(&id)))
        };
        let backups =
            latest(true).map_or_else(String::new, |period| format!(", in backups within {}", period.in_words()));
        let restore = self.told(Setting::RestoreFor).map_or_else(String::new, |told| format!(" {told}"));
        card(
            &format!("Delete means gone within {}", period.in_words()),
            &format!("This applies to {}{backups}.{restore}", self.called_all(about)),
        );
    }

    /// The titles of the classes that something applies to: `your data` if it applies to all personal data.
    fn called_all(&self, holds: impl Fn(&DataClass) -> bool) -> String {
        let about_people = || self.classes.iter().filter(|class| class.needs_a_ceiling());
        if about_people().all(&holds) {
            return "your data".to_owned();
        }
        let titles: Vec<String> =
            self.classes.iter().filter(|class| holds(class)).map(|class| small(&class.title())).collect();
        list(&titles.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Whether a promise rules out a use of the class, with or without a consent that permits it.
    fn is_ruled_out(&self, purpose: Purpose, class: &DataClass) -> bool {
        self.never.iter().any(|never| never.purposes.contains(&purpose) && self.rules_out(never, &class.name))
    }

    /// An example with dates.
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
                let Ok(Answer { gone_by: GoneBy::At(gone), .. }) = answer else { continue };
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

    /// What is collected, why, for how long, and who receives it.
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
        let _ = writeln!(html, "<p class=\"who\">{}</p></article>", escape(&self.goes_to(class)));
    }

    /// Who else receives a class, or which of its fields.
    fn goes_to(&self, class: &DataClass) -> String {
        let (whole, part): (Vec<_>, Vec<_>) =
            self.recipients(&class.name).partition(|to| to.sends.contains(&class.name));
        let mut lines = Vec::new();
        if !whole.is_empty() {
            let names: Vec<String> = whole.iter().map(|to| words::company(&to.name)).collect();
            lines.push(format!("Also sent to {}.", list(&names.iter().map(String::as_str).collect::<Vec<_>>())));
        }
        for to in part {
            let fields = to.sends.iter().filter(|sent| self.class_of(sent) == Some(&class.name));
            let fields: Vec<String> =
                fields.filter_map(|sent| Some(words::field(sent.get(class.name.len() + 1..)?))).collect();
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            lines.push(format!("{} receives only the {}.", words::company(&to.name), list(&fields)));
        }
        if lines.is_empty() { "Nobody else receives it.".to_owned() } else { lines.join(" ") }
    }
}

/// The numbers of clauses, in small type.
fn marks(clauses: &[Clause]) -> String {
    let mut text = String::new();
    for clause in clauses {
        let number = clause.as_str().split_once('-').map_or("", |(_, number)| number);
        let space = if text.is_empty() { "&nbsp;" } else { " " };
        let _ = write!(text, "{space}<span class=\"clause\" title=\"{clause}\">{number}</span>");
    }
    text
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A title inside a sentence: `photos you upload`.
fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}
