//! The journal reader: a file that was cut and overwritten anywhere is read or refused, never a panic.
#![no_main]

use equipoise::journal::Journal;
use equipoise_core::generator::RequestKey;
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;

static KEY: LazyLock<RequestKey> = LazyLock::new(|| RequestKey("ab".repeat(32)));

/// A sound journal with one answer: name and bytes of each of its files.
static SOUND: LazyLock<Vec<(PathBuf, Vec<u8>)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let journal = Journal::open(folder.path()).expect("a new journal");
    journal.record_local(&KEY, "an answer").expect("a local answer is recorded");
    journal.sync().expect("what was recorded is on disk");
    drop(journal);
    let files = std::fs::read_dir(folder.path()).expect("the folder lists").filter_map(Result::ok);
    files.filter_map(|file| Some((file.file_name().into(), std::fs::read(file.path()).ok()?))).collect()
});

fuzz_target!(|input: (u32, u32, &[u8])| {
    let (cut, at, noise) = input;
    let Ok(folder) = tempfile::tempdir() else { return };
    for (name, bytes) in SOUND.iter() {
        let mut bytes = bytes.clone();
        if name.ends_with("journal.db") {
            let at = at as usize % (bytes.len() + 1);
            let end = (at + noise.len()).min(bytes.len());
            bytes[at..end].copy_from_slice(&noise[..end - at]);
            bytes.truncate((cut as usize).max(at));
        }
        if std::fs::write(folder.path().join(name), bytes).is_err() {
            return;
        }
    }
    if let Ok(journal) = Journal::open_to_read(folder.path()) {
        let _ = journal.local(&KEY);
        let _ = journal.totals();
    }
});
