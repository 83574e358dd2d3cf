//! Texts to token ids: the WordPiece of BERT, as `tokenizer.json` describes it.

use super::folder::json;
use super::weights::FolderError;
use regex::Regex;
use serde::Deserialize;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// WordPiece behind the normaliser and the splitter of BERT.
///
/// # Source
/// Devlin, Chang, Lee and Toutanova, "BERT" (NAACL 2019); rules and ids as the tokenizers library gives them for the same file,
/// except that a special token written out in a text (`[SEP]`) is read as ordinary characters.
#[derive(Debug)]
pub(super) struct Tokenizer {
    /// Pieces that begin a word.
    first: HashMap<String, u32>,
    /// Pieces that go on with a word, without their prefix.
    further: HashMap<String, u32>,
    unknown: u32,
    longest_word: usize,
    normaliser: Normaliser,
    classes: Classes,
    /// The longest text that the file allows, in tokens.
    pub(super) max_tokens: Option<usize>,
}

const FILE: &str = "tokenizer.json";

#[derive(Deserialize)]
struct Written {
    truncation: Option<Truncation>,
    normalizer: Option<serde_json::Value>,
    pre_tokenizer: Option<Kind>,
    model: serde_json::Value,
}

#[derive(Deserialize)]
struct Truncation {
    max_length: usize,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct WordPiece {
    vocab: HashMap<String, u32>,
    unk_token: String,
    continuing_subword_prefix: String,
    max_input_chars_per_word: usize,
}

#[derive(Debug, Deserialize)]
struct Normaliser {
    clean_text: bool,
    handle_chinese_chars: bool,
    strip_accents: Option<bool>,
    lowercase: bool,
}

impl Tokenizer {
    /// Reads `tokenizer.json`; other kinds of tokenizers are refused.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, FolderError> {
        let written: Written = json(FILE, bytes)?;
        let kind_of = |value: &serde_json::Value| value["type"].as_str().unwrap_or("none").to_owned();
        let normalizer = written.normalizer.unwrap_or_default();
        let pre_tokenizer = written.pre_tokenizer.map_or_else(|| "none".to_owned(), |p| p.kind);
        let kinds = [
            ("model", kind_of(&written.model), "WordPiece"),
            ("normalizer", kind_of(&normalizer), "BertNormalizer"),
            ("pre_tokenizer", pre_tokenizer, "BertPreTokenizer"),
        ];
        for (what, found, taken) in kinds {
            // Old files leave the model's type out; its fields tell.
            if found != taken && !(what == "model" && found == "none") {
                return Err(FolderError::Unsupported { file: FILE, what, found, taken });
            }
        }
        let bad = |source| FolderError::Json { file: FILE, source };
        let model: WordPiece = serde_json::from_value(written.model).map_err(bad)?;
        let normaliser = serde_json::from_value(normalizer).map_err(bad)?;
        let fault = "the vocabulary lacks the unknown token";
        let unknown = model.vocab.get(&model.unk_token).copied();
        let unknown = unknown.ok_or(FolderError::Content { file: FILE, fault })?;
        let (mut first, mut further) = (HashMap::new(), HashMap::new());
        for (piece, id) in model.vocab {
            match piece.strip_prefix(&model.continuing_subword_prefix) {
                Some(rest) => further.insert(rest.to_owned(), id),
                None => first.insert(piece, id),
            };
        }
        let longest_word = model.max_input_chars_per_word;
        let max_tokens = written.truncation.map(|t| t.max_length);
        let classes = Classes::new();
        Ok(Tokenizer { first, further, unknown, longest_word, normaliser, classes, max_tokens })
    }

    /// The highest id that it gives.
    pub(super) fn highest_id(&self) -> u32 {
        self.first.values().chain(self.further.values()).copied().max().unwrap_or(0)
    }

    /// The id of a piece that begins a word, such as `[CLS]`.
    pub(super) fn id(&self, piece: &str) -> Option<u32> {
        self.first.get(piece).copied()
    }

    /// The id of whatever is not in the vocabulary.
    pub(super) fn unknown(&self) -> u32 {
        self.unknown
    }

    /// The pieces of `text`, `longest` at most; what is beyond is left out.
    pub(super) fn pieces(&self, text: &str, longest: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut word = String::new();
        for c in self.normalised(text).chars() {
            let alone = self.classes.is_punctuation(c);
            if alone || c.is_whitespace() {
                self.push_pieces(&word, &mut ids);
                word.clear();
                if alone {
                    self.push_pieces(c.encode_utf8(&mut [0; 4]), &mut ids);
                }
            } else {
                word.push(c);
            }
            if ids.len() >= longest {
                break;
            }
        }
        self.push_pieces(&word, &mut ids);
        ids.truncate(longest);
        ids
    }

    fn normalised(&self, text: &str) -> String {
        let Normaliser { clean_text, handle_chinese_chars, strip_accents, lowercase } = self.normaliser;
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                _ if clean_text && self.classes.is_noise(c) => {}
                _ if clean_text && c.is_whitespace() => out.push(' '),
                _ if handle_chinese_chars && is_chinese(c) => out.extend([' ', c, ' ']),
                _ => out.push(c),
            }
        }
        if strip_accents.unwrap_or(lowercase) {
            out = out.nfd().filter(|c| !self.classes.is_mark(*c)).collect();
        }
        if lowercase {
            out = out.chars().flat_map(char::to_lowercase).collect();
        }
        out
    }

    /// The longest known piece from the left, then from where it ends; the unknown token where none fits.
    fn push_pieces(&self, word: &str, ids: &mut Vec<u32>) {
        if word.is_empty() {
            return;
        }
        let start = ids.len();
        if word.chars().count() > self.longest_word {
            ids.push(self.unknown);
            return;
        }
        let mut rest = word;
        while !rest.is_empty() {
            let pieces = if ids.len() == start { &self.first } else { &self.further };
            let ends = rest.char_indices().rev().map(|(at, c)| at + c.len_utf8());
            let known = ends.into_iter().find_map(|end| pieces.get(&rest[..end]).map(|id| (*id, end)));
            let Some((id, end)) = known else {
                ids.truncate(start);
                ids.push(self.unknown);
                return;
            };
            ids.push(id);
            rest = &rest[end..];
        }
    }
}

/// Classes of characters beyond ASCII.
#[derive(Debug)]
struct Classes {
    punctuation: Regex,
    mark: Regex,
    noise: Regex,
}

impl Classes {
    fn new() -> Self {
        let class = |class: &str| Regex::new(class).expect("the class is written right");
        Classes { punctuation: class(r"\p{P}"), mark: class(r"\p{Mn}"), noise: class(r"[\p{Cc}\p{Cf}\p{Co}]") }
    }

    fn is(class: &Regex, c: char) -> bool {
        class.is_match(c.encode_utf8(&mut [0; 4]))
    }

    fn is_punctuation(&self, c: char) -> bool {
        if c.is_ascii() { c.is_ascii_punctuation() } else { Self::is(&self.punctuation, c) }
    }

    fn is_mark(&self, c: char) -> bool {
        !c.is_ascii() && Self::is(&self.mark, c)
    }

    /// Control characters other than white space, and the mark of lost characters.
    fn is_noise(&self, c: char) -> bool {
        match c {
            '\t' | '\n' | '\r' => false,
            '\u{fffd}' => true,
            _ if c.is_ascii() => c.is_ascii_control(),
            _ => Self::is(&self.noise, c),
        }
    }
}

/// Ideographs, each of which is a word of its own.
fn is_chinese(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}
