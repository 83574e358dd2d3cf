//! What the engine tells, in the words of the pipeline.

use crate::event::{Event, RequestCounts, Sink};
use crate::schedule::{EngineEvent, PauseReason};

/// Passes an event on; `total` requests are asked, and the run is expected to cost `forecast`.
pub(crate) fn tell(sink: &Sink<'_>, total: u64, forecast: Option<f64>, event: EngineEvent) {
    match event {
        EngineEvent::Progress(p) => sink(Event::Requests(RequestCounts {
            done: p.n_answered + p.n_reused + p.n_failed,
            total,
            in_flight: p.in_flight,
            retried: p.n_retried,
            failed: p.n_failed,
            reused: p.n_reused,
            input_tokens: p.input_tokens,
            output_tokens: p.output_tokens,
            usd: forecast.map(|_| p.spent.usd()),
            usd_forecast: forecast,
        })),
        EngineEvent::Answered { .. } | EngineEvent::Known { .. } => {}
        EngineEvent::Paused { wait, reason } => {
            let reason = match reason {
                PauseReason::RateLimit => "the provider limits the rate",
                PauseReason::Outage => "the provider fails or is not reached",
            };
            sink(Event::Waiting { wait, reason: reason.to_owned() });
        }
        EngineEvent::GaveUp { failure, .. } => {
            sink(Event::Note(format!("a request was given up: {}", failure.message)))
        }
        EngineEvent::WayChanged(change) => sink(Event::Note(change.to_string())),
        EngineEvent::WayBared => {
            let note = "the endpoint refuses every request and does not say which part; the model, the messages and the token limit alone are sent from now on";
            sink(Event::Note(note.to_owned()));
        }
        EngineEvent::ModelChanged { before, now } => {
            sink(Event::Note(format!("the endpoint answered as `{before}` and now answers as `{now}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_pause_says_why_in_words() {
        let heard = std::sync::Mutex::new(Vec::new());
        let sink: &Sink<'_> = &|event| heard.lock().expect("one thread").push(event);
        for reason in [PauseReason::RateLimit, PauseReason::Outage] {
            tell(sink, 9, None, EngineEvent::Paused { wait: Duration::from_secs(2), reason });
        }
        let heard = heard.into_inner().expect("one thread");
        let words: Vec<&str> = heard
            .iter()
            .map(|event| match event {
                Event::Waiting { reason, .. } => reason.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(words, ["the provider limits the rate", "the provider fails or is not reached"]);
    }
}
