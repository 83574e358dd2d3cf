//! Numbers of lists before a text.

use crate::text::compact;
use regex::Regex;
use std::sync::LazyLock;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let source = r"^\s*(?:(?i:no|nr)\.?\s?\d{1,3}\s?[:)–-]\s|\(?\d{1,3}[.):]\)?\s+\S|\(\d{1,3}\)|#\d{1,3}[.:)\s]\s*\S|\d{1,3}\s[-–—]\s|\[\d{1,3}\]\s*\S|\(?[a-hA-H][.)]\s+\S|(?:i{1,3}|iv|v|vi{1,3})[.)]\s+\S|[①-⑳⓪]|\d️?⃣|[０-９]{1,2}[．.、）)]|\d{1,2}[、．）]|[QA]\d{1,2}[.:)]\s+\S|\d{1,2}\.\d{1,2}\.\s+\S|[1-9]\.[1-4]\s+\S)";
    Regex::new(&compact(source)).expect("a fixed pattern")
});

/// What makes a number before it one of a day or of a measure: `21. August`, `1.2 miles`.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    let months = r"jan(?:uar[yi]?|vier)?|feb(?:ruar[yi]?)?|mar(?:ch|ts|s)?|märz|maj|mai|apr(?:il)?|june?|juni|jul[yi]?|aug(?:ust|usti)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|mei|maart";
    let units = r"(?:km|kg|cm|mi|m|g|l|k|hours?|hrs?|min\w*|sec\w*|days?|weeks?|months?|years?|mil\w*|bil\w*|met\w*|kilo\w*|lit\w*|lbs?|stars?|points?|percent|million\w*|mio|times?|x|gb|tb|inch\w*|feet|ft)";
    Regex::new(&compact(&format!(r"(?i)^\s*(?:\d{{1,2}}\.\s*(?:{months})\b|\d\.\d+\s+{units}\b)")))
        .expect("a fixed pattern")
});

/// The number of a list that the text begins with.
pub(super) fn number(text: &str) -> Option<&str> {
    NUMBER.find(text).filter(|_| !COUNTED.is_match(text)).map(|m| m.as_str())
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_lists_are_found_and_those_of_days_and_measures_are_not() {
        for text in ["3. the bus left", "Q7. the bus left", "2.1 the bus left", "2.1. The bus left", "(4) the bus left"]
        {
            assert!(number(text).is_some(), "{text}");
        }
        for text in
            ["21. August was a hot day", "1. maj igen", "1.2 miles to go", "2.5 more and we are done", "3 buses left"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
