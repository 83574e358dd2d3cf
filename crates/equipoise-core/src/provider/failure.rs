//! What a response that is no answer means: one reading of status and error body for every wire.

use super::json::{self, Unreadable};
use super::wait::{find, wait};
use super::way::{self, Efforts, Part};
use super::{Failure, FailureKind, Response};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How much of a server's message is kept, in characters.
const MESSAGE_CHARS: usize = 300;

/// How much is shown of a body that is no JSON, in characters.
const HEAD_CHARS: usize = 60;

/// How much of a web page is looked at for its title, in bytes.
const PAGE: usize = 8_192;

/// The failure that a response with a status outside 200..=299, or with an error in its body, stands for.
pub(super) fn failure(response: &Response<'_>) -> Failure {
    let parsed = json::read(response.body);
    let said = match &parsed {
        Ok(body) => Said::of(body),
        Err(e) => {
            let message = moved(response).unwrap_or_else(|| without_json(response, e));
            // Plain words name parts as those in JSON do; a page is about something else.
            let is_plain = matches!(e, Unreadable::Malformed);
            let plain = if is_plain { &*message } else { "" };
            let (parts, efforts) = (way::parts(&Value::Null, plain), way::efforts(&Value::Null, plain));
            Said { message, parts, efforts, ..Said::default() }
        }
    };
    let retry_after = wait(response, parsed.as_ref().ok(), &said.message);
    let status = said.status.unwrap_or(response.status);
    let has_wait = retry_after.is_some();
    let kind = match kind(status, &said, has_wait) {
        // A server that says when to come back did not mean the request.
        FailureKind::Rejected | FailureKind::Unsupported if find(response.headers, "retry-after").is_some() => {
            FailureKind::Overloaded
        }
        kind => kind,
    };
    let is_explained =
        parsed.is_ok() && matches!(status, 500 | 501) && retry_after.is_none() && !said.speaks_of(&PASSING);
    let message = shown(&format!("{}: {}", response.status, said.message));
    let (parts, efforts) = (said.parts, said.efforts);
    Failure { kind, retry_after, message, parts, efforts, is_explained, is_of_server: response.status >= 500 }
}

/// A failure for a 2xx response that does not hold what the protocol says.
pub(super) fn garbled(what: &str) -> Failure {
    Failure::new(FailureKind::Garbled, shown(what))
}

/// What a 2xx body that is no JSON is.
pub(super) fn unreadable(why: &Unreadable, body: &[u8]) -> Failure {
    let head = || String::from_utf8_lossy(body).trim().chars().take(HEAD_CHARS).collect::<String>();
    garbled(&match why {
        Unreadable::Empty => "the body is empty".to_owned(),
        Unreadable::Html => match title(body) {
            Some(title) => format!("a web page came instead of an answer, “{title}”"),
            None => "a web page came instead of an answer".to_owned(),
        },
        Unreadable::TooDeep => "the body is nested too deeply".to_owned(),
        Unreadable::Cut => "the body ends in the middle".to_owned(),
        Unreadable::Malformed => format!("the body is not JSON and begins with “{}”", head()),
    })
}

/// The window in tokens that a message about too long a prompt names: of several numbers the one that is called the limit.
pub(super) fn window(message: &str) -> Option<u32> {
    static WINDOWS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        [
            r"(?i)(?:context[ _]?(?:size|length|window)|n_ctx|max_model_len)\D{0,30}?(\d[\d,]*)",
            r"(?:>|<=) ?(\d[\d,]*)",
            r"(?i)(?:limit|maximum|at most|up to|less than|max_num_tokens|exceeds?)\D{0,40}?(\d[\d,]*)",
        ]
        .map(|pattern| Regex::new(pattern).expect("a fixed pattern"))
    });
    let number = |pattern: &Regex| pattern.captures(message)?[1].replace(',', "").parse().ok();
    WINDOWS.iter().find_map(number).filter(|n| *n >= 64)
}

/// What an error body says.
#[derive(Debug, Default)]
struct Said {
    /// Status that the body itself names; gateways send errors under 200.
    status: Option<u16>,
    /// Codes and types, in lower case.
    codes: String,
    message: String,
    /// The parts of the request that it names.
    parts: BTreeSet<Part>,
    /// The reasoning efforts that it names.
    efforts: Efforts,
}

