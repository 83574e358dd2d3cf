//! What the network and the provider do wrong.

use crate::set_up::*;
use equipoise::journal::Journal;
use equipoise::schedule::{EndReason, Engine, EngineError, EngineEvent, RequestOutcome, Stop};
use equipoise::transport::{TransportError, Unreached};
use equipoise_core::provider::FailureKind;
use fault_server::{Asked, Fault, Reply};
use serde_json::json;
use std::sync::Mutex;
use std::time::Duration;
use tempfile::tempdir;

const MS: fn(u64) -> Duration = Duration::from_millis;

/// The first time a body comes it meets a fault, by its id; then it is answered.
fn faulty(asked: &Asked) -> Reply {
    let kind: usize = asked.id.parse().unwrap_or(0);
    if asked.times > 1 {
        return Reply::Good;
    }
    match kind % 16 {
        0 => Reply::with(429, "retry-after-ms", "5"),
        1 => Reply::status(503, r#"{"error":{"message":"overloaded"}}"#),
        2 => Reply::fault(Fault::ResetBeforeHeaders),
        3 => Reply::fault(Fault::ResetInBody),
        4 => Reply::status(200, "<!doctype html><p>please log in</p>"),
        5 => Reply::status(200, "{\"choices\":[{\"message\":"),
        6 => Reply::status(200, ""),
        7 => Reply::status(500, "\u{1b}[31mboom"),
        8 => Reply::fault(Fault::Hang),
        _ => Reply::Good,
    }
}

#[test]
fn every_fault_that_passes_is_got_over_and_every_answer_is_kept_once() {
    let server = scripted(faulty);
    let dir = tempdir().expect("a folder");
    let (asks, mut limits) = (requests(320), limits());
    limits.deadlines.total = MS(300);
    let mut engine = engine(dir.path(), server.url(), limits.clone());
    let end = run(&mut engine, &asks);
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 320, 0));
    assert_answered(&engine, &asks);
    let totals = engine.totals().expect("readable");
    assert_eq!((totals.n_answers, totals.n_failed), (320, 9 * 20));
    assert_eq!(totals.n_sent, totals.n_answers + totals.n_failed);
    assert_eq!(server.n_asked() as u64, totals.n_sent);
    // Resets, cuts, hangs and garbled bodies may have been billed; their worst case stays counted.
    assert_eq!(totals.n_unknown, 6 * 20);
    assert!(totals.unknown > totals.settled);
    drop(engine);

    let before = server.n_asked();
    let mut engine = crate::set_up::engine(dir.path(), server.url(), limits);
    let again = run(&mut engine, &asks);
    assert_eq!((again.progress.n_reused, server.n_asked()), (320, before));
    assert_answered(&engine, &asks);
    drop(engine);
    assert_no_canary(dir.path());
}

#[test]
fn one_429_pauses_every_worker() {
    let server = scripted(|asked| match asked.n {
        0 => Reply::with(429, "retry-after-ms", "600"),
        _ => Reply::good_after(MS(20)),
    });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    let mut pauses = 0;
    let end = run_with(&mut engine, &requests(200), |e| pauses += usize::from(matches!(e, EngineEvent::Paused { .. })));
    assert_eq!((end.progress.n_answered, pauses), (200, 1));
    let times = times(&server);
    let during = times.iter().filter(|t| **t > times[0] + MS(200) && **t < times[0] + MS(590)).count();
    assert_eq!(during, 0, "requests came during the pause");
}

