//! What the JSON files of a sentence-transformer folder say.

use super::weights::FolderError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(super) const CONFIG: &str = "config.json";
pub(super) const TOKENIZER: &str = "tokenizer.json";
pub(super) const POOLING: &str = "1_Pooling/config.json";
pub(super) const LIMITS: &str = "sentence_bert_config.json";

/// The part of `config.json` that the forward pass needs.
#[derive(Debug, Deserialize)]
pub(super) struct Shape {
    model_type: String,
    pub(super) hidden_size: usize,
    pub(super) intermediate_size: usize,
    pub(super) num_hidden_layers: usize,
    pub(super) num_attention_heads: usize,
    #[serde(default = "usual_epsilon")]
    pub(super) layer_norm_eps: f32,
    #[serde(default = "gelu")]
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
}

fn usual_epsilon() -> f32 {
    1e-12
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn absolute() -> String {
    "absolute".to_owned()
}

/// Whether `config.json` is that of a static encoder, which has a vector for each token and no layers.
pub(super) fn is_static(config: &[u8]) -> Result<bool, FolderError> {
    #[derive(Deserialize)]
    struct Kind {
        model_type: Option<String>,
    }
    json::<Kind>(CONFIG, config).map(|kind| kind.model_type.as_deref() == Some("model2vec"))
}

/// No published encoder is as wide or deep; below it no product of sizes overflows.
const LARGEST: usize = 1 << 16;

impl Shape {
    /// Reads `config.json`; models that the forward pass does not compute are refused.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, FolderError> {
        let file = "config.json";
        let shape: Shape = json(file, bytes)?;
        let refuse = |what: &'static str, found: &str, taken: &'static str| {
            Err(FolderError::Unsupported { file, what, found: found.to_owned(), taken })
        };
        if shape.model_type != "bert" {
            return refuse("model_type", &shape.model_type, "bert or model2vec");
        }
        if shape.hidden_act != "gelu" {
            return refuse("hidden_act", &shape.hidden_act, "gelu");
        }
        if shape.position_embedding_type != "absolute" {
            return refuse("position_embedding_type", &shape.position_embedding_type, "absolute");
        }
        let sizes = [shape.hidden_size, shape.intermediate_size, shape.num_hidden_layers, shape.num_attention_heads];
        if !sizes.iter().all(|n| (1..=LARGEST).contains(n)) {
            return Err(FolderError::Content { file, fault: "a size is 0 or too large" });
        }
        if !shape.hidden_size.is_multiple_of(shape.num_attention_heads) {
            return Err(FolderError::Content { file, fault: "the heads do not divide the hidden size" });
        }
        if !(shape.layer_norm_eps >= 0.0 && shape.layer_norm_eps < 1.0) {
            return Err(FolderError::Content { file, fault: "layer_norm_eps is out of range" });
        }
        Ok(shape)
    }
}

/// How the states of a text's tokens become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// Their mean.
    Mean,
    /// The state of the first, `[CLS]`.
    First,
}

#[derive(Deserialize)]
#[serde(default)]
struct PoolingModes {
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
    pooling_mode_weightedmean_tokens: bool,
    pooling_mode_lasttoken: bool,
}

impl Default for PoolingModes {
    fn default() -> Self {
        PoolingModes {
            pooling_mode_cls_token: false,
            pooling_mode_mean_tokens: true,
            pooling_mode_max_tokens: false,
            pooling_mode_mean_sqrt_len_tokens: false,
            pooling_mode_weightedmean_tokens: false,
            pooling_mode_lasttoken: false,
        }
    }
}

impl Pooling {
    /// Reads `1_Pooling/config.json`; without the file it is the mean.
    pub(super) fn read(bytes: Option<&[u8]>) -> Result<Self, FolderError> {
        let file = "1_Pooling/config.json";
        let modes: PoolingModes = bytes.map_or_else(|| Ok(PoolingModes::default()), |bytes| json(file, bytes))?;
        let others = [
            modes.pooling_mode_max_tokens,
            modes.pooling_mode_mean_sqrt_len_tokens,
            modes.pooling_mode_weightedmean_tokens,
            modes.pooling_mode_lasttoken,
        ];
        match (modes.pooling_mode_mean_tokens, modes.pooling_mode_cls_token, others.contains(&true)) {
            (true, false, false) => Ok(Pooling::Mean),
            (false, true, false) => Ok(Pooling::First),
            _ => Err(FolderError::Content { file, fault: "only the mean of the tokens or the first token is read" }),
        }
    }
}

/// The longest text in tokens that `sentence_bert_config.json` allows.
pub(super) fn max_tokens(bytes: Option<&[u8]>) -> Result<Option<usize>, FolderError> {
    #[derive(Deserialize)]
    struct Limits {
        max_seq_length: Option<usize>,
    }
    let Some(bytes) = bytes else { return Ok(None) };
    json::<Limits>("sentence_bert_config.json", bytes).map(|limits| limits.max_seq_length)
}

/// Reads a JSON file.
pub(super) fn json<T: DeserializeOwned>(file: &'static str, bytes: &[u8]) -> Result<T, FolderError> {
    serde_json::from_slice(bytes).map_err(|source| FolderError::Json { file, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_mean_or_the_first_token_and_refuses_mixtures() {
        let read = |text: &str| Pooling::read(Some(text.as_bytes()));
        assert_eq!(Pooling::read(None).unwrap(), Pooling::Mean);
        assert_eq!(read("{}").unwrap(), Pooling::Mean);
        let first = r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#;
        assert_eq!(read(first).unwrap(), Pooling::First);
        for refused in [r#"{"pooling_mode_cls_token": true}"#, r#"{"pooling_mode_max_tokens": true}"#, "[", "3"] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn refuses_models_that_it_would_compute_wrongly() {
        let usual = r#"{"model_type": "bert", "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}"#;
        assert!(Shape::read(usual.as_bytes()).is_ok());
        let changes = [
            ("\"bert\"", "\"roberta\"", "roberta"),
            ("\"hidden_size\": 8", "\"hidden_size\": 9", "heads"),
            ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 0", "size"),
            ("\"hidden_size\": 8", "\"hidden_act\": \"relu\", \"hidden_size\": 8", "relu"),
            ("\"hidden_size\": 8", "\"layer_norm_eps\": -1.0, \"hidden_size\": 8", "layer_norm_eps"),
            ("\"hidden_size\": 8", "\"position_embedding_type\": \"relative_key\", \"hidden_size\": 8", "relative_key"),
            ("\"hidden_size\": 8, ", "", "hidden_size"),
        ];
        for (from, to, named) in changes {
            let error = Shape::read(usual.replace(from, to).as_bytes()).unwrap_err();
            assert!(format!("{error}").contains(named), "{error}");
        }
    }
}