impl Said {
    fn of(body: &Value) -> Self {
        // OpenAI: {"error": {…}}; Ollama: {"error": "…"}; Gemini may send [{"error": …}]; vLLM and FastAPI put it at the top.
        let body = body.get(0).unwrap_or(body);
        let is_empty = |error: &Value| error.is_null() || error.as_object().is_some_and(serde_json::Map::is_empty);
        let error = body.get("error").filter(|error| !is_empty(error)).unwrap_or(body);
        // Gemini tells the reason in a list of details.
        let details = error.get("details").and_then(Value::as_array).into_iter().flatten();
        let codes: Vec<String> = std::iter::once(error)
            .chain(details)
            .flat_map(|from| ["code", "type", "status", "reason"].map(|name| from.get(name)))
            .filter_map(|code| code?.as_str().map(str::to_ascii_lowercase))
            .collect();
        let fields = ["message", "detail", "msg", "error_description"].map(|field| error.get(field));
        let text = [Some(error)].into_iter().chain(fields).flatten().find_map(Value::as_str);
        let code = error.get("code").and_then(|c| c.as_u64().or_else(|| c.as_str()?.parse().ok()));
        let outer = text.map_or_else(|| error.to_string(), str::to_owned);
        // OpenRouter passes on what its provider said beside a message of its own.
        let raw = error.pointer("/metadata/raw").and_then(Value::as_str).map(innermost);
        let message = raw.map_or(outer.clone(), |raw| format!("{outer}: {raw}"));
        Said {
            status: code.and_then(|c| u16::try_from(c).ok()).filter(|c| (400..600).contains(c)),
            codes: codes.join(" "),
            parts: way::parts(error, &message),
            efforts: way::efforts(error, &message),
            message,
        }
    }

    fn speaks_of(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|w| self.codes.contains(w) || message.contains(w))
    }

    /// Whether the model is not there, in whatever words: its name may stand between them.
    fn misses_model(&self) -> bool {
        let is_named = self.speaks_of(&["model"]) && self.speaks_of(&["not found", "does not exist", "not exist"]);
        is_named || self.speaks_of(&MODEL)
    }

    /// Whether a gateway says that nobody behind it serves the model: what is set up there or asked for is at fault, and it is no outage.
    fn has_nobody_for_model(&self) -> bool {
        self.misses_model() || (self.speaks_of(&["model", "模型", "group"]) && has_no_way_on(&self.message))
    }
}

/// Whether a gateway says that it has no way on: "no available channel", "没有可用渠道".
fn has_no_way_on(message: &str) -> bool {
    static NO_WAY_ON: LazyLock<Regex> = LazyLock::new(|| {
        // Backends and deployments come and go; channels, providers, routes and accounts are what somebody sets up.
        Regex::new(r"(?i)\bno (?:[a-z]+ ){0,2}(?:channel|provider|route|account)s?\b|(?:无|没有)[\p{Han}]{0,4}(?:渠道|通道|供应商)")
            .expect("a fixed pattern")
    });
    NO_WAY_ON.is_match(message)
}

