//! The server as a client sees it.

use fault_server::{BatchEnding, BatchProfile, Fault, Outage, OutageKind, Profile, Reply, Server};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// One request over a connection of its own: status, head and body, or `None` where no whole head came.
fn call(server: &Server, method: &str, path: &str, kind: &str, body: &[u8]) -> Option<(u16, String, Vec<u8>)> {
    let address = server.url().strip_prefix("http://")?.strip_suffix("/v1")?;
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_millis(700))).ok()?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    while let Ok(n @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(&piece[..n]);
        if bytes.len() > 1 << 20 || whole(&bytes) {
            break;
        }
    }
    let at = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    Some((head.get(9..12)?.parse().ok()?, head, bytes[at + 4..].to_vec()))
}

fn whole(bytes: &[u8]) -> bool {
    let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..at]);
    let length = head.split("content-length: ").nth(1).and_then(|l| l.lines().next()?.parse::<usize>().ok());
    length.is_some_and(|n| bytes.len() >= at + 4 + n)
}

fn ask(server: &Server, i: usize) -> Option<(u16, String, Vec<u8>)> {
    let body = json!({"model": "m", "messages": [{"role": "user", "content": format!("one text #{i}")}]}).to_string();
    call(server, "POST", "/v1/chat/completions", "application/json", body.as_bytes())
}

fn get(server: &Server, path: &str) -> Value {
    let (_, _, body) = call(server, "GET", path, "application/json", b"").expect("an answer");
    serde_json::from_slice(&body).expect("JSON")
}

fn post(server: &Server, path: &str, body: &Value) -> Value {
    let (_, _, body) = call(server, "POST", path, "application/json", body.to_string().as_bytes()).expect("an answer");
    serde_json::from_slice(&body).expect("JSON")
}

#[test]
fn answers_the_same_request_alike_on_every_wire() {
    let server = Server::start(Profile { latency: Duration::from_millis(1), ..Profile::default() });
    let (first, second) = (ask(&server, 3).expect("an answer"), ask(&server, 3).expect("an answer"));
    assert_eq!((first.0, &first.2), (200, &second.2));
    let text: Value = serde_json::from_slice(&first.2).unwrap();
    assert_eq!(text["choices"][0]["message"]["content"], "answer to 3");
    let messages = json!({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "x #4"}]});
    assert_eq!(post(&server, "/v1/messages", &messages)["content"][0]["text"], "answer to 4");
    let contents = json!({"contents": [{"role": "user", "parts": [{"text": "x #5"}]}]});
    let answer = post(&server, "/v1beta/models/g:generateContent", &contents);
    assert_eq!(answer["candidates"][0]["content"]["parts"][0]["text"], "answer to 5");
    assert_eq!(answer["modelVersion"], "g");
    let ledger = server.ledger();
    assert_eq!((ledger.n_asked, ledger.n_billed, ledger.n_delivered, ledger.billed_more_than_once), (4, 4, 4, 1));
    assert_eq!(get(&server, "/ledger"), server.ledger().to_json());
}

#[test]
fn every_fault_is_done_and_entered_and_bills_what_it_says() {
    for fault in Fault::ALL {
        let server = Server::start(Profile {
            faults: vec![(*fault, 1.0)],
            hang: Duration::from_millis(20),
            drip: Duration::from_micros(10),
            ..Profile::default()
        });
        let answer = ask(&server, 1);
        let status = answer.as_ref().map(|a| a.0);
        match fault.status() {
            Some(expected) => assert_eq!(status, Some(expected)),
            None if matches!(fault, Fault::ResetBeforeHeaders | Fault::Hang) => assert_eq!(status, None),
            None if *fault == Fault::Redirect => assert_eq!(status, Some(307)),
            None => assert_eq!(status, Some(200), "{fault:?}"),
        }
        let ledger = server.ledger();
        assert_eq!(ledger.faults.get(fault), Some(&1));
        assert_eq!(ledger.n_billed, u64::from(fault.is_billed()), "{fault:?}");
        assert_eq!(ledger.n_delivered, u64::from(fault.is_delivered()), "{fault:?}");
        assert_eq!(ledger.n_retryable(), u64::from(fault.is_retryable()), "{fault:?}");
    }
}

