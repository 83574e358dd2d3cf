//! What is locked and what is built here.

use crate::shell::{Outcome, cargo, output};
use serde_json::Value;
use std::process::Command;

/// One crate at one version.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// As the manifest states it; the lock file does not.
    pub(super) licence: Option<String>,
    /// `None` for crates of this workspace.
    pub(super) source: Option<String>,
    /// Of the archive; only the lock file has it.
    pub(super) checksum: Option<String>,
}

impl Package {
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// Every crate of the lock file, for all platforms.
pub(super) fn locked(lock: &str) -> Outcome<Vec<Package>> {
    let table: toml::Table = lock.parse().map_err(|e| format!("Cargo.lock is not TOML: {e}"))?;
    let packages = table.get("package").and_then(toml::Value::as_array).ok_or("Cargo.lock lists no package")?;
    let field = |package: &toml::Value, name: &str| package.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    let read = |package: &toml::Value| {
        Some(Package {
            name: field(package, "name")?,
            version: field(package, "version")?,
            licence: None,
            source: field(package, "source"),
            checksum: field(package, "checksum"),
        })
    };
    packages.iter().map(read).collect::<Option<_>>().ok_or_else(|| "Cargo.lock has a package without a name".to_owned())
}

/// The crates that are built on this platform. Needs no network where they have been downloaded.
pub(super) fn built() -> Outcome<Vec<Package>> {
    let rustc = output(Command::new("rustc").arg("-vV"))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    let args = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
    // A fresh machine has not downloaded anything yet, so the second try may.
    let text = output(cargo(&args).arg("--offline")).or_else(|_| output(&mut cargo(&args)))?;
    let metadata: Value = serde_json::from_str(&text).map_err(|e| format!("cargo metadata is not JSON: {e}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no package")?;
    let field = |package: &Value, name: &str| package[name].as_str().map(str::to_owned);
    let read = |package: &Value| {
        Some(Package {
            name: field(package, "name")?,
            version: field(package, "version")?,
            licence: field(package, "license"),
            source: field(package, "source"),
            checksum: None,
        })
    };
    packages.iter().map(read).collect::<Option<_>>().ok_or_else(|| "a package has no name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_lock_file_and_refuses_what_is_none() {
        let lock = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\nchecksum = \"00\"\n\
                    [[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        let packages = locked(lock).unwrap();
        assert_eq!(packages.iter().map(Package::shown).collect::<Vec<_>>(), ["a 1.0.0", "own 0.1.0"]);
        assert!(packages[1].source.is_none());
        assert!(locked("[package]").is_err());
        assert!(locked("[[package]]\nversion = \"1\"").is_err());
    }
}