// What servers say of trouble that passes.
const PASSING: [&str; 8] = [
    "overload",
    "unavailable",
    "temporar",
    "again",
    "timeout",
    "timed out",
    "internal server error",
    "internal_server_error",
];
const PLAIN_HTTP: [&str; 2] = ["http request to an https server", "plain http request was sent to https"];
// Gateways have budgets of their own; LiteLLM says `budget_exceeded`, "Budget has been exceeded" and "crossed budget".
const CREDIT: [&str; 16] = [
    "余额不足",
    "budget_exceeded",
    "budget has been exceeded",
    "exceeded budget",
    "crossed budget",
    "key limit exceeded",
    "out of credits",
    "please recharge",
    "insufficient_quota",
    "billing",
    "credit balance",
    "insufficient credit",
    "insufficient balance",
    "insufficient_balance",
    "exceeded your current quota",
    "api usage limits",
];
// LiteLLM says "No connected db." to a key that it does not know.
const KEY: [&str; 9] = [
    "no api key",
    "api key expired",
    "invalid_api_key",
    "api key not valid",
    "api_key_invalid",
    "incorrect api key",
    "invalid api key",
    "no connected db",
    "authentication error",
];
const MODEL: [&str; 16] = [
    "decommissioned",
    "on-demand throughput",
    "model unloaded",
    "model has crashed",
    "model_not_supported",
    "model identifier is invalid",
    "not supported by any provider",
    "invalid_model",
    "invalid model:",
    "model_not_found",
    "is not a valid model",
    "not a valid model id",
    "unknown model",
    "model does not exist",
    "invalid model name",
    "model not found",
];
const LENGTH: [&str; 21] = [
    // TensorRT-LLM and TGI name their own settings.
    "max_num_tokens",
    "inputs` must have less than",
    "超长",
    "reduce the length of the messages",
    "context_length_exceeded",
    "exceed_context_size",
    "context size",
    "context length",
    "context window",
    "max_model_len",
    "prompt is too long",
    "prompt too long",
    "inputs` tokens + `",
    "input length and `max_tokens` exceed",
    "input is too long",
    "input token count",
    "maximum input length",
    "too many tokens",
    "request too large for",
    "contextwindowexceeded",
    "n_ctx",
];
const POLICY: [&str; 18] = [
    "content exists risk",
    "contentfilter",
    "敏感",
    "high risk",
    "content_filter",
    "content_policy",
    "contentpolicy",
    "content policy",
    "content management policy",
    "content filtering",
    "data_inspection_failed",
    "inappropriate content",
    "moderation",
    "flagged",
    "safety system",
    "usage policies",
    "guardrail",
    "blocked by",
];

fn kind(status: u16, said: &Said, has_wait: bool) -> FailureKind {
    // Gateways send errors under 200: words that leave no doubt count as under 400.
    if (200..300).contains(&status) {
        return match kind(400, said, has_wait) {
            FailureKind::Rejected if said.speaks_of(&["rate limit", "too many requests"]) => FailureKind::RateLimited,
            FailureKind::Rejected => FailureKind::Garbled,
            kind => kind,
        };
    }
    match status {
        // vLLM takes the prompt off the window and gives what is left to the answer.
        400 | 422 if leaves_no_room(&said.message) => FailureKind::TooLong,
        // Gemini calls its minute limits a quota too; where a wait is named the limit comes back.
        402 => FailureKind::OutOfCredit,
        429 | 403 if said.speaks_of(&CREDIT) && !has_wait => FailureKind::OutOfCredit,
        // A request that is larger than what a minute allows never passes; "too many tokens" alone is a limit that passes.
        429 if said.speaks_of(&["request too large"]) => FailureKind::TooLong,
        // Gateways pass a refusal for its length on under 500, too.
        413 | 400 | 422 | 500 if said.speaks_of(&LENGTH) => FailureKind::TooLong,
        429 => FailureKind::RateLimited,
        400 | 403 | 422 | 451 if said.speaks_of(&POLICY) => FailureKind::Flagged,
        403 if said.codes.contains("model_not_found") => FailureKind::UnknownModel,
        401 | 403 | 407 => FailureKind::Unauthorised,
        400 if said.speaks_of(&KEY) => FailureKind::Unauthorised,
        400 if said.speaks_of(&CREDIT) => FailureKind::OutOfCredit,
        413 => FailureKind::TooLong,
        // The schema may be refused as something that no model of the address takes.
        404 | 405 | 415 | 501 if said.parts.contains(&Part::Schema) => FailureKind::Unsupported,
        404 if !said.parts.is_empty() && said.speaks_of(&["support"]) => FailureKind::Unsupported,
        // OpenRouter knows the model, and nobody who serves it takes what is sent.
        404 if said.speaks_of(&["requested parameters"]) => FailureKind::Rejected,
        400 | 404 | 422 if said.misses_model() => FailureKind::UnknownModel,
        400 | 422 if !said.parts.is_empty() => FailureKind::Unsupported,
        // Some servers answer 500 to a message of the system or to a schema that they make no grammar of.
        500 | 501 if said.parts.contains(&Part::System) => FailureKind::Unsupported,
        500 | 501
            if !said.parts.is_empty() && said.speaks_of(&["support", "grammar", "unknown", "unexpected keyword"]) =>
        {
            FailureKind::Unsupported
        }
        // A gateway without a channel for the model: waiting mends that only where it says so.
        500..=599 if said.codes.contains("model_not_found") => FailureKind::UnknownModel,
        500..=599 if said.has_nobody_for_model() && !has_wait && !said.speaks_of(&PASSING) => FailureKind::UnknownModel,
        // Some servers that are asked in plain HTTP for TLS say so.
        400 if said.speaks_of(&PLAIN_HTTP) => FailureKind::UnknownModel,
        // A redirect is never followed: whoever answers it is not whom the key is for.
        300..=399 | 404 | 405 | 410 => FailureKind::UnknownModel,
        408 | 409 | 425 | 498 | 500..=599 => FailureKind::Overloaded,
        400..=499 => FailureKind::Rejected,
        _ => FailureKind::Garbled,
    }
}

