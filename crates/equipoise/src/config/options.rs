//! The options that every surface has: what the command line calls `--label-to`, a notebook calls `label_to=`.

use super::{ConfigError, definitions, set};
use equipoise_core::catalog::nearest;
use serde_json::Value as Json;
use std::path::Path;
use toml::{Table, Value};

/// An option: its name, the key of a recipe that it sets, and what it takes.
#[derive(Debug, Clone, Copy)]
pub struct Opt {
    /// Its name with `_` between words; the command line puts `-` there.
    pub name: &'static str,
    /// The dotted key of a recipe.
    pub key: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A string.
    Text,
    /// A string, or several of them.
    Texts,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Yes or no.
    Switch,
    /// `90s`, `30m` or `2h`, or a number of seconds.
    Time,
    /// Two numbers: USD per million tokens read and written; also as the text `IN,OUT`.
    Price,
    /// A number of rows, or `auto`.
    Chunk,
    /// For each label how many rows it is to have.
    Targets,
    /// For each label a share.
    Shares,
    /// A table of a recipe.
    Table,
    /// Pairs of values of attributes, each as `NAME=VALUE`.
    Pairs,
    /// The path of a file of label definitions, or for each label what it means.
    Definitions,
}

/// Every option, in the order of a recipe.
pub const OPTIONS: &[Opt] = &[
    opt("seed", "seed", Takes::Whole),
    opt("format", "data.format", Takes::Text),
    opt("text", "data.text", Takes::Text),
    opt("label", "data.label", Takes::Text),
    opt("embedding", "data.embedding", Takes::Text),
    opt("features", "data.features", Takes::Text),
    opt("encoding", "data.encoding", Takes::Text),
    opt("delimiter", "data.delimiter", Takes::Text),
    opt("quote", "data.quote", Takes::Text),
    opt("header", "data.header", Takes::Text),
    opt("columns", "data.columns", Takes::Texts),
    opt("split", "data.split", Takes::Text),
    opt("allow_dropped", "data.allow_dropped", Takes::Switch),
    opt("similar_labels", "data.similar_labels", Takes::Text),
    opt("multi_label", "data.multi_label", Takes::Text),
    opt("label_to", "targets.label_to", Takes::Targets),
    opt("balance", "targets.balance", Takes::Text),
    opt("only", "targets.only", Takes::Texts),
    opt("style_control", "targets.style_control", Takes::Number),
    opt("model", "model.name", Takes::Text),
    opt("base_url", "model.base_url", Takes::Text),
    opt("key_env", "model.key_env", Takes::Text),
    opt("allow_host", "model.allow_host", Takes::Texts),
    opt("temperature", "model.temperature", Takes::Number),
    opt("reasoning", "model.reasoning", Takes::Text),
    opt("deadline", "model.deadline_s", Takes::Time),
    opt("max_concurrency", "model.max_concurrency", Takes::Whole),
    opt("budget", "model.budget_usd", Takes::Number),
    opt("price", "model.price", Takes::Price),
    opt("unpriced", "model.unpriced", Takes::Switch),
    opt("max_outage", "model.max_outage_s", Takes::Time),
    opt("batch", "model.batch", Takes::Switch),
    opt("offline", "model.offline", Takes::Switch),
    opt("prompt", "prompt.template", Takes::Text),
    opt("label_about", "label", Takes::Definitions),
    opt("attribute", "attributes", Takes::Table),
    opt("forbid", "attributes.forbidden", Takes::Pairs),
    opt("texts", "texts", Takes::Table),
    opt("mask", "mask.how", Takes::Text),
    opt("mask_names", "mask.names", Takes::Text),
    opt("chunk", "prompt.chunk", Takes::Chunk),
    opt("rounds", "prompt.rounds", Takes::Whole),
    opt("avoid_patterns", "prompt.avoid_patterns", Takes::Switch),
    opt("evaluate", "evaluate.enabled", Takes::Switch),
    opt("learner", "evaluate.learners", Takes::Texts),
    opt("learner_command", "evaluate.learner_command", Takes::Text),
    opt("fits", "evaluate.fits", Takes::Text),
    opt("tune", "evaluate.tune", Takes::Switch),
    opt("goal", "evaluate.goal", Takes::Text),
    opt("group", "evaluate.group", Takes::Text),
    opt("prior", "evaluate.prior", Takes::Shares),
    opt("repeats", "evaluate.repeats", Takes::Whole),
    opt("resamples", "evaluate.resamples", Takes::Whole),
    opt("held_out_share", "evaluate.held_out_share", Takes::Number),
    opt("provenance", "output.provenance", Takes::Switch),
    opt("weights", "output.weights", Takes::Switch),
    opt("all_verdicts", "output.all_verdicts", Takes::Switch),
    opt("judge", "judge.model", Takes::Text),
    opt("judge_base_url", "judge.base_url", Takes::Text),
    opt("judge_key_env", "judge.key_env", Takes::Text),
    opt("judge_price", "judge.price", Takes::Price),
    opt("judge_command", "judge.command", Takes::Text),
    opt("check", "check", Takes::Table),
    opt("learner_settings", "learner", Takes::Table),
    opt("arm", "arm", Takes::Table),
    opt("provider", "provider", Takes::Table),
];

