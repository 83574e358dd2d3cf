//! Batch APIs: many requests handed over at once and answered within a day, at half the price. Encoding and decoding only.

mod anthropic;
mod gemini;
mod openai;

pub(super) use anthropic::MessageBatches;
pub(super) use gemini::GenerateBatches;
pub(super) use openai::FileBatches;

use super::failure::{failure, garbled, unreadable};
use super::{Failure, HttpCall, Response, json};
use crate::generator::RequestKey;
use serde_json::Value;

/// What a batch may hold at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchSize {
    /// Requests.
    pub requests: usize,
    /// Bytes of the call that hands them over.
    pub bytes: usize,
}

/// One request of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchItem {
    /// Its key, which goes along as its id: the same one as for the request on its own, so that an answer serves both.
    pub key: RequestKey,
    /// Where the request would go on its own.
    pub url: String,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
}

/// How a call of a batch API is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks, and changes nothing.
    Get,
    /// Hands over.
    Post,
}

/// A call of a batch API.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchCall {
    /// How.
    pub method: Method,
    /// The call.
    pub call: HttpCall,
}

/// What a provider says about a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchStatus {
    /// The provider's name of it; letters, digits, `-`, `_` and `.` alone.
    pub id: String,
    /// The provider's word for its state.
    pub state: String,
    /// Whether nothing more comes.
    pub has_ended: bool,
    /// Whether it ended with every request worked on, so that a missing result is the provider's loss.
    pub is_complete: bool,
    /// Requests in all, where told.
    pub n_total: Option<u64>,
    /// Requests that have a result, good or bad, where told.
    pub n_done: Option<u64>,
    /// What was sent along to find it again, where the provider keeps such a thing.
    pub uid: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created_unix_s: Option<u64>,
    /// By when the provider ends it.
    pub due_unix_s: Option<u64>,
    /// Until when the results can be fetched.
    pub kept_until_unix_s: Option<u64>,
    /// Where the results are, for [`BatchWire::results`]; in every final state all of them are to be read.
    pub results: Vec<String>,
    /// What was wrong with the batch as a whole.
    pub complaint: Option<String>,
}

/// Some of the batches of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchPage {
    /// The batches.
    pub batches: Vec<BatchStatus>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// What a batch brought for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineResult {
    /// What the request would have got on its own.
    Response {
        /// HTTP status.
        status: u16,
        /// The exact bytes of the body.
        body: Vec<u8>,
    },
    /// It was never worked on, and costs nothing.
    Undone {
        /// Why.
        why: String,
    },
}

/// The language of a batch API. A base URL is that of the provider's [`super::Wire`].
pub trait BatchWire: Send + Sync {
    /// What a batch may hold.
    fn size(&self) -> BatchSize;

    /// Whether the provider keeps the `uid` of [`BatchWire::create`] and tells it in its list.
    fn keeps_uid(&self) -> bool;

    /// Bytes that `item` takes in the call that hands it over.
    fn weight(&self, item: &BatchItem) -> usize;

    /// The call that hands the requests over as a file, where the provider wants them so before [`BatchWire::create`].
    fn upload(&self, uid: &str, items: &[BatchItem], base_url: &str) -> Option<BatchCall>;

    /// The call that makes the batch; `file` is what [`BatchWire::read_upload`] gave.
    fn create(&self, uid: &str, items: &[BatchItem], file: Option<&str>, base_url: &str) -> BatchCall;

    /// The call that asks how a batch is.
    fn status(&self, id: &str, base_url: &str) -> BatchCall;

    /// Whether [`BatchWire::list`] begins with the newest, so that whoever has met an old one need not read on.
    fn lists_newest_first(&self) -> bool {
        true
    }

    /// The call that lists batches, from `after` on.
    fn list(&self, after: Option<&str>, base_url: &str) -> BatchCall;

    /// The call that fetches results, for [`BatchWire::lines`]. It goes to the host of `base_url` whatever the provider said.
    fn results(&self, status: &BatchStatus, result: &str, base_url: &str) -> BatchCall;

    /// The address that a POST cancels a batch at.
    fn cancel_url(&self, id: &str, base_url: &str) -> String;