/// Whether a message says that fewer than no tokens are left for the answer: "max_tokens must be at least 1, got -357".
fn leaves_no_room(message: &str) -> bool {
    static NEGATIVE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)tokens\b.{0,40}\b(?:got|given|is|was):? ?-\d").expect("a fixed pattern"));
    NEGATIVE.is_match(message)
}

/// The message of an error body that was passed on as a string.
fn innermost(raw: &str) -> String {
    json::read(raw.as_bytes()).map_or_else(|_| raw.to_owned(), |body| Said::of(&body).message)
}

/// Where a redirect leads, without what a query may hold.
fn moved(response: &Response<'_>) -> Option<String> {
    let to = find(response.headers, "location").filter(|_| (300..400).contains(&response.status))?;
    Some(format!("the server sends callers on to {}", to.split(['?', '#']).next().unwrap_or_default()))
}

fn without_json(response: &Response<'_>, why: &Unreadable) -> String {
    match why {
        Unreadable::Empty => "no message".to_owned(),
        Unreadable::Html => match title(response.body) {
            Some(title) => format!("a web page, “{title}”"),
            None => "a web page".to_owned(),
        },
        _ => String::from_utf8_lossy(&response.body[..response.body.len().min(4 * MESSAGE_CHARS)]).into_owned(),
    }
}

/// The title of a web page.
fn title(body: &[u8]) -> Option<String> {
    static TITLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?is)<title[^>]*>([^<]{1,200})</title").expect("a fixed pattern"));
    let page = String::from_utf8_lossy(&body[..body.len().min(PAGE)]);
    let title = TITLE.captures(&page)?[1].split_whitespace().collect::<Vec<_>>().join(" ");
    Some(title).filter(|title| !title.is_empty())
}

