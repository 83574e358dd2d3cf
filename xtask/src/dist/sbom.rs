//! What a release is made of, as a CycloneDX bill of materials: every crate that the program links, with version and licence.

use crate::shell::{Outcome, cargo, output};
use serde_json::{Value, json};

/// The bill of `package` at `version`, built for `target`.
pub(super) fn of(package: &str, version: &str, target: &str) -> Outcome<Value> {
    let tree = ["tree", "--locked", "--package", package, "--target", target, "--edges", "normal"];
    let listed = output(cargo(&tree).args(["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"]))?;
    Ok(bill((package, version), &listed))
}

/// The bill of what `cargo tree` lists: `NAME vVERSION (…)`, a tab, the licence.
fn bill((package, version): (&str, &str), listed: &str) -> Value {
    let mut lines: Vec<&str> = listed.lines().filter(|line| !line.starts_with(&format!("{package} v"))).collect();
    lines.sort_unstable();
    lines.dedup();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component("application", package, version, "Apache-2.0 OR MIT") },
        "components": lines.into_iter().filter_map(library).collect::<Vec<_>>(),
    })
}

fn library(line: &str) -> Option<Value> {
    let (package, licence) = line.split_once('\t')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    Some(component("library", name, version, licence))
}

fn component(kind: &str, name: &str, version: &str, licence: &str) -> Value {
    let purl = format!("pkg:cargo/{name}@{version}");
    // Some crates still write `MIT/Apache-2.0`, which is no SPDX expression.
    let licences = match licence.replace('/', " OR ") {
        none if none.trim().is_empty() => json!([]),
        expression => json!([{ "expression": expression }]),
    };
    json!({ "type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl, "licenses": licences })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_crate_stands_once_with_version_licence_and_address() {
        let listed = "tool v0.1.0 (/src/tool)\tMIT\nserde v1.0.2\tMIT OR Apache-2.0\nold v0.3.0 (proc-macro)\tMIT/Apache-2.0\nserde v1.0.2\tMIT OR Apache-2.0\n";
        let bill = bill(("tool", "0.1.0"), listed);
        assert_eq!(bill["metadata"]["component"]["purl"], "pkg:cargo/tool@0.1.0");
        let components = bill["components"].as_array().unwrap();
        let names: Vec<&str> = components.iter().filter_map(|c| c["name"].as_str()).collect();
        assert_eq!(names, ["old", "serde"]);
        assert_eq!(components[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(components[1]["purl"], "pkg:cargo/serde@1.0.2");
    }

    #[test]
    fn the_command_is_made_of_crates_with_licences() {
        let host = super::super::host().unwrap();
        let bill = of("equipoise-cli", "0.1.0", &host).unwrap();
        let components = bill["components"].as_array().unwrap();
        assert!(components.len() > 100, "{}", components.len());
        assert!(components.iter().any(|c| c["name"] == "clap"));
        assert!(components.iter().all(|c| c["licenses"][0]["expression"].is_string()));
    }
}
