//! `quoted`: a text in quotation marks, as models set what they write.

use super::judge::each;
use super::patterns::share;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::parse::unquoted;
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "quoted",
    what: "Warns of texts that stand in quotation marks as a whole where the label's real rows do not.",
    why: "The marks tell a generated text from a real one, and a classifier takes them for the label. The parser takes them off the answers of a run; files from elsewhere keep theirs.",
    source: "Recorded answers of one model: 40 and 36 % of its texts stood in quotation marks, of the real rows 0 and 16 %.",
    settings: &[Setting {
        name: "usual_share",
        default: "0.05",
        why: "Share (0..1) of the label's real rows in quotation marks from which they are ordinary. A fault of whole sets, not of one text: it is only warned of.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Quoted {
    usual_share: f64,
}

impl Default for Quoted {
    fn default() -> Self {
        Quoted { usual_share: 0.05 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Quoted = read(ENTRY.name, settings)?;
    share(ENTRY.name, "usual_share", check.usual_share)?;
    Ok(Box::new(check))
}

const IN_QUOTES: Reason = Reason::new("in_quotation_marks", "stands in quotation marks as a whole")
    .with_advice("Some texts stood in quotation marks: write them without.");

impl Check for Quoted {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[IN_QUOTES]
    }

    fn only_warns(&self) -> bool {
        true
    }

    /// The score is the share of the label's real rows that stand in quotation marks.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let labels = context.train.labels();
        let mut n_quoted = vec![0usize; labels.len()];
        context.train.rows().filter(|row| is_quoted(row.text)).for_each(|row| n_quoted[row.label.index()] += 1);
        let share = |(quoted, n): (&usize, usize)| *quoted as f64 / n.max(1) as f64;
        let shares: Vec<f64> = n_quoted.iter().zip(context.train.counts()).map(share).collect();
        each(move |s| {
            let real = labels.id(&s.candidate.label).map_or(0.0, |label| shares[label.index()]);
            (real < self.usual_share && is_quoted(s.text())).then(|| Finding::warn(&IN_QUOTES).with_score(real))
        })
    }
}

/// Whether quotation marks go around the text; tags and emoji may stand behind them.
fn is_quoted(text: &str) -> bool {
    if unquoted(text).is_some() {
        return true;
    }
    let is_behind = |word: &str| word.starts_with('#') || !word.contains(|c: char| c.is_alphanumeric() || is_a_mark(c));
    let mut rest = text.trim_end();
    while let Some((before, _)) = rest.rsplit_once(char::is_whitespace).filter(|(_, word)| is_behind(word)) {
        rest = before.trim_end();
    }
    unquoted(rest).is_some()
}

/// Whether the character is a mark that may close a quotation or a sentence.
fn is_a_mark(c: char) -> bool {
    c.is_ascii_punctuation() || ('\u{2010}'..='\u{203A}').contains(&c) || matches!(c, '«' | '»' | '」' | '』')
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    #[test]
    fn is_told_where_the_labels_rows_have_no_quotation_marks() {
        let mut rows = Rows::default();
        for i in 0..50 {
            rows.push(&format!("plain {i}"), "rare").expect("few labels");
            rows.push(&format!("\"quoted {i}\""), "common").expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&[
            "\"a text\"",
            "“a text”",
            "\"a\" or \"b\"",
            "\"a text\"",
            "\"a text?\" #so 🙂",
            "a \"text\" #so",
            "\"a text #so\"",
        ]);
        all[3].label = "common".to_owned();
        let found = judge(&Quoted::default(), &context, &all);
        let quoted = "in_quotation_marks";
        assert_eq!(reasons(&found), [quoted, quoted, "ok", "ok", quoted, "ok", quoted]);
    }
}