/// `text` on one line, shortened, with control characters escaped.
fn shown(text: &str) -> String {
    let text = text.trim();
    let mut shown: String = text.chars().take(MESSAGE_CHARS).flat_map(escaped).collect();
    if text.chars().nth(MESSAGE_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let escape = c.is_control().then(|| c.escape_default());
    let plain = escape.is_none().then_some(c);
    escape.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureKind::*;
    use std::time::Duration;

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
        let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        failure(&Response { status, headers: &headers, body: body.as_bytes(), now_unix_s: 1_767_225_600 })
    }

    #[test]
    fn reads_status_and_body_together() {
        for (status, body, expected) in [
            (400, r#"{"object":"error","message":"max_tokens must be at least 1, got -357."}"#, TooLong),
            (
                422,
                r#"{"error":"Input validation error: `inputs` must have less than 700 tokens. Given: 1057"}"#,
                TooLong,
            ),
            (
                500,
                r#"{"message":"The sum of prompt length (900.0), query length (0) max_tokens (862) should not exceed max_num_tokens (1500)"}"#,
                TooLong,
            ),
            (400, r#"{"error":{"message":"Please reduce the length of the messages or completion."}}"#, TooLong),
            (500, r#"{"error":{"message":"This model's maximum context length is 1200 tokens."}}"#, TooLong),
            (
                500,
                r#"{"error":{"message":"generate() got an unexpected keyword argument 'temperature'"}}"#,
                Unsupported,
            ),
            (404, r#"{"error":{"message":"temperature is not supported for this deployment"}}"#, Unsupported),
            (
                429,
                r#"{"error":{"message":"Rate limit reached for requests","type":"requests","code":"rate_limit_exceeded"}}"#,
                RateLimited,
            ),
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota, please check your plan","code":"insufficient_quota"}}"#,
                OutOfCredit,
            ),
            (429, "", RateLimited),
            (429, "<html>slow down</html>", RateLimited),
            (402, r#"{"error":{"message":"Insufficient Balance"}}"#, OutOfCredit),
            (403, r#"{"error":{"message":"billing account is closed"}}"#, OutOfCredit),
            (403, r#"{"error":{"message":"country not supported"}}"#, Unauthorised),
            (403, r#"{"error":{"message":"no access to model x","code":"model_not_found"}}"#, UnknownModel),
            (400, r#"{"message":"The provided model identifier is invalid."}"#, UnknownModel),
            (
                400,
                r#"{"error":{"message":"The requested model 'x' is not supported by any provider you have enabled.","code":"model_not_supported"}}"#,
                UnknownModel,
            ),
            (429, r#"{"message":"Rate limit reached for key","error":{}}"#, RateLimited),
            (401, r#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#, Unauthorised),
            (
                400,
                r#"{"error":{"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#,
                Unauthorised,
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#,
                OutOfCredit,
            ),
            (404, r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#, UnknownModel),
            (404, "404 page not found", UnknownModel),
            (
                404,
                r#"{"error":{"message":"No endpoints found that can handle the requested parameters.","code":404}}"#,
                Rejected,
            ),
            (400, r#"{"object":"error","message":"x is not a valid model ID","code":400}"#, UnknownModel),
            (307, "", UnknownModel),
            (400, "Client sent an HTTP request to an HTTPS server.", UnknownModel),
            (
                400,
                "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
                UnknownModel,
            ),
            (
                400,
                r#"{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported"}}"#,
                Unsupported,
            ),
            (422, r#"{"detail":"extra field response_format"}"#, Unsupported),
            (404, r#"{"error":"json_schema is unavailable"}"#, Unsupported),
            (400, r#"{"error":{"message":"maximum context length is 8192 tokens"}}"#, TooLong),
            (
                400,
                r#"{"error":{"message":"'max_tokens' is too large: 8192. This model's maximum context length is 4096 tokens"}}"#,
                TooLong,
            ),
            (413, "", TooLong),
            (400, r#"{"error":{"message":"System role not supported"}}"#, Unsupported),
            (500, r#"{"error":{"message":"System role not supported"}}"#, Unsupported),
            (
                400,
                r#"{"error":{"message":"Budget has been exceeded! Current cost: 0.02, Max budget: 0.01","type":"budget_exceeded","code":"400"}}"#,
                OutOfCredit,
            ),
            (429, r#"{"error":{"message":"No deployments available - crossed budget for provider"}}"#, OutOfCredit),
            (400, r#"{"error":{"message":"No connected db.","code":"400"}}"#, Unauthorised),
            (400, r#"{"error":{"message":"Invalid model name passed in model=x","code":"400"}}"#, UnknownModel),
            (400, r#"{"error":{"message":"The response was filtered","code":"content_filter"}}"#, Flagged),
            (
                403,
                r#"{"error":{"message":"Your chosen model requires moderation and your input was flagged"}}"#,
                Flagged,
            ),
            (400, r#"{"error":{"message":"Content Exists Risk"}}"#, Flagged),
            (400, r#"{"error":{"message":"系统检测到输入或生成内容可能包含不安全或敏感内容","code":"1301"}}"#, Flagged),
            (429, r#"{"error":{"message":"余额不足或无可用资源包,请充值。","code":"1113"}}"#, OutOfCredit),
            (403, r#"{"error":{"message":"Key limit exceeded (total limit)","code":403}}"#, OutOfCredit),
            (400, r#"{"object":"error","message":"Invalid model: m","type":"invalid_model"}"#, UnknownModel),
            (503, r#"{"error":{"message":"No available channel for model m","code":"model_not_found"}}"#, UnknownModel),
            (
                503,
                r#"{"error":{"message":"No available channel for model m under group default (distributor)","type":"new_api_error"}}"#,
                UnknownModel,
            ),
            (
                503,
                r#"{"error":{"message":"当前分组 default 下对于模型 m 无可用渠道","type":"one_api_error"}}"#,
                UnknownModel,
            ),
            (500, r#"{"error":{"message":"no route configured for model m"}}"#, UnknownModel),
            (502, r#"{"message":"model 'm' not found"}"#, UnknownModel),
            (503, r#"{"error":{"message":"No provider for the model right now, try again later"}}"#, Overloaded),
            (503, r#"{"error":{"message":"no healthy upstream"}}"#, Overloaded),
            (503, r#"{"error":{"message":"Loading model"}}"#, Overloaded),
            (502, "dial tcp: no route to host", Overloaded),
            (400, r#"{"error":{"message":"Prompt 超长","code":"1261"}}"#, TooLong),
            (400, r#"{"error":{"message":"I do not like it"}}"#, Rejected),
            (498, "", Overloaded),
            (425, "", Overloaded),
            (524, "", Overloaded),
            (422, r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, Rejected),
            (408, "", Overloaded),
            (409, "", Overloaded),
            (500, "Internal Server Error", Overloaded),
            (502, "<html><h1>Bad Gateway</h1></html>", Overloaded),
            (503, r#"{"error":{"message":"overloaded"}}"#, Overloaded),
            (504, "", Overloaded),
            (529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, Overloaded),
            (200, r#"{"error":{"message":"Provider returned error","code":503}}"#, Overloaded),
            (200, r#"{"error":{"message":"slow down","code":429}}"#, RateLimited),
            (200, r#"{"error":"model 'm' not found"}"#, UnknownModel),
            (200, r#"{"code":40101,"msg":"invalid api key","success":false}"#, Unauthorised),
            (200, r#"{"detail":"something went wrong"}"#, Garbled),
            (500, r#"{"message":"guided decoding is not supported: response_format"}"#, Unsupported),
            (500, r#"{"error":"the upstream sent no response_format"}"#, Overloaded),
            (
                422,
                r#"{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1800 and 900"}"#,
                TooLong,
            ),
            (100, "", Garbled),
        ] {
            assert_eq!(of(status, &[], body).kind, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_quota_that_comes_back_is_waited_for() {
        let body = r#"{"error":{"message":"You exceeded your current quota","details":[{"retryDelay":"30s"}]}}"#;
        let failure = of(429, &[], body);
        assert_eq!((failure.kind, failure.retry_after), (RateLimited, Some(Duration::from_secs(30))));
    }

    #[test]
    fn a_refusal_that_names_a_time_to_come_back_is_no_refusal() {
        assert_eq!(of(400, &[("retry-after", "2")], "{}").kind, Overloaded);
        assert_eq!(of(400, &[("x-ratelimit-reset-requests", "2s")], "{}").kind, Rejected);
    }

    #[test]
    fn reads_the_window_out_of_a_refusal() {
        for (message, expected) in [
            ("request (818 tokens) exceeds the available context size (512 tokens), try increasing it", Some(512)),
            ("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", Some(8192)),
            ("prompt is too long: 210,000 tokens > 200,000 maximum", Some(200_000)),
            ("Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 7129", Some(6000)),
            ("The input token count (40000) exceeds the maximum number of tokens allowed (32768).", Some(32768)),
            ("`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1800 `inputs` tokens", Some(2048)),
            ("too long", None),
        ] {
            assert_eq!(window(message), expected, "{message}");
        }
    }

    #[test]
    fn a_redirect_says_where_it_leads_and_a_page_what_it_is_called() {
        let moved =
            of(301, &[("location", "https://a.example/v1/chat/completions?token=x")], "<html><h1>Moved</h1></html>");
        assert_eq!(moved.message, "301: the server sends callers on to https://a.example/v1/chat/completions");
        let page = of(502, &[], "<html><head><title>Bad\n gateway</title></head></html>");
        assert_eq!(page.message, "502: a web page, “Bad gateway”");
    }

    #[test]
    fn messages_are_short_and_harmless() {
        let long = format!("{{\"error\":\"\\u001b[31mred\\n{}\"}}", "x".repeat(2000));
        let message = of(400, &[], &long).message;
        assert!(message.starts_with("400: \\u{1b}[31mred\\n"), "{message}");
        assert!(message.chars().count() < 330);
    }
}
