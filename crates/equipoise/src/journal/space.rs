//! How much more the disk takes.

use std::path::Path;

/// Bytes that this user may still write on the disk of `dir`; `None` where the system does not say.
#[cfg(unix)]
pub(super) fn free_bytes(dir: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(dir).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Windows is asked nothing: a full disk shows there as a failed write, which stops the run too.
#[cfg(not(unix))]
pub(super) fn free_bytes(_dir: &Path) -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn tells_of_a_folder_and_of_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(free_bytes(dir.path()).is_some_and(|free| free > 0));
        assert_eq!(free_bytes(&dir.path().join("missing")), None);
    }
}
