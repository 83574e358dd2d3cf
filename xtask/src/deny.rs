//! `cargo xtask deny`: cargo-deny with `deny.toml`; where it is not installed, the licences and banned names of that file alone.

use crate::shell::{Outcome, cargo, has_cargo_command, output, read, root, run as run_command};
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};
use std::process::Command;

/// Checks the dependency tree.
pub(crate) fn run() -> Outcome {
    if has_cargo_command("deny") {
        // Advisories need the network, and a new one must not stop a merge that did not bring it.
        return run_command(&mut cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]));
    }
    let policy: toml::Table = read(&root().join("deny.toml"))?.parse().map_err(|e| format!("deny.toml: {e}"))?;
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no package")?;
    let faults = faults(&policy, packages)?;
    if !faults.is_empty() {
        return Err(format!("the dependency tree breaks deny.toml\n  {}", faults.join("\n  ")));
    }
    println!(
        "deny: the licences and names of {} crates hold; `cargo install cargo-deny` checks sources and versions too",
        packages.len()
    );
    Ok(())
}

/// What is built on this platform. Needs no network where it has been downloaded.
fn metadata() -> Outcome<Value> {
    let rustc = output(Command::new("rustc").arg("-vV"))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    let args = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
    // A fresh machine has not downloaded anything yet, so the second try may.
    let text = output(cargo(&args).arg("--offline")).or_else(|_| output(&mut cargo(&args)))?;
    serde_json::from_str(&text).map_err(|e| format!("cargo metadata is not JSON: {e}"))
}

fn faults(policy: &toml::Table, packages: &[Value]) -> Outcome<Vec<String>> {
    let list = |group: &str, key: &str| policy.get(group).and_then(|g| g.get(key)).and_then(toml::Value::as_array);
    let allowed = licensees(list("licenses", "allow"))?;
    let mut exceptions = Vec::new();
    for exception in list("licenses", "exceptions").into_iter().flatten() {
        let name = exception.get("crate").and_then(toml::Value::as_str).unwrap_or_default();
        exceptions.push((name, licensees(exception.get("allow").and_then(toml::Value::as_array))?));
    }
    let banned = list("bans", "deny").into_iter().flatten();
    let banned: Vec<&str> = banned.filter_map(|ban| ban.get("crate")?.as_str()).collect();
    if allowed.is_empty() || banned.is_empty() {
        return Err("deny.toml: `licenses.allow` and `bans.deny` must list something".to_owned());
    }
    let fault = |package: &Value| {
        let name = package["name"].as_str().unwrap_or_default();
        if banned.contains(&name) {
            return Some(format!("{name} is banned"));
        }
        let Some(stated) = package["license"].as_str() else { return Some(format!("{name} states no licence")) };
        let Ok(expression) = Expression::parse_mode(stated, ParseMode::LAX) else {
            return Some(format!("{name} states a licence that cannot be read: `{stated}`"));
        };
        let excepted = exceptions.iter().filter(|(excepted, _)| *excepted == name).flat_map(|(_, licences)| licences);
        let licences: Vec<&Licensee> = allowed.iter().chain(excepted).collect();
        let holds = expression.evaluate(|required| licences.iter().any(|licence| licence.satisfies(required)));
        (!holds).then(|| format!("{name} is under `{stated}`, which deny.toml does not allow"))
    };
    Ok(packages.iter().filter_map(fault).collect())
}

/// The licences that a list of the policy names.
fn licensees(list: Option<&Vec<toml::Value>>) -> Outcome<Vec<Licensee>> {
    let names = list.into_iter().flatten().filter_map(toml::Value::as_str);
    names.map(Licensee::parse).collect::<Result<_, _>>().map_err(|e| format!("deny.toml: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(packages: &[Value]) -> Vec<String> {
        let policy = "[licenses]\nallow = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\"]\n\
                      [bans]\ndeny = [{ crate = \"openssl\", reason = \"rustls\" }]\n";
        faults(&policy.parse().unwrap(), packages).unwrap()
    }

    #[test]
    fn takes_what_can_be_met_with_the_allowed_licences() {
        for licence in ["MIT", "GPL-3.0 OR MIT", "MIT/ISC", "Apache-2.0 WITH LLVM-exception AND MIT"] {
            assert_eq!(found(&[json!({"name": "a", "license": licence})]), [""; 0], "{licence}");
        }
    }

    #[test]
    fn refuses_other_unreadable_and_missing_licences_and_banned_names() {
        for licence in [json!("GPL-3.0"), json!("MIT AND ISC"), json!("Apache-2.0"), json!("MIT AND ("), json!(null)] {
            assert_eq!(found(&[json!({"name": "a", "license": licence})]).len(), 1, "{licence}");
        }
        assert_eq!(found(&[json!({"name": "openssl", "license": "MIT"})]), ["openssl is banned"]);
    }

    #[test]
    fn an_exception_holds_for_its_crate_alone() {
        let policy = "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ crate = \"a\", allow = [\"MPL-2.0\"] }]\n\
                      [bans]\ndeny = [{ crate = \"openssl\", reason = \"rustls\" }]\n";
        let packages = ["a", "b"].map(|name| json!({"name": name, "license": "MPL-2.0"}));
        let found = faults(&policy.parse().unwrap(), &packages).unwrap();
        assert_eq!(found, ["b is under `MPL-2.0`, which deny.toml does not allow"]);
    }

    #[test]
    fn refuses_a_policy_that_would_pass_or_refuse_everything_in_silence() {
        assert!(faults(&toml::Table::new(), &[]).is_err());
    }
}
