//! `cli → equipoise → core`, and `py` over both, and no crate takes what belongs to another layer.

use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "crate_edges",
    why: "four crates hold four rules (pure, acts, terminal, Python); a wrong edge gives a rule away",
    check,
};

struct Crate {
    name: &'static str,
    /// The crates of this workspace that it may use.
    may_use: &'static [&'static str],
    /// What belongs to another layer.
    never: &'static [&'static str],
}

static CRATES: [Crate; 4] = [
    Crate {
        name: "equipoise-core",
        may_use: &[],
        never: &["reqwest", "hyper", "ureq", "tokio", "rusqlite", "clap", "indicatif", "pyo3", "tempfile"],
    },
    Crate { name: "equipoise", may_use: &["equipoise-core"], never: &["clap", "indicatif", "pyo3"] },
    Crate { name: "equipoise-cli", may_use: &["equipoise"], never: &["pyo3"] },
    Crate { name: "equipoise-py", may_use: &["equipoise", "equipoise-cli"], never: &["clap", "indicatif"] },
];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, file) in tree.manifests().filter(|(_, file)| file.path.starts_with("crates/")) {
        let Some(rule) = CRATES.iter().find(|c| c.name == name) else {
            findings.push(Finding::new(
                &file.path,
                0,
                format!("`{name}` is a further crate, which needs an ADR and a line here"),
            ));
            continue;
        };
        for dependency in dependencies(&file.text) {
            let is_own = CRATES.iter().any(|c| c.name == dependency);
            if (is_own && !rule.may_use.contains(&&*dependency)) || rule.never.contains(&&*dependency) {
                findings.push(Finding::new(&file.path, 0, format!("`{name}` must not depend on `{dependency}`")));
            }
        }
    }
    findings
}

/// What the built crate depends on, under the real names, on any platform. Tests may depend on more.
fn dependencies(manifest: &str) -> Vec<String> {
    let table: toml::Table = manifest.parse().unwrap_or_default();
    let platforms = table.get("target").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
    let tables = platforms.filter_map(toml::Value::as_table).chain([&table]);
    let kinds = tables.flat_map(|t| ["dependencies", "build-dependencies"].into_iter().filter_map(|kind| t.get(kind)));
    let listed = kinds.filter_map(toml::Value::as_table).flatten();
    listed.map(|(key, value)| value.get("package").and_then(toml::Value::as_str).unwrap_or(key).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, manifest: &str) -> usize {
        check(&Tree::of(&[(&format!("crates/{name}/Cargo.toml"), manifest)])).len()
    }

    #[test]
    fn takes_the_edges_of_the_house() {
        assert_eq!(found("equipoise", "[dependencies]\nequipoise-core.workspace = true\ntokio = \"1\"\n"), 0);
        assert_eq!(found("equipoise-cli", "[dependencies]\nequipoise.workspace = true\nclap = \"4\"\n"), 0);
        assert_eq!(found("equipoise-core", "[dependencies]\nserde = \"1\"\n[dev-dependencies]\ntempfile = \"3\"\n"), 0);
    }

    #[test]
    fn refuses_wrong_edges_however_they_are_written() {
        assert_eq!(found("equipoise-cli", "[dependencies]\nequipoise-core.workspace = true\n"), 1);
        assert_eq!(found("equipoise-core", "[dependencies]\nnet = { package = \"reqwest\", version = \"0.13\" }\n"), 1);
        assert_eq!(found("equipoise-core", "[target.'cfg(unix)'.dependencies]\ntokio = \"1\"\n"), 1);
        assert_eq!(found("equipoise", "[dependencies.clap]\nversion = \"4\"\n"), 1);
        assert_eq!(found("equipoise-extra", ""), 1);
    }
}
