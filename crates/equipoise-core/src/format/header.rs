//! Finding a column by its name.

/// The column called exactly `name`, else the first that differs in case only.
pub(super) fn position(header: &[String], name: &str) -> Option<usize> {
    let same_but_case = || header.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
    header.iter().position(|h| h == name).or_else(same_but_case)
}
