//! Planted faults: what a generator may get wrong, made from real rows and from wordings of this bench's own.

mod edits;
mod forms;
mod later;
mod wordings;

use edits as e;
use forms as f;
use later as l;
use wordings as w;

/// What a fault is made from.
pub(crate) struct Base<'a> {
    /// A real row and its label.
    pub(crate) text: &'a str,
    pub(crate) label: &'a str,
    /// Another real row.
    pub(crate) other: &'a str,
    /// Which of the kind's wordings: 0, 1, 2, …
    pub(crate) n: usize,
}

/// A kind of fault.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The check that it is made for; others may find it as well.
    pub(crate) check: &'static str,
    pub(crate) group: &'static str,
    /// From which rows it is made.
    pub(crate) from: From,
    pub(crate) make: fn(&Base<'_>) -> String,
}

/// From which rows a fault is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// Training rows.
    Train,
    /// Held-out rows, which the check knows by hashes alone.
    HeldOut,
    /// Human rows that are in neither.
    Fresh,
    /// A training row whose label is replaced by another one.
    OtherLabel,
    /// A fresh row that stands among the candidates before.
    Candidate,
}

const fn kind(
    group: &'static str,
    name: &'static str,
    check: &'static str,
    from: From,
    make: fn(&Base<'_>) -> String,
) -> Kind {
    Kind { name, check, group, from, make }
}

/// Every kind.
pub(crate) static KINDS: &[Kind] = &[
    kind("exact", "copy", "copy", From::Train, |b| b.text.to_owned()),
    kind("exact", "copy_case", "copy", From::Train, e::swapped_case),
    kind("exact", "copy_spaces", "copy", From::Train, e::spaced),
    kind("exact", "copy_punctuation", "copy", From::Train, e::punctuated),
    kind("exact", "copy_invisible", "copy", From::Train, e::invisible),
    kind("exact", "copy_styled", "copy", From::Train, e::styled),
    kind("exact", "copy_homoglyph", "copy", From::Train, e::homoglyphs),
    kind("exact", "copy_accent", "copy", From::Train, e::accents),
    kind("exact", "copy_emoji", "copy", From::Train, |b| {
        format!("{} {}", b.text, ["🎈", "✨🙏", "🤷‍♀️", "😅😅"][b.n % 4])
    }),
    kind("exact", "copy_other_label", "copy", From::OtherLabel, |b| b.text.to_owned()),
    kind("exact", "test_copy", "test_overlap", From::HeldOut, |b| b.text.to_owned()),
    kind("exact", "test_disguised", "test_overlap", From::HeldOut, |b| {
        [e::swapped_case, e::homoglyphs, e::invisible, e::accents][b.n % 4](b)
    }),
    kind("near", "near_tagged", "near_duplicate", From::Train, |b| {
        format!("{} {}", b.text, ["#mood", "@lena_k", "https://t.co/x7Qk2", "#justsaying"][b.n % 4])
    }),
    kind("near", "near_word_changed", "near_duplicate", From::Train, e::word_changed),
    kind("near", "near_word_dropped", "near_duplicate", From::Train, e::word_dropped),
    kind("near", "near_typo", "near_duplicate", From::Train, e::typo),
    kind("near", "near_clauses_swapped", "near_duplicate", From::Train, e::clauses_swapped),
    kind("near", "near_end_cut", "near_duplicate", From::Train, e::end_cut),
    kind("near", "near_other_label", "near_duplicate", From::OtherLabel, e::word_changed),
    kind("near", "near_candidate", "near_duplicate", From::Candidate, e::word_changed),
    kind("near", "test_near", "test_near", From::HeldOut, e::word_changed),
    kind("near", "glued", "glued", From::Train, e::glued),
    kind("refusal", "refusal", "refusal", From::Fresh, |b| w::pick(w::REFUSALS, b)),
    kind("refusal", "refusal_other_languages", "refusal", From::Fresh, |b| w::pick(w::REFUSALS_ELSEWHERE, b)),
    kind("refusal", "refusal_then_text", "refusal", From::Fresh, |b| format!("{} {}", w::pick(w::REFUSALS, b), b.text)),
    kind("talk", "preamble", "talk", From::Fresh, |b| format!("{} {}", w::pick(w::PREAMBLES, b), b.text)),
    kind("talk", "preamble_alone", "talk", From::Fresh, |b| w::pick(w::PREAMBLES, b)),
    kind("talk", "preamble_other_languages", "talk", From::Fresh, |b| {
        format!("{} {}", w::pick(w::PREAMBLES_ELSEWHERE, b), b.text)
    }),
    kind("talk", "trailing_note", "talk", From::Fresh, |b| format!("{} {}", b.text, w::pick(w::NOTES, b))),
    kind("talk", "meta_talk", "talk", From::Fresh, |b| w::pick(w::META, b)),
    kind("talk", "prompt_echo", "talk", From::Fresh, |b| w::pick(w::ECHOES, b)),
    kind("form", "markdown", "form", From::Fresh, f::markdown),
    kind("form", "numbering", "form", From::Fresh, f::numbering),
    kind("form", "json_debris", "form", From::Fresh, f::json),
    kind("form", "html_debris", "form", From::Fresh, f::html),
    kind("form", "chat_tokens", "form", From::Fresh, f::chat_tokens),
    kind("form", "table_pipes", "form", From::Fresh, f::table),
    kind("form", "keys", "form", From::Fresh, f::keys),
    kind("form", "placeholder", "form", From::Fresh, f::placeholder),
    kind("form", "escapes", "form", From::Fresh, f::escapes),
    kind("form", "mojibake", "form", From::Fresh, f::mojibake),
    kind("form", "hidden_characters", "malformed", From::Fresh, f::hidden),
    kind("label_prefix", "label_prefix", "label_prefix", From::Fresh, f::label_first),
    kind("label_prefix", "label_suffix", "label_prefix", From::Fresh, f::label_last),
    kind("loop", "loop_of_words", "loop", From::Fresh, e::word_loop),
    kind("loop", "loop_of_phrases", "loop", From::Fresh, e::phrase_loop),
    kind("private", "mail", "private", From::Fresh, |b| e::inserted(b, w::MAILS)),
    kind("private", "phone", "private", From::Fresh, |b| e::inserted(b, w::PHONES)),
    kind("private", "card", "private", From::Fresh, |b| e::inserted(b, w::CARDS)),
    kind("private", "account", "private", From::Fresh, |b| e::inserted(b, w::ACCOUNTS)),
    kind("private", "key", "private", From::Fresh, |b| e::inserted(b, w::KEYS)),
    kind("language", "language_other", "language", From::Fresh, |b| w::pick(w::LANGUAGES, b)),
    kind("language", "language_mixed", "language", From::Fresh, |b| format!("{} {}", b.text, w::pick(w::LANGUAGES, b))),
    kind("fluency", "reversed_words", "fluency", From::Fresh, e::reversed),
    kind("fluency", "shuffled_words", "fluency", From::Fresh, e::shuffled),
    kind("later", "refusal, later", "refusal", From::Fresh, |b| w::pick(l::REFUSALS, b)),
    kind("later", "preamble, later", "talk", From::Fresh, |b| format!("{} {}", w::pick(l::PREAMBLES, b), b.text)),
    kind("later", "trailing_note, later", "talk", From::Fresh, |b| format!("{} {}", b.text, w::pick(l::NOTES, b))),
    kind("later", "meta_talk, later", "talk", From::Fresh, |b| w::pick(l::META, b)),
    kind("later", "prompt_echo, later", "talk", From::Fresh, |b| w::pick(l::ECHOES, b)),
    kind("later", "markdown, later", "form", From::Fresh, |b| w::pick(l::MARKDOWN, b)),
    kind("later", "chat_tokens, later", "form", From::Fresh, |b| w::pick(l::TOKENS, b)),
    kind("later", "placeholder, later", "form", From::Fresh, |b| w::pick(l::PLACEHOLDERS, b)),
    kind("later", "phone, later", "private", From::Fresh, |b| e::inserted(b, l::PHONES)),
    kind("later", "key, later", "private", From::Fresh, |b| e::inserted(b, l::KEYS)),
    kind("other", "too_short", "length", From::Fresh, |b| {
        b.text.split_whitespace().next().unwrap_or("").chars().take(3).collect()
    }),
    kind("other", "too_long", "length", From::Fresh, |b| [b.text, b.other].join(" and ").repeat(6)),
    kind("other", "empty", "empty", From::Fresh, |b| ["...", "—", "!!!", "🙂", "?!"][b.n % 5].to_owned()),
    kind("other", "quoted", "quoted", From::Fresh, |b| format!("\"{}\"", b.text.replace('"', ""))),
];