#[test]
fn keeps_to_the_limit_that_headers_tell() {
    // 50 a second, 30 at once.
    let bucket = Mutex::new((30.0, MS(0)));
    let server = scripted(move |asked| {
        let mut bucket = bucket.lock().expect("no poison");
        let passed = asked.at.saturating_sub(bucket.1);
        *bucket = ((bucket.0 + 50.0 * passed.as_secs_f64()).min(3000.0), asked.at.max(bucket.1));
        let admitted = bucket.0 >= 1.0;
        bucket.0 -= f64::from(u8::from(admitted));
        let headers = vec![
            ("x-ratelimit-limit-requests", "3000".to_owned()),
            ("x-ratelimit-remaining-requests", format!("{:.0}", bucket.0.floor())),
            ("retry-after-ms", "50".to_owned()),
        ];
        let (status, body) = if admitted { (200, asked.good.clone()) } else { (429, String::new()) };
        Reply::Whole { status, headers, body: body.into_bytes() }
    });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    assert_eq!(run(&mut engine, &requests(150)).progress.n_answered, 150);
    let (refused, took) = (server.n_asked() - 150, times(&server).last().copied().unwrap_or_default());
    println!("{refused} refused, {took:?}");
    assert!(refused <= 5, "{refused} refused");
    // At best (150 − 30) / 50 s.
    assert!(took >= MS(2300) && took <= MS(5000), "{took:?}");
}

#[test]
fn an_outage_costs_no_row_and_few_requests() {
    let server = scripted(|asked| if asked.at < MS(600) { Reply::status(503, "") } else { Reply::Good });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    let end = run(&mut engine, &requests(100));
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 100, 0));
    let wasted = server.n_asked() - 100;
    assert!(wasted <= 16 + 6, "{wasted} wasted");
}

#[test]
fn an_outage_that_lasts_stops_the_run_which_then_goes_on() {
    let server = scripted(|asked| if asked.n < 40 { Reply::fault(Fault::ResetBeforeHeaders) } else { Reply::Good });
    let dir = tempdir().expect("a folder");
    let mut short = limits();
    short.max_outage = MS(300);
    let end = run(&mut engine(dir.path(), server.url(), short), &requests(50));
    assert!(matches!(end.reason, EndReason::Outage(_)), "{end:?}");
    assert_eq!((end.n_cancelled, end.progress.n_failed), (50, 0));
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(50));
    assert_eq!((end.reason, end.progress.n_answered), (EndReason::Done, 50));
}

#[test]
fn nobody_listening_is_an_outage_and_costs_nothing() {
    let dir = tempdir().expect("a folder");
    let mut short = limits();
    short.max_outage = MS(300);
    let mut engine = engine(dir.path(), "http://127.0.0.1:1/v1", short);
    let end = run(&mut engine, &requests(20));
    assert!(matches!(&end.reason, EndReason::Outage(f) if f.kind == FailureKind::Lost), "{end:?}");
    let totals = engine.totals().expect("readable");
    assert_eq!((totals.n_unknown, end.progress.spent.0), (0, 0));
    assert!(!format!("{end:?}").contains("127.0.0.1:1/v1"), "{end:?}");
}

#[test]
fn a_refused_key_stops_at_once_and_is_seen_nowhere() {
    let server = scripted(|asked| {
        let key = asked.authorization.clone().unwrap_or_default();
        Reply::status(401, &json!({"error": {"message": format!("Incorrect API key provided: {key}")}}).to_string())
    });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    let mut told = String::new();
    let end = run_with(&mut engine, &requests(100), |event| told.push_str(&format!("{event:?}")));
    assert!(matches!(&end.reason, EndReason::Unauthorised(f) if f.message.contains("Bearer [key]")), "{end:?}");
    assert!(server.n_asked() <= 16, "{}", server.n_asked());
    assert_eq!(end.n_cancelled, 100);
    let outcome = engine.outcome_of(&requests(1)[0]).expect("readable");
    assert!(!format!("{told}{end:?}{outcome:?}").contains(CANARY));
    drop(engine);
    assert_no_canary(dir.path());
}

#[test]
fn an_answer_that_holds_the_key_is_stored_without_it() {
    let server = scripted(|asked| {
        let key = asked.authorization.clone().unwrap_or_default();
        let filler = if asked.id == "1" { "x".repeat(9000) } else { String::new() };
        Reply::Whole {
            status: 200,
            headers: vec![("x-request-id", key.clone())],
            body: asked.good.replace("answer to", &format!("{filler}{key}")).into_bytes(),
        }
    });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    run(&mut engine, &requests(2));
    for request in requests(2) {
        let outcome = engine.outcome_of(&request).expect("readable");
        assert!(format!("{outcome:?}").contains("[key]") && !format!("{outcome:?}").contains(CANARY));
    }
    drop(engine);
    assert_no_canary(dir.path());
}

