//! Whether two texts say the same, the last digit of decimal numbers aside.

/// Lines that a fault quotes.
const SHOWN: usize = 20;

/// The lines that differ, in words. Learned figures go through `exp` and `ln` of the platform's own library, which differ in the last
/// digits; so two decimal numbers of as many places agree where they are one apart in the last place.
pub(super) fn difference(recorded: &str, found: &str) -> Option<String> {
    let (mut old, mut new) = (recorded.lines(), found.lines());
    let mut differing = Vec::new();
    for line in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if agree(a, b) => {}
            (a, b) => differing.push(format!("  line {line}\n    recorded: {}\n    found:    {}", shown(a), shown(b))),
        }
    }
    let n_more = differing.len().saturating_sub(SHOWN);
    differing.truncate(SHOWN);
    differing.extend((n_more > 0).then(|| format!("  and {n_more} further lines")));
    (!differing.is_empty()).then(|| differing.join("\n"))
}

fn shown(line: Option<&str>) -> &str {
    line.unwrap_or("(the text ends)")
}

fn agree(a: &str, b: &str) -> bool {
    let (a, b) = (parts(a), parts(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || near(a, b))
}

/// Whether both are decimal numbers with as many places, at most one apart in the last.
fn near(a: &str, b: &str) -> bool {
    let (Some(places), Some(others)) = (places(a), places(b)) else { return false };
    let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) else { return false };
    places == others && (a - b).abs() < 1.5 * 10_f64.powi(-(places as i32))
}

fn places(number: &str) -> Option<usize> {
    let (whole, fraction) = number.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then_some(fraction.len())
}

/// The line cut into words of digits and dots, and what stands between them. A number that touches a letter is part of a name.
fn parts(line: &str) -> Vec<&str> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let numeric = is_number(first);
        let end = rest.find(|c: char| if numeric { !is_number(c) } else { is_number(c) }).unwrap_or(rest.len());
        parts.push(&rest[..end]);
        rest = &rest[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_decimal_numbers_differ_by_one_in_the_last_place() {
        let recorded = "| none | 0.679 (0.618 to 0.734; n 100) |\n";
        assert_eq!(difference(recorded, "| none | 0.680 (0.617 to 0.734; n 100) |\n"), None);
        let found = difference(recorded, "| none | 0.681 (0.618 to 0.734; n 100) |\n").expect("two apart");
        assert!(found.contains("line 1") && found.contains("0.681"), "{found}");
    }

    #[test]
    fn holds_counts_words_and_signs_to_the_record() {
        for (recorded, found) in [
            ("n 5", "n 6"),
            ("+0.1", "-0.1"),
            ("0.10", "0.1"),
            ("a 0.1", "b 0.1"),
            ("blake3 0a1", "blake3 0a2"),
            ("a", "a\nb"),
            ("a\nb", "a"),
            ("1.5 l.", "1.5 l!"),
        ] {
            assert!(difference(recorded, found).is_some(), "{recorded} {found}");
        }
    }

    #[test]
    fn quotes_the_first_lines_and_counts_the_others() {
        let lines = |c: &str| vec![c; SHOWN + 5].join("\n");
        assert!(difference(&lines("a"), &lines("b")).is_some_and(|d| d.ends_with("and 5 further lines")));
    }
}
