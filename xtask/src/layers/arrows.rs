//! Arrows between modules, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One module imports another.
#[derive(Debug, Clone)]
pub(super) struct Arrow {
    pub(super) from: String,
    pub(super) to: String,
    /// The file and the line, and what stands there.
    place: String,
    text: String,
}

impl Arrow {
    pub(super) fn new(from: &str, to: &str, file: &str, line: usize, text: &str) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), place: format!("{file}:{line}"), text: text.to_owned() }
    }
}

/// Arrows that do not run to a lower row, and `modules` that are in no row.
pub(super) fn upward(modules: &[String], arrows: &[Arrow], rows: &[&[&str]]) -> Vec<String> {
    let layer = |name: &str| rows.iter().position(|row| row.contains(&name));
    let homeless = modules.iter().filter(|name| layer(name).is_none());
    let mut faults: Vec<_> =
        homeless.map(|name| format!("`{name}` stands in no layer: give it one in xtask/src/layers.rs")).collect();
    let wrong = |arrow: &&Arrow| layer(&arrow.from).zip(layer(&arrow.to)).is_some_and(|(from, to)| from >= to);
    faults.extend(
        arrows
            .iter()
            .filter(wrong)
            .map(|Arrow { from, to, place, text }| format!("{place}: `{from}` must not know `{to}`: {text}")),
    );
    faults
}

/// The shortest circle through each module that stands in one; each is told once.
pub(super) fn circle(name: &str, arrows: &[Arrow]) -> Vec<String> {
    let mut from: BTreeMap<&str, Vec<&Arrow>> = BTreeMap::new();
    for arrow in arrows {
        from.entry(&arrow.from).or_default().push(arrow);
    }
    let mut told = BTreeSet::new();
    let mut faults = Vec::new();
    for &start in from.keys() {
        let Some(path) = back_to(start, &from) else { continue };
        if path.iter().any(|arrow| told.contains(&*arrow.from)) {
            continue;
        }
        told.extend(path.iter().map(|arrow| &*arrow.from));
        let lines =
            path.iter().map(|Arrow { from, to, place, text }| format!("\n  {place}: `{from}` -> `{to}`: {text}"));
        faults.push(format!("{name}: a circle of modules:{}", lines.collect::<String>()));
    }
    faults
}

/// The fewest arrows that lead from `start` back to it.
fn back_to<'a>(start: &str, from: &BTreeMap<&str, Vec<&'a Arrow>>) -> Option<Vec<&'a Arrow>> {
    let mut reached: BTreeMap<&str, &Arrow> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for &arrow in from.get(module).into_iter().flatten() {
            if arrow.to == start {
                let mut path = vec![arrow];
                while let Some(before) = path.last().and_then(|last| reached.get(&*last.from)) {
                    path.push(before);
                }
                path.reverse();
                return Some(path);
            }
            if !reached.contains_key(&*arrow.to) {
                reached.insert(&arrow.to, arrow);
                queue.push_back(&arrow.to);
            }
        }
    }
    None
}
