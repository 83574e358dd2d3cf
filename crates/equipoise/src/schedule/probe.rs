//! Looking around at an endpoint, where that is free: which address answers, and how large the window of a server on this machine is.

use super::Lane;
use crate::transport::{Deadlines, Endpoint, RawResponse, Transport};
use equipoise_core::provider::{HttpCall, Method};
use equipoise_core::text::escape_control;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// How long a look may take. A server that loads a model answers later, and is asked without being looked at.
const PATIENCE: Duration = Duration::from_secs(2);
const MAX_BODY: usize = 1 << 20;

/// How long to wait before looking again at a server that is busy for a moment.
const WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// What a server on this machine tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServerFacts {
    /// Tokens that prompt and answer may have together.
    pub window: Option<u32>,
    /// Requests that it works on at a time.
    pub slots: Option<u32>,
}

/// What the server of `lane` tells of the model called `model`. Asks `/models` and llama.cpp's `/props`; a server that does not tell is
/// none the worse.
pub fn server_facts(lane: &Lane, model: &str) -> ServerFacts {
    let base = lane.endpoint.url();
    let root = base.strip_suffix("/v1").unwrap_or(base);
    let Some(looker) = Looker::new(lane) else { return ServerFacts::default() };
    let props = looker.json(&format!("{root}/props"));
    let models = looker.json(&format!("{base}/models"));
    let number =
        |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    let of_props = |path: &str| number(props.as_ref().and_then(|p| p.pointer(path)));
    let listed = models.as_ref().and_then(|m| m.get("data")?.as_array()).map_or(&[][..], Vec::as_slice);
    let own = listed.iter().find(|m| m["id"] == model).or_else(|| listed.first().filter(|_| listed.len() == 1));
    let of_model = |path: &str| number(own.and_then(|m| m.pointer(path)));
    ServerFacts {
        window: of_props("/default_generation_settings/n_ctx")
            .or_else(|| ["/max_model_len", "/meta/n_ctx", "/max_context_length"].into_iter().find_map(of_model)),
        slots: of_props("/total_slots"),
    }
}

/// An address at the host of `lane` that lists models, where its own does not answer.
pub fn other_address(lane: &Lane) -> Option<String> {
    let base = lane.endpoint.url();
    let looker = Looker::new(lane)?;
    let moved = looker.get(&format!("{base}/models")).and_then(|response| moved(&lane.endpoint, &response));
    let mut addresses = addresses(base);
    if lane.endpoint.is_loopback() {
        addresses.extend(other_scheme(base));
    }
    moved.into_iter().chain(addresses).find(|address| {
        looker.get(&format!("{address}/models")).is_some_and(|response| {
            let body = serde_json::from_slice::<Value>(&response.body).unwrap_or_default();
            match response.status {
                // Some servers answer 200 to every address, with an error in the body.
                200 => ["data", "models"].iter().any(|list| body[*list].is_array()),
                401 | 403 => body.is_object(),
                _ => false,
            }
        })
    })
}

/// The address to which a redirect of `/models` leads. Only on the same host, since the key is for no other.
fn moved(endpoint: &Endpoint, response: &RawResponse) -> Option<String> {
    let (_, to) = response.headers.iter().find(|(name, _)| name == "location")?;
    let here = Url::parse(&format!("{}/models", endpoint.url())).ok()?;
    let to = here.join(to).ok().filter(|to| (300..400).contains(&response.status) && to.host() == here.host())?;
    let base = to.as_str().strip_suffix('/').unwrap_or(to.as_str()).strip_suffix("/models")?.to_owned();
    Some(base).filter(|base| base != endpoint.url() && (to.scheme() == "https" || endpoint.is_loopback()))
}

/// `base` with https for http and the reverse.
fn other_scheme(base: &str) -> Option<String> {
    match base.split_once("://")? {
        ("http", rest) => Some(format!("https://{rest}")),
        ("https", rest) => Some(format!("http://{rest}")),
        _ => None,
    }
}

/// The models that the address of `lane` lists; none where it lists none.
pub fn listed_models(lane: &Lane) -> Vec<String> {
    let listed = Looker::new(lane).and_then(|looker| looker.json(&format!("{}/models", lane.endpoint.url())));
    let data = listed.as_ref().and_then(|listed| listed.get("data")?.as_array()).map_or(&[][..], Vec::as_slice);
    data.iter().filter_map(|model| model["id"].as_str()).map(escape_control).collect()
}

/// Addresses that people mean when they write `base`.
fn addresses(base: &str) -> Vec<String> {
    let whole =
        ["/chat/completions", "/completions", "/messages", "/models"].iter().find_map(|end| base.strip_suffix(end));
    let scheme = base.find("://").map_or(0, |at| at + 3);
    let root = base[scheme..].find('/').map_or(base, |at| &base[..scheme + at]);
    let short = base.strip_suffix("/v1").unwrap_or(base);
    let mut addresses: Vec<String> = whole.map(str::to_owned).into_iter().collect();
    for start in [base, short, root] {
        for end in ["/v1", "", "/openai/v1", "/api/v1"] {
            addresses.push(format!("{start}{end}"));
        }
    }
    let mut seen = std::collections::HashSet::from([base.to_owned()]);
    addresses.retain(|address| seen.insert(address.clone()));
    addresses
}

struct Looker<'a> {
    lane: &'a Lane,
    transport: Transport,
    runtime: tokio::runtime::Runtime,
}

impl<'a> Looker<'a> {
    fn new(lane: &'a Lane) -> Option<Self> {
        let deadlines = Deadlines { connect: PATIENCE, total: PATIENCE, ..Deadlines::default() };
        let transport = Transport::open(&lane.endpoint, lane.secret.clone(), deadlines, false).ok()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        Some(Looker { lane, transport, runtime })
    }

    fn get(&self, url: &str) -> Option<RawResponse> {
        let auth = Some(("authorization".to_owned(), "Bearer ".to_owned()));
        let mut call = HttpCall { url: url.to_owned(), headers: Vec::new(), auth, body: Vec::new() };
        self.lane.custom.address(&mut call);
        self.runtime.block_on(async {
            for wait in WAITS {
                let response = self.transport.exchange(Method::Get, &call, MAX_BODY).await.ok()?;
                if !matches!(response.status, 429 | 500..=599) {
                    return Some(response);
                }
                tokio::time::sleep(wait).await;
            }
            self.transport.exchange(Method::Get, &call, MAX_BODY).await.ok()
        })
    }

    fn json(&self, url: &str) -> Option<Value> {
        let response = self.get(url).filter(|response| response.status == 200)?;
        serde_json::from_slice(&response.body).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_that_people_mean_are_near_the_one_they_wrote() {
        for (written, meant) in [
            ("http://localhost:8080", "http://localhost:8080/v1"),
            ("http://localhost:8080/v1/chat/completions", "http://localhost:8080/v1"),
            ("http://localhost:8080/v1", "http://localhost:8080/api/v1"),
            ("https://a.example/openai", "https://a.example/openai/v1"),
            ("https://a.example/some/where", "https://a.example/v1"),
        ] {
            let addresses = addresses(written);
            assert!(addresses.iter().any(|a| a == meant), "{written}: {addresses:?}");
            assert!(!addresses.iter().any(|a| a == written) && addresses.len() <= 13, "{written}: {addresses:?}");
        }
    }
}
