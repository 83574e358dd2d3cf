//! What a model is asked about labels: requests for some texts each, and what their answers say.

use super::Opinion;
use crate::data::LabelId;
use crate::generator::Job;
use crate::prompt::{Meaning, judge_prompt, judge_schema, read_judgement};
use crate::provider::{Answer, Request, Sampling};
use crate::rng::Seed;
use rand::seq::SliceRandom;
use std::ops::Range;

/// Texts a request, at most: with more, a model mixes up which answer is whose.
const MOST_TEXTS: usize = 10;
/// Bytes of text a request, at most, unless one text has more: room in the windows of small models.
const MOST_BYTES: usize = 8_000;
/// Tokens of the answer around all labels, and for each one.
const AROUND: u32 = 64;
const EACH: u32 = 24;

/// Asks a model which label texts have. It is not told which label a text claims, so that real rows and synthetic ones look alike to it.
#[derive(Debug, Clone)]
pub struct Questions {
    /// The labels to choose from: id, name, and phrases that say what it means.
    pub labels: Vec<(LabelId, String, Vec<String>)>,
    /// Name of the model at its provider.
    pub model: String,
    /// Whether its endpoint usually takes a JSON schema.
    pub takes_schema: bool,
    /// Seed of the requests.
    pub seed: Seed,
}

impl Questions {
    /// The requests about `texts`, in an order drawn with the seed, each with the positions of its texts.
    pub fn requests(&self, texts: &[&str]) -> Vec<(Vec<usize>, Request)> {
        let labels: Vec<Meaning<'_>> =
            self.labels.iter().map(|(_, name, means)| (name.as_str(), means.as_slice())).collect();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.shuffle(&mut self.seed.rng());
        let texts: Vec<&str> = order.iter().map(|at| texts[*at]).collect();
        let request = |range: Range<usize>| {
            let n = range.len();
            let job =
                Job { label: self.labels[0].0, sources: Vec::new(), wanted: n, attributes: Vec::new(), ordinal: 0 };
            let seed = self.seed.value() & 0x7FFF_FFFF;
            // The likeliest answer, as far as the model can be asked for it.
            let sampling = Sampling { temperature: Some(0.0), max_tokens: AROUND + EACH * n as u32, seed };
            let prompt = judge_prompt(&labels, &texts[range.clone()]);
            let schema = self.takes_schema.then(judge_schema);
            (order[range].to_vec(), Request { job, prompt, model: self.model.clone(), sampling, schema })
        };
        if labels.is_empty() { Vec::new() } else { parts(&texts).into_iter().map(request).collect() }
    }

    /// What an answer says of its `n_texts` texts; `None` for one of which it says nothing that can be read.
    pub fn read(&self, n_texts: usize, answer: &Answer) -> Vec<Option<Opinion>> {
        let opinion = |number: usize| match number.checked_sub(1) {
            Some(at) => Opinion::Label(self.labels[at].0),
            None => Opinion::Unsure,
        };
        let numbers = read_judgement(&answer.text, n_texts, self.labels.len());
        numbers.into_iter().map(|number| number.map(opinion)).collect()
    }
}

/// The texts in parts that a request holds.
fn parts(texts: &[&str]) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (at, text) in texts.iter().enumerate() {
        if at > from && (at - from == MOST_TEXTS || bytes + text.len() > MOST_BYTES) {
            parts.push(from..at);
            (from, bytes) = (at, 0);
        }
        bytes += text.len();
    }
    if from < texts.len() {
        parts.push(from..texts.len());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Finish;

    fn questions() -> Questions {
        let label = |at: u16, name: &str| (LabelId(at), name.to_owned(), Vec::new());
        let labels = vec![label(4, "late"), label(2, "refund")];
        Questions { labels, model: "m".to_owned(), takes_schema: true, seed: Seed::new(7) }
    }

    #[test]
    fn every_text_stands_in_one_request_and_long_ones_make_smaller_requests() {
        let (short, long) = ("x".repeat(20), "y".repeat(5_000));
        let texts: Vec<&str> = (0..25).map(|_| short.as_str()).chain([long.as_str(), long.as_str()]).collect();
        assert_eq!(parts(&texts), [0..10, 10..20, 20..26, 26..27]);
        let requests = questions().requests(&texts);
        assert!(requests.iter().all(|(of, request)| request.job.wanted == of.len() && request.schema.is_some()));
        let mut asked: Vec<usize> = requests.iter().flat_map(|(of, _)| of.clone()).collect();
        assert!(!asked.is_sorted(), "labels are mixed");
        asked.sort_unstable();
        assert_eq!(asked, (0..27).collect::<Vec<_>>());
        assert!(questions().requests(&[]).is_empty());
    }

    #[test]
    fn an_answer_names_labels_by_their_number_in_the_prompt() {
        let text = "{\"labels\": [{\"id\": 1, \"number\": 2}, {\"id\": 2, \"number\": 0}, {\"id\": 3, \"number\": 7}]}";
        let answer = Answer { text: text.to_owned(), finish: Finish::Stop, usage: None, model: None };
        let said = questions().read(3, &answer);
        assert_eq!(said, [Some(Opinion::Label(LabelId(2))), Some(Opinion::Unsure), None]);
    }
}
