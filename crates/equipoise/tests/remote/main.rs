//! Files that lie elsewhere, fetched from a server on this machine that speaks the hub's protocol.

mod server;

use equipoise::event::Event;
use equipoise::input::{InputOptions, read};
use equipoise::remote::{Cache, Remote, RemoteError, Upload, upload};
use equipoise::secret::Secret;
use equipoise::{Error, Recipe, Work};
use server::Server;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ROWS: &str = "text,label\nit was fine,x\nit was bad,y\nso good,x\n";

fn remote(folder: &TempDir, hub: &str) -> Remote {
    Remote { cache: Cache::new(folder.path().join("cache")), offline: false, hub: hub.to_owned(), token: None }
}

fn local(remote: &Remote, address: &str) -> Result<PathBuf, RemoteError> {
    remote.local(Path::new(address), &Work::default())
}

fn n_rows(path: &Path) -> usize {
    read(&path.into(), &InputOptions::default()).expect("labelled texts").rows.len()
}

#[test]
fn a_file_is_fetched_once_and_again_only_where_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    server.put("/data/train.csv", ROWS.as_bytes());
    let remote = remote(&folder, server.url());
    let address = format!("{}/data/train.csv", server.url());
    let seen = std::sync::Mutex::new(Vec::new());
    let path = remote.local(Path::new(&address), &Work::watched(|event| seen.lock().unwrap().push(event))).unwrap();
    assert_eq!((path.file_name().unwrap().to_str(), n_rows(&path)), (Some("train.csv"), 3));
    let whole =
        |e: &Event| matches!(e, Event::Advanced { done, total, .. } if done == total && *done == ROWS.len() as u64);
    assert!(seen.lock().unwrap().iter().any(whole), "progress was told");
    assert_eq!(local(&remote, &address).unwrap(), path);
    assert_eq!(server.sent("/data/train.csv"), [200, 304]);
    server.put("/data/train.csv", ROWS.replace("so good,x\n", "").as_bytes());
    assert_eq!(n_rows(&local(&remote, &address).unwrap()), 2);
    let offline = Remote { offline: true, ..remote.clone() };
    assert_eq!(n_rows(&local(&offline, &address).unwrap()), 2);
    let other = format!("{}/data/other.csv", server.url());
    assert!(matches!(local(&offline, &other), Err(RemoteError::Offline { .. })));
    assert!(matches!(local(&remote, &other), Err(RemoteError::Refused { status: 404, .. })));
    assert_eq!(server.sent("/data/train.csv"), [200, 304, 200]);
}

#[test]
fn a_transfer_that_breaks_off_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    server.put("/train.csv", ROWS.as_bytes());
    server.cut_next(20);
    let remote = remote(&folder, server.url());
    let address = format!("{}/train.csv", server.url());
    assert!(matches!(local(&remote, &address), Err(RemoteError::Lost { .. })));
    assert_eq!(n_rows(&local(&remote, &address).unwrap()), 3);
    assert_eq!(server.sent("/train.csv"), [200, 206]);
}

#[test]
fn the_token_goes_to_the_hub_and_not_where_it_sends_the_file_from() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, elsewhere) = (Server::start(), Server::start());
    elsewhere.put("/blob", ROWS.as_bytes());
    hub.api("o/n", "main", &["data/train.csv"], "{}");
    hub.redirect("/datasets/o/n/resolve/5ha/data/train.csv", &format!("{}/blob", elsewhere.url_by_name()));
    hub.needs_token("hf_made_up");
    let plain = remote(&folder, hub.url());
    let refused = local(&plain, "hf://datasets/o/n").unwrap_err();
    assert!(matches!(refused, RemoteError::Refused { status: 401, .. }), "{refused}");
    let hint = Error::from(refused).hint().expect("a hint");
    assert!(format!("{:?}", hint.parts()).contains("HF_TOKEN"), "{hint:?}");
    let with = Remote { token: Secret::new("hf_made_up"), ..plain };
    assert_eq!(n_rows(&local(&with, "hf://datasets/o/n:train").unwrap()), 3);
    assert_eq!(elsewhere.tokens(), [None]);
}