#[test]
fn a_quota_that_is_used_up_stops_the_run_which_then_goes_on() {
    let server = scripted(|asked| match asked.n {
        20..60 => {
            Reply::status(429, r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#)
        }
        _ => Reply::Good,
    });
    let dir = tempdir().expect("a folder");
    let mut end = run(&mut engine(dir.path(), server.url(), limits()), &requests(80));
    assert!(matches!(end.reason, EndReason::OutOfCredit(_)), "{end:?}");
    let mut answered = end.progress.n_answered;
    while end.reason != EndReason::Done {
        end = run(&mut engine(dir.path(), server.url(), limits()), &requests(80));
        answered += end.progress.n_answered;
    }
    assert_eq!(answered, 80);
    assert!(server.billed().values().all(|n| *n == 1));
}

#[test]
fn a_wait_longer_than_allowed_stops_the_run() {
    let server = scripted(|_| Reply::with(429, "retry-after", "7200"));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(10));
    assert!(
        matches!(&end.reason, EndReason::LongWait(wait, Some(_)) if *wait == Duration::from_secs(7200)),
        "{:?}",
        end.reason
    );
}

#[test]
fn half_a_body_every_time_is_no_model_and_is_not_waited_out() {
    let server = scripted(|_| Reply::fault(Fault::ResetInBody));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(1));
    assert!(matches!(&end.reason, EndReason::Refused(f) if f.kind == FailureKind::Garbled), "{:?}", end.reason);
    assert_eq!(server.n_asked(), 3);
}

#[test]
fn a_server_that_never_answers_in_time_is_told_of_after_three_calls() {
    let server = scripted(|_| Reply::fault(Fault::Hang));
    let (dir, mut limits) = (tempdir().expect("a folder"), limits());
    limits.deadlines.total = MS(100);
    let end = run(&mut engine(dir.path(), server.url(), limits), &requests(1));
    assert!(matches!(end.reason, EndReason::Unreached(Unreached::Late, _)), "{:?}", end.reason);
    assert_eq!(server.n_asked(), 3);
}

#[test]
fn a_server_that_fails_on_the_form_for_one_reason_is_asked_in_the_barest_one_and_else_stops_the_run() {
    const WHY: &str = r#"{"error":{"code":500,"message":"GuidedDecoder is not setup. Please provide a valid config"}}"#;
    let forms = scripted(|asked| match asked.body()["response_format"].is_null() {
        true => Reply::Good,
        false => Reply::status(500, WHY),
    });
    let (dir, mut asks) = (tempdir().expect("a folder"), requests(4));
    asks.iter_mut().for_each(|request| request.schema = Some(json!({"type": "object"})));
    let end = run(&mut engine(dir.path(), forms.url(), limits()), &asks);
    assert_eq!((end.reason, end.progress.n_answered), (EndReason::Done, 4));
    let never = scripted(|_| Reply::status(500, WHY));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), never.url(), limits()), &asks);
    assert!(matches!(&end.reason, EndReason::Refused(f) if f.message.contains("GuidedDecoder")), "{:?}", end.reason);
    assert!(never.n_asked() <= 8, "{} calls", never.n_asked());
}