    /// The name of the uploaded file.
    ///
    /// # Errors
    /// [`Failure`] for everything else than such a name.
    fn read_upload(&self, response: &Response<'_>) -> Result<String, Failure> {
        let id = read(response)?.get("id").and_then(Value::as_str).filter(|id| is_id(id)).map(str::to_owned);
        id.ok_or_else(|| garbled("no id in the answer to an upload"))
    }

    /// What a response says about a batch.
    ///
    /// # Errors
    /// [`Failure`] for everything else than a batch.
    fn read_status(&self, response: &Response<'_>) -> Result<BatchStatus, Failure> {
        self.read_batch(&read(response)?).ok_or_else(|| garbled("no batch in the answer"))
    }

    /// What a response says about several batches.
    ///
    /// # Errors
    /// [`Failure`] for everything else than a list; also where one of them cannot be read, since it might be the one looked for.
    fn read_page(&self, response: &Response<'_>) -> Result<BatchPage, Failure> {
        let body = read(response)?;
        let listed = body.get("data").and_then(Value::as_array).ok_or_else(|| garbled("no list in the answer"))?;
        let batches: Option<Vec<BatchStatus>> = listed.iter().map(|batch| self.read_batch(batch)).collect();
        let batches = batches.ok_or_else(|| garbled("something that is no batch is listed as one"))?;
        let has_more = body.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        let next = batches.last().filter(|_| has_more).map(|batch| batch.id.clone());
        Ok(BatchPage { batches, next })
    }

    /// A batch, or `None` where `body` is none.
    fn read_batch(&self, body: &Value) -> Option<BatchStatus>;

    /// The results of a body, one each.
    ///
    /// # Errors
    /// [`Failure`] for a body that holds none and should.
    fn lines<'a>(&self, body: &'a [u8]) -> Result<Vec<&'a [u8]>, Failure> {
        Ok(split(body))
    }

    /// One line of the results: for which request, and what.
    ///
    /// # Errors
    /// [`Failure`] for a line that cannot be read.
    fn read_line(&self, line: &[u8]) -> Result<(RequestKey, LineResult), Failure>;
}

/// The body of a response that is no error.
fn read(response: &Response<'_>) -> Result<Value, Failure> {
    if !(200..300).contains(&response.status) {
        return Err(failure(response));
    }
    json::read(response.body).map_err(|e| unreadable(&e, response.body))
}

/// The lines of `body` that are not blank.
fn split(body: &[u8]) -> Vec<&[u8]> {
    body.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect()
}

/// Whether `id` can stand in a path.
fn is_id(id: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    (1..=200).contains(&id.len()) && id.bytes().all(allowed) && !id.starts_with('.')
}

fn get(url: String, headers: Vec<(String, String)>, auth: Option<(String, String)>) -> BatchCall {
    BatchCall { method: Method::Get, call: HttpCall { url, headers, auth, body: Vec::new() } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wires() -> [Box<dyn BatchWire>; 3] {
        [Box::new(FileBatches), Box::new(MessageBatches), Box::new(GenerateBatches)]
    }

    #[test]
    fn an_id_that_would_leave_the_path_is_no_id() {
        for id in ["", "..", "../x", "a/b", "a?b", "a#b", "a b", "a%2f"] {
            let name = format!("batches/{id}");
            let body = serde_json::json!({"id": id, "name": name, "status": "in_progress", "processing_status": "in_progress",
                "metadata": {"state": "BATCH_STATE_RUNNING"}});
            for wire in wires() {
                assert_eq!(wire.read_batch(&body), None, "{id}");
            }
        }
    }

    #[test]
    fn one_unreadable_batch_spoils_a_list() {
        let body =
            br#"{"data":[{"id":"b1","status":"completed","processing_status":"ended"},{"id":7}],"has_more":false,
            "operations":[{"name":"batches/b1","metadata":{"state":"x"}},{"name":7}]}"#;
        for wire in wires() {
            assert!(wire.read_page(&Response { status: 200, headers: &[], body, now_unix_s: 0 }).is_err());
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), status in 0_u16..700) {
            for wire in wires() {
                let response = Response { status, headers: &[], body: &bytes, now_unix_s: 0 };
                let _ = (wire.read_upload(&response), wire.read_status(&response), wire.read_page(&response));
                for line in wire.lines(&bytes).unwrap_or_default() {
                    let _ = wire.read_line(line);
                }
            }
        }
    }
}
