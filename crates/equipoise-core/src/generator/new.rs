//! `new`: new texts of a label, with real rows as examples.

use super::{Ask, Generator, Job, Reading, reading, round};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::parse::Form;
use rand::seq::SliceRandom;
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "new",
    what: "Asks for new texts of the label and shows a fresh sample of its real rows as examples.",
    why: "More variety than rewriting where a label has few rows; the texts belong to no single source.",
    source: "Few-shot generation from sampled examples, as in Self-Instruct (Wang et al., ACL 2023).",
    settings: &[
        Setting {
            name: "examples",
            default: "0",
            why: "Real rows shown a request; 0 shows as many as texts are asked for, so that no example is leant on twice.",
        },
        Setting { name: "answer", default: "\"json\"", why: "Form of the answer: `json`, `semicolon` or `list`." },
    ],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct New {
    examples: usize,
    answer: Form,
}

fn make(settings: &Settings) -> Result<Box<dyn Generator>, SettingsError> {
    Ok(Box::new(read::<New>(ENTRY.name, settings)?))
}

impl Generator for New {
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job> {
        let mut rows = round::sources(ask);
        if rows.is_empty() {
            return Vec::new();
        }
        let mut rng = ask.seed.child("examples").rng();
        let n_jobs = ask.wanted.div_ceil(ask.chunk.max(1));
        let mut left = ask.wanted;
        let mut job = |at: usize| {
            let wanted = left.div_ceil(n_jobs - at);
            left -= wanted;
            let shown = if self.examples == 0 { wanted } else { self.examples };
            let (examples, _) = rows.partial_shuffle(&mut rng, shown);
            round::job(ask, examples, wanted, round::ordinal(ask.round, at))
        };
        (0..n_jobs).map(&mut job).collect()
    }

    fn schema(&self, job: &Job) -> Option<Value> {
        (self.answer == Form::Json).then(|| match job.attributes.is_empty() {
            true => reading::list_schema(json!({"type": "string"})),
            false => reading::paired_schema(),
        })
    }

    fn is_paired(&self) -> bool {
        false
    }

    fn takes_attributes(&self) -> bool {
        true
    }

    fn read(&self, job: &Job, answer: &str, complete: bool) -> Reading {
        reading::unpaired(job, answer, self.answer, complete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::TextAttributes;
    use crate::data::{LabelId, RowId};
    use crate::generator::SourceText;

    fn job(n: usize) -> Job {
        let source = SourceText { key: "a1".to_owned(), row: RowId(1), text: "an example of some length".to_owned() };
        let topic = |at: usize| TextAttributes::from([("topic".to_owned(), at.to_string())]);
        Job { label: LabelId(0), sources: vec![source], wanted: n, ordinal: 0, attributes: (0..n).map(topic).collect() }
    }

    fn asked(n: usize, answer: &str) -> Vec<(Option<usize>, String)> {
        let items = New::default().read(&job(n), answer, true).items;
        items.into_iter().map(|item| (item.asked, item.text)).collect()
    }

    #[test]
    fn an_answer_tells_by_ids_which_text_is_which_and_by_its_order_where_it_is_whole() {
        let by_id = r#"{"texts": [{"id": "t2", "text": "the second"}, {"id": "t1", "text": "the first"}]}"#;
        assert_eq!(asked(2, by_id), [(Some(1), "the second".to_owned()), (Some(0), "the first".to_owned())]);
        let in_order = r#"{"texts": ["one text", "another text"]}"#;
        assert_eq!(asked(2, in_order).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [Some(0), Some(1)]);
        assert_eq!(asked(3, in_order).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [None, None], "one is missing");
        let schema = |job: &Job| New::default().schema(job).expect("JSON").to_string();
        assert!(schema(&job(1)).contains("\"id\"") && !schema(&job(0)).contains("\"id\""));
    }
}