#[test]
fn an_unknown_model_stops_at_once() {
    let server = scripted(|_| Reply::status(404, r#"{"error":{"message":"The model `m-1` does not exist"}}"#));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(100));
    assert!(matches!(end.reason, EndReason::UnknownModel(_)), "{end:?}");
    assert!(server.n_asked() <= 16);
}

#[test]
fn an_endpoint_without_schemas_is_asked_without() {
    let server = scripted(|asked| {
        if asked.body().get("response_format").is_some() {
            Reply::status(400, r#"{"error":{"message":"response_format json_schema is not supported"}}"#)
        } else {
            Reply::Good
        }
    });
    let dir = tempdir().expect("a folder");
    let mut asks = requests(100);
    for request in &mut asks {
        request.schema = Some(json!({"type": "object"}));
    }
    let mut dropped = 0;
    let mut first = engine(dir.path(), server.url(), limits());
    let end = run_with(&mut first, &asks, |e| dropped += usize::from(matches!(e, EngineEvent::WayChanged(_))));
    // A demand for any JSON object is tried between.
    assert_eq!((end.reason, end.progress.n_answered, dropped), (EndReason::Done, 100, 2));
    assert!(server.n_asked() <= 100 + 16, "{}", server.n_asked());
    assert_answered(&first, &asks);
    drop(first);
    let before = server.n_asked();
    let mut second = engine(dir.path(), server.url(), limits());
    let asks_more: Vec<_> = asks.iter().cloned().chain(requests(101).into_iter().skip(100)).collect();
    assert_eq!(run(&mut second, &asks_more).progress.n_reused, 100);
    assert_eq!(server.n_asked(), before + 1, "the refusal is remembered");
    assert_answered(&second, &asks);
}

#[test]
fn a_request_that_is_rejected_fails_alone_and_is_not_asked_again() {
    let server = scripted(|asked| match asked.id.as_str() {
        "3" => Reply::status(400, r#"{"error":{"message":"this text cannot be read"}}"#),
        _ => Reply::Good,
    });
    let dir = tempdir().expect("a folder");
    let asks = requests(10);
    let mut first = engine(dir.path(), server.url(), limits());
    let end = run(&mut first, &asks);
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 9, 1));
    let outcome = first.outcome_of(&asks[3]).expect("readable").map(|(_, outcome)| outcome);
    assert!(matches!(outcome, Some(RequestOutcome::Failed(f)) if f.kind == FailureKind::Rejected));
    drop(first);
    assert_eq!(run(&mut engine(dir.path(), server.url(), limits()), &asks).progress.n_reused, 10);
    assert_eq!(server.n_asked(), 10);
}

#[test]
fn what_every_request_is_refused_for_stops_the_run_after_few() {
    let server = scripted(|_| Reply::status(400, r#"{"error":{"message":"no such thing"}}"#));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(40));
    assert!(matches!(&end.reason, EndReason::Refused(f) if f.message.contains("no such thing")), "{end:?}");
    assert!(server.n_asked() <= 6, "{}", server.n_asked());
    assert_eq!(end.n_cancelled, 40, "nothing was given up");
}

#[test]
fn an_endpoint_that_names_nothing_is_asked_once_more_with_nothing_optional_which_is_remembered_where_it_works() {
    for works in [true, false] {
        let server = scripted(move |asked| {
            let body = asked.body();
            let is_bare = body.get("temperature").is_none() && body["messages"][0]["role"] == "user";
            if works && is_bare { Reply::Good } else { Reply::status(400, r#"{"error":"Bad Request"}"#) }
        });
        let dir = tempdir().expect("a folder");
        let mut bared = 0;
        let mut first = engine(dir.path(), server.url(), limits());
        let end = run_with(&mut first, &requests(20), |e| bared += usize::from(matches!(e, EngineEvent::WayBared)));
        drop(first);
        assert_eq!((bared, end.progress.n_answered), (1, if works { 20 } else { 0 }), "{end:?}");
        let before = server.n_asked();
        let next = run(&mut engine(dir.path(), server.url(), limits()), &requests(24));
        let n_asked = server.n_asked() - before;
        match works {
            true => assert_eq!((next.progress.n_reused, n_asked), (20, 4), "the way that worked is remembered"),
            false => assert!(matches!(next.reason, EndReason::Refused(_)) && n_asked >= 4, "{next:?}"),
        }
    }
}

#[test]
fn a_request_that_the_server_always_fails_on_ends_alone_and_soon() {
    let server = scripted(|asked| match asked.id.as_str() {
        "1" => Reply::status(500, r#"{"error":{"message":"internal"}}"#),
        _ => Reply::Good,
    });
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(12));
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 11, 1));
    assert!(server.n_asked() <= 11 + 8, "{}", server.n_asked());
}

#[test]
fn a_lane_that_answered_and_then_refuses_everything_is_stopped_although_others_are_in_flight() {
    let server = scripted(|asked| match asked.n {
        0..20 => Reply::Good,
        _ => {
            let refused = Reply::status(400, r#"{"error":{"message":"closed for today"}}"#);
            // One after the other, so that there is always one in flight.
            Reply::After(Duration::from_millis(5 + 9 * (asked.n as u64 % 8)), Box::new(refused))
        }
    });
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(400));
    assert!(matches!(&end.reason, EndReason::Refused(f) if f.message.contains("closed")), "{end:?}");
    assert!(server.n_asked() <= 20 + 10 + 2 * limits().max_concurrency, "{}", server.n_asked());
}

#[test]
fn overload_that_others_do_not_meet_is_waited_for_and_gives_nothing_up() {
    let server = scripted(|asked| match asked.id.parse::<usize>() {
        Ok(id) if id % 4 == 0 && asked.times <= 5 => Reply::status(503, r#"{"error":{"message":"busy"}}"#),
        _ => Reply::good_after(Duration::from_millis(20)),
    });
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(80));
    // The last one in hand, alone, is given up sooner.
    assert!(end.reason == EndReason::Done && end.progress.n_failed <= 1, "{end:?}");
}

#[test]
fn the_only_request_tells_a_page_to_log_in_from_a_model() {
    let server = scripted(|_| Reply::status(200, "<!doctype html><p>please log in</p>"));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(1));
    assert!(matches!(&end.reason, EndReason::Refused(f) if f.message.contains("web page")), "{end:?}");
    assert_eq!(server.n_asked(), 3);
}

#[test]
fn a_denial_before_the_first_answer_waits_for_what_the_others_meet() {
    for (status, words) in [(403, "not for you"), (404, "no such page")] {
        let server = scripted(move |asked| match asked.id.as_str() {
            "0" => Reply::status(status, &format!(r#"{{"error":{{"message":"{words}"}}}}"#)),
            _ => Reply::good_after(MS(30)),
        });
        let dir = tempdir().expect("a folder");
        let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(12));
        assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 11, 1), "{status}");
    }
}

#[test]
fn a_part_that_is_refused_is_sent_in_another_way_told_once_and_remembered() {
    let server = scripted(|asked| {
        let body = asked.body();
        if body.get("max_tokens").is_some() {
            return Reply::status(
                400,
                r#"{"error":{"message":"Unsupported parameter: 'max_tokens'","param":"max_tokens"}}"#,
            );
        }
        if body["messages"][0]["role"] == "system" {
            return Reply::status(500, r#"{"error":{"message":"System role not supported"}}"#);
        }
        Reply::Good
    });
    let dir = tempdir().expect("a folder");
    let asks = requests(30);
    let mut told = Vec::new();
    let mut first = engine(dir.path(), server.url(), limits());
    let end = run_with(&mut first, &asks, |e| {
        if let EngineEvent::WayChanged(change) = e {
            told.push(change.to_string());
        }
    });
    assert_eq!((end.reason, end.progress.n_answered, told.len()), (EndReason::Done, 30, 2));
    assert!(server.n_asked() <= 30 + 6, "{}", server.n_asked());
    drop(first);
    let before = server.n_asked();
    let more = requests(34);
    assert_eq!(run(&mut engine(dir.path(), server.url(), limits()), &more).progress.n_reused, 30);
    assert_eq!(server.n_asked(), before + 4, "what was refused is remembered");
}

#[test]
fn a_request_that_is_denied_the_key_while_others_are_answered_is_set_aside() {
    let server = scripted(|asked| match asked.id.as_str() {
        "7" => Reply::status(403, r#"{"error":{"message":"not for you"}}"#),
        _ => Reply::Good,
    });
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(30));
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 29, 1));
    let again = run(&mut engine(dir.path(), server.url(), limits()), &requests(30));
    assert_eq!((again.reason, again.progress.n_reused), (EndReason::Done, 30));
}

#[test]
fn a_server_that_does_not_run_is_told_of_soon() {
    let dir = tempdir().expect("a folder");
    let mut short = limits();
    short.max_refused = MS(200);
    let end = run(&mut engine(dir.path(), "http://127.0.0.1:1/v1", short), &requests(20));
    assert!(matches!(end.reason, EndReason::Unreached(Unreached::Nobody, _)), "{end:?}");
}

#[test]
fn a_huge_body_is_not_read_to_its_end() {
    let server = scripted(|asked| match asked.id.as_str() {
        "3" => Reply::status(200, &"x".repeat(300_000)),
        _ => Reply::Good,
    });
    let dir = tempdir().expect("a folder");
    let mut small = limits();
    small.deadlines.max_body = 100_000;
    let end = run(&mut engine(dir.path(), server.url(), small), &requests(30));
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 29, 1));
}

