//! How much one request asks for: rows a chunk, and the token limit of the answer.

use crate::generator::Job;

/// Tokens that the answer to an automatic chunk is expected to have at most. Beyond some 1,500 a cut or broken answer costs more
/// than the repeated instructions of two smaller requests.
const ANSWER_TOKENS: f64 = 1_500.0;
/// Rows of an automatic chunk at most: models lose items of longer lists.
const MOST_ROWS: usize = 25;
/// Tokens around one text of a JSON answer: braces, field names, id.
const ITEM_TOKENS: f64 = 16.0;

/// Source rows a request, from the texts of a label: as many as let the expected answer (four bytes a token) fit 1,500 tokens,
/// at least 1 and at most 25.
pub fn auto_chunk<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    let (n, bytes) = texts.into_iter().fold((0usize, 0usize), |(n, bytes), t| (n + 1, bytes + t.len()));
    if n == 0 {
        return MOST_ROWS;
    }
    let per_text = bytes as f64 / n as f64 / 4.0 + ITEM_TOKENS;
    ((ANSWER_TOKENS / per_text) as usize).clamp(1, MOST_ROWS)
}

/// The most tokens that the answer to `job` may have: three tokens for four bytes of source, which lets a text grow to double
/// its length in scripts where a token holds under three bytes and to triple in English, and room for structure and talk.
pub fn max_tokens(job: &Job) -> u32 {
    let bytes: usize = job.sources.iter().map(|s| s.text.len()).sum();
    let shown = job.sources.len().max(1);
    // Where more texts are wanted than shown, each may be as long as the shown ones are on average.
    let bytes = bytes.saturating_mul(job.wanted.max(shown)) / shown;
    let tokens = bytes / 4 * 3 + 2 * ITEM_TOKENS as usize * job.wanted.max(1) + 256;
    u32::try_from(tokens).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LabelId, RowId};
    use crate::generator::SourceText;

    fn job(texts: &[&str], wanted: usize) -> Job {
        let source =
            |(i, t): (usize, &&str)| SourceText { key: format!("a{i}"), row: RowId(i as u64), text: (*t).into() };
        Job {
            label: LabelId(0),
            sources: texts.iter().enumerate().map(source).collect(),
            wanted,
            ordinal: 0,
            attributes: Vec::new(),
        }
    }

    #[test]
    fn long_texts_make_small_chunks_and_short_ones_stop_at_25() {
        assert_eq!(auto_chunk(["short"; 4]), 25);
        let long = "x".repeat(2_000);
        assert_eq!(auto_chunk([long.as_str()]), 2);
        let huge = "x".repeat(1_000_000);
        assert_eq!(auto_chunk([huge.as_str()]), 1);
        assert_eq!(auto_chunk([]), 25);
    }

    #[test]
    fn the_limit_bounds_a_doubled_answer_and_grows_with_what_is_wanted() {
        let text = "word ".repeat(40);
        let limit = max_tokens(&job(&[&text, &text], 2));
        assert!(limit as usize > 2 * (2 * text.len() / 4 + 16), "{limit}");
        assert!(max_tokens(&job(&[&text], 10)) > 4 * max_tokens(&job(&[&text], 1)) / 2);
        assert!(max_tokens(&job(&[], 3)) > 256);
    }
}