#[test]
fn splits_and_configurations_of_the_hub_are_found_and_named_where_there_are_several() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Server::start();
    let card = r#"{"configs": [{"config_name": "plain", "data_files": [{"split": "train", "path": "p/train-*"}]},
        {"config_name": "other", "data_files": "o.csv"}],
        "dataset_info": {"features": [{"name": "text", "dtype": "string"},
        {"name": "label", "dtype": {"class_label": {"names": {"0": "neg", "1": "pos"}}}}]}}"#;
    hub.api("o/n", "main", &["README.md", "p/train-0.jsonl", "p/train-1.jsonl", "o.csv"], card);
    hub.put("/datasets/o/n/resolve/5ha/p/train-0.jsonl", b"{\"text\":\"a\",\"label\":0}\n{\"text\":\"b\",\"label\":1}");
    hub.put("/datasets/o/n/resolve/5ha/p/train-1.jsonl", b"{\"text\":\"c\",\"label\":1}\n");
    let remote = remote(&folder, hub.url());
    let Err(RemoteError::NoSuchPart { message, instead, .. }) = local(&remote, "hf://datasets/o/n") else {
        panic!("two configurations")
    };
    assert!(message.contains("other, plain"), "{message}");
    assert!(local(&remote, &instead.expect("a way out")).is_err(), "its file is not there");
    let path = local(&remote, "hf://datasets/o/n/plain:train").unwrap();
    let input = read(&path.as_path().into(), &InputOptions::default()).unwrap();
    let labels: Vec<&str> = (0..3).map(|i| input.rows.text_and_label(i).1).collect();
    assert_eq!(labels, ["neg", "pos", "pos"]);
    let wrong = local(&remote, "hf://datasets/o/n/plain:test").unwrap_err();
    assert!(wrong.to_string().contains("no split is called `test`; there are train"), "{wrong}");
    let offline = Remote { offline: true, ..remote };
    assert_eq!(local(&offline, "hf://datasets/o/n/plain:train").unwrap(), path);
}

#[test]
fn a_data_set_that_a_script_makes_is_read_from_the_hubs_own_copy_and_a_file_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Server::start();
    hub.api("o/n", "main", &["n.py", "README.md"], "{}");
    hub.api("o/n", "refs%2Fconvert%2Fparquet", &["default/train/0000.csv", "default/test/0000.csv"], "{}");
    hub.put("/datasets/o/n/resolve/5ha/default/test/0000.csv", ROWS.as_bytes());
    hub.put("/datasets/o/n/resolve/5ha/raw/a%20b.csv", ROWS.as_bytes());
    let remote = remote(&folder, hub.url());
    assert_eq!(n_rows(&local(&remote, "hf://datasets/o/n:test").unwrap()), 3);
    assert_eq!(n_rows(&local(&remote, "hf://datasets/o/n/raw/a b.csv").unwrap()), 3);
}

