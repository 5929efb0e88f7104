//! `packshot policy diff`

use packshot::Result;
use packshot_policy::{Diff, Law, Telling};
use serde_json::{Value, json};

use super::lint::count;
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(older: &str, newer: &str, voice: Voice) -> Result<u8> {
    let before = super::load_or_leave!(older, voice).policy;
    let after = super::load_or_leave!(newer, voice).policy;
    let diff = before.diff(&after);
    for change in &diff.changes {
        let grave = if change.is_material() { "material" } else { "minor" };
        let broken = change.held && change.effect == packshot_policy::Effect::Weaker;
        voice.event(&json!({
            "event": "change", "grade": grave, "effect": change.effect.as_str(), "topic": change.topic.as_str(),
            "what": change.what, "plan": change.plan, "before": change.before, "after": change.after,
            "weakens_held_data": broken,
        }));
        let effect = if change.is_material() { format!(", {}", change.effect.as_str()) } else { String::new() };
        let flag = if broken {
            "\n    Existing data was given under the better promise, which should continue to apply to it."
        } else {
            ""
        };
        voice.text(&format!("{grave}{effect}: {change}{flag}"));
    }
    let laws = before.about.laws.iter().map(|law| Some(*law));
    let tellings: Vec<(Option<Law>, Option<Telling<'_>>)> =
        std::iter::once(None).chain(laws).map(|law| (law, diff.telling(law.as_slice()))).collect();
    let broken = diff.broken_promises().count();
    voice.event(&json!({
        "event": "diff", "ok": true, "changes": diff.changes.len(), "material": diff.is_material(),
        "weakens_held_data": broken,
        "notices": tellings.iter().map(|(law, telling)| notice(*law, telling.as_ref())).collect::<Vec<_>>(),
    }));
    summary(&diff, broken, &tellings, voice);
    Ok(exit::DONE)
}

fn summary(diff: &Diff<'_>, broken: usize, tellings: &[(Option<Law>, Option<Telling<'_>>)], voice: Voice) {
    if diff.changes.is_empty() {
        voice.text("Both promise the same.");
        return;
    }
    let material = diff.changes.iter().filter(|change| change.is_material()).count();
    let minor = diff.changes.len() - material;
    voice.text(&format!(
        "\n{material} material and {minor} minor: {} for existing data.",
        count(broken, "weaker promise")
    ));
    let everybody = tellings.first().and_then(|(_, telling)| telling.as_ref()).map(told);
    voice.text(&match &everybody {
        Some(told) => format!("Everybody is notified {told}"),
        None => "The older version promises no notice of this; people should be notified nevertheless.".to_owned(),
    });
    for (law, telling) in tellings {
        let own = telling.as_ref().map(told).filter(|own| everybody.as_ref() != Some(own));
        if let (Some(law), Some(own)) = (law, own) {
            voice.text(&format!("People protected by {} are notified {own}", law.as_str()));
        }
    }
}

/// `by email and banner, 30d before it takes effect, and asked again for analytics (notice policy-eu)`.
pub(super) fn told(telling: &Telling<'_>) -> String {
    let mut text = Vec::new();
    for notice in &telling.notices {
        let ways: Vec<&str> = notice.channels.iter().map(|way| way.as_str()).collect();
        let way = format!("by {}", ways.join(if notice.all_channels { " and " } else { " or " }));
        if !text.contains(&way) {
            text.push(way);
        }
    }
    let leads = telling.leads().filter(|(lead, _)| !lead.is_zero()).map(|(lead, _)| lead.in_words());
    if let Some(lead) = leads.last() {
        text.push(format!("{lead} before it takes effect for them"));
    }
    let anew: Vec<&str> = telling.to_ask_anew().collect();
    if !anew.is_empty() {
        text.push(format!("and asked again for {}", anew.join(", ")));
    }
    let ids: Vec<&str> = telling.notices.iter().map(|notice| notice.id.as_str()).collect();
    format!("{} (notice {}).", text.join(", "), ids.join(", "))
}

fn notice(law: Option<Law>, telling: Option<&Telling<'_>>) -> Value {
    json!({
        "law": law.map(Law::as_str),
        "notices": telling.map(|telling| telling.notices.iter().map(|notice| json!({
            "id": notice.id,
            "channels": notice.channels.iter().map(|way| way.as_str()).collect::<Vec<_>>(),
            "all_channels": notice.all_channels,
            "lead": notice.lead.map(|lead| lead.to_string()),
        })).collect::<Vec<_>>()),
        "reconsent": telling.map(|telling| telling.to_ask_anew().collect::<Vec<_>>()),
        "continued_use_accepts": telling.map(Telling::continued_use_accepts),
    })
}
