//! The table, for a terminal and as Markdown.

use crate::row::{Finish, Measured, Verdict, digits};

/// A row that was run, or why it was not.
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) outcome: Result<(String, Vec<Finish>), String>,
}

/// A side's line.
struct Line<'a> {
    name: &'a str,
    cells: Result<Cells, &'a str>,
    verdicts: Vec<Verdict>,
}

struct Cells {
    millis: String,
    spread: String,
    ratio: String,
    peak: String,
    quality: String,
}

/// The lines of a row; ratios are to its first side that ran.
fn lines<'a>(finishes: &'a [Finish]) -> Vec<Line<'a>> {
    let base = finishes.iter().find_map(|finish| finish.result.as_ref().ok()).map(Measured::median);
    let line = |finish: &'a Finish| {
        let Finish { name, result, limits } = finish;
        let verdicts = match result {
            Ok(mine) => limits.iter().map(|limit| limit.verdict(mine, finishes)).collect(),
            Err(_) => Vec::new(),
        };
        let cells = result.as_ref().map_err(String::as_str).map(|mine| Cells {
            millis: digits(mine.median()),
            spread: format!("{:.0} %", mine.spread() * 100.0),
            ratio: base.map_or_else(String::new, |base| format!("{:.2}", mine.median() / base)),
            peak: mine.peak.map_or_else(|| "?".to_owned(), |peak| format!("{:.0}", peak as f64 / 1e6)),
            quality: quality(mine),
        });
        Line { name, cells, verdicts }
    };
    finishes.iter().map(line).collect()
}

fn quality(mine: &Measured) -> String {
    let figure = |f: &crate::row::Figure| match f.name {
        "file" => format!("{:.*}{}", f.decimals, f.value, f.unit),
        name => format!("{name} {:.*}{}", f.decimals, f.value, f.unit),
    };
    mine.figures.iter().map(figure).collect::<Vec<_>>().join(", ")
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict.met {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "open",
    }
}

/// For a terminal of 100 columns.
pub(crate) fn plain(entries: &[Entry]) -> String {
    let mut out = String::new();
    for Entry { id, outcome } in entries {
        let (title, finishes) = match outcome {
            Ok((title, finishes)) => (title, finishes),
            Err(why) => {
                out += &format!("\n{id}\n    not measured: {why}\n");
                continue;
            }
        };
        out += &format!("\n{title}  [{id}]\n");
        out += &format!("    {:<28} {:>8} {:>6} {:>7} {:>7}  quality\n", "", "ms", "spread", "ratio", "MB");
        for Line { name, cells, verdicts } in lines(finishes) {
            match cells {
                Ok(Cells { millis, spread, ratio, peak, quality }) => {
                    out += &format!("    {name:<28} {millis:>8} {spread:>6} {ratio:>7} {peak:>7}  {quality}\n");
                }
                Err(why) => out += &format!("    {name:<28} not measured: {why}\n"),
            }
            for verdict in verdicts {
                out += &format!("        {}: {}\n", word(&verdict), verdict.words);
            }
        }
    }
    out
}

/// For a page.
pub(crate) fn markdown(entries: &[Entry]) -> String {
    let mut out = "| | ms | spread | ratio | MB | quality | to reach |\n|---|--:|--:|--:|--:|---|---|\n".to_owned();
    for Entry { id, outcome } in entries {
        let (title, finishes) = match outcome {
            Ok((title, finishes)) => (title, finishes),
            Err(why) => {
                out += &format!("| **{id}** | | | | | not measured: {} | |\n", cell(why));
                continue;
            }
        };
        out += &format!("| **{title}** (`{id}`) | | | | | | |\n");
        for Line { name, cells, verdicts } in lines(finishes) {
            let reached: Vec<_> = verdicts.iter().map(|v| format!("{}: {}", word(v), v.words)).collect();
            match cells {
                Ok(Cells { millis, spread, ratio, peak, quality }) => {
                    let reached = reached.join("; ");
                    out += &format!("| {name} | {millis} | {spread} | {ratio} | {peak} | {quality} | {reached} |\n");
                }
                Err(why) => out += &format!("| {name} | | | | | not measured: {} | |\n", cell(why)),
            }
        }
    }
    out
}

/// Words of other programs, in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "/").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Figure, Limit};

    fn entries() -> Vec<Entry> {
        let measured = |seconds: f64| Measured {
            seconds: vec![seconds; 5],
            peak: Some(50_000_000),
            figures: vec![Figure::new("IoU", 0.98765, 4, ""), Figure::new("file", 1.5, 2, " MB")],
        };
        let finish = |name: &str, result, limits| Finish { name: name.to_owned(), result, limits };
        let finishes = vec![
            finish("raw session", Ok(measured(1.0)), Vec::new()),
            finish("packshot", Ok(measured(1.2)), vec![Limit::Ratio(1.1, "raw session")]),
            finish("peer", Err("no | wheel".to_owned()), Vec::new()),
        ];
        vec![
            Entry { id: "a".to_owned(), outcome: Ok(("cut-out".to_owned(), finishes)) },
            Entry { id: "b".to_owned(), outcome: Err("no data".to_owned()) },
        ]
    }

    #[test]
    fn the_plain_table_fits_and_says_everything() {
        let table = plain(&entries());
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
        for words in ["1200    0 %    1.20      50  IoU 0.9877, 1.50 MB", "MISSED: 1.20 x raw session", "no | wheel"] {
            assert!(table.contains(words), "{words} in {table}");
        }
        assert!(table.contains("not measured: no data"), "{table}");
    }

    #[test]
    fn every_line_of_the_page_has_all_cells() {
        let page = markdown(&entries());
        assert!(page.lines().all(|line| line.matches('|').count() == 8), "{page}");
    }
}
