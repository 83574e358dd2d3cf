//! The whole way against a second computation of a tiny model that is made here.

use super::{ENTRY, Files};
use crate::catalog::Settings;
use crate::learner::Csr;
use serde_json::json;
use std::collections::BTreeMap;

const VOCABULARY: [&str; 20] = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "good",
    "bad",
    "film",
    "day",
    "a",
    "so",
    "it",
    "hurt",
    "##s",
    "very",
    "in",
    "##deed",
    "!",
    "un",
    "##known",
    "film\u{4e2d}",
];
const HIDDEN: usize = 8;
const INNER: usize = 12;
const LONGEST: usize = 9;

/// Values between −1 and 1 from a fixed seed (SplitMix64).
struct Values(u64);

impl Values {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u32 << 23) as f32 - 1.0
    }
}

type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

fn tiny_tensors() -> Tensors {
    let mut values = Values(3);
    let mut tensors = Tensors::new();
    let mut put = |name: String, shape: &[usize], around: f32| {
        let drawn = (0..shape.iter().product()).map(|_| around + 0.25 * values.next()).collect();
        tensors.insert(name, (shape.to_vec(), drawn));
    };
    for (name, n) in [("word", VOCABULARY.len()), ("position", LONGEST), ("token_type", 2)] {
        put(format!("embeddings.{name}_embeddings.weight"), &[n, HIDDEN], 0.0);
    }
    let mut norms = vec!["embeddings".to_owned()];
    for layer in 0..2 {
        let own = |name: &str| format!("encoder.layer.{layer}.{name}");
        for (name, shape) in [
            ("attention.self.query", [HIDDEN, HIDDEN]),
            ("attention.self.key", [HIDDEN, HIDDEN]),
            ("attention.self.value", [HIDDEN, HIDDEN]),
            ("attention.output.dense", [HIDDEN, HIDDEN]),
            ("intermediate.dense", [INNER, HIDDEN]),
            ("output.dense", [HIDDEN, INNER]),
        ] {
            put(own(&format!("{name}.weight")), &shape, 0.0);
            put(own(&format!("{name}.bias")), &shape[..1], 0.0);
        }
        norms.extend([own("attention.output"), own("output")]);
    }
    for norm in norms {
        put(format!("{norm}.LayerNorm.weight"), &[HIDDEN], 1.0);
        put(format!("{norm}.LayerNorm.bias"), &[HIDDEN], 0.0);
    }
    // Opposite words, so that a classifier has something to find.
    let words = &mut tensors.get_mut("embeddings.word_embeddings.weight").unwrap().1;
    for i in 0..HIDDEN {
        let strong = if i % 2 == 0 { 1.5 } else { -1.5 };
        (words[4 * HIDDEN + i], words[5 * HIDDEN + i]) = (strong, -strong);
    }
    tensors
}

/// The bytes of a safetensors file, written by hand: length of the header, header, values.
pub(super) fn container(tensors: &Tensors) -> Vec<u8> {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, (shape, values)) in tensors {
        let start = data.len();
        values.iter().for_each(|v| data.extend(v.to_le_bytes()));
        header.insert(name.clone(), json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]}));
    }
    let header = serde_json::to_vec(&header).unwrap();
    [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat()
}

/// A sentence transformer of two layers and twenty tokens.
pub(in crate::learner) fn tiny_folder() -> Files {
    let config = json!({
        "model_type": "bert", "hidden_size": HIDDEN, "intermediate_size": INNER, "num_hidden_layers": 2,
        "num_attention_heads": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
    });
    Files::from([
        ("config.json", config.to_string().into_bytes()),
        ("tokenizer.json", tokenizer()),
        ("model.safetensors", container(&tiny_tensors())),
    ])
}

/// `tokenizer.json` of the twenty tokens.
pub(super) fn tokenizer() -> Vec<u8> {
    let vocabulary: serde_json::Map<_, _> =
        (0..).zip(VOCABULARY).map(|(id, t): (u32, _)| (t.to_owned(), id.into())).collect();
    let tokenizer = json!({
        "truncation": null,
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
    });
    tokenizer.to_string().into_bytes()
}

pub(super) fn embed(files: &Files, texts: &[&str]) -> Csr {
    let mut learner = ENTRY.build(&Settings::new()).unwrap();
    learner.supply(files).unwrap();
    learner.vectoriser(&[]).transform(texts)
}

pub(super) fn fault(files: &Files) -> String {
    let mut learner = ENTRY.build(&Settings::new()).unwrap();
    learner.supply(files).err().unwrap().to_string()
}

