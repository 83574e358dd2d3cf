//! No file names a folder of one machine or the host of a package registry.

use super::code::line_of;
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "machine_paths",
    why: "what holds on one machine only breaks on the next; where packages come from is the user's setting",
    check,
};

// Put together here, so that this file does not break its own rule.
const FOLDERS: [&str; 4] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/fa", "rm/"), concat!("/ho", "me/")];
const HOSTS: [&str; 3] = [concat!("crates", ".io"), concat!("py", "pi.org"), concat!("npm", "js.org")];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().iter().filter(|file| !file.path.ends_with("Cargo.lock")) {
        let folders = FOLDERS.iter().flat_map(|folder| file.text.match_indices(folder)).filter(|(at, _)| {
            // `https://example.org/home/page` and `docs/work/a.md` are no folders of a machine.
            !file.text[..*at].ends_with(|c: char| c.is_alphanumeric() || "._-)}".contains(c))
        });
        let hosts = HOSTS.iter().flat_map(|host| file.text.match_indices(host));
        findings.extend(folders.chain(hosts).map(|(at, what)| {
            Finding::new(&file.path, line_of(&file.text, at), format!("`{what}` holds on one machine only"))
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_folders_and_hosts_but_not_parts_of_addresses_or_the_lock_file() {
        let good = format!("see https://example.org{}page", FOLDERS[3]);
        let bad = format!("\ncd {}x\nregistry = \"https://index.{}/\"\n", FOLDERS[0], HOSTS[0]);
        let tree = Tree::of(&[("good.md", &good), ("bad.md", &bad), ("Cargo.lock", HOSTS[0])]);
        let lines: Vec<(String, usize)> = check(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        assert_eq!(lines, [("bad.md".to_owned(), 2), ("bad.md".to_owned(), 3)]);
    }
}