#[test]
fn a_folder_is_sent_as_one_commit_with_large_files_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("README.md"), "# card").unwrap();
    std::fs::write(folder.path().join("data/train.parquet"), "PAR1 rows").unwrap();
    let files = ["data/train.parquet".to_owned(), "README.md".to_owned()];
    let hub = Server::start();
    hub.put("/api/repos/create", b"{}");
    hub.put(
        "/api/datasets/o/n/preupload/main",
        br#"{"files": [{"path": "data/train.parquet", "uploadMode": "lfs"}, {"path": "README.md", "uploadMode": "regular"}]}"#,
    );
    let actions = format!(
        r#"{{"objects": [{{"actions": {{"upload": {{"href": "{0}/store", "header": {{"x-own": "1"}}}}, "verify": {{"href": "{0}/verify"}}}}}}]}}"#,
        hub.url()
    );
    hub.put("/datasets/o/n.git/info/lfs/objects/batch", actions.as_bytes());
    hub.put("/store", b"");
    hub.put("/verify", b"");
    hub.put("/api/datasets/o/n/commit/main", b"{}");
    let remote = remote(&folder, hub.url());
    let what = Upload { repository: "o/n", public: false, folder: folder.path(), files: &files };
    let send = |remote: &Remote| upload(remote, &what, &|_, _| {});
    assert!(matches!(send(&remote), Err(RemoteError::NotTaken { .. })), "without a token nothing is sent");
    assert!(hub.received().is_empty());
    let with = Remote { token: Secret::new("hf_made_up"), ..remote };
    assert_eq!(send(&with).unwrap(), format!("{}/datasets/o/n", hub.url()));
    let sent = hub.received();
    let of =
        |path: &str| sent.iter().find(|(_, p, _)| p == path).map(|(m, _, body)| (m.as_str(), body.as_slice())).unwrap();
    assert!(String::from_utf8_lossy(of("/api/repos/create").1).contains("\"private\":true"));
    assert_eq!(of("/store"), ("PUT", b"PAR1 rows".as_slice()));
    let commit = String::from_utf8_lossy(of("/api/datasets/o/n/commit/main").1).into_owned();
    let lines: Vec<serde_json::Value> = commit.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(
        (&lines[0]["key"], &lines[1]["key"], &lines[2]["key"]),
        (&"header".into(), &"lfsFile".into(), &"file".into())
    );
    // sha256sum of the nine bytes.
    assert_eq!(lines[1]["value"]["oid"], sha256(b"PAR1 rows"));
    assert_eq!(lines[2]["value"]["content"], "IyBjYXJk");
    let store = hub.tokens();
    assert!(
        store.iter().filter(|token| token.is_none()).count() == 1,
        "the store of large files gets no token: {store:?}"
    );
}

fn sha256(bytes: &[u8]) -> String {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// A recipe whose verdict comes from `learner`, with the encoder `model`.
fn judged_by(learner: &str, model: &str) -> Recipe {
    let mut recipe = Recipe::default();
    recipe.evaluate.learners = vec![learner.to_owned()];
    let settings = toml::Table::from_iter([("model".to_owned(), model.into())]);
    recipe.learner.insert("linear_embedding".to_owned(), settings);
    recipe
}

fn model_of(recipe: &Recipe) -> &str {
    recipe.learner["linear_embedding"]["model"].as_str().expect("a text")
}

#[test]
fn the_model_of_a_learner_is_fetched_where_it_is_asked_for_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let files = ["README.md", "config.json", "tokenizer.json", "model.safetensors", "onnx/model.onnx"];
    server.models("o/n", "main", &files);
    files.iter().for_each(|file| server.put(&format!("/o/n/resolve/5ha/{file}"), file.as_bytes()));
    let remote = remote(&folder, server.url());
    let work = Work::default();

    let mut other = judged_by("linear", "hf://o/n");
    remote.localise(&mut other, &work).unwrap();
    assert_eq!(model_of(&other), "hf://o/n", "nobody asked for it");
    assert!(server.sent("/api/models/o/n/revision/main").is_empty());

    let mut recipe = judged_by("linear_embedding", "hf://o/n");
    remote.localise(&mut recipe, &work).unwrap();
    let model = PathBuf::from(model_of(&recipe));
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        assert_eq!(std::fs::read_to_string(model.join(file)).unwrap(), file);
    }
    assert!(server.sent("/o/n/resolve/5ha/onnx/model.onnx").is_empty(), "only what is read is fetched");

    let mut again = judged_by("linear_embedding", "hf://o/n");
    remote.localise(&mut again, &work).unwrap();
    assert_eq!(server.sent("/o/n/resolve/5ha/model.safetensors"), [200, 304]);
    let mut offline = judged_by("linear_embedding", "hf://o/n");
    Remote { offline: true, ..remote.clone() }.localise(&mut offline, &work).unwrap();
    assert_eq!((model_of(&offline), model_of(&again)), (model_of(&recipe), model_of(&recipe)));

    let mut bad = judged_by("linear_embedding", "hf://datasets/o/n");
    assert!(matches!(remote.localise(&mut bad, &work), Err(RemoteError::BadAddress { .. })));
    let mut here = judged_by("linear_embedding", "models/mine");
    remote.localise(&mut here, &work).unwrap();
    assert_eq!(model_of(&here), "models/mine");
}