/// The same model computed again, in f64, one number after the other.
fn by_hand(ids: &[usize]) -> Vec<f64> {
    let tensors = tiny_tensors();
    let at = |name: &str, i: usize| f64::from(tensors[name].1[i]);
    let linear = |x: &[f64], name: &str| -> Vec<f64> {
        let n_out = tensors[&format!("{name}.bias")].1.len();
        let out = |o: usize| {
            let products = x.iter().enumerate().map(|(i, v)| v * at(&format!("{name}.weight"), o * x.len() + i));
            products.sum::<f64>() + at(&format!("{name}.bias"), o)
        };
        (0..n_out).map(out).collect()
    };
    let norm = |x: &[f64], name: &str| -> Vec<f64> {
        let mean = x.iter().sum::<f64>() / HIDDEN as f64;
        let deviation = (x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / HIDDEN as f64 + 1e-12).sqrt();
        let entry = |(i, v): (usize, &f64)| {
            (v - mean) / deviation * at(&format!("{name}.LayerNorm.weight"), i)
                + at(&format!("{name}.LayerNorm.bias"), i)
        };
        x.iter().enumerate().map(entry).collect()
    };
    let add = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let gelu = |x: &f64| x * normal_share_below(*x);
    let start = |(place, id): (usize, &usize)| {
        let sum = |i: usize| {
            at("embeddings.word_embeddings.weight", id * HIDDEN + i)
                + at("embeddings.position_embeddings.weight", place * HIDDEN + i)
                + at("embeddings.token_type_embeddings.weight", i)
        };
        norm(&(0..HIDDEN).map(sum).collect::<Vec<_>>(), "embeddings")
    };
    let mut states: Vec<Vec<f64>> = ids.iter().enumerate().map(start).collect();
    for layer in 0..2 {
        let own = |name: &str| format!("encoder.layer.{layer}.{name}");
        let all = |name: &str| states.iter().map(|x| linear(x, &own(name))).collect::<Vec<_>>();
        let (queries, keys, values) =
            (all("attention.self.query"), all("attention.self.key"), all("attention.self.value"));
        let mut next = Vec::new();
        for (state, query) in states.iter().zip(&queries) {
            let mut mixed = vec![0.0; HIDDEN];
            for head in [0..4, 4..8] {
                let score = |key: &Vec<f64>| (head.clone().map(|i| query[i] * key[i]).sum::<f64>() / 2.0).exp();
                let total: f64 = keys.iter().map(score).sum();
                for (key, value) in keys.iter().zip(&values) {
                    head.clone().for_each(|i| mixed[i] += score(key) / total * value[i]);
                }
            }
            let x = norm(&add(state, &linear(&mixed, &own("attention.output.dense"))), &own("attention.output"));
            let inner: Vec<f64> = linear(&x, &own("intermediate.dense")).iter().map(gelu).collect();
            next.push(norm(&add(&x, &linear(&inner, &own("output.dense"))), &own("output")));
        }
        states = next;
    }
    let mean: Vec<f64> = (0..HIDDEN).map(|i| states.iter().map(|s| s[i]).sum::<f64>() / ids.len() as f64).collect();
    let length = mean.iter().map(|v| v * v).sum::<f64>().sqrt();
    mean.iter().map(|v| v / length).collect()
}

/// By Simpson's rule over the density.
fn normal_share_below(x: f64) -> f64 {
    let density = |t: f64| (-0.5 * t * t).exp() / std::f64::consts::TAU.sqrt();
    let step = x / 200.0;
    let inside: f64 = (1..200).map(|i| density(f64::from(i) * step) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    0.5 + (density(0.0) + inside + density(x)) * step / 3.0
}

#[test]
fn gives_what_a_second_computation_gives() {
    let rows = embed(&tiny_folder(), &["Good film, indeed!", "", "\u{fc}n\u{ad}known HURTS\tso"]);
    // A comma is unknown; accents, case and soft hyphens fall away; white space parts.
    let ids: [&[usize]; 3] = [&[2, 4, 6, 1, 14, 15, 16, 3], &[2, 3], &[2, 17, 18, 11, 12, 9, 3]];
    for (row, ids) in ids.into_iter().enumerate() {
        for (got, want) in rows.row(row).1.iter().zip(by_hand(ids)) {
            assert!((f64::from(*got) - want).abs() < 2e-6, "{row}: {got} {want}");
        }
    }
}

#[test]
fn a_text_has_the_same_bits_alone_and_among_others_on_any_number_of_threads() {
    let texts: Vec<String> = (0..60).map(|i| VOCABULARY[4..][..1 + i % 9].join(" ") + VOCABULARY[i % 20]).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let on = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        pool.install(|| embed(&tiny_folder(), &texts))
    };
    let together = on(1);
    assert_eq!(together, on(3));
    for (row, text) in texts.iter().enumerate() {
        assert_eq!(embed(&tiny_folder(), &[text]).row(0), together.row(row), "{text}");
    }
}

