//! A sentence transformer: a tokenizer, a BERT encoder, and how the states of tokens become one vector.

use super::bert::Bert;
use super::folder::{CONFIG, LIMITS, POOLING, Pooling, Shape, TOKENIZER, max_tokens};
use super::tokenizer::Tokenizer;
use super::weights::{FolderError, WEIGHTS, Weights};
use crate::learner::Files;
use std::ops::Range;

/// Reads a text and gives the state of its tokens, pooled.
#[derive(Debug)]
pub(super) struct Transformer {
    tokenizer: Tokenizer,
    /// What stands before and behind each text: `[CLS]`, `[SEP]`.
    ends: [u32; 2],
    bert: Bert,
    pooling: Pooling,
    /// Tokens of a text that are read.
    longest: usize,
}

impl Transformer {
    pub(super) fn read(files: &Files) -> Result<Self, FolderError> {
        let file = |name: &'static str| files.get(name).map(Vec::as_slice);
        let needed = |name: &'static str| file(name).ok_or(FolderError::Missing { file: name });
        let shape = Shape::read(needed(CONFIG)?)?;
        let pooling = Pooling::read(file(POOLING))?;
        let tokenizer = Tokenizer::read(needed(TOKENIZER)?)?;
        let limit = max_tokens(file(LIMITS))?.or(tokenizer.max_tokens);
        let bert = Bert::new(&shape, &Weights::read(needed(WEIGHTS)?)?)?;
        let longest = limit.unwrap_or(usize::MAX).min(bert.n_positions());
        if longest < 3 {
            return Err(FolderError::Content { file: CONFIG, fault: "texts of three tokens are too long for it" });
        }
        if tokenizer.highest_id() as usize >= bert.n_words() {
            return Err(FolderError::Content { file: TOKENIZER, fault: "it gives ids that the model does not have" });
        }
        let fault = "the vocabulary lacks [CLS] or [SEP]";
        let end = |token: &str| tokenizer.id(token).ok_or(FolderError::Content { file: TOKENIZER, fault });
        Ok(Transformer { ends: [end("[CLS]")?, end("[SEP]")?], tokenizer, bert, pooling, longest })
    }

    pub(super) fn width(&self) -> usize {
        self.bert.width()
    }

    /// The pooled state of each text; whether a sum or a mean is brought to length 1 afterwards is the same.
    pub(super) fn pooled(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let ids: Vec<Vec<u32>> = texts.iter().map(|text| self.ids(text)).collect();
        let (states, ranges) = self.bert.forward(&ids);
        let pool = |range: Range<usize>| {
            let rows = if self.pooling == Pooling::First { range.start..range.start + 1 } else { range };
            let mut sum = vec![0.0_f32; self.bert.width()];
            for row in rows {
                sum.iter_mut().zip(states.row(row)).for_each(|(s, v)| *s += v);
            }
            sum
        };
        ranges.into_iter().map(pool).collect()
    }

    fn ids(&self, text: &str) -> Vec<u32> {
        let [begin, end] = self.ends;
        let mut ids = vec![begin];
        ids.extend(self.tokenizer.pieces(text, self.longest - 2));
        ids.push(end);
        ids
    }
}
