//! What an answer says: its texts, its faults, and the candidates that they become.

use crate::attribute::TextAttributes;
use crate::generator::{Candidate, Fault, Generator, Job, ReadItem, Reading, RequestKey};
use crate::parse::{Note, NoteKind, refusal};
use crate::provider::{Answer, Finish};

/// An answer, read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadAnswer {
    /// Its texts and what was wrong with it; no texts where the model declined.
    pub reading: Reading,
    /// Whether the provider says that the model declined.
    pub is_declined: bool,
    /// Why texts are left out, if any are.
    pub fault: Fault,
}

/// Reads the answer to `job`. Everything that looks at an answer reads it by this function, so that a trial, the counts of a run in
/// progress and the run itself never disagree about what an answer holds.
pub fn read_answer(generator: &dyn Generator, job: &Job, answer: &Answer) -> ReadAnswer {
    let is_declined = matches!(answer.finish, Finish::Refused | Finish::Filtered);
    let is_complete = answer.finish == Finish::Stop;
    let mut reading = match is_declined {
        // What a filter lets through of a withheld answer is not what the model wanted to say.
        true => Reading::default(),
        false => generator.read(job, &answer.text, is_complete),
    };
    // A model that keeps to the form declines once for each text.
    if reading.items.iter().all(|item| refusal(&item.text).is_some())
        && let Some(first) = std::mem::take(&mut reading.items).into_iter().next()
    {
        reading.notes.push(Note { kind: NoteKind::Refused, detail: first.text });
    }
    let is_refused = is_declined || reading.notes.iter().any(|n| n.kind == NoteKind::Refused);
    let fault = if is_refused {
        Fault::Refused
    } else if !is_complete {
        Fault::Cut
    } else if reading.items.is_empty() {
        Fault::Unreadable
    } else {
        Fault::Missing
    };
    ReadAnswer { reading, is_declined, fault }
}

/// The candidates of an answer to a job for texts of `label` with `attributes`, in its order. Their ids depend on the request and the
/// position alone, so that a replay gives the same.
pub fn candidates<'a>(
    key: &'a RequestKey,
    (label, attributes): (&'a str, &'a [TextAttributes]),
    items: Vec<ReadItem>,
) -> impl Iterator<Item = Candidate> + use<'a> {
    let of = move |item: &ReadItem| item.asked.and_then(|at| attributes.get(at)).cloned().unwrap_or_default();
    items.into_iter().enumerate().map(move |(position, item)| Candidate {
        attributes: of(&item),
        id: format!("{}-{position}", &key.0[..16.min(key.0.len())]),
        text: item.text,
        came: item.came,
        label: label.to_owned(),
        request: Some(key.clone()),
        position,
        sources: item.sources,
        fault: item.fault,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Settings, find};
    use crate::data::{LabelId, RowId};
    use crate::generator::{self, SourceText};

    fn read(text: &str, finish: Finish) -> ReadAnswer {
        let entry = find(generator::CATALOG, "generator", "rewrite").expect("in the catalog");
        let generator = entry.build(&Settings::new()).expect("defaults");
        let source = |i: u64| SourceText { key: format!("a{i}"), row: RowId(i), text: format!("text {i}") };
        let job = Job {
            label: LabelId(0),
            sources: vec![source(1), source(2)],
            wanted: 2,
            ordinal: 0,
            attributes: Vec::new(),
        };
        let answer = Answer { text: text.to_owned(), finish, usage: None, model: None };
        read_answer(generator.as_ref(), &job, &answer)
    }

    const ONE: &str = r#"{"texts":[{"id":"a1","text":"a new one"}]}"#;

    #[test]
    fn each_way_to_leave_texts_out_has_its_own_fault() {
        assert_eq!(read(ONE, Finish::Stop).fault, Fault::Missing);
        assert_eq!(read(ONE, Finish::Length).fault, Fault::Cut);
        assert_eq!(read("", Finish::Stop).fault, Fault::Unreadable);
        assert_eq!(read("I'm sorry, but I can't help with that.", Finish::Stop).fault, Fault::Refused);
        let each = r#"{"texts":[{"id":"a1","text":"I'm sorry, but I can't help with that."},{"id":"a2","text":"I cannot rewrite this text."}]}"#;
        let declined = read(each, Finish::Stop);
        assert!(declined.fault == Fault::Refused && declined.reading.items.is_empty(), "{declined:?}");
    }

    #[test]
    fn an_answer_that_a_filter_withheld_gives_no_text_however_it_reads() {
        for finish in [Finish::Refused, Finish::Filtered] {
            let read = read(ONE, finish);
            assert!(read.is_declined && read.reading.items.is_empty());
            assert_eq!(read.fault, Fault::Refused);
        }
    }
}
