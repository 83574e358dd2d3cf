//! Inputs at `s3://`, against a server on this machine that speaks as much of the protocol as reading needs: signed HEAD and GET, ranges,
//! entity tags. Built with `--features s3` alone.

#![cfg(feature = "s3")]

mod common;

use common::{Ran, command, finish};
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

const ROWS: &str = "text,label\nit was fine,x\nit was bad,y\nso good,x\n";
const KEY: &str = "AKIAMADEUP";

#[derive(Default)]
struct Store {
    objects: HashMap<String, String>,
    /// Method, path and range of every call.
    calls: Vec<String>,
}

/// A store at an address; it ends with the test's process.
fn store() -> (String, Arc<Mutex<Store>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let store = Arc::new(Mutex::new(Store::default()));
    let shared = Arc::clone(&store);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away is no fault of the store.
            let _ = answer(stream, &shared);
        }
    });
    (url, store)
}

fn answer(stream: TcpStream, store: &Mutex<Store>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut headers = HashMap::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut store = store.lock().expect("no panic");
    let range = headers.get("range").map_or("", String::as_str);
    store.calls.push(format!("{method} {path} {range}").trim_end().to_owned());
    let signed = headers
        .get("authorization")
        .is_some_and(|a| a.starts_with(&format!("AWS4-HMAC-SHA256 Credential={KEY}/")) && a.contains("Signature="));
    let (status, body) = match store.objects.get(path) {
        _ if !signed => (403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".to_owned()),
        None => (404, "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>".to_owned()),
        Some(object) => (200, object.clone()),
    };
    let whole = body.len();
    let (status, body, about) = match range.strip_prefix("bytes=").and_then(|r| r.split_once('-')) {
        Some((from, to)) if status == 200 => {
            let (from, to) = (from.parse().unwrap_or(0), to.parse().unwrap_or(whole).min(whole - 1));
            (206, body[from..=to].to_owned(), format!("content-range: bytes {from}-{to}/{whole}\r\n"))
        }
        _ => (status, body, String::new()),
    };
    let etag = store.objects.get(path).map_or(0, |o| o.bytes().fold(7_u64, |h, b| h.wrapping_mul(31) ^ u64::from(b)));
    let mut out = stream;
    write!(
        out,
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\netag: \"{etag:x}\"\r\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n{about}\r\n",
        body.len()
    )?;
    if method == "HEAD" { Ok(()) } else { out.write_all(body.as_bytes()) }
}

fn profile(folder: &Path, url: &str, key: &str, more: &[&str]) -> Ran {
    let mut command = command(folder, &["profile", "s3://bucket/data/train.csv", "--json"]);
    command.args(more);
    command.env("AWS_ENDPOINT_URL", url).env("AWS_ACCESS_KEY_ID", key).env("AWS_SECRET_ACCESS_KEY", "made-up");
    command.env("AWS_REGION", "us-east-1").env("EQUIPOISE_CACHE", folder.join("cache"));
    finish(command)
}

#[test]
fn an_object_is_fetched_once_and_again_only_where_it_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, store) = store();
    let put = |rows: &str| {
        store.lock().expect("no panic").objects.insert("/bucket/data/train.csv".to_owned(), rows.to_owned());
    };
    let n_gets = || store.lock().expect("no panic").calls.iter().filter(|call| call.starts_with("GET")).count();
    put(ROWS);
    let ran = profile(folder.path(), &url, KEY, &[]);
    let ran = ran.ends_with(0);
    assert!(ran.out.contains("\"x\"") && ran.out.contains("\"y\""), "{ran:?}");
    assert_eq!(profile(folder.path(), &url, KEY, &[]).out, ran.out);
    assert_eq!(n_gets(), 1, "what is in the cache is asked about and not fetched");
    put(&ROWS.replace("it was bad,y", "it was bad,z"));
    assert!(profile(folder.path(), &url, KEY, &[]).out.contains("\"z\""));
    assert_eq!(n_gets(), 2);
    let before = store.lock().expect("no panic").calls.len();
    assert!(profile(folder.path(), &url, KEY, &["--offline"]).out.contains("\"z\""));
    assert_eq!(store.lock().expect("no panic").calls.len(), before, "nothing is asked offline");
}

#[test]
fn a_missing_object_and_a_wrong_key_are_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, store) = store();
    let missing = profile(folder.path(), &url, KEY, &[]);
    let missing = missing.ends_with(65);
    assert!(missing.err.contains("s3://bucket/data/train.csv"), "{missing:?}");
    store.lock().expect("no panic").objects.insert("/bucket/data/train.csv".to_owned(), ROWS.to_owned());
    let refused = profile(folder.path(), &url, "AKIAWRONG", &[]);
    let refused = refused.ends_with(65);
    assert!(refused.err.contains("AWS_ACCESS_KEY_ID") && !refused.err.contains("HF_TOKEN"), "{refused:?}");
    assert!(!refused.err.contains("made-up"), "{refused:?}");
}
