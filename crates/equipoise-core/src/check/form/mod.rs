//! `form`: pieces of the form in which a model answers, and of broken encodings.

mod entity;
mod listed;
mod mojibake;

use crate::catalog::{Entry, Settings, SettingsError};
use crate::check::judge::each_with_notes;
use crate::check::patterns::{PatternSettings, Patterns, USUAL_SHARE, code, regex};
use crate::check::{Check, Context, Finding, Judge, Reason, Subject};
use std::sync::{Arc, LazyLock};

pub(in crate::check) static ENTRY: Entry<dyn Check> = Entry {
    name: "form",
    what: "Rejects texts that hold pieces of an answer's form: JSON, tags, keys, list numbers, chat tokens, tables, Markdown, placeholders, escapes, entities, lines of code, mojibake.",
    why: "They stand in generated texts alone, so that a classifier tells a label by them.",
    source: "Answers of models in use (inspect_ai 2316, SmartSub 390) and of recorded runs; Mojibake is told by its repair: characters that are those of UTF-8 once they are written in Windows-1252, Latin-1, Mac OS Roman, Windows-1251 or code page 437 or 850; fixed pairs alone found 70 % of it. A pattern that the real rows show is off: sentiment rows hold `&amp;`, tweets hold `xxx`.",
    settings: &[USUAL_SHARE],
    make,
};

struct Form(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Form(PatternSettings::read(ENTRY.name, settings)?)))
}

const FORM: Reason = Reason::new("form", "holds pieces of an answer's form").with_advice(
    "Some texts held pieces of a form (keys, brackets, numbers, Markdown, placeholders): plain texts only.",
);

/// What a placeholder stands for.
const BLANK: &str = r"(?:name|first[ _]?name|last[ _]?name|full[ _]?name|user(?:[ _]?name)?|person|friend|company(?:[ _]name)?|product(?:[ _]name)?|brand|date|time|day|city|place|location|country|state|address|phone(?:[ _]number)?|e-?mail(?:[ _]address)?|number|amount|price|link|url|topic|subject|title|text|label|emotion|sentiment|event|item|thing|adjective|noun|verb|blank|redacted|placeholder|job|age|team|movie|song|book|restaurant|recipient|sender)";

/// Where people write some of it, as on some forums, they write all of it: of 2,406 Danish rows a pattern for each form of it hit 0.6 %,
/// though each form is in a few rows only.
const MARKDOWN: &str = "markdown";