const fn opt(name: &'static str, key: &'static str, takes: Takes) -> Opt {
    Opt { name, key, takes }
}

/// The layer of a recipe that arguments make: by name, as JSON. An argument that is null is not given.
///
/// # Errors
/// [`ConfigError::BadArgument`], with the option and what it takes, or with the most similar option.
pub fn layer(arguments: &serde_json::Map<String, Json>) -> Result<Table, ConfigError> {
    let mut table = Table::new();
    for (name, given) in arguments.iter().filter(|(_, given)| !given.is_null()) {
        let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
            let meant = nearest(name, OPTIONS.iter().map(|option| option.name));
            let meant = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
            return Err(ConfigError::BadArgument(format!("there is no option `{name}`{meant}")));
        };
        if let (Takes::Definitions, Some(path)) = (option.takes, given.as_str()) {
            set(&mut table, option.key, Value::Table(definitions(Path::new(path))?));
            continue;
        }
        let value = option.takes.read(given).ok_or_else(|| {
            let shown: String = given.to_string().chars().take(80).collect();
            ConfigError::BadArgument(format!("`{name}` takes {}, and {shown} is none", option.takes.words()))
        })?;
        set(&mut table, option.key, value);
    }
    let names_targets = arguments.get("label_to").is_some_and(|to| !to.is_null());
    if names_targets && arguments.get("balance").is_none_or(Json::is_null) {
        // Whoever raises labels by name does not ask for the others.
        set(&mut table, "targets.balance", Value::String("none".to_owned()));
    }
    Ok(table)
}

impl Takes {
    fn words(self) -> &'static str {
        match self {
            Takes::Text => "a text",
            Takes::Texts => "a text or a list of texts",
            Takes::Whole => "a whole number",
            Takes::Number => "a number",
            Takes::Switch => "true or false",
            Takes::Time => "a time such as 90s, 30m or 2h, or seconds",
            Takes::Price => "two numbers: USD per million tokens read and written",
            Takes::Chunk => "a number of rows from 1 to 1000, or `auto`",
            Takes::Targets => "labels with a number of rows, a multiple such as 2x, or `max`",
            Takes::Shares => "labels with a share from 0 to 1",
            Takes::Table => "a table of settings",
            Takes::Pairs => "a list of pairs such as [\"channel=sms\", \"topic=contract\"]",
            Takes::Definitions => "a file of label definitions, or for each label what it means",
        }
    }

    fn read(self, given: &Json) -> Option<Value> {
        Some(match self {
            Takes::Text => Value::String(given.as_str()?.to_owned()),
            Takes::Texts => Value::Array(match given {
                Json::Array(several) => several.iter().map(|one| Takes::Text.read(one)).collect::<Option<_>>()?,
                one => vec![Takes::Text.read(one)?],
            }),
            Takes::Whole => Value::Integer(given.as_i64()?),
            Takes::Number => Value::Float(given.as_f64()?),
            Takes::Switch => Value::Boolean(given.as_bool()?),
            Takes::Time => {
                let s = given.as_u64().or_else(|| seconds(given.as_str()?))?;
                Value::Integer(i64::try_from(s).ok()?)
            }
            Takes::Price => {
                let parts: Vec<f64> = match given {
                    Json::Array(parts) => parts.iter().map(Json::as_f64).collect::<Option<_>>()?,
                    text => text.as_str()?.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?,
                };
                let [input, output] = <[f64; 2]>::try_from(parts).ok()?;
                Value::Array(vec![Value::Float(input), Value::Float(output)])
            }
            Takes::Chunk if given.as_str() == Some("auto") => Value::Integer(0),
            Takes::Chunk => Value::Integer(given.as_i64().filter(|n| (1..=1000).contains(n))?),
            Takes::Targets => {
                let target = |(label, to): (&String, &Json)| {
                    let to = to.as_str().map(str::to_owned).or_else(|| Some(to.as_u64()?.to_string()))?;
                    Some((label.clone(), Value::String(to)))
                };
                Value::Table(given.as_object()?.iter().map(target).collect::<Option<_>>()?)
            }
            Takes::Shares => {
                let share = |(label, share): (&String, &Json)| Some((label.clone(), Value::Float(share.as_f64()?)));
                Value::Table(given.as_object()?.iter().map(share).collect::<Option<_>>()?)
            }
            Takes::Pairs => {
                let pair = |pair: &Json| Takes::Texts.read(pair).filter(|_| pair.is_array());
                Value::Array(given.as_array()?.iter().map(pair).collect::<Option<_>>()?)
            }
            Takes::Table | Takes::Definitions => Value::Table(serde_json::from_value(given.clone()).ok()?),
        })
    }
}