#[test]
fn a_redirect_is_not_followed_and_the_key_stays() {
    let other = scripted(|_| Reply::Good);
    let target = other.url().to_owned();
    let server = scripted(move |_| Reply::with(307, "location", &target));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(5));
    assert!(matches!(end.reason, EndReason::UnknownModel(_)), "{end:?}");
    assert_eq!(other.n_asked(), 0);
}

#[test]
fn requests_in_flight_stay_below_the_maximum() {
    let server = scripted(|_| Reply::good_after(MS(10)));
    let dir = tempdir().expect("a folder");
    let mut few = limits();
    few.max_concurrency = 3;
    run(&mut engine(dir.path(), server.url(), few), &requests(60));
    assert_eq!(server.ledger().in_flight_peak, 3);
}

#[test]
fn equal_requests_are_sent_once() {
    let server = scripted(|_| Reply::Good);
    let dir = tempdir().expect("a folder");
    let asks: Vec<_> = requests(5).into_iter().cycle().take(15).collect();
    let end = run(&mut engine(dir.path(), server.url(), limits()), &asks);
    assert_eq!((end.n_repeated + end.progress.n_reused, server.n_asked()), (10, 5));
}

#[test]
fn offline_opens_no_socket() {
    let dir = tempdir().expect("a folder");
    let mut offline = limits();
    offline.offline = true;
    let journal = Journal::open(dir.path()).expect("a journal");
    let refused = Engine::open(journal, lane("http://127.0.0.1:9/v1"), offline, Stop::default());
    assert!(matches!(refused, Err(EngineError::Transport(TransportError::Offline { .. }))));
}