static PATTERNS: LazyLock<Arc<Patterns>> = LazyLock::new(|| {
    Patterns::new(
        ENTRY.name,
        vec![
            regex(
                "chat_token",
                r"(?i)[<＜][|｜][a-z_▁ ]{2,40}[|｜][>＞]|<\|(?:im|eot|end|start)|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<pad>|<unk>|<bos>|<eos>|\[(?:PAD|CLS|SEP|MASK|UNK|EOS|BOS|END|EOT|STOP|DONE)\]|▁{2,}|(?:^|\n)\s*(?:Human|User|Assistant|System)\s*:(?:\s|$)|(?:^|\n)(?:###|\*\*\*?)\s*(?:Human|Assistant|User|System|Instruction|Response|Input|Output)\b",
            ),
            regex(
                "json_key",
                r#"(?i)[{,\[]?\s*["'“”]?\b(?:id|text|texts|label|labels|source|content|output|response|rewrite|rewritten|tweet|sentence|message|example|examples|data|result|category|sentiment|emotion|new_text|paraphrase)["'“”]\s*:\s*["'“”\[{0-9]"#,
            ),
            regex(
                "json_bare_key",
                r#"(?i)[{,]\s*(?:id|text|texts|label|source|content|output|rewrite|tweet|sentence)\s*:\s*["'“”\[{]"#,
            ),
            // A bracket, a word and a colon alone is how sites head their news: `[City Desk: Weather]`.
            regex("json_open", r#"^\s*[\[{]\s*(?:["'“{\[]|\w+["']\s*:|\w+\s*:\s*["'“{\[])"#),
            regex("json_close", r#"["'”]\s*,?\s*[\]}][\s\]},;{\[]*$|["'”]\s*,\s*$"#),
            // Typographic quotes in the place of JSON's.
            regex("closing_quote_first", r#"^\s*”[^“”"]*$"#),
            regex("escaped_quote", r#"\\["']"#),
            regex("fence", r"```|~~~"),
            regex(
                "thought",
                r"(?i)</?(?:think|thinking|thought|reasoning|reflection|scratchpad|text|texts|rewrite|rewritten|output|answer|response|result|label|example|sentence|tweet|message|source|input|item|document|doc|assistant|user|system)(?:\s[^<>]*)?/?>",
            ),
            regex(
                "tag",
                r#"(?i)</?(?:p|br|b|i|u|em|strong|span|div|ul|ol|li|h[1-6]|a|img|html|body|table|tr|td|th|code|pre|blockquote|hr|sup|sub|font|script|style|center|small|s|del|mark|section|article|header|footer|input|button|meta|link|title|head)(?:\s[^<>]*)?\s*/?>"#,
            ),
            regex("comment_or_cdata", r"<!--|-->|<!\[CDATA\[|\]\]>|<\?xml|<!DOCTYPE"),
            regex("entity", r"&(?:amp|lt|gt|quot|apos|#39|#x27);"),
            code("typographic_entity", entity::entity),
            // Two patterns: a set whose rows hold `\u2019` seldom holds `\n`.
            regex(
                "escaped_line",
                r"\\(?:n|r|t)(?:\\|[A-Z\s]|$|-|\*|\d)|[a-z.!?,]\\n|[a-z.!?,]\\[rt][a-z]|(?:^|\s)\\[nrt]",
            ),
            regex("escaped_character", r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\U000[0-9a-fA-F]{5}"),
            code("list_number", listed::number),
            // Outside of links, where `%20` belongs.
            regex("escaped_blank", r"(?:^|\s)[^\s/.=?&%\d]*%(?:20|2C|27|22|0A|0D)(?:[^\s\d/.=?&]|\s|$)"),
            // Behind a colon or a dash it is part of a face, behind a macron the arm of a shrug. Who writes Markdown escapes its marks.
            regex("escaped_mark", r"(?:^|[A-Za-z0-9\s])\\[*_#\[\]()~`>/-]|[\w.!?]\\\\?\s*$").of(MARKDOWN),
            regex("arrow_first", r"^\s*(?:[→⇒➔⟶»›]|[=~]+>|-{1,2}>|--)\s+\S"),
            regex("bullet", r"^\s*(?:[•●○▪▫◦‣⁃∙►▶➤➢✓✔✗◆■□★☆·]\s*|[*+–—-]\s+|>\s+|>>)\S"),
            regex("list_inside", r"(?s)(?:^|\n)\s*(?:\d{1,2}[.)]|[-*•])\s+\S.*\n\s*(?:\d{1,2}[.)]|[-*•])\s+\S"),
            regex("heading", r"(?m)^\s*#{1,6}\s+\S|^\s*(?:={3,}|-{3,}|\*{3,}|_{3,})\s*$").of(MARKDOWN),
            // People stress a word in places where nobody stresses a whole text.
            regex("whole_text_stressed", r"^\s*(?:\*\*\*?|__|~~|==)\S[^\n]*\S(?:\*\*\*?|__|~~|==)\s*$").of(MARKDOWN),
            // One word between stars is what somebody does: `*laughs*`.
            regex("whole_text_slanted", r"^\s*(?:\*[^*\s]+\s[^*\n]*\*|_[^_\s][^_\n]+_)\s*$"),
            regex("bold", r"\*\*[^*\n]+\*\*|(?:^|\s)__[^_\s][^_\n]*[^_\s]__(?:\s|$)").of(MARKDOWN),
            regex("struck_through", r"(?:^|\s)~~[^~\n]+~~(?:\s|$)").of(MARKDOWN),
            regex("inline_code", r"(?:^|\s)`[^`\n]+`(?:[\s.,!?]|$)").of(MARKDOWN),
            regex("markdown_link", r"!?\[[^\]\n]+\]\((?:https?://|www\.|#|/|(?i:url|link)\))[^)\s]*\)?").of(MARKDOWN),
            regex(
                "table",
                r"\|[^|\n]*\|[^|\n]*\||^\s*\|.*\S|[^\s:;=]\s+\|\s*$|\|\s*:?-{2,}|\t\S.*\t|^\s*\d{1,4}\s*\|\s*\S",
            ),
            regex(
                "placeholder",
                format!(
                    r"(?i)\[\s*(?:(?:insert|add|enter|specify|choose|fill\sin)\b[^\]\n]*|{BLANK}\sof\s[^\]\n]*|(?:your|my|their|the|a|an|some)\s{BLANK}\b[^\]\n]*|{BLANK}(?:\s?\d|\s(?:here|name))?)\s*\]|\{{\{{?\s*(?:insert\b[^}}\n]*|your\b[^}}\n]*|{BLANK})\s*\}}?\}}|\{{\{{[^}}\n]+\}}\}}|<\s*(?:insert\b[^<>\n]*|your\b[^<>\n]*|{BLANK}(?:[_\s]?\d+)?)\s*>|\$\{{[^}}\n]+\}}|%\([a-z_]+\)s|\blorem ipsum\b|(?:^|\s)_{{4,}}(?:[\s.,!?]|$)"
                ),
            ),
            regex(
                "placeholder_capitals",
                r"\bX{4,}\b|<[A-Z][A-Z_]{2,40}>|\{[A-Z][A-Z_]{2,40}\}|\b(?:TO[D]O|FIX[M]E)\b|\b(?:INSERT|YOUR)_[A-Z_]{2,}\b",
            ),
            regex(
                "placeholder_blank",
                r"(?:^|\s)_{3,}(?:[\s.,!?]|$)|\{\d{1,2}\}|(?:^|\s)%[sd](?:[\s.,!?]|$)|(?:^|\s)X{3}(?:[\s.,!?]|$)|\$(?:NAME|USER|[A-Z]+_[A-Z_]+)\b|(?i:\[x\])",
            ),
            // What is missing is named last: `[friend's name]`. Words in capitals alone stand on forums in the place of curses and cuts.
            regex(
                "placeholder_of",
                r"\[[^\[\]\n]{0,25}(?i:\b(?:name|city|company|town|product|brand))\]|\{[a-z]+_(?:name|city|date|user|product|company)\}",
            ),
            regex("replacement_character", "\u{fffd}|ï¿½"),
            // Half of a character, where the other half was lost.
            regex("broken_character", "â€|ðŸ|ï¸|[\u{80}-\u{9f}]"),
            code("mojibake", mojibake::broken),
            // What frames an answer or a turn of a talk, behind the end of a sentence.
            regex("frame_after", r#"[.!?…]["'”’)]*\s*(?:-{3,}|#{2,}|\*{2,}|={3,})\s*$"#).of(MARKDOWN),
            regex(
                "turn_after",
                r#"[.!?…]["'”’)]*\s+(?:assistant\s*:?|(?:user|human|system):)\s*$|[.!?…]["'”’)]*\s+(?:Human|User|Assistant):\s"#,
            ),
            // A text in quotation marks that lost the bracket before them.
            regex("closing_bracket_last", r#"^\s*["“][^"”]*["”]\)\s*$"#),
            regex("unopened_bracket", r#"^[^{\[]*[.!?…]["'”’)]*\s*[}\]][\s}\]]*$"#),
            regex("id_first", r"^\s*a\d{1,2}\s[-–—]\s+\S"),
            regex("source_after", r"(?i)\(\s*sources?\s*[:=#]?\s*[a-z]?\d{1,4}\s*\)\s*$"),
            // What an emoji is called, in its place.
            regex("emoji_in_words", r"(?i)[\[*:]\s*(?:[\w'-]+\s){0,4}emojis?\s*[\]*:]"),
            regex("stage_direction", r#"::[^:\n]{2,40}::|^\s*:\s*["'“][^\s()\[\]/\\|-]"#),
            regex("key_first", r"(?i)^\s*(?:message|source|content|body|id|text_id|source_id|row|index)\s*:\s*\S"),
            regex(
                "key_of_a_text",
                r#"^["'“*\s]{0,3}(?:[A-Za-z]+(?:_[A-Za-z]+)+|(?i:text|tweet|post|review|utterance|comment|sentence|message|statement|example|sample|paragraph|snippet|response))["'”*\s]{0,3}[:=]\s*\S"#,
            ),
            regex(
                "key_line",
                r"(?im)^\s*(?:id|text|label|source|output|input|category|sentiment|emotion)\s*[:=]\s*\S.*\n\s*(?:id|text|label|source|output|input|category|sentiment|emotion)\s*[:=]",
            ),
            regex("tab_inside", r"\S\t+\S"),
            // Files that double their quotation marks end in three of them, too, but begin with one.
            regex("triple_quotes", r#"^\s*"""[^"]+"""\s*$|^\s*'''[^'][^\n]*'''\s*$|^[^"]*[^"]"""\s*$"#),
            regex(
                "code",
                r#"^\s*(?:(?:const|let|var)\s+)?[a-z_]\w*\s*=\s*["'][^\n]*["'];?\s*$|^\s*return\s+["']|^\s*[a-z_][a-z_.]*\(["'][^\n]*["']\)\s*;?\s*$"#,
            ),
            regex(
                "null_cell",
                r"^\s*(?:null|None|nil)\s*,\s*\S|^\s*(?:undefined|NaN)\s+\S|,\s*(?:null|None|nil)\s*$|\sNaN\s*$",
            ),
            regex(
                "cells_of_a_row",
                r#"^\s*["']?(?:[a-z]\d{1,4}["']?\s*[,;|\t:]|\d{1,5}["']?\s*[,;|\t]\s*["'“])|["'”]\s*[,;|\t]\s*["'“][^"'”\s]+["'”]\s*$"#,
            ),
        ],
    )
});

impl Check for Form {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[FORM]
    }

    /// The evidence is the name of the pattern and the piece.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let watched = PATTERNS.learn(context, self.0.usual_share);
        let notes = watched.notes.clone();
        let find = move |subject: &Subject<'_>| {
            let (pattern, piece) = watched.find_new(subject.came(), || context.sources(subject.candidate))?;
            Some(Finding::reject(&FORM).with_evidence(pattern).with_evidence(piece))
        };
        each_with_notes(find, notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::{candidates, judge, reasons};
    use crate::data::{Dataset, Rows};
    use crate::generator::Sources;
    use crate::rng::Seed;

    fn found(own: &str, text: &str) -> &'static str {
        let mut rows = Rows::default();
        rows.push(own, "rare").expect("few labels");
        (0..300).for_each(|i| rows.push(&format!("nothing {i}"), ["rare", "common"][i % 2]).expect("few labels"));
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&[text]);
        all[0].sources = Sources::One(dataset.train().get(0).id);
        reasons(&judge(&Form(PatternSettings::default()), &context, &all))[0]
    }

    #[test]
    fn a_form_that_the_own_row_has_is_that_of_the_row() {
        for (own, text) in [
            ("listen to the talk --&gt;", "come and hear the talk -->"),
            ("bye now ::bows to all::", "off to sleep ::blows a kiss::"),
            ("#**A comma before a name**", "#**Why would you do that?**"),
        ] {
            assert_eq!((found(own, text), found("nothing at all", text)), ("ok", "form"), "{text}");
        }
    }

    #[test]
    fn an_emoji_in_words_is_one_also_where_the_row_acts() {
        assert_eq!(found("bye now ::bows to all::", "off to sleep ::sleepy face emoji::"), "form");
    }

    #[test]
    fn how_people_head_news_and_laugh_is_no_form() {
        for text in [
            "[CityDesk: Weather] rain until friday",
            "*laughs*",
            ":'( rain until friday",
            "21. August was hot",
            "no idea ¯\\_(ツ)_/¯",
            "[CENSORED] rain again",
            "up 100%20 people",
        ] {
            assert_eq!(found("nothing at all", text), "ok", "{text}");
        }
        for text in ["{text: \"rain until friday\"}", "*rain until friday*", "\"Ugh, rain again :'( #wet\")"] {
            assert_eq!(found("nothing at all", text), "form", "{text}");
        }
    }

    #[test]
    fn debris_of_answers_files_and_code_is_found() {
        for text in [
            "→ rain until friday",
            "=> rain until friday",
            "Q3. rain until friday",
            "rain until friday<｜end▁of▁sentence｜>",
            "rain until friday\"},{",
            "rain\tuntil friday",
            "new_text: rain until friday",
            "utterance = rain until friday",
            "rain until {0}",
            "rain until %s",
            "rain in [sister's city]",
            "rain until ___",
            "\"\"\"rain until friday\"\"\"",
            "print(\"rain until friday\")",
            "return \"rain until friday\"",
            "rain until friday, None",
            "rain until friday NaN",
            "rain,\\tuntil friday",
            "rain %20 until friday",
            "rain \\* until friday",
            "rain &euro; until friday",
            "rain ÔÇö until friday",
        ] {
            assert_eq!(found("nothing at all", text), "form", "{text}");
        }
    }
}
