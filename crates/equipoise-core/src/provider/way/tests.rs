use super::*;
use crate::catalog::Settings;
use crate::provider::tests::{request, wires};
use crate::provider::{CATALOG, FailureKind, Provider, find_model};

fn wire(model: &str) -> Box<dyn Wire> {
    match *find_model(model).expect("known").0.build(&Settings::new()).expect("defaults build") {
        Provider::Http { wire, .. } => wire,
        Provider::Local(_) => panic!("not over HTTP"),
    }
}

fn refusal(part: Part, message: &str) -> Failure {
    Failure { parts: [part].into(), ..Failure::new(FailureKind::Unsupported, message) }
}

#[test]
fn what_is_named_is_changed_once_and_then_no_more() {
    let wire = wire("openai-compatible/m");
    let mut way = Way::new("https://a.example/v1");
    let mut said = Vec::new();
    for part in [Part::Limit, Part::Limit, Part::System, Part::Temperature, Part::Keywords, Part::Schema] {
        let change = way.after(&*wire, &request(), &refusal(part, "400: no")).expect("there is another manner");
        said.push(change.to_string());
        way = change.way;
    }
    assert!(said[0].contains("`max_completion_tokens` is sent"), "{said:?}");
    assert!(said[1].contains("omitted") && said[2].contains("user's message"), "{said:?}");
    for part in [Part::Seed, Part::Limit, Part::System, Part::Temperature, Part::Keywords] {
        assert_eq!(way.after(&*wire, &request(), &refusal(part, "400: no")), None, "{part}");
    }
    let call = way.call(&*wire, &request());
    let body = String::from_utf8(call.body).expect("UTF-8");
    assert!(!["seed", "tokens", "temperature", "system"].iter().any(|field| body.contains(field)), "{body}");
}

#[test]
fn a_bare_way_sends_model_messages_and_limit_alone() {
    let wire = wire("openai/gpt-5-nano");
    let bare = Way::new("https://a.example/v1").bare(&*wire, &request()).expect("there is something to omit");
    let body: serde_json::Value = serde_json::from_slice(&bare.call(&*wire, &request()).body).expect("JSON");
    let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["model", "messages", "max_completion_tokens"]);
    assert_eq!(body["messages"][0]["role"], "user");
    assert_eq!(bare.bare(&*wire, &request()), None);
}

#[test]
fn a_bound_is_kept_to() {
    let wire = wire("openai-compatible/m");
    let failure =
        refusal(Part::Limit, "400: max_tokens is too large: 200. This model supports at most 120 completion tokens");
    let change = Way::new("https://a.example/v1").after(&*wire, &request(), &failure).expect("a bound");
    assert_eq!((change.way.most_output, change.now), (Some(120), Some(Manner::MaxTokens)));
    assert!(String::from_utf8(change.way.call(&*wire, &request()).body).expect("UTF-8").contains("\"max_tokens\":120"));
}

#[test]
fn a_refused_effort_is_raised_and_a_refused_field_is_omitted() {
    let wire = wire("openai/m");
    let way = Way { effort: Some(Effort::None), ..Way::new("https://a.example/v1") };
    let value = refusal(Part::Reasoning, "400: Unsupported value: 'reasoning_effort' does not support 'none'");
    let raised = way.after(&*wire, &request(), &value).expect("more effort");
    assert_eq!(raised.now, Some(Manner::ReasoningMinimal));
    let accepted = Failure { efforts: [Effort::None, Effort::Medium, Effort::High].into_iter().collect(), ..value };
    let named = way.after(&*wire, &request(), &accepted).expect("what is named");
    assert_eq!(named.now, Some(Manner::ReasoningMedium), "at once, and not by way of what it would refuse, too");
    assert!(named.to_string().contains("`none`; the reasoning effort `medium` is sent from now on"), "{named}");
    let field = refusal(Part::Reasoning, "400: Unsupported parameter: 'reasoning_effort'");
    assert_eq!(way.after(&*wire, &request(), &field).expect("none").now, None);
}

#[test]
fn what_the_user_omits_is_not_sent_by_any_wire() {
    let custom = Custom {
        omit: ["seed", "temperature", "system", "response_format", "reasoning_effort"].map(str::to_owned).to_vec(),
        ..Custom::default()
    };
    for wire in wires() {
        let way = Way { custom: custom.clone(), ..Way::new("https://a.example/v1") };
        for part in [Part::Seed, Part::Temperature, Part::System, Part::Schema, Part::Reasoning] {
            assert_eq!(wire.manner(part, &request(), &way), None, "{} {part}", wire.id());
        }
        let body = String::from_utf8(way.call(&*wire, &request()).body).expect("UTF-8");
        assert!(body.contains("You write texts.\\n\\nRewrite"), "{body}");
    }
}

#[test]
fn a_way_that_a_journal_kept_reads_back_equal() {
    let mut way = Way { effort: Some(Effort::Low), most_output: Some(9), ..Way::new("https://a.example/v1/") };
    way.refused.insert(Manner::Seed);
    way.custom.headers.insert("api-key".to_owned(), "{key}".to_owned());
    let text = serde_json::to_string(&way).expect("JSON");
    assert_eq!(serde_json::from_str::<Way>(&text).expect("reads back"), way);
    assert!(way.is_to_the_same(&Way { refused: BTreeSet::new(), most_output: None, ..way.clone() }));
}

#[test]
fn the_providers_of_the_catalog_take_the_settings_of_every_endpoint() {
    for entry in CATALOG.iter().filter(|e| e.name != "offline") {
        let settings = Settings::from_iter([("omit".to_owned(), serde_json::json!(["seed"]))]);
        let Provider::Http { custom, .. } = *entry.build(&settings).expect("settings") else { panic!("over HTTP") };
        assert_eq!(custom.omit, ["seed"], "{}", entry.name);
    }
}
