//! `--fail-on`: what synthetic rows may have at most before a pipeline stops.

use crate::error::Failure;
use equipoise::core::catalog::find;
use equipoise::core::check::{CATALOG, Counts};
use std::str::FromStr;

/// A check and the share of rows that it may reject, 0..1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    check: String,
    most: f64,
}

/// The name for "some check".
const ANY: &str = "any";

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (check, share) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` is no CHECK=SHARE, such as copy=0 or near_duplicate=0.02"))?;
        let check = check.trim();
        if check != ANY {
            find(CATALOG, "check", check).map_err(|e| e.to_string())?;
        }
        match share.trim().parse() {
            Ok(most) if (0.0..=1.0).contains(&most) => Ok(Limit { check: check.to_owned(), most }),
            _ => Err(format!("`{}` is no share of the rows: it is a number from 0 to 1", share.trim())),
        }
    }
}

/// Fails where a limit is broken, naming each that is.
pub(crate) fn hold(limits: &[Limit], counts: &Counts, n_labels: usize) -> Result<(), Failure> {
    let share = |check: &str| match check {
        ANY => counts.n_rejected as f64 / counts.n_candidates.max(1) as f64,
        check => counts.share(check, n_labels).unwrap_or(0.0),
    };
    let told = |limit: &Limit| {
        let (found, most) = (100.0 * share(&limit.check), 100.0 * limit.most);
        format!("{} {found:.2} % (at most {most:.2} %)", limit.check)
    };
    let broken: Vec<String> = limits.iter().filter(|l| share(&l.check) > l.most).map(told).collect();
    match broken.is_empty() {
        true => Ok(()),
        false => Err(Failure::Limits(broken.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_limits_and_says_what_is_wrong_with_them() {
        assert_eq!("copy=0.02".parse(), Ok(Limit { check: "copy".to_owned(), most: 0.02 }));
        assert!("any=1".parse::<Limit>().is_ok());
        for (text, part) in [
            ("copy", "no CHECK=SHARE"),
            ("copi=0", "did you mean `copy`"),
            ("copy=2", "from 0 to 1"),
            ("copy=-0.1", "from 0 to 1"),
            ("copy=x", "from 0 to 1"),
        ] {
            let error = text.parse::<Limit>().expect_err(text);
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn names_each_limit_that_is_broken() {
        let counts = Counts { n_candidates: 200, n_rejected: 3, ..Counts::default() };
        let limits: Vec<Limit> = ["any=0.01", "copy=0"].iter().map(|l| l.parse().unwrap()).collect();
        let failure = hold(&limits, &counts, 2).unwrap_err();
        assert!(matches!(&failure, Failure::Limits(what) if what == "any 1.50 % (at most 1.00 %)"), "{failure:?}");
        assert!(hold(&limits[1..], &counts, 2).is_ok());
    }
}
