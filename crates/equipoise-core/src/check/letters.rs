//! How probable the letters of a text are among those of the real rows.

use super::ngrams::NGrams;
use super::tail::Tail;
use crate::data::TrainView;
use crate::text::is_pictograph;
use rayon::prelude::*;
use unicode_normalization::char::is_combining_mark;

/// A character 4-gram model of the real rows, and what texts of theirs cost that it has not seen.
pub(super) struct Letters {
    model: NGrams,
    means: Tail,
    worst: Tail,
}

/// What the letters of a text cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Surprise {
    /// Characters.
    pub(super) n: usize,
    /// Mean bits of a character.
    pub(super) mean: f32,
    /// Mean bits of the dearest [`WINDOW`] characters side by side.
    pub(super) worst: f32,
}

/// Characters that count, the last one included.
const ORDER: usize = 4;
/// Real rows of a model: more change its costs by less than a hundredth of a bit.
const MOST_ROWS: usize = 3_000;
/// Parts into which the real rows are cut; each is read by a model of the others.
const FOLDS: usize = 3;
/// Characters of a window.
const WINDOW: usize = 24;

impl Letters {
    /// Learns from the training rows.
    pub(super) fn new(train: TrainView<'_>) -> Self {
        let step = train.len().div_ceil(MOST_ROWS).max(1);
        let texts: Vec<Vec<u32>> = (0..train.len().div_ceil(step))
            .into_par_iter()
            .map(|at| symbols(&Letters::plain(train.get(at * step).text)))
            .collect();
        let costs = |fold: usize| {
            let others = texts.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).map(|(_, t)| t.as_slice());
            let model = NGrams::new(others, ORDER);
            texts.iter().skip(fold).step_by(FOLDS).map(|t| surprise(&model, t)).collect::<Vec<_>>()
        };
        let costs: Vec<Surprise> = (0..FOLDS).into_par_iter().flat_map_iter(costs).filter(|s| s.n > 0).collect();
        let tail = |of: fn(&Surprise) -> f32| Tail::new(costs.iter().map(|c| (c.n, of(c))).collect());
        Letters {
            model: NGrams::new(texts.iter().map(Vec::as_slice), ORDER),
            means: tail(|c| c.mean),
            worst: tail(|c| c.worst),
        }
    }

    /// The words of the text in lower case, apart by single blanks: letters and apostrophes alone. Emoji, marks, digits, tags and links belong to
    /// no language, and neither do names, which keep the letters of another one.
    pub(super) fn plain(text: &str) -> String {
        let is_word =
            |w: &&str| !(w.starts_with(['@', '#']) || w.contains("://") || w.starts_with("www.") || is_code(w));
        let words: Vec<&str> = text.split_whitespace().filter(is_word).collect();
        let mut plain = String::with_capacity(text.len());
        for word in without_names(&words) {
            push_letters(&mut plain, word);
        }
        plain.truncate(plain.trim_end().len());
        plain
    }

    /// What a [`Letters::plain`] text costs.
    pub(super) fn surprise(&self, plain: &str) -> Surprise {
        surprise(&self.model, &symbols(plain))
    }

    /// The share (0..1) of the real rows of like length that cost as much, by the mean or by the worst part, whichever is rarer.
    pub(super) fn rarity(&self, surprise: &Surprise) -> f64 {
        let Surprise { n, mean, worst } = *surprise;
        self.means.rarity(n, mean).min(self.worst.rarity(n, worst))
    }

    /// Whether there are real rows enough to know what a limit of this rarity hits.
    pub(super) fn knows(&self, rarity: f64) -> bool {
        self.means.knows(rarity)
    }
}

/// Whether a word is a code: letters with digits among them.
fn is_code(word: &str) -> bool {
    word.is_ascii() && word.contains(|c: char| c.is_ascii_digit()) && word.contains(|c: char| c.is_ascii_alphabetic())
}

