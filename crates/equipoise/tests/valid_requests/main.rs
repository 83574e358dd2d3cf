//! Requests of every named provider, in every form that a refusal can lead to, are valid by the types of the official SDKs and by
//! OpenAI's OpenAPI document.
//!
//! Needs a Python with the packages `openai`, `anthropic` and `google-genai` (EQUIPOISE_SDK_PYTHON), and for the document `jsonschema` and
//! its path (EQUIPOISE_OPENAPI); skips without.

use equipoise_core::catalog::Settings;
use equipoise_core::data::{LabelId, RowId};
use equipoise_core::generator::{Job, SourceText};
use equipoise_core::provider::{
    CATALOG, Effort, Failure, FailureKind, Part, Prompt, Provider, Request, Sampling, Way, Wire,
};
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};

const PARTS: [Part; 7] =
    [Part::Seed, Part::Temperature, Part::Limit, Part::System, Part::Keywords, Part::Schema, Part::Reasoning];

fn request(model: &str) -> Request {
    let sources = ["so glad", "what a day"].iter().enumerate().map(|(i, text)| SourceText {
        key: format!("a{}", i + 1),
        row: RowId(i as u64),
        text: (*text).to_owned(),
    });
    let element = json!({"type": "object", "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
        "required": ["id", "text"], "additionalProperties": false});
    let schema = json!({"type": "object", "properties": {"texts": {"type": "array", "items": element}},
        "required": ["texts"], "additionalProperties": false});
    Request {
        job: Job { label: LabelId(0), sources: sources.collect(), wanted: 2, ordinal: 1, attributes: Vec::new() },
        prompt: Prompt { system: "Write.".into(), user: "Write two texts.".into(), version: "v".into() },
        model: model.to_owned(),
        sampling: Sampling { temperature: Some(0.8), max_tokens: 300, seed: 7 },
        schema: Some(schema),
    }
}

/// The way as it is at first, and every way that refusals lead to from it.
fn ways(wire: &dyn Wire, request: &Request, effort: Option<Effort>) -> Vec<Way> {
    let mut ways = vec![Way { effort, ..Way::new("https://host.example/v1") }];
    let mut at = 0;
    while at < ways.len() {
        for part in PARTS {
            let failure =
                Failure { parts: [part].into(), ..Failure::new(FailureKind::Unsupported, "400: no such value") };
            let next = ways[at].after(wire, request, &failure).map(|change| change.way);
            ways.extend(next.filter(|way| !ways.contains(way)));
        }
        at += 1;
        // Every part alone and several pairs: enough, and not all of their thousands of combinations.
        if at == 12 {
            break;
        }
    }
    ways
}

fn bodies() -> Vec<Value> {
    let mut bodies = Vec::new();
    for entry in CATALOG {
        let Provider::Http { wire, .. } = *entry.build(&Settings::new()).expect("defaults build") else { continue };
        let models: &[&str] = match entry.name {
            "anthropic" => &["claude-sonnet-4-5", "claude-opus-5"],
            "gemini" => &["gemini-2.5-flash", "gemini-3-pro"],
            _ => &["gpt-5-nano", "m"],
        };
        for model in models {
            for effort in [None, Some(Effort::None), Some(Effort::Low), Some(Effort::High)] {
                let request = request(model);
                for way in ways(&*wire, &request, effort) {
                    let body: Value = serde_json::from_slice(&way.call(&*wire, &request).body).expect("JSON");
                    bodies.push(json!({"provider": entry.name, "wire": wire.id(), "body": body}));
                }
            }
        }
    }
    bodies
}

#[test]
#[allow(clippy::print_stdout, reason = "says that it skips")]
fn requests_of_every_provider_are_valid_by_the_official_types() {
    let Ok(python) = std::env::var("EQUIPOISE_SDK_PYTHON") else {
        println!("skipped: EQUIPOISE_SDK_PYTHON names no Python with the SDKs");
        return;
    };
    let bodies = bodies();
    assert!(bodies.len() > 500, "{}", bodies.len());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/valid_requests/validate.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python");
    let mut stdin = child.stdin.take().expect("piped");
    for body in &bodies {
        writeln!(stdin, "{body}").expect("read");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success() && said.contains(&format!("{} valid", bodies.len())), "{said}");
}
