//! `cargo xtask deny`: licences, sources and banned crates, from the same `deny.toml` that cargo-deny reads. Runs cargo-deny as
//! well where it is installed; what is here needs nothing but cargo.

mod graph;
mod licence;
mod policy;

use crate::shell::{Outcome, cargo, has_cargo_command, read, root, run as run_command};
use graph::Package;
use policy::Policy;

/// Checks the dependency tree of this platform, and the names and sources of the whole lock file.
pub(crate) fn run() -> Outcome {
    let policy = Policy::parse(&read(&root().join("deny.toml"))?)?;
    let lock = graph::locked(&read(&root().join("Cargo.lock"))?)?;
    let built = graph::built()?;
    let faults: Vec<String> = [licences(&policy, &built), banned(&policy, &lock), sources(&lock)].concat();
    if !faults.is_empty() {
        return Err(format!("the dependency tree breaks deny.toml\n  {}", faults.join("\n  ")));
    }
    println!("deny: {} crates are built here, {} are locked; licences, bans and sources hold", built.len(), lock.len());
    if has_cargo_command("deny") {
        // Advisories need the network, and a new one must not stop a merge that did not bring it.
        run_command(&mut cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]))?;
    }
    Ok(())
}

fn licences(policy: &Policy, packages: &[Package]) -> Vec<String> {
    let fault = |package: &Package| match &package.licence {
        None => Some(format!("{} states no licence", package.shown())),
        Some(stated) => match licence::holds(stated, |id| policy.allows(&package.name, id)) {
            Some(true) => None,
            Some(false) => Some(format!("{} is under `{stated}`, which is not allowed", package.shown())),
            None => Some(format!("{} states a licence that cannot be read: `{stated}`", package.shown())),
        },
    };
    packages.iter().filter_map(fault).collect()
}

fn banned(policy: &Policy, packages: &[Package]) -> Vec<String> {
    let found = packages.iter().filter_map(|package| Some((package, policy.ban(&package.name)?)));
    found.map(|(package, why)| format!("{} is banned: {why}", package.shown())).collect()
}

/// From one registry with a checksum, or from this workspace.
fn sources(packages: &[Package]) -> Vec<String> {
    let registry = packages.iter().find_map(|p| p.source.as_deref());
    let fault = |package: &Package| match package.source.as_deref() {
        None => None,
        Some(source) if !source.starts_with("registry+") && !source.starts_with("sparse+") => {
            Some(format!("{} comes from {source}, not from a registry", package.shown()))
        }
        source if source != registry => Some(format!("{} comes from a second registry", package.shown())),
        _ if package.checksum.is_none() => Some(format!("{} has no checksum", package.shown())),
        _ => None,
    };
    packages.iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, licence: Option<&str>, source: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.map(str::to_owned),
            source: source.map(str::to_owned),
            checksum: source.map(|_| "00".to_owned()),
        }
    }

    fn policy() -> Policy {
        let text = "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ allow = [\"ISC\"], crate = \"ring\" }]\n\
                    [bans]\ndeny = [{ crate = \"openssl\", reason = \"rustls\" }]\n";
        Policy::parse(text).unwrap()
    }

    #[test]
    fn refuses_licences_that_are_not_allowed_or_not_stated() {
        let good = [package("a", Some("MIT OR GPL-3.0"), None), package("ring", Some("ISC AND MIT"), None)];
        assert!(licences(&policy(), &good).is_empty());
        let bad = [package("a", Some("ISC"), None), package("b", None, None), package("c", Some("MIT AND ("), None)];
        assert_eq!(licences(&policy(), &bad).len(), 3);
    }

    #[test]
    fn refuses_banned_crates_with_the_reason() {
        let found = banned(&policy(), &[package("openssl", None, None), package("openssl-probe", None, None)]);
        assert_eq!(found, ["openssl 1.0.0 is banned: rustls"]);
    }

    #[test]
    fn refuses_git_a_second_registry_and_a_missing_checksum() {
        let registry = Some("registry+https://one.example");
        assert!(sources(&[package("a", None, None), package("b", None, registry)]).is_empty());
        let unchecked = Package { checksum: None, ..package("c", None, registry) };
        for bad in [
            package("g", None, Some("git+https://x.example")),
            package("s", None, Some("registry+https://two.example")),
            unchecked,
        ] {
            assert_eq!(sources(&[package("b", None, registry), bad]).len(), 1);
        }
    }
}
