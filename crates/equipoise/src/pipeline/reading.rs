//! What an answer says: its texts, its faults, and the candidates that they become.

use equipoise_core::generator::{Candidate, Fault, Generator, Job, ReadItem, Reading, RequestKey};
use equipoise_core::parse::NoteKind;
use equipoise_core::provider::{Answer, Finish};

/// An answer, read.
pub(super) struct Read {
    pub(super) reading: Reading,
    /// Whether the provider says that the model declined.
    pub(super) is_declined: bool,
    /// Why texts are left out, if any are.
    pub(super) fault: Fault,
}

/// Reads the answer to `job`.
pub(super) fn read(generator: &dyn Generator, job: &Job, answer: &Answer) -> Read {
    let is_declined = matches!(answer.finish, Finish::Refused | Finish::Filtered);
    let is_complete = answer.finish == Finish::Stop;
    let reading = match is_declined {
        true => Reading::default(),
        false => generator.read(job, &answer.text, is_complete),
    };
    let is_refused = is_declined || reading.notes.iter().any(|n| n.kind == NoteKind::Refused);
    let fault = if is_refused {
        Fault::Refused
    } else if !is_complete {
        Fault::Cut
    } else if reading.items.is_empty() {
        Fault::Unreadable
    } else {
        Fault::Missing
    };
    Read { reading, is_declined, fault }
}

/// The candidates of an answer, in its order.
pub(super) fn candidates<'a>(
    key: &'a RequestKey,
    label: &'a str,
    items: Vec<ReadItem>,
) -> impl Iterator<Item = Candidate> + use<'a> {
    items.into_iter().enumerate().map(move |(position, item)| Candidate {
        id: format!("{}-{position}", &key.0[..16.min(key.0.len())]),
        text: item.text,
        label: label.to_owned(),
        request: Some(key.clone()),
        position,
        sources: item.sources,
        fault: item.fault,
    })
}
