//! What the journal holds.

use super::batch::{BatchId, BatchIntent, BatchStep};
use super::cost::Cost;
use super::error::JournalError;
use equipoise_core::generator::RequestKey;
use equipoise_core::plan::Price;
use equipoise_core::provider::{FailureKind, Finish, Usage};
use std::io::Read as _;
use std::time::Duration;

/// Bodies above this size are compressed, in bytes.
const COMPRESS_ABOVE: usize = 4096;

/// Stored bodies are never larger than this when unpacked, in bytes.
const MAX_BODY: u64 = 64 << 20;

/// The number of a sent request; unique within the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(pub i64);

/// The number of a lane within the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub i64);

/// A run was opened or resumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// Hash of the plan, hex.
    pub plan: String,
    /// Version of the program.
    pub version: String,
    /// USD per million tokens, where known.
    pub price: Option<Price>,
    /// The most that the run may spend.
    pub budget: Option<Cost>,
}

/// A request is about to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// Its key.
    pub key: RequestKey,
    /// The lane.
    pub lane: LaneId,
    /// Which try of this process it is, from 1.
    pub attempt: u32,
    /// The most it can cost; `None` without a price.
    pub reserved: Option<Cost>,
}

/// A whole response with a status of 200..=299, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// HTTP status.
    pub status: u16,
    /// Kept headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body after content decoding.
    pub body: Vec<u8>,
    /// From the first byte sent to the last received.
    pub latency: Duration,
}

/// What an answer turned out to be and to cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Why the model stopped.
    pub finish: Finish,
    /// Tokens, where told.
    pub usage: Option<Usage>,
    /// Cost, where there is a price.
    pub cost: Option<Cost>,
    /// The model that the server named.
    pub model: Option<String>,
}

/// An attempt that brought no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    /// HTTP status, where a response came.
    pub status: Option<u16>,
    /// The kind.
    pub kind: FailureKind,
    /// How long the server says to wait.
    pub wait: Option<Duration>,
    /// What was said.
    pub message: String,
    /// What stays counted as spent: the reservation where the request may have been billed.
    pub cost: Option<Cost>,
}

/// A request is not sent again in this run, or in none.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenUp {
    /// The kind of its last failure.
    pub kind: FailureKind,
    /// What was said.
    pub message: String,
    /// Whether it is at fault itself, so that no later run sends it either.
    pub for_good: bool,
}

/// A run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Closing {
    /// Why it ended, as one word.
    pub reason: String,
    /// Requests answered in this process.
    pub n_answered: u64,
    /// All that was spent so far, unknown outcomes included.
    pub spent: Cost,
}

/// One thing to append.
#[derive(Debug)]
pub(super) enum Record {
    Lane(String),
    Opening(Opening),
    Sent(Sent),
    Received(AttemptId, RequestKey, Packed),
    Settled(AttemptId, Settled),
    Failed(AttemptId, RequestKey, Failed),
    Local(RequestKey, Packed),
    GivenUp(RequestKey, GivenUp),
    /// A request that is to be sent again, whatever came of it.
    Reopened(RequestKey),
    /// A way in which requests are sent, as JSON.
    Way(String),
    Closing(Closing),
    BatchIntent(BatchIntent),
    BatchStep(BatchId, BatchStep),
}

/// A response in the form in which it is stored.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) status: u16,
    pub(super) headers: String,
    pub(super) zstd: bool,
    pub(super) body: Vec<u8>,
    /// First 64 bits of BLAKE3 over `body`: the database has no checksum of its own.
    pub(super) digest: i64,
    pub(super) latency: Duration,
}

impl Packed {
    pub(super) fn new(response: Received) -> Self {
        let Received { status, headers, body, latency } = response;
        let small = (body.len() > COMPRESS_ABOVE).then(|| zstd::bulk::compress(&body, 3).ok()).flatten();
        let zstd = small.is_some();
        let body = small.unwrap_or(body);
        let headers = serde_json::to_string(&headers).expect("pairs of strings always serialise");
        Packed { status, headers, zstd, digest: digest(&body), body, latency }
    }

    pub(super) fn unpack(self) -> Result<Received, JournalError> {
        let damaged = |detail: &str| JournalError::Damaged { detail: detail.to_owned() };
        if digest(&self.body) != self.digest {
            return Err(damaged("a stored answer does not match its checksum"));
        }
        let headers = serde_json::from_str(&self.headers).map_err(|_| damaged("stored headers are unreadable"))?;
        let body = if self.zstd {
            let mut body = Vec::new();
            let unpacked =
                zstd::Decoder::new(self.body.as_slice()).and_then(|d| d.take(MAX_BODY).read_to_end(&mut body));
            unpacked.map_err(|_| damaged("a stored answer does not unpack"))?;
            body
        } else {
            self.body
        };
        Ok(Received { status: self.status, headers, body, latency: self.latency })
    }
}

fn digest(bytes: &[u8]) -> i64 {
    let hash = blake3::hash(bytes);
    let mut head = [0; 8];
    head.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: Vec<u8>) -> Received {
        Received { status: 200, headers: vec![("a".into(), "b".into())], body, latency: Duration::from_micros(5) }
    }

    #[test]
    fn unpacks_to_the_same_bytes() {
        for n in [0, 1, COMPRESS_ABOVE, COMPRESS_ABOVE + 1, 1 << 20] {
            let body: Vec<u8> = (0..n).map(|i| (i % 251) as u8).collect();
            let packed = Packed::new(response(body.clone()));
            assert_eq!(packed.zstd, n > COMPRESS_ABOVE);
            assert_eq!(packed.unpack(), Ok(response(body)));
        }
    }

    #[test]
    fn notices_a_flipped_bit() {
        let mut packed = Packed::new(response(b"an answer".to_vec()));
        packed.body[3] ^= 1;
        assert!(matches!(packed.unpack(), Err(JournalError::Damaged { .. })));
    }
}