/// The words without capitalised ones inside of a sentence, and without those before one of them: `Xi Jinping`. Where most are capitalised, as in a
/// headline, capitals tell no names.
fn without_names<'t>(words: &[&'t str]) -> Vec<&'t str> {
    let begins: Vec<bool> = (0..words.len()).map(|at| at == 0 || ends_a_part(words[at - 1])).collect();
    let inside = |at: usize| at < words.len() && !begins[at] && is_capitalised(words[at]);
    let is_name = |at: usize| inside(at) || (is_capitalised(words[at]) && inside(at + 1));
    let rest: Vec<&str> = (0..words.len()).filter(|at| !is_name(*at)).map(|at| words[at]).collect();
    if 2 * rest.len() < words.len() { words.to_vec() } else { rest }
}

/// Whether a sentence, or a part that begins like one, may begin behind the word.
fn ends_a_part(word: &str) -> bool {
    word.ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | '\'' | '’' | '&'))
}

/// Whether the word begins with a capital and is longer than `I'm`.
fn is_capitalised(word: &str) -> bool {
    let letters = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    letters.starts_with(char::is_uppercase) && letters.chars().take_while(|c| c.is_alphabetic()).count() > 1
}

/// Adds the letters of a word, and a blank behind them and in the place of what parts them. A letter does not stand a third time side by
/// side: "sooooo" is no other language than "soo".
fn push_letters(plain: &mut String, word: &str) {
    let mut last = ['\0'; 2];
    for c in word.chars().filter(|c| !c.is_numeric()).flat_map(char::to_lowercase) {
        let c = if c == '’' { '\'' } else { c };
        match is_letter(c) || (c == '\'' && is_letter(last[1])) {
            true if last != [c, c] => plain.push(c),
            false if !plain.is_empty() && !plain.ends_with(' ') => plain.push(' '),
            _ => {}
        }
        last = [last[1], c];
    }
    if !plain.is_empty() && !plain.ends_with(' ') {
        plain.push(' ');
    }
}

/// Whether it is a letter or belongs to one; what joins and colours emoji does not, though it is a mark for Unicode as well.
fn is_letter(c: char) -> bool {
    let of_emoji = is_pictograph(c) || matches!(c, '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}');
    !of_emoji && (c.is_alphabetic() || is_combining_mark(c))
}

fn symbols(plain: &str) -> Vec<u32> {
    std::iter::once(' ').chain(plain.chars()).chain(std::iter::once(' ')).map(u32::from).collect()
}

fn surprise(model: &NGrams, symbols: &[u32]) -> Surprise {
    let bits = model.bits(symbols);
    let n = bits.len().saturating_sub(2);
    if n == 0 {
        return Surprise { n, mean: 0.0, worst: 0.0 };
    }
    let mean = bits.iter().sum::<f32>() / bits.len() as f32;
    let worst = bits.windows(WINDOW.min(bits.len())).map(|w| w.iter().sum::<f32>() / w.len() as f32);
    Surprise { n, mean, worst: worst.fold(0.0, f32::max) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_no_language_is_left_out() {
        for (text, plain) in [
            ("Home again 🏃\u{200D}♀\u{FE0F}💨 \"at last\" — sooooo tired!!", "home again at last soo tired"),
            ("@lena I’m done, see https://a.example #tired", "i'm done see"),
            ("Code: 4KQ9ZZ1. Reply, please | now", "code reply please now"),
            ("मैं घर पर हूँ", "मैं घर पर हूँ"),
        ] {
            assert_eq!(Letters::plain(text), plain);
        }
    }

    #[test]
    fn names_are_left_out_and_headlines_stay() {
        assert_eq!(Letters::plain("Anna Kowalczyk moves from Warszawa to the coast"), "moves from to the coast");
        assert_eq!(Letters::plain("We met. Then I left, said Jean"), "we met then i left said");
        assert_eq!(Letters::plain("Storm Hits Coast Again"), "storm hits coast again");
    }
}
