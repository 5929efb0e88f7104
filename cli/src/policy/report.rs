//! `packshot policy report`

use packshot::{Code, Error, Result};
use packshot_policy::{Kept, Preset, Standing};
use serde_json::{Value, json};

use crate::exit;
use crate::say::Voice;

/// With `--json`, prints one array for all of the policies, so that a program need not join lines.
pub(crate) fn run(names: &[String], voice: Voice) -> Result<u8> {
    let presets = if names.is_empty() {
        Preset::ALL.to_vec()
    } else {
        names.iter().map(|name| named(name)).collect::<Result<_>>()?
    };
    let reports: Vec<(Preset, Vec<Kept>)> = presets.into_iter().map(|preset| (preset, preset.report())).collect();
    let all = reports.iter().flat_map(|(preset, lines)| lines.iter().map(|line| object(*preset, line)));
    voice.event(&Value::Array(all.collect()));
    for (preset, lines) in &reports {
        voice.text(&format!("{:<14} {:<46} {:<26} SHOWN BY", preset.name.to_uppercase(), "DECIDED BY", "CARRIED OUT"));
        for line in lines {
            let (decided, shown) = (decided_by(line), tests(line));
            voice.text(&format!(
                "{:<14} {:<46} {:<26} {}",
                line.clause.as_str(),
                short(&decided, 46),
                carried_out(line).unwrap_or_default(),
                short(&shown, 48)
            ));
            voice.text(&format!("    “{}”", line.text));
            if let Some(duty) = line.duty {
                voice.text(&format!("    People: {duty}"));
            }
        }
        let number = |standing| lines.iter().filter(|line| line.standing() == standing).count();
        let people = lines.iter().filter(|line| line.needs_people()).count();
        voice.text(&format!(
            "\n{}: {} clauses. Decided by rules: {}. Waiting for the service: {}. Only people's: {}. Nothing to decide: {}. \
             People have a part in {people}.\n",
            preset.name,
            lines.len(),
            number(Standing::Rules),
            number(Standing::Service),
            number(Standing::People),
            number(Standing::Nothing),
        ));
    }
    voice.text(
        "\"Decided\" does not mean \"done\": the hosted service, which does not exist yet, carries out what rules decide.",
    );
    Ok(exit::DONE)
}

fn named(name: &str) -> Result<Preset> {
    Preset::named(name).ok_or_else(|| {
        let message = format!(
            "there is no preset `{name}` ({}); reports exist only for presets, which the tests cover",
            super::presets()
        );
        Error::new(Code::OptionInvalid, message)
    })
}

fn decided_by(line: &Kept) -> Vec<String> {
    match line.standing() {
        Standing::Rules => line.by.iter().map(|proof| proof.keeper.to_owned()).collect(),
        Standing::Service => vec![format!("not yet: service, {}", line.part.unwrap_or_default())],
        Standing::People => vec!["people".to_owned()],
        Standing::Nothing => vec!["nothing to decide".to_owned()],
    }
}

fn carried_out(line: &Kept) -> Option<String> {
    line.part.filter(|_| line.standing() == Standing::Rules).map(|part| format!("not yet: service, {part}"))
}

fn tests(line: &Kept) -> Vec<String> {
    let mut tests: Vec<String> = line.by.iter().map(|proof| proof.test.to_owned()).collect();
    tests.sort();
    tests.dedup();
    tests
}

/// The first of several words, and how many more there are.
fn short(words: &[String], most: usize) -> String {
    let whole = words.join(", ");
    match words {
        [first, rest @ ..] if whole.chars().count() > most => format!("{first}, and {} more", rest.len()),
        _ => whole,
    }
}

fn object(preset: Preset, line: &Kept) -> Value {
    json!({
        "clause": line.clause.as_str(),
        "policy": preset.name,
        "who": line.who.iter().map(|who| who.as_str()).collect::<Vec<_>>(),
        "standing": line.standing().as_str(),
        "text": line.text,
        "decided_by": decided_by(line),
        "carried_out": carried_out(line),
        "people": line.needs_people(),
        "duty": line.duty,
        "tests": tests(line),
    })
}
