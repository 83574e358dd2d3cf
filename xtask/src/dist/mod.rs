//! `cargo xtask dist [TARGET]`: an archive of the release binary for `cargo binstall` and for people, the Python package for this
//! machine, a bill of materials, and the checksum of each. Nothing is published.

mod sbom;
mod wheel;

use crate::shell::{Outcome, cargo, output, read, root, run as run_command, target_folder};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What goes along with the binary.
const BESIDE: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Builds for `target` (this machine where none is named) and writes `target/dist/equipoise-VERSION-TARGET.tar.gz` and `.cdx.json`, for this
/// machine the wheel and the sources of the Python package, and a `.sha256` of each.
pub(crate) fn run(target: Option<&str>) -> Outcome {
    let host = host()?;
    let target = target.unwrap_or(&host);
    run_command(&mut cargo(&[
        "build",
        "--profile",
        "dist",
        "--locked",
        "--package",
        "equipoise-cli",
        "--target",
        target,
    ]))?;
    let suffix = if target.contains("windows") { ".exe" } else { "" };
    let built = target_folder().join(target).join("dist").join(format!("equipoise{suffix}"));
    let version = version()?;
    if target == host {
        let said = output(Command::new(&built).arg("--version"))?;
        if said.trim() != format!("equipoise {version}") {
            return Err(format!("the binary says `{}`, the manifest {version}", said.trim()));
        }
    }
    let folder = target_folder().join("dist");
    std::fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    let name = format!("equipoise-{version}-{target}");
    let mut files: Vec<(PathBuf, u32)> = vec![(built, 0o755)];
    files.extend(BESIDE.map(|file| (root().join(file), 0o644)));
    let archive = pack(&name, &files).map_err(|e| format!("cannot pack {name}: {e}"))?;
    let path = folder.join(format!("{name}.tar.gz"));
    write(&path, &archive)?;
    println!("dist: {} ({:.1} MB)", path.display(), archive.len() as f64 / 1e6);
    let bill = folder.join(format!("{name}.cdx.json"));
    write(&bill, format!("{:#}\n", sbom::of("equipoise-cli", &version, target)?).as_bytes())?;
    let mut made = vec![path, bill];
    if target == host {
        made.extend(wheel::build(&folder)?);
    }
    made.iter().try_for_each(|path| write_sum(path))
}

/// Writes the checksum of a file beside it, as `sha256sum --check` reads it.
fn write_sum(path: &Path) -> Outcome {
    let content = std::fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    let sum: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    println!("dist: {name} has the SHA-256 {sum}");
    write(&path.with_file_name(format!("{name}.sha256")), format!("{sum}  {name}\n").as_bytes())
}

fn host() -> Outcome<String> {
    let rustc = output(Command::new("rustc").arg("-vV"))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    Ok(host.to_owned())
}

fn version() -> Outcome<String> {
    let manifest: toml::Table =
        read(&root().join("Cargo.toml"))?.parse().map_err(|e| format!("Cargo.toml is not TOML: {e}"))?;
    let version = manifest.get("workspace").and_then(|w| w.get("package")?.get("version")?.as_str());
    version.map(str::to_owned).ok_or_else(|| "Cargo.toml names no version".to_owned())
}

/// A gzipped tar of `files`, with their permissions, below the folder `name`. Owners and times are left out, so that the same files give
/// the same bytes.
fn pack(name: &str, files: &[(PathBuf, u32)]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (path, mode) in files {
        let content = std::fs::read(path)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        let file = path.file_name().ok_or_else(|| std::io::Error::other("a file without a name"))?;
        tar.append_data(&mut header, Path::new(name).join(file), content.as_slice())?;
    }
    tar.into_inner()?.finish()
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    let written = std::fs::File::create(path).and_then(|mut file| file.write_all(content));
    written.map_err(|e| format!("cannot write {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_the_same_files_into_the_same_bytes_below_one_folder() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("equipoise");
        std::fs::write(&program, "program").unwrap();
        let files = [(program, 0o755), (root().join("LICENSE-MIT"), 0o644)];
        let archive = pack("equipoise-1.0.0-x", &files).unwrap();
        assert_eq!(archive, pack("equipoise-1.0.0-x", &files).unwrap());
        let mut entries = tar::Archive::new(flate2::read::GzDecoder::new(archive.as_slice()));
        let found: Vec<(String, u32)> = entries
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (entry.path().unwrap().display().to_string(), entry.header().mode().unwrap())
            })
            .collect();
        let expected = [("equipoise-1.0.0-x/equipoise", 0o755), ("equipoise-1.0.0-x/LICENSE-MIT", 0o644)];
        assert_eq!(found, expected.map(|(name, mode)| (name.to_owned(), mode)));
    }
}
