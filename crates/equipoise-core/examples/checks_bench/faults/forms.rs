//! Faults that wrap a human row in a form.

use super::Base;

fn shaped(base: &Base<'_>, shapes: &[&str]) -> String {
    shapes[base.n % shapes.len()]
        .replace("{t}", base.text)
        .replace("{l}", base.label)
        .replace("{L}", &base.label.to_uppercase())
        .replace("{n}", &(1 + base.n % 9).to_string())
}

pub(super) fn markdown(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "**{t}**",
            "# {t}",
            "*{t}*",
            "> {t}",
            "- {t}",
            "`{t}`",
            "### Text\n{t}",
            "__{t}__",
            "* {t}",
            "```\n{t}\n```",
            "**Tweet:** {t}",
            "~~old~~ {t}",
        ],
    )
}

pub(super) fn numbering(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{n}. {t}",
            "{n}) {t}",
            "({n}) {t}",
            "#{n}: {t}",
            "[{n}] {t}",
            "{n}: {t}",
            "{n} - {t}",
            "{n}.) {t}",
            "a) {t}",
            "ii. {t}",
            "Text {n}: {t}",
            "• {t}",
            "{n}️⃣ {t}",
            "No. {n}: {t}",
        ],
    )
}

pub(super) fn json(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{\"text\": \"{t}\"}",
            "\"text\": \"{t}\"",
            "{t}\"}",
            "[\"{t}\"",
            "{t}\"]",
            "{\"id\": \"a{n}\", \"text\": \"{t}",
            "{t}\"},",
            "{'sentence': '{t}'}",
            "\"rewrite\": \"{t}\",",
            "{\"label\":\"{l}\",\"content\":\"{t}\"}",
            "[{\"tweet\": \"{t}\"}]",
            "{t}\",\n",
            "{text: \"{t}\"}",
        ],
    )
}

pub(super) fn html(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "<p>{t}</p>",
            "{t}<br>",
            "<b>{t}</b>",
            "<text>{t}</text>",
            "<li>{t}",
            "<div class=\"tweet\">{t}</div>",
            "{t}</output>",
            "<i>{t}</i>",
            "<!-- new --> {t}",
            "<item id=\"{n}\">{t}</item>",
            "<think>ok</think>{t}",
            "{t} &nbsp;",
            "<sentence>{t}",
        ],
    )
}

pub(super) fn chat_tokens(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{t}<|im_end|>",
            "<|assistant|> {t}",
            "{t}</s>",
            "[INST] {t} [/INST]",
            "{t}<|endoftext|>",
            "<s>{t}",
            "<start_of_turn>model {t}",
            "{t}<|eot_id|>",
            "{t} <eos>",
            "### Assistant: {t}",
            "{t} [END]",
            "<|start_header_id|>assistant<|end_header_id|> {t}",
        ],
    )
}

pub(super) fn table(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "| {t} |",
            "| {n} | {t} |",
            "{t} | {l}",
            "|{t}|{l}|",
            "{n} | {t}",
            "|---|---|\n| {t} | {l} |",
            "{t} |",
            "| {t}",
        ],
    )
}

pub(super) fn keys(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "id: a{n}\ntext: {t}",
            "text: {t}",
            "\"id\": \"a{n}\" {t}",
            "source: a{n} {t}",
            "output: {t}",
            "tweet: {t}",
            "a{n}: {t}",
            "message: {t}",
            "Sentence {n}: {t}",
            "a{n}, \"{t}\"",
            "response: {t}",
        ],
    )
}

pub(super) fn placeholder(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{t} [name]",
            "Dear [Your Name], {t}",
            "{t} {{city}}",
            "{t} <NAME>",
            "{t} [insert topic here]",
            "{t} ____",
            "{t} [PRODUCT]",
            "{t} ${company}",
            "Hi [First Name], {t}",
            "{t} [date]",
            "lorem ipsum {t}",
            "{t} <insert link>",
            "{t} [...]",
            "{t} ____",
        ],
    )
}

pub(super) fn escapes(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{t}\\n",
            "{t}\\n\\n- more",
            "caf\\u00e9 {t}",
            "{t} \\u2026",
            "\\t{t}",
            "{t} \\\"ok\\\"",
            "{t} \\xe9",
            "it\\'s so {t}",
            "{t} \\ud83d\\ude00",
            "so true.\\n{t}",
        ],
    )
}

pub(super) fn mojibake(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{t} itâ€™s true",
            "cafÃ© {t}",
            "{t} ðŸ˜€",
            "{t} â€“ yes",
            "naÃ¯ve {t}",
            "{t} Â£5",
            "{t} \u{fffd}",
            "{t} ï¿½",
            "â€œ{t}â€\u{9d}",
            "fÃ¼r {t}",
            "{t} donâ€™t",
            "pÃ¥ {t}",
        ],
    )
}

pub(super) fn hidden(base: &Base<'_>) -> String {
    let hidden = ['\u{202e}', '\u{2066}', '\u{e0041}', '\u{7}', '\u{202a}', '\u{1b}', '\u{200b}'][base.n % 7];
    let at = base.text.char_indices().nth(base.text.chars().count() / 2).map_or(0, |(at, _)| at);
    format!("{}{hidden}{}", &base.text[..at], &base.text[at..])
}

pub(super) fn label_first(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{l}: {t}",
            "Label: {l}. {t}",
            "[{l}] {t}",
            "({l}) {t}",
            "{L}: {t}",
            "Emotion: {l} | {t}",
            "#{l} {t}",
            "{l} - {t}",
            "**{l}**: {t}",
            "class={l}; {t}",
            "{l} => {t}",
            "__label__{l} {t}",
            "Category: {l} Text: {t}",
            "<{l}> {t}",
        ],
    )
}

pub(super) fn label_last(base: &Base<'_>) -> String {
    shaped(
        base,
        &[
            "{t} #{l}",
            "{t} ({l})",
            "{t} [{l}]",
            "{t} (label: {l})",
            "{t} - {l}",
            "{t} | {l}",
            "{t} -> {l}",
            "{t}\nLabel: {l}",
            "{t} // {l}",
            "{t} Sentiment: {l}",
            "{t} — {l}",
            "{t} [class: {l}]",
            "{t} #{L}",
            "{t} label={l}",
        ],
    )
}
