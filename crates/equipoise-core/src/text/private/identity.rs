//! Numbers that a state gives a person.

use super::pattern;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Where such numbers stand: social security of the United States, the Danish CPR number with a date of birth, a passport that is named.
pub(super) fn numbers(text: &str) -> Vec<Range<usize>> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)(?:^|[^0-9\p{L}-])(?P<value>
            [0-8][0-9]{2}-[0-9]{2}-[0-9]{4}
            | (?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}-[0-9]{4}
            | (?i:passport)\W{0,3}(?:(?i:no|number)\W{0,3})?[A-Z]{1,2}[0-9]{6,8}
            )(?:$|[^0-9\p{L}-])",
        )
    });
    NUMBER.captures_iter(text).filter_map(|found| found.name("value")).map(|m| m.range()).collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn finds_the_forms_of_states_and_no_dates_or_phones() {
        for text in ["SSN 412-55-9012", "mit cpr er 240585-1234.", "passport AB1234567"] {
            assert_eq!(numbers(text).len(), 1, "{text}");
        }
        for text in ["call 555-123-4567", "on 24-05-1985", "991385-1234", "flight AB1234567", "412-55-9012-7"] {
            assert!(numbers(text).is_empty(), "{text}");
        }
    }
}