#[test]
fn what_is_remembered_is_not_embedded_again_and_damage_is_left_out() {
    let learner = |bytes: Option<&[u8]>| {
        let mut learner = ENTRY.build(&Settings::new()).unwrap();
        learner.supply(&tiny_folder()).unwrap();
        bytes.into_iter().for_each(|bytes| learner.recall(bytes));
        learner
    };
    let first = learner(None);
    let rows = first.vectoriser(&[]).transform(&["good film", "bad day"]);
    let kept = first.remembered().unwrap();
    assert_eq!(kept.len(), 16 + 2 * (16 + 4 * HIDDEN));
    // Another number in the place of one that is kept shows that it is read and not computed.
    let mut marked = kept.clone();
    marked[32..36].copy_from_slice(&9.0_f32.to_le_bytes());
    let read = learner(Some(&marked)).vectoriser(&[]).transform(&["good film", "bad day"]);
    assert_ne!(read, rows);
    marked[32..36].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(learner(Some(&marked)).vectoriser(&[]).transform(&["good film", "bad day"]), rows);
    marked[0] ^= 1;
    assert_eq!(learner(Some(&marked)).vectoriser(&[]).transform(&["good film", "bad day"]), rows, "of another model");
    assert_eq!(learner(Some(&kept[..50])).vectoriser(&[]).transform(&["good film", "bad day"]), rows);
}

#[test]
fn reads_a_long_text_up_to_the_last_position() {
    let long = "good ".repeat(500);
    let rows = embed(&tiny_folder(), &[&long, &format!("{}bad", "good ".repeat(LONGEST - 2))]);
    assert_eq!(rows.row(0), rows.row(1));
    let mut limited = tiny_folder();
    limited.insert("sentence_bert_config.json", br#"{"max_seq_length": 4}"#.to_vec());
    let rows = embed(&limited, &["good film", "good film day"]);
    assert_eq!(rows.row(0), rows.row(1));
}

#[test]
fn reads_a_model_that_was_saved_with_a_head_and_pools_as_its_folder_says() {
    let mut headed = tiny_folder();
    let named = tiny_tensors().into_iter().map(|(name, tensor)| (format!("bert.{name}"), tensor)).collect();
    headed.insert("model.safetensors", container(&named));
    assert_eq!(embed(&headed, &["bad day"]), embed(&tiny_folder(), &["bad day"]));
    headed.insert(
        "1_Pooling/config.json",
        br#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#.to_vec(),
    );
    assert_ne!(embed(&headed, &["bad day"]), embed(&tiny_folder(), &["bad day"]));
}

#[test]
fn refuses_a_damaged_or_foreign_folder_and_names_the_fault() {
    let whole = tiny_folder();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        let mut files = whole.clone();
        let bytes = files.remove(file).unwrap();
        assert!(fault(&files).contains(file));
        for cut in [0, 1, 7, 8, 40, bytes.len() / 2, bytes.len() - 1] {
            files.insert(file, bytes[..cut].to_vec());
            assert!(fault(&files).contains(file), "{file} cut at {cut}");
        }
    }
    let changes = [
        ("tokenizer.json", "\"WordPiece\"", "\"Unigram\"", "Unigram"),
        ("tokenizer.json", "BertNormalizer", "Lowercase", "Lowercase"),
        ("tokenizer.json", "\"##deed\":15", "\"##deed\":99", "ids"),
        ("tokenizer.json", "[SEP]", "[END]", "[SEP]"),
        ("config.json", "\"hidden_size\":8", "\"hidden_size\":6", "embeddings"),
        ("config.json", "\"num_hidden_layers\":2", "\"num_hidden_layers\":3", "encoder.layer.2"),
    ];
    for (file, from, to, named) in changes {
        let text = String::from_utf8(whole[file].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        let mut files = whole.clone();
        files.insert(file, text.replace(from, to).into_bytes());
        assert!(fault(&files).contains(named), "{}", fault(&files));
    }
    let mut tensors = tiny_tensors();
    tensors.get_mut("embeddings.word_embeddings.weight").unwrap().1[3] = f32::NAN;
    let mut files = whole;
    files.insert("model.safetensors", container(&tensors));
    assert!(fault(&files).contains("not finite"));
}

#[test]
fn without_its_files_it_has_no_features_and_says_what_it_needs() {
    let settings = Settings::from_iter([("model".to_owned(), "some/folder".into())]);
    let learner = ENTRY.build(&settings).unwrap();
    assert_eq!(learner.needs().unwrap().folder, Some("some/folder"));
    assert_eq!(learner.vectoriser(&[]).transform(&["good"]).n_columns, 0);
    let wrong = Settings::from_iter([("model".to_owned(), 3.into())]);
    assert!(ENTRY.build(&wrong).err().unwrap().to_string().contains("model"));
}
