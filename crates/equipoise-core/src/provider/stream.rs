//! Answers that come as a stream of events although nobody asked for one.

use super::json;
use serde_json::Value;

/// The data of the events in `body`; `None` where it is no stream.
///
/// Source: server-sent events, <https://html.spec.whatwg.org/multipage/server-sent-events.html>.
pub(super) fn events(body: &[u8]) -> Option<Vec<Value>> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !["data:", "event:", "id:", ":"].iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
    Some(data.filter_map(|data| json::read(data.trim().as_bytes()).ok()).collect())
}