#[test]
fn a_quota_for_the_day_stops_the_run() {
    let body =
        r#"{"error": {"message": "Rate limit reached on requests per day (RPD): Limit 200", "type": "requests"}}"#;
    let server = scripted(move |_| Reply::status(429, body));
    let dir = tempdir().expect("a folder");
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(40));
    assert!(matches!(end.reason, EndReason::LongWait(wait, _) if wait > Duration::from_secs(3600)), "{end:?}");
    assert!(server.n_asked() <= 16);
}

#[test]
fn a_full_disk_stops_before_anything_is_sent() {
    let server = scripted(|_| Reply::Good);
    let dir = tempdir().expect("a folder");
    let mut full = limits();
    full.min_free = u64::MAX;
    let end = run(&mut engine(dir.path(), server.url(), full), &requests(40));
    assert!(matches!(end.reason, EndReason::NoSpace { free, needed: u64::MAX } if free > 0), "{end:?}");
    assert_eq!((server.n_asked(), end.n_cancelled), (0, 40));
    let end = run(&mut engine(dir.path(), server.url(), limits()), &requests(40));
    assert_eq!((end.reason, server.n_asked()), (EndReason::Done, 40));
}

#[test]
fn another_model_behind_the_name_is_told_once() {
    let server = scripted(|asked| {
        let mut body: serde_json::Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
        body["model"] = if asked.n % 2 == 1 { "m-2" } else { "m-1" }.into();
        Reply::status(200, &body.to_string())
    });
    let dir = tempdir().expect("a folder");
    let mut changes = Vec::new();
    for n in [20, 40] {
        let mut engine = engine(dir.path(), server.url(), limits());
        run_with(&mut engine, &requests(n), |e| {
            if let EngineEvent::ModelChanged { before, now } = e {
                changes.push((before, now));
            }
        });
    }
    assert_eq!(changes.len(), 1, "{changes:?}");
    let served = Journal::open_to_read(dir.path()).and_then(|journal| journal.served_models()).expect("readable");
    assert_eq!(served, ["m-1", "m-2"]);
}
