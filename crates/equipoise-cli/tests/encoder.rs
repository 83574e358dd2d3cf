//! The learner that judges with a pretrained encoder: a tiny static one that is made here, from its folder, and beside another learner.

mod common;

use common::{equipoise, fault, fixture};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::{TempDir, tempdir};

const WIDTH: usize = 8;

/// A folder of model2vec: a vector for each word of the fixture, by a fixed sequence.
fn encoder(folder: &Path) {
    let rows = std::fs::read_to_string(fixture("library.csv")).expect("a fixture").to_lowercase();
    let words: BTreeSet<&str> = rows.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let tokens = ["[UNK]"].into_iter().chain(words);
    let vocabulary: serde_json::Map<String, Value> =
        (0..).zip(tokens).map(|(id, t): (u32, _)| (t.to_owned(), id.into())).collect();
    let n = vocabulary.len();
    let mut state = 7_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    let vectors: Vec<u8> = (0..n * WIDTH).flat_map(|_| draw().to_le_bytes()).collect();
    let header =
        json!({"embeddings": {"dtype": "F32", "shape": [n, WIDTH], "data_offsets": [0, vectors.len()]}}).to_string();
    let tokenizer = json!({
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
    });
    let container = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vectors].concat();
    std::fs::create_dir(folder.join("model")).expect("a folder");
    for (name, bytes) in [
        ("config.json", br#"{"model_type": "model2vec", "normalize": true}"#.to_vec()),
        ("tokenizer.json", tokenizer.to_string().into_bytes()),
        ("model.safetensors", container),
    ] {
        std::fs::write(folder.join("model").join(name), bytes).expect("written");
    }
}

fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    encoder(folder.path());
    folder
}

fn judged(folder: &Path, out: &str, learners: &[&str]) -> (Value, String) {
    let (train, test, made) = (fixture("library.csv"), fixture("library-test.csv"), fixture("library-synthetic.csv"));
    let rows = ["evaluate", "--train", &train, "--test", &test, "--synthetic", &made, "--repeats", "1", "--out", out];
    let named = learners.iter().flat_map(|learner| ["--learner", learner]);
    let ran = equipoise(folder, &rows.into_iter().chain(named).collect::<Vec<_>>()).ends_with(0);
    let evaluation = std::fs::read_to_string(folder.join(out).join("evaluation.json")).expect("an evaluation");
    (serde_json::from_str(&evaluation).expect("JSON"), ran.out)
}

#[test]
fn a_static_encoder_judges_and_its_embeddings_are_kept_without_a_text() {
    let folder = folder();
    let (evaluation, said) = judged(folder.path(), "a", &["linear_embedding=model"]);
    assert!(evaluation["arms"].as_array().expect("arms").iter().all(|arm| arm["learner"] == "linear_embedding"));
    assert!(said.contains("Verdict of the learner `linear_embedding`"), "{said}");
    let kept = std::fs::read(folder.path().join("a/fits/linear_embedding.embeddings")).expect("they are kept");
    assert_eq!((kept.len() - 16) % (16 + 4 * WIDTH), 0);
    assert!(kept.len() > 40 * (16 + 4 * WIDTH), "every text is among them");
    // The same again, now with what was kept.
    std::fs::create_dir_all(folder.path().join("b/fits")).expect("a folder");
    std::fs::write(folder.path().join("b/fits/linear_embedding.embeddings"), &kept).expect("written");
    let (again, _) = judged(folder.path(), "b", &["linear_embedding=model"]);
    assert_eq!(evaluation["arms"], again["arms"]);
}

#[test]
fn the_verdict_names_its_learner_and_what_another_one_says_everywhere() {
    let folder = folder();
    let (evaluation, said) = judged(folder.path(), "out", &["linear", "linear_embedding=model"]);
    assert_eq!(evaluation["others"][0]["learner"], "linear_embedding");
    let differs = evaluation["others"][0]["differs"].as_str();
    let print = match differs {
        Some(_) => "Verdict of the learner `linear`.",
        None => "Verdict of the learner `linear`; `linear_embedding` comes to the same.",
    };
    assert!(said.contains(print), "{said}");
    for file in ["report.md", "report.html"] {
        let page = std::fs::read_to_string(folder.path().join("out").join(file)).expect("a page");
        let plain = page.replace("<code>", "`").replace("</code>", "`").replace("\\`", "`");
        assert!(plain.contains(print), "{file}");
        assert!(differs.is_none() || plain.contains("The learner `linear_embedding`"), "{file}");
    }
}

#[test]
fn a_folder_without_a_model_and_an_address_that_is_none_are_refused() {
    let folder = folder();
    std::fs::remove_file(folder.path().join("model/tokenizer.json")).expect("removed");
    let train = fixture("library.csv");
    let refused = |learner: &str| equipoise(folder.path(), &["evaluate", "--train", &train, "--learner", learner]);
    assert_eq!(fault(&refused("linear_embedding=model"), 78, &["tokenizer.json"]), None);
    assert_eq!(fault(&refused("linear_embedding=hf://only-one-name"), 2, &["hf://OWNER/NAME"]), None);
}
