//! The part of `deny.toml` that is checked here. The format is cargo-deny's.

use crate::shell::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// What may be in the dependency tree.
pub(super) struct Policy {
    allowed: BTreeSet<String>,
    /// Further licences of single crates.
    exceptions: BTreeMap<String, BTreeSet<String>>,
    /// Banned crates with the reason.
    banned: BTreeMap<String, String>,
}

impl Policy {
    /// Reads `deny.toml`. An empty list of licences or bans is a fault: it would pass or refuse everything in silence.
    pub(super) fn parse(text: &str) -> Outcome<Self> {
        let table: toml::Table = text.parse().map_err(|e| format!("deny.toml: {e}"))?;
        let list = |table: &toml::Table, group: &str, key: &str| -> Vec<Value> {
            let found = table.get(group).and_then(|g| g.get(key)).and_then(Value::as_array);
            found.cloned().unwrap_or_default()
        };
        let allowed = strings(&list(&table, "licenses", "allow"));
        let exceptions = list(&table, "licenses", "exceptions").iter().map(exception).collect::<Option<_>>();
        let banned: Option<BTreeMap<_, _>> = list(&table, "bans", "deny").iter().map(ban).collect();
        let exceptions = exceptions.ok_or("deny.toml: an exception needs `crate` and `allow`")?;
        let banned = banned.ok_or("deny.toml: a ban needs `crate` and `reason`")?;
        if allowed.is_empty() || banned.is_empty() {
            return Err("deny.toml: `licenses.allow` and `bans.deny` must list something".to_owned());
        }
        Ok(Policy { allowed, exceptions, banned })
    }

    /// Whether `licence` is allowed for the crate `name`.
    pub(super) fn allows(&self, name: &str, licence: &str) -> bool {
        self.allowed.contains(licence) || self.exceptions.get(name).is_some_and(|more| more.contains(licence))
    }

    /// Why the crate `name` is banned, if it is.
    pub(super) fn ban(&self, name: &str) -> Option<&str> {
        self.banned.get(name).map(String::as_str)
    }
}

fn strings(values: &[Value]) -> BTreeSet<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn exception(value: &Value) -> Option<(String, BTreeSet<String>)> {
    Some((value.get("crate")?.as_str()?.to_owned(), strings(value.get("allow")?.as_array()?)))
}

fn ban(value: &Value) -> Option<(String, String)> {
    Some((value.get("crate")?.as_str()?.to_owned(), value.get("reason")?.as_str()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_file_without_lists_or_with_half_an_entry() {
        assert!(Policy::parse("").is_err());
        assert!(Policy::parse("[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"a\" }]").is_err());
        let whole = "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"a\", reason = \"b\" }]";
        assert_eq!(Policy::parse(whole).unwrap().ban("a"), Some("b"));
    }
}