/// `90s`, `30m` or `2h` in seconds.
pub fn seconds(text: &str) -> Option<u64> {
    let unit = text.chars().last()?;
    let number: u64 = text[..text.len() - unit.len_utf8()].parse().ok()?;
    number.checked_mul(match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Layer, Layers, Recipe};
    use serde_json::json;

    fn recipe(arguments: Json) -> Result<Recipe, String> {
        let table = layer(arguments.as_object().expect("an object")).map_err(|e| e.to_string())?;
        Layers::default().with(Layer::Argument, table).resolve().map_err(|e| e.to_string())
    }

    #[test]
    fn every_option_is_a_key_of_a_recipe_and_has_a_name_of_its_own() {
        let recipe = recipe(json!({})).expect("a recipe").to_toml().expect("TOML");
        assert_eq!(Recipe::from_toml(&recipe), Ok(Recipe::default()));
        for (at, option) in OPTIONS.iter().enumerate() {
            assert!(OPTIONS[..at].iter().all(|o| o.name != option.name && o.key != option.key), "{}", option.name);
            let given = match option.takes {
                Takes::Text if option.name == "balance" => json!("to-majority"),
                Takes::Text if option.name == "reasoning" => json!("low"),
                Takes::Text if option.name == "delimiter" => json!(";"),
                Takes::Text if option.name == "mask" => json!("keep"),
                Takes::Text if option.name == "encoding" => json!("latin1"),
                Takes::Text if option.name == "fits" => json!("few"),
                Takes::Text if option.name == "quote" => json!("single"),
                Takes::Text if option.name == "header" => json!("none"),
                Takes::Text if option.name == "similar_labels" => json!("merge"),
                Takes::Text if option.name == "multi_label" => json!("drop"),
                Takes::Text | Takes::Texts => json!("x"),
                Takes::Whole if option.name == "resamples" => json!(100),
                Takes::Whole | Takes::Chunk => json!(3),
                Takes::Number => json!(0.5),
                Takes::Switch => json!(true),
                Takes::Time => json!("2m"),
                Takes::Price => json!([0.4, 1.6]),
                Takes::Targets => json!({"a.b": "2x", "c": 600}),
                Takes::Shares => json!({"a": 0.2}),
                Takes::Table => json!({}),
                Takes::Pairs => json!([["a=x", "b=y"]]),
                Takes::Definitions => json!({"a": {"about": "x"}}),
            };
            let mut arguments = json!({ option.name: given });
            if option.name == "budget" {
                arguments["price"] = json!("1,2");
            }
            if option.name == "forbid" {
                arguments["attribute"] = json!({"a": ["x", "z"], "b": {"y": 2, "z": 1}});
            }
            if option.name.starts_with("judge_") && option.name != "judge_command" {
                arguments["judge"] = json!("openai/x");
            }
            if option.name == "mask_names" {
                arguments["mask"] = json!("restore");
            }
            self::recipe(arguments).unwrap_or_else(|e| panic!("{}: {e}", option.name));
        }
    }

    #[test]
    fn arguments_make_the_recipe_that_the_command_line_makes() {
        let made = recipe(json!({
            "label_to": {"refund": 600, "late": "2x"}, "price": "0.4, 1.6", "max_outage": "2h", "deadline": 90, "chunk": "auto",
            "only": "refund", "goal": null,
        }));
        let made = made.expect("a recipe");
        assert_eq!(made.targets.label_to["refund"], "600");
        assert_eq!((made.targets.balance.as_str(), made.targets.only.as_slice()), ("none", &["refund".to_owned()][..]));
        assert_eq!(
            (made.model.price, made.model.max_outage_s, made.model.deadline_s),
            (Some([0.4, 1.6]), 7200, Some(90))
        );
        assert_eq!(
            recipe(json!({"label_to": {"a": 2}, "balance": "to-median"})).expect("one").targets.balance,
            "to-median"
        );
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_fits() {
        for (arguments, message) in [
            (json!({"labl": "x"}), "there is no option `labl`; did you mean `label`?"),
            (json!({"budget": "much"}), "`budget` takes a number, and \"much\" is none"),
            (json!({"price": [1]}), "`price` takes two numbers"),
            (json!({"chunk": 0}), "`chunk` takes a number of rows"),
            (json!({"label_to": {"a": -1}}), "`label_to` takes labels with"),
            (json!({"deadline": "1d"}), "`deadline` takes a time"),
        ] {
            let told = recipe(arguments).expect_err(message);
            assert!(told.starts_with(message), "{told}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!((seconds("90s"), seconds("2h"), seconds("5"), seconds("1d")), (Some(90), Some(7200), None, None));
    }
}
