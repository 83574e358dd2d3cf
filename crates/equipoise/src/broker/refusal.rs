//! Why a client gets no answer, as OpenAI's clients read it.

use super::ChatError;
use crate::error::Stopped;
use crate::schedule::EndReason;
use equipoise_core::provider::{Failure, FailureKind};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// When to ask again where nobody says.
const AGAIN: Duration = Duration::from_secs(10);

/// Why a client gets no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// What it asks cannot be asked.
    Chat(ChatError),
    /// The provider has no answer to this request; others go on.
    Request(Failure),
    /// Nothing that costs can be asked now.
    Ended(Arc<EndReason>),
    /// The broker is being stopped.
    Closing,
    /// The broker cannot go on, since its journal is unusable.
    Broken(String),
}

impl Refusal {
    /// The HTTP status. OpenAI's clients ask again by themselves after 408, 409, 429 and from 500 on.
    pub fn status(&self) -> u16 {
        self.form().0
    }

    /// How long to wait before the request is worth asking again, where that helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Refusal::Ended(reason) => match &**reason {
                EndReason::LongWait(wait, _) => Some(*wait),
                EndReason::Outage(_) | EndReason::Unreached(..) => Some(AGAIN),
                _ => None,
            },
            Refusal::Request(failure) => failure.retry_after,
            _ => None,
        }
    }

    /// Whether it is this request's fault alone, so that asking again gives the same.
    pub fn is_of_request(&self) -> bool {
        matches!(self, Refusal::Chat(_) | Refusal::Request(_))
    }

    /// What happened, for people.
    pub fn message(&self) -> String {
        match self {
            Refusal::Chat(fault) => fault.message.clone(),
            Refusal::Request(failure) => failure.message.clone(),
            Refusal::Ended(reason) => Stopped::Broker { reason: (**reason).clone() }.to_string(),
            Refusal::Closing => "the broker is being stopped".to_owned(),
            Refusal::Broken(why) => format!("the broker cannot go on: {why}"),
        }
    }

    /// The body of OpenAI's errors.
    pub fn to_json(&self) -> Value {
        let (_, kind, code) = self.form();
        let param = match self {
            Refusal::Chat(fault) => fault.param.clone(),
            _ => None,
        };
        json!({ "error": { "message": self.message(), "type": kind, "param": param, "code": code } })
    }

    /// Status, type and code.
    fn form(&self) -> (u16, &'static str, &'static str) {
        const INVALID: &str = "invalid_request_error";
        match self {
            Refusal::Chat(fault) => (fault.status, INVALID, fault.code),
            Refusal::Request(failure) => of_failure(failure.kind),
            Refusal::Closing => (503, "server_error", "broker_stopping"),
            Refusal::Broken(_) => (500, "server_error", "journal_unusable"),
            Refusal::Ended(reason) => match &**reason {
                EndReason::Done | EndReason::Interrupted => (503, "server_error", "broker_stopping"),
                EndReason::Budget => (402, "insufficient_quota", "budget_used_up"),
                EndReason::OutOfCredit(_) => (402, "insufficient_quota", "insufficient_quota"),
                EndReason::LongWait(..) => (429, "rate_limit_error", "rate_limit_exceeded"),
                EndReason::NoSpace { .. } => (507, "server_error", "disk_full"),
                EndReason::Unreached(..) | EndReason::Outage(_) => (503, "server_error", "provider_unavailable"),
                EndReason::Unauthorised(failure) | EndReason::UnknownModel(failure) | EndReason::Refused(failure) => {
                    of_failure(failure.kind)
                }
            },
        }
    }
}

fn of_failure(kind: FailureKind) -> (u16, &'static str, &'static str) {
    const INVALID: &str = "invalid_request_error";
    match kind {
        FailureKind::Unauthorised => (401, INVALID, "invalid_api_key"),
        FailureKind::OutOfCredit => (402, "insufficient_quota", "insufficient_quota"),
        FailureKind::UnknownModel => (404, INVALID, "model_not_found"),
        FailureKind::Flagged => (400, INVALID, "content_filter"),
        FailureKind::TooLong => (400, INVALID, "context_length_exceeded"),
        FailureKind::Rejected | FailureKind::Unsupported => (400, INVALID, "rejected_by_provider"),
        FailureKind::RateLimited => (429, "rate_limit_error", "rate_limit_exceeded"),
        FailureKind::Garbled => (502, "server_error", "unreadable_answer"),
        FailureKind::Overloaded | FailureKind::Lost => (503, "server_error", "provider_unavailable"),
    }
}

impl From<ChatError> for Refusal {
    fn from(fault: ChatError) -> Self {
        Refusal::Chat(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_status_that_says_who_can_mend_it() {
        let failure = |kind| Failure::new(kind, "said");
        let ended = |reason| Refusal::Ended(Arc::new(reason));
        for (refusal, status, code) in [
            (ended(EndReason::Budget), 402, "budget_used_up"),
            (ended(EndReason::OutOfCredit(failure(FailureKind::OutOfCredit))), 402, "insufficient_quota"),
            (ended(EndReason::Unauthorised(failure(FailureKind::Unauthorised))), 401, "invalid_api_key"),
            (ended(EndReason::UnknownModel(failure(FailureKind::UnknownModel))), 404, "model_not_found"),
            (ended(EndReason::Refused(failure(FailureKind::Garbled))), 502, "unreadable_answer"),
            (ended(EndReason::Outage(failure(FailureKind::Lost))), 503, "provider_unavailable"),
            (ended(EndReason::LongWait(Duration::from_secs(7200), None)), 429, "rate_limit_exceeded"),
            (ended(EndReason::NoSpace { free: 1, needed: 2 }), 507, "disk_full"),
            (Refusal::Request(failure(FailureKind::Flagged)), 400, "content_filter"),
            (Refusal::Request(failure(FailureKind::TooLong)), 400, "context_length_exceeded"),
            (Refusal::Closing, 503, "broker_stopping"),
        ] {
            let body = refusal.to_json();
            assert_eq!((refusal.status(), body["error"]["code"].as_str()), (status, Some(code)), "{refusal:?}");
            assert!(body["error"]["message"].as_str().is_some_and(|said| !said.is_empty()), "{body}");
        }
        let wait = Duration::from_secs(7200);
        assert_eq!(ended(EndReason::LongWait(wait, None)).retry_after(), Some(wait));
    }
}
