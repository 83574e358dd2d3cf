//! What a run wrote, on a page or two: digests of its bytes, the fields of its files, and some of its texts.

use super::digest::digest;
use crate::shell::{Outcome, read};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Files whose bytes depend on nothing but the input, the seed and the version: no learned figure stands in them.
const EXACT: [&str; 7] = [
    "profile.json",
    "plan.json",
    "candidates.jsonl",
    "verdicts.jsonl",
    "selection.json",
    "synthetic.csv",
    "augmented.csv",
];
/// Files that are shown field by field.
const FIELDS: [&str; 4] = ["profile.json", "plan.json", "selection.json", "evaluation.json"];
/// One text of so many is shown.
const EVERY: usize = 8;

/// The summary of the run in the folder `out`.
pub(super) fn of(out: &Path) -> Outcome<String> {
    let mut text = "# Bytes\n".to_owned();
    for name in EXACT {
        let content = read(&out.join(name))?;
        let digest = blake3::hash(content.as_bytes()).to_hex();
        writeln!(text, "{name}: {} lines, blake3 {}", content.lines().count(), &digest[..16]).expect("into a string");
    }
    for name in FIELDS {
        let value: Value =
            serde_json::from_str(&read(&out.join(name))?).map_err(|e| format!("{name} is not JSON: {e}"))?;
        let Value::Object(object) = value else { return Err(format!("{name} is no object")) };
        write!(text, "\n# {name}\n{}\n", digest(&object, "").join("\n")).expect("into a string");
    }
    write!(text, "\n# verdicts.jsonl\n{}", verdicts(&out.join("verdicts.jsonl"))?).expect("into a string");
    write!(text, "\n# candidates.jsonl, one of {EVERY}\n{}", texts(&out.join("candidates.jsonl"))?)
        .expect("into a string");
    write!(text, "\n# report.html\n{}", headings(&read(&out.join("report.html"))?)).expect("into a string");
    Ok(text)
}

/// What the first line counts, and how many single verdicts follow.
fn verdicts(path: &Path) -> Outcome<String> {
    let lines = records(path)?;
    let Some(Value::Object(first)) = lines.first() else { return Err(format!("{} is empty", path.display())) };
    Ok(format!("{}\nfurther lines: {}\n", digest(first, "").join("\n"), lines.len() - 1))
}

fn texts(path: &Path) -> Outcome<String> {
    let shown = records(path)?.into_iter().step_by(EVERY);
    Ok(shown.map(|c| format!("{}: {}\n", c["label"].as_str().unwrap_or_default(), c["text"])).collect())
}

fn records(path: &Path) -> Outcome<Vec<Value>> {
    let parse = |line: &str| serde_json::from_str(line).map_err(|e| format!("{} holds {line}: {e}", path.display()));
    read(path)?.lines().map(parse).collect()
}

/// The headings of a page, each level indented, and how many tables and figures there are.
fn headings(page: &str) -> String {
    let mut text = String::new();
    for part in page.split("<h").skip(1) {
        let level = part.chars().next().and_then(|c| c.to_digit(10));
        let (Some(level), Some((_, rest))) = (level, part.split_once('>')) else { continue };
        let Some((inner, _)) = rest.split_once("</h") else { continue };
        let plain: String = inner.split('<').map(|piece| piece.rsplit('>').next().unwrap_or_default()).collect();
        let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(text, "{}{words}", "  ".repeat(level as usize - 1)).expect("into a string");
    }
    let count = |tag: &str| page.matches(tag).count();
    writeln!(text, "tables: {}, figures: {}", count("<table"), count("<svg")).expect("into a string");
    text
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A run of one text.
    pub(in crate::golden) fn write_run(out: &Path) {
        for (name, content) in [
            ("profile.json", r#"{"n": 1}"#),
            ("plan.json", r#"{"n": 2}"#),
            ("selection.json", r#"{"kept": ["a"]}"#),
            ("evaluation.json", r#"{"seed": 7}"#),
            ("candidates.jsonl", "{\"text\": \"good day\", \"label\": \"joy\"}\n"),
            ("verdicts.jsonl", "{\"counts\": {\"n_rejected\": 3}}\n{\"check\": \"copy\"}\n"),
            ("synthetic.csv", "text,label\n"),
            ("augmented.csv", "text,label\n"),
            ("report.html", "<html><h1 id=\"v\">No <b>rows</b></h1><hr><h2>Cost</h2><table></table></html>"),
        ] {
            std::fs::write(out.join(name), content).unwrap();
        }
    }

    #[test]
    fn shows_fields_verdicts_texts_and_headings() {
        let out = tempfile::tempdir().unwrap();
        write_run(out.path());
        let text = of(out.path()).unwrap();
        for part in [
            "augmented.csv: 1 lines, blake3 ",
            "# plan.json\nn: 2\n",
            "kept: 1 (a)",
            "counts:\n  n_rejected: 3\nfurther lines: 1\n",
            "joy: \"good day\"\n",
            "No rows\n  Cost\ntables: 1, figures: 0\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
