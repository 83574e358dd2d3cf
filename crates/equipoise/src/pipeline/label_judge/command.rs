//! A command that judges: a line of JSON for each text, a line of JSON for each answer.

use super::{JudgeError, JudgeSpent, Question, Replies};
use crate::error::Stopped;
use crate::event::{Event, Phase};
use crate::fits::shell;
use crate::journal::Journal;
use crate::{Error, Work};
use equipoise_core::data::Labels;
use equipoise_core::generator::RequestKey;
use equipoise_core::probation::{Opinion, Said};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(100);
/// What stands in the journal for a text of which the command said nothing.
const NOTHING: &str = "null";

/// A command of the user, and the journal that keeps what it says.
pub(super) struct Command<'a> {
    command: &'a str,
    labels: &'a Labels,
    journal: Journal,
    /// `None` where nothing is asked any more.
    work: Option<&'a Work<'a>>,
    n_answered: usize,
}

impl<'a> Command<'a> {
    pub(super) fn new(command: &'a str, labels: &'a Labels, journal: Journal, work: Option<&'a Work<'a>>) -> Self {
        Command { command, labels, journal, work, n_answered: 0 }
    }

    pub(super) fn ask(&mut self, questions: &[Question<'_>]) -> Result<Replies, Error> {
        let keys: Vec<RequestKey> = questions.iter().map(|question| self.key(question)).collect();
        if let Some(work) = self.work {
            let mut open = BTreeMap::new();
            for (key, question) in keys.iter().zip(questions) {
                if self.journal.local(key)?.is_none() {
                    open.insert(key.clone(), question);
                }
            }
            let open: Vec<(RequestKey, &Question<'_>)> = open.into_iter().collect();
            if !open.is_empty() {
                work.phase(Phase::Judge, || self.run(&open, work))?;
            }
        }
        let mut replies = Replies { said: Vec::with_capacity(questions.len()), n_open: 0 };
        let mut counted = std::collections::BTreeSet::new();
        for (key, question) in keys.iter().zip(questions) {
            let answer = self.journal.local(key)?;
            replies.n_open += usize::from(answer.is_none());
            self.n_answered += usize::from(answer.is_some() && counted.insert(key));
            replies.said.push(answer.and_then(|answer| read(&answer, question, self.labels)));
        }
        Ok(replies)
    }

    pub(super) fn spent(&self) -> JudgeSpent {
        JudgeSpent { n_answered: self.n_answered, usd: Some(0.0), ..JudgeSpent::default() }
    }

    /// Of the command as it was typed, the labels, and the question. A replay must find it without the command's files.
    fn key(&self, question: &Question<'_>) -> RequestKey {
        let parts = json!(["eq/judge/v1", self.command, self.labels.names(), question.claimed.index(), question.text]);
        RequestKey(blake3::hash(parts.to_string().as_bytes()).to_hex().to_string())
    }

    /// Runs the command on the open questions; each answer is kept as it comes.
    fn run(&self, open: &[(RequestKey, &Question<'_>)], work: &Work<'_>) -> Result<(), Error> {
        let spoken = |source| Error::from(JudgeError::Spoken { command: self.command.to_owned(), source });
        let mut child = shell(self.command, None)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(spoken)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(spoken(io::ErrorKind::BrokenPipe.into()));
        };
        let lines = self.lines(open);
        let (heard, last) = std::thread::scope(|scope| {
            // A thread for each pipe: a command that writes before it has read everything would wait for ever.
            scope.spawn(|| write(stdin, &lines));
            let last = scope.spawn(|| last_line(stderr));
            let (sender, receiver) = channel();
            scope.spawn(move || BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|l| sender.send(l)));
            let mut n_heard = 0;
            let heard = loop {
                match receiver.recv_timeout(LOOK) {
                    Ok(line) => {
                        n_heard += 1;
                        let (done, total) = (n_heard, open.len() as u64);
                        let what = "texts by the judge command".to_owned();
                        work.tell(Event::Advanced { phase: Phase::Judge, done, total, what });
                        if let Err(error) = self.keep(&line, open) {
                            break Err(error);
                        }
                    }
                    Err(RecvTimeoutError::Timeout) if work.stop.level() > 0 => {
                        break Err(Stopped::Interrupted { dir: None }.into());
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break Ok(()),
                }
            };
            if heard.is_err() {
                // It may have ended by itself.
                drop(child.kill());
            }
            (heard, last.join().unwrap_or_default())
        });
        self.ended(child, last, heard)?;
        // It ended well, and says no more of these.
        for (key, _) in open {
            if self.journal.local(key)?.is_none() {
                self.journal.record_local(key, NOTHING)?;
            }
        }
        Ok(())
    }

    fn ended(&self, mut child: Child, last: String, heard: Result<(), Error>) -> Result<(), Error> {
        let command = self.command.to_owned();
        let status = child.wait().map_err(|source| JudgeError::Spoken { command: command.clone(), source });
        heard?;
        let status = status?;
        match status.success() {
            true => Ok(()),
            false => Err(JudgeError::Failed { command, status: status.to_string(), last }.into()),
        }
    }

    /// What the command reads.
    fn lines(&self, open: &[(RequestKey, &Question<'_>)]) -> Vec<String> {
        let line = |(at, (_, question)): (usize, &(RequestKey, &Question<'_>))| {
            let claimed = self.labels.name(question.claimed);
            json!({"id": at + 1, "text": question.text, "label": claimed, "labels": self.labels.names()}).to_string()
        };
        open.iter().enumerate().map(line).collect()
    }

    /// Keeps an answer under the question that it names; a line that names none says nothing.
    fn keep(&self, line: &str, open: &[(RequestKey, &Question<'_>)]) -> Result<(), Error> {
        let answer: Value = serde_json::from_str(line).unwrap_or_default();
        let at = answer["id"].as_u64().and_then(|id| usize::try_from(id.checked_sub(1)?).ok());
        match at.and_then(|at| open.get(at)) {
            Some((key, _)) if self.journal.local(key)?.is_none() => Ok(self.journal.record_local(key, line)?),
            Some(_) | None => Ok(()),
        }
    }
}

/// What an answer says of a question: `label` names one of the labels, or null for none; or `yes` says whether the text has the label that
/// it claims.
fn read(answer: &str, question: &Question<'_>, labels: &Labels) -> Option<Said> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let opinion = match (answer.get("label"), answer.get("yes")) {
        (Some(Value::String(name)), _) => Opinion::Label(labels.id(name)?),
        (Some(Value::Null), None) => Opinion::Unsure,
        (None, Some(Value::Bool(true))) => Opinion::Label(question.claimed),
        (None, Some(Value::Bool(false))) => Opinion::NotClaimed,
        _ => return None,
    };
    Some(Said { opinion, score: answer["score"].as_f64() })
}

/// A command that has read enough closes its input, which is no fault.
fn write(stdin: ChildStdin, lines: &[String]) {
    let mut out = BufWriter::new(stdin);
    let written = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    drop(written.and_then(|()| out.flush()));
}

/// The last line of text that comes.
fn last_line(from: impl Read) -> String {
    let mut last = "it wrote nothing to standard error".to_owned();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            last = text.trim().chars().take(300).collect();
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use equipoise_core::data::LabelId;

    #[test]
    fn an_answer_is_a_label_or_yes_or_no_and_anything_else_is_none() {
        let mut rows = equipoise_core::data::Rows::default();
        for i in 0..20 {
            rows.push(&format!("text {i}"), ["late", "refund"][i % 2]).expect("few labels");
        }
        let dataset = equipoise_core::data::Dataset::new(rows).expect("two labels");
        let labels = dataset.labels();
        let (late, refund) = (labels.id("late").expect("one"), labels.id("refund").expect("one"));
        let question = Question { text: "x", claimed: late };
        let said = |answer: &str| read(answer, &question, labels).map(|said| (said.opinion, said.score));
        let label = |label: LabelId| Opinion::Label(label);
        for (answer, meant) in [
            ("{\"id\": 1, \"label\": \"refund\", \"score\": 0.75}", Some((label(refund), Some(0.75)))),
            ("{\"id\": 1, \"label\": null}", Some((Opinion::Unsure, None))),
            ("{\"id\": 1, \"yes\": true}", Some((label(late), None))),
            ("{\"id\": 1, \"yes\": false}", Some((Opinion::NotClaimed, None))),
            ("{\"id\": 1, \"label\": \"no such label\"}", None),
            ("{\"id\": 1}", None),
            ("{\"id\": 1, \"yes\": \"maybe\"}", None),
            ("null", None),
            ("what?", None),
        ] {
            assert_eq!(said(answer), meant, "{answer}");
        }
    }
}
