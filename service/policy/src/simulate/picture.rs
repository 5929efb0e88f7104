//! A chart of how long data was kept.

use std::fmt::Write;

use crate::plain::html as escape;

use super::Outcome;
use crate::name::{ClassId, PlanId};
use crate::policy::Policy;
use crate::words::Action;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 270.0;
const ROW: f64 = 26.0;
const TOP: f64 = 96.0;

/// The marks of the axis: seconds and labels; 90 days are too near to 30 for a label.
const MARKS: [(f64, &str); 8] = [
    (60.0, "1 minute"),
    (3_600.0, "1 hour"),
    (86_400.0, "1 day"),
    (604_800.0, "1 week"),
    (2_592_000.0, "30 days"),
    (7_776_000.0, ""),
    (31_557_600.0, "1 year"),
    (220_903_200.0, "7 years"),
];

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1d1d1f}.soft{fill:#6e6e73;font-size:11px}\
h1,.title{font-size:17px;font-weight:600}.life{fill:#0a7d6c}.mark{stroke:#c2410c;stroke-width:2}\
.grid{stroke:#d9d9de}.ground{fill:#fff}.row{fill:#f5f5f7}\
@media(prefers-color-scheme:dark){text{fill:#f5f5f7}.soft{fill:#a1a1a6}.life{fill:#4fd1b8}.mark{stroke:#fb923c}\
.grid{stroke:#3a3a3e}.ground{fill:#161618}.row{fill:#1f1f22}}";

impl Outcome {
    /// An SVG chart: one row for each class, and for each plan where plans differ. Darker cells mean more records with
    /// that lifetime; an orange line is the ceiling that the policy sets from the record's own beginning. The time axis
    /// is logarithmic.
    #[must_use]
    pub fn picture(&self, policy: &Policy) -> String {
        let rows = self.rows(policy);
        let height = TOP + ROW * rows.len() as f64 + 64.0;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
             role=\"img\"><title>How long {} keeps what</title><style>{STYLE}</style>\
             <rect class=\"ground\" width=\"100%\" height=\"100%\"/>\
             <text class=\"title\" x=\"24\" y=\"34\">How long {} keeps what</text>\
             <text class=\"soft\" x=\"24\" y=\"54\">{} accounts, {} records, {} promises broken</text>",
            escape(&policy.about.service),
            escape(&policy.about.service),
            grouped(self.accounts[0]),
            grouped(self.made()),
            grouped(self.violations),
        );
        let bottom = TOP + ROW * rows.len() as f64;
        for place in (0..rows.len()).step_by(2) {
            let top = TOP + ROW * place as f64;
            let wide = WIDTH - 24.0;
            let _ = write!(svg, "<rect class=\"row\" x=\"12\" y=\"{top}\" width=\"{wide}\" height=\"{ROW}\"/>");
        }
        for (seconds, name) in MARKS {
            let x = across(seconds);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{bottom}\"/>\
                 <text class=\"soft\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{name}</text>",
                TOP - 4.0,
                TOP - 10.0
            );
        }
        for (place, row) in rows.iter().enumerate() {
            self.row(row, policy, TOP + ROW * place as f64, &mut svg);
        }
        let _ = write!(
            svg,
            "<text class=\"soft\" x=\"24\" y=\"{}\">Filled: how long deleted records lived. Line: the latest that the policy \
             allows, counted from their beginning; deletion, closure, a change of plan and the law move it.</text></svg>",
            bottom + 34.0
        );
        svg
    }

    /// Classes, split by plan if one of their rules depends on a plan.
    fn rows(&self, policy: &Policy) -> Vec<(ClassId, Vec<PlanId>, String)> {
        let mut rows = Vec::new();
        for (id, class) in policy.class_ids() {
            let by_plan = policy.rules.iter().any(|rule| rule.data.contains(&id) && rule.plan.is_some());
            if by_plan {
                let plans = policy.plan_ids().zip(&policy.plans);
                rows.extend(plans.map(|(plan, name)| (id, vec![plan], format!("{}, {name}", class.title()))));
            } else {
                rows.push((id, policy.plan_ids().collect(), class.title()));
            }
        }
        rows
    }

    fn row(&self, (class, plans, title): &(ClassId, Vec<PlanId>, String), policy: &Policy, top: f64, svg: &mut String) {
        let middle = top + ROW / 2.0;
        let _ = write!(svg, "<text x=\"24\" y=\"{:.1}\">{}</text>", middle + 4.5, escape(title));
        let mut lives: Vec<(f64, u64)> = plans.iter().flat_map(|plan| self.lifetimes(*class, *plan)).collect();
        lives.sort_by(|one, other| one.0.total_cmp(&other.0));
        lives.dedup_by(|more, kept| {
            let same = (more.0 - kept.0).abs() < f64::EPSILON;
            kept.1 += if same { more.1 } else { 0 };
            same
        });
        let most = lives.iter().map(|(_, count)| *count).max().unwrap_or(1);
        if lives.is_empty() {
            let left = self.class(*class).map_or(0, super::ClassOutcome::left);
            let words = if left > 0 { "kept, all of it" } else { "none was made" };
            let _ = write!(svg, "<text class=\"soft\" x=\"{LEFT}\" y=\"{:.1}\">{words}</text>", middle + 4.0);
        }
        // A step is half an octave wide.
        let width = across(std::f64::consts::SQRT_2 * 3_600.0) - across(3_600.0);
        for (seconds, count) in lives {
            // Keeps rare lifetimes visible beside common ones.
            let shade = 0.15 + 0.85 * (count as f64 / most as f64).sqrt();
            let _ = write!(
                svg,
                "<rect class=\"life\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.2}\" height=\"{:.1}\" opacity=\"{shade:.2}\"/>",
                across(seconds) - width / 2.0,
                top + 6.0,
                ROW - 12.0
            );
        }
        let own = policy.rules.iter().filter(|rule| {
            rule.data.contains(class)
                && rule.field.is_none()
                && rule.action == Action::Purge
                && rule.clock.is_some_and(super::begins_a_life)
                && rule.plan.is_none_or(|plan| plans.contains(&plan))
        });
        if let Some(ceiling) = own.filter_map(|rule| rule.gone_by).map(crate::period::Period::most_seconds).min() {
            let x = across(ceiling as f64);
            let (above, below) = (top + 3.0, top + ROW - 3.0);
            let _ = write!(svg, "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{above}\" y2=\"{below}\"/>");
        }
    }
}

/// The position of a lifetime: a minute is far left, ten years far right.
fn across(seconds: f64) -> f64 {
    let (least, most) = (30.0_f64.ln(), 315_576_000.0_f64.ln());
    let share = (seconds.max(30.0).ln() - least) / (most - least);
    LEFT + share.min(1.0) * (WIDTH - LEFT - 40.0)
}

/// `1 000 000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}