#[test]
fn an_answer_that_a_dead_client_did_not_read_is_billed_and_undelivered() {
    let server = Server::start(Profile { latency: Duration::from_millis(50), ..Profile::default() });
    let address = server.url().strip_prefix("http://").and_then(|u| u.strip_suffix("/v1")).unwrap().to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    let body = json!({"model": "m", "messages": [{"role": "user", "content": "#1"}]}).to_string();
    let head = format!("POST /v1/chat/completions HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    drop(stream);
    std::thread::sleep(Duration::from_millis(100));
    let ledger = server.ledger();
    assert_eq!((ledger.n_billed, ledger.n_delivered, ledger.billed_undelivered), (1, 0, 1));
    assert_eq!(ledger.in_flight, 0);
}

#[test]
fn nobody_listens_during_a_refusal_and_somebody_does_after_it() {
    let (from, lasts) = (Duration::from_millis(100), Duration::from_millis(200));
    let outages = vec![Outage { from, lasts, kind: OutageKind::Refused }];
    let (server, began) = (Server::start(Profile { outages, ..Profile::default() }), Instant::now());
    assert!(ask(&server, 1).is_some());
    std::thread::sleep(Duration::from_millis(200).saturating_sub(began.elapsed()));
    assert!(ask(&server, 2).is_none());
    std::thread::sleep(Duration::from_millis(400).saturating_sub(began.elapsed()));
    assert!(ask(&server, 3).is_some());
    assert_eq!(server.n_asked(), 2);
}

#[test]
fn a_script_decides() {
    let server = Server::scripted(|asked| match asked.times {
        1 => Reply::with(429, "retry-after-ms", "5"),
        _ => Reply::Good,
    });
    assert_eq!(ask(&server, 1).map(|a| (a.0, a.1.contains("retry-after-ms: 5"))), Some((429, true)));
    assert_eq!(ask(&server, 1).map(|a| a.0), Some(200));
    assert_eq!(server.requests().iter().map(|r| (r.n, r.times)).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
}

/// Creates an OpenAI batch of `n` requests and looks at it until it has ended.
fn openai_batch(server: &Server, n: usize) -> Value {
    let line = |i: usize| {
        let body = json!({"model": "m", "messages": [{"role": "user", "content": format!("x #{i}")}]});
        json!({"custom_id": format!("k{i}"), "method": "POST", "url": "/v1/chat/completions", "body": body}).to_string()
    };
    let lines = (0..n).map(line).collect::<Vec<_>>().join("\n");
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n{lines}\r\n--b--\r\n"
    );
    let kind = "multipart/form-data; boundary=b";
    let (_, _, file) = call(server, "POST", "/v1/files", kind, form.as_bytes()).expect("an answer");
    let file: Value = serde_json::from_slice(&file).expect("JSON");
    let create = json!({"input_file_id": file["id"], "endpoint": "/v1/chat/completions", "completion_window": "24h", "metadata": {"uid": "u"}});
    call(server, "POST", "/v1/batches", "application/json", create.to_string().as_bytes());
    let batch = get(server, "/v1/batches?limit=5")["data"][0].clone();
    assert_eq!((&batch["metadata"]["uid"], &batch["status"]), (&json!("u"), &json!("validating")));
    for _ in 0..5 {
        let now = get(server, &format!("/v1/batches/{}", batch["id"].as_str().expect("an id")));
        if now["status"] != "in_progress" {
            return now;
        }
    }
    panic!("it has not ended");
}

fn lines(server: &Server, id: &Value) -> Vec<Value> {
    let path = format!("/v1/files/{}/content", id.as_str().expect("a file"));
    let (_, _, body) = call(server, "GET", &path, "", b"").expect("an answer");
    body.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).expect("JSON")).collect()
}

#[test]
fn an_openai_batch_gives_every_line_once_in_another_order() {
    let server = Server::start(Profile {
        batch: BatchProfile { error_share: 0.3, lost_creates: 1, ..BatchProfile::default() },
        ..Profile::default()
    });
    let ended = openai_batch(&server, 40);
    assert_eq!(ended["status"], "completed");
    let (good, bad) = (lines(&server, &ended["output_file_id"]), lines(&server, &ended["error_file_id"]));
    assert!(good.len() + bad.len() == 40 && bad.len() > 4, "{}", bad.len());
    for line in &good {
        let tag = line["custom_id"].as_str().unwrap().strip_prefix('k').unwrap();
        let text = &line["response"]["body"]["choices"][0]["message"]["content"];
        assert_eq!(text, &json!(format!("answer to {tag}")));
    }
    assert_ne!(good[0]["custom_id"], "k0");
    let ledger = server.ledger();
    assert_eq!((ledger.n_billed, ledger.n_delivered, ledger.n_batches), (good.len() as u64, good.len() as u64, 1));
}

#[test]
fn an_openai_batch_may_expire_or_fail() {
    let ending = |ending| Profile { batch: BatchProfile { ending, ..BatchProfile::default() }, ..Profile::default() };
    let server = Server::start(ending(BatchEnding::Expired(0.4)));
    let ended = openai_batch(&server, 10);
    assert_eq!(ended["status"], "expired");
    assert_eq!(lines(&server, &ended["output_file_id"]).len(), 4);
    assert!(lines(&server, &ended["error_file_id"]).iter().all(|l| l["error"]["code"] == "batch_expired"));
    let failed = openai_batch(&Server::start(ending(BatchEnding::Failed)), 10);
    assert_eq!((&failed["status"], &failed["output_file_id"]), (&json!("failed"), &Value::Null));
}

#[test]
fn an_anthropic_batch_gives_results_when_it_has_ended() {
    let batch = BatchProfile { ending: BatchEnding::Expired(0.5), ..BatchProfile::default() };
    let server = Server::start(Profile { batch, ..Profile::default() });
    let request = |i: usize| json!({"custom_id": format!("k{i}"), "params": {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": format!("x #{i}")}]}});
    let made = post(&server, "/v1/messages/batches", &json!({"requests": (0..10).map(request).collect::<Vec<_>>()}));
    let path = format!("/v1/messages/batches/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&server, &path)["processing_status"], "in_progress");
    let ended = get(&server, &path);
    assert_eq!((&ended["processing_status"], &ended["request_counts"]["succeeded"]), (&json!("ended"), &json!(5)));
    let (_, _, body) = call(&server, "GET", &format!("{path}/results"), "", b"").expect("an answer");
    let results: Vec<Value> =
        String::from_utf8(body).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let n = |kind: &str| results.iter().filter(|r| r["result"]["type"] == kind).count();
    assert_eq!((results.len(), n("succeeded"), n("expired")), (10, 5, 5));
    assert_eq!(server.ledger().n_delivered, 5);
}
