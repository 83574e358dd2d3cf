//! `human.jsonl`: decisions of people, appended and synced one by one, never rewritten.

use crate::rundir::RunDirError;
use equipoise_core::review::Record;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Its name in the run folder.
pub(crate) const HUMAN_FILE: &str = "human.jsonl";

/// The decisions of a run. Several processes may append: each write locks the file, first reads what others added, and is on the
/// disk before it returns.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    file: File,
    /// How far the file has been read.
    at: u64,
    records: Vec<Record>,
}

impl Store {
    /// Opens the file of a run, and makes it where there is none.
    ///
    /// # Errors
    /// A file that cannot be read, or holds a line that is no decision.
    pub(crate) fn open(dir: &Path) -> Result<Self, RunDirError> {
        let path = dir.join(HUMAN_FILE);
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let file = file.map_err(|source| RunDirError::Unreadable { path: path.clone(), source })?;
        let mut store = Store { path, file, at: 0, records: Vec::new() };
        store.locked(|store| store.mend())?;
        Ok(store)
    }

    /// The file of a run, if anybody decided about its texts.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub(crate) fn existing(dir: &Path) -> Result<Option<Self>, RunDirError> {
        dir.join(HUMAN_FILE).exists().then(|| Store::open(dir)).transpose()
    }

    /// What was decided, in the order of the file.
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    /// Appends decisions; they are on the disk when this returns.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn append(&mut self, records: &[Record]) -> Result<(), RunDirError> {
        self.locked(|store| {
            store.read_on()?;
            let mut lines = String::new();
            for record in records {
                lines.push_str(&serde_json::to_string(record).expect("a record has string keys"));
                lines.push('\n');
            }
            let written = store.file.write_all(lines.as_bytes()).and_then(|()| store.file.sync_data());
            written.map_err(|source| store.unreadable(source))?;
            store.read_on()
        })
    }

    /// Reads what other processes appended.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub(crate) fn refresh(&mut self) -> Result<(), RunDirError> {
        self.locked(Store::read_on)
    }

    fn locked<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, RunDirError>) -> Result<T, RunDirError> {
        self.file.lock().map_err(|source| self.unreadable(source))?;
        let done = work(self);
        self.file.unlock().map_err(|source| self.unreadable(source))?;
        done
    }

    /// Reads the file. A last line without its end is what a killed process left of a decision that nobody was told was saved: it
    /// is taken where it is whole and cut off where it is not.
    fn mend(&mut self) -> Result<(), RunDirError> {
        self.read_on()?;
        let length = self.file.metadata().map_err(|source| self.unreadable(source))?.len();
        if length == self.at {
            return Ok(());
        }
        let mended = match self.rest().map(|rest| serde_json::from_str::<Record>(&rest).is_ok()) {
            Ok(true) => self.file.write_all(b"\n"),
            _ => self.file.set_len(self.at),
        };
        mended.and_then(|()| self.file.sync_data()).map_err(|source| self.unreadable(source))?;
        self.read_on()
    }

    /// Takes in every whole line behind the last one that was read.
    fn read_on(&mut self) -> Result<(), RunDirError> {
        let text = self.rest().map_err(|source| self.unreadable(source))?;
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        for line in whole.lines() {
            let record = serde_json::from_str(line).map_err(|e| RunDirError::Damaged {
                path: self.path.clone(),
                message: format!("line {}: {e}", self.records.len() + 1),
            })?;
            self.records.push(record);
        }
        self.at += whole.len() as u64;
        Ok(())
    }

    fn rest(&mut self) -> io::Result<String> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.read_to_end(&mut bytes)?;
        // Half a character at the torn end of a line is no reason to refuse the lines before it.
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        let torn = String::from_utf8_lossy(&bytes[whole..]).into_owned();
        bytes.truncate(whole);
        let lines = String::from_utf8(bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
        Ok(lines + &torn)
    }

    fn unreadable(&self, source: io::Error) -> RunDirError {
        RunDirError::Unreadable { path: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::review::{Decision, RowHash};

    fn record(text: &str) -> Record {
        Record {
            row: RowHash::of("joy", text),
            candidate: "c".to_owned(),
            reviewer: "anna".to_owned(),
            decision: Decision::Accept,
            settles: false,
            old_text: text.to_owned(),
            old_label: "joy".to_owned(),
            time: String::new(),
        }
    }

    fn texts(store: &Store) -> Vec<&str> {
        store.records().iter().map(|r| r.old_text.as_str()).collect()
    }

    #[test]
    fn what_was_appended_is_there_for_the_next_process_and_for_one_that_is_open() {
        let dir = tempfile::tempdir().unwrap();
        let mut one = Store::open(dir.path()).unwrap();
        let mut two = Store::open(dir.path()).unwrap();
        one.append(&[record("a"), record("b")]).unwrap();
        two.append(&[record("é\n\"c")]).unwrap();
        assert_eq!(texts(&two), ["a", "b", "é\n\"c"]);
        one.refresh().unwrap();
        assert_eq!(texts(&one), ["a", "b", "é\n\"c"]);
        assert_eq!(texts(&Store::open(dir.path()).unwrap()), ["a", "b", "é\n\"c"]);
    }

    #[test]
    fn a_file_cut_at_any_byte_gives_every_whole_decision_and_takes_new_ones() {
        let dir = tempfile::tempdir().unwrap();
        Store::open(dir.path()).unwrap().append(&[record("über"), record("b")]).unwrap();
        let path = dir.path().join(HUMAN_FILE);
        let whole = std::fs::read(&path).unwrap();
        let first = whole.iter().position(|b| *b == b'\n').unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut store = Store::open(dir.path()).unwrap();
            // A line whose end alone is missing is whole.
            let expected = usize::from(cut >= first) + usize::from(cut + 1 >= whole.len());
            assert_eq!(store.records().len(), expected, "cut at {cut}");
            store.append(&[record("new")]).unwrap();
            assert_eq!(Store::open(dir.path()).unwrap().records().len(), expected + 1, "cut at {cut}");
        }
    }

    #[test]
    fn a_line_in_the_middle_that_is_no_decision_is_refused_by_its_number() {
        let dir = tempfile::tempdir().unwrap();
        Store::open(dir.path()).unwrap().append(&[record("a")]).unwrap();
        let path = dir.path().join(HUMAN_FILE);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("nonsense\n");
        std::fs::write(&path, text).unwrap();
        assert!(Store::open(dir.path()).unwrap_err().to_string().contains("line 2"));
    }
}
