//! Attributes as a recipe has them: `[attributes] topic = ["refund", "delay"]`.

use crate::catalog::nearest;
use serde_json::Value;
use std::collections::BTreeMap;

/// The key of the pairs, which is therefore the name of no attribute.
const FORBIDDEN: &str = "forbidden";
/// Topics of a label that are learnt unless a number is named.
const USUAL_TOPICS: usize = 8;
const MOST_TOPICS: usize = 50;
const MOST_VALUES: usize = 1_000;
const LONGEST_VALUE: usize = 200;

/// Values with weights above 0, in byte order of the values: the order in which somebody wrote them decides nothing.
pub type Weights = BTreeMap<String, f64>;

/// Why attributes make no sense, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct AttributeError {
    /// What is wrong.
    pub what: String,
    /// What helps.
    pub remedy: String,
}

impl AttributeError {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        AttributeError { what: what.into(), remedy: remedy.into() }
    }
}

/// A request for values that are learnt from the rows of each label: at most so many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learn(pub usize);

/// The values of one attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// The same for all labels.
    Same(Weights),
    /// For each label its own; a label that is not named has none.
    ByLabel(BTreeMap<String, Weights>),
    /// To be learnt.
    Learnt(Learn),
}

/// Attributes as they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Given {
    /// The attributes by name.
    pub named: BTreeMap<String, Values>,
    /// Values that no text has together, each as attribute and value.
    pub forbidden: Vec<[(String, String); 2]>,
}

impl Given {
    /// Reads the table `attributes` of a recipe; `reserved` are names that mean something else in a template.
    ///
    /// # Errors
    /// What makes no sense, with what to write instead. Values of pairs are looked up when all values are known.
    pub fn read(table: &Value, reserved: &[&str]) -> Result<Self, AttributeError> {
        let mut given = Given::default();
        for (name, value) in table.as_object().into_iter().flatten() {
            if name == FORBIDDEN {
                given.forbidden = pairs(value)?;
            } else {
                check_name(name, reserved)?;
                given.named.insert(name.clone(), values(name, value)?);
            }
        }
        if given.named.is_empty() && !given.forbidden.is_empty() {
            return Err(AttributeError::new(
                "pairs are forbidden, and there is no attribute",
                "name the attributes and their values, such as topic = [\"refund\", \"delay\"]",
            ));
        }
        let known = || given.named.keys().map(String::as_str);
        for (name, _) in given.forbidden.iter().flatten() {
            if !given.named.contains_key(name) {
                let meant =
                    nearest(name, known()).map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
                return Err(AttributeError::new(
                    format!("a forbidden pair names the attribute `{name}`, and there is none{meant}"),
                    format!("the attributes are: {}", known().collect::<Vec<_>>().join(", ")),
                ));
            }
        }
        Ok(given)
    }

    /// Whether no attribute is asked for.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}

fn check_name(name: &str, reserved: &[&str]) -> Result<(), AttributeError> {
    if reserved.contains(&name) {
        return Err(AttributeError::new(
            format!("no attribute can be called `{name}`, which means something else in a prompt"),
            format!("give it another name, such as `text_{name}`"),
        ));
    }
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match is_plain {
        true => Ok(()),
        false => Err(AttributeError::new(
            format!("`{name}` is no name of an attribute"),
            "a name begins with a letter from a to z and has only such letters, digits and `_`",
        )),
    }
}

fn values(name: &str, given: &Value) -> Result<Values, AttributeError> {
    let form = || {
        AttributeError::new(
            format!("the attribute `{name}` has no values that can be read"),
            format!(
                "write {name} = [\"one\", \"other\"], with weights {name} = {{one = 3, other = 1}}, or {name} = \"learn\" \
                 (\"learn:12\" for at most 12)"
            ),
        )
    };
    match given {
        Value::String(text) => learn(text).map(Values::Learnt).ok_or_else(form),
        Value::Object(table) if table.values().any(|value| value.is_array() || value.is_object()) => {
            let of_label = |(label, value): (&String, &Value)| match value {
                Value::Array(_) | Value::Object(_) => Ok((label.clone(), weights(name, value, &form)?)),
                _ => Err(form()),
            };
            Ok(Values::ByLabel(table.iter().map(of_label).collect::<Result<_, _>>()?))
        }
        given => Ok(Values::Same(weights(name, given, &form)?)),
    }
}

/// `learn`, or `learn:12`.
fn learn(text: &str) -> Option<Learn> {
    let most = match text.trim().strip_prefix("learn")? {
        "" => USUAL_TOPICS,
        number => number.strip_prefix(':')?.parse().ok()?,
    };
    (2..=MOST_TOPICS).contains(&most).then_some(Learn(most))
}

fn weights(name: &str, given: &Value, form: &dyn Fn() -> AttributeError) -> Result<Weights, AttributeError> {
    let listed: Vec<(&str, f64)> = match given {
        Value::Array(list) => list.iter().map(|value| Some((value.as_str()?, 1.0))).collect::<Option<_>>(),
        Value::Object(table) => table.iter().map(|(value, weight)| Some((value.as_str(), weight.as_f64()?))).collect(),
        _ => None,
    }
    .ok_or_else(form)?;
    if listed.is_empty() {
        return Err(AttributeError::new(
            format!("the attribute `{name}` has no value"),
            "list at least one value, or omit the attribute",
        ));
    }
    if listed.len() > MOST_VALUES {
        return Err(AttributeError::new(
            format!("the attribute `{name}` has {} values", listed.len()),
            format!("list at most {MOST_VALUES}"),
        ));
    }
    let mut weights = Weights::new();
    for (value, weight) in listed {
        let value = value.trim();
        check_value(name, value)?;
        if !(weight.is_finite() && weight > 0.0) {
            return Err(AttributeError::new(
                format!("the value `{value}` of the attribute `{name}` weighs {weight}"),
                "a weight is a number above 0; omit a value that no text is to have",
            ));
        }
        if weights.insert(value.to_owned(), weight).is_some() {
            return Err(AttributeError::new(
                format!("the attribute `{name}` has the value `{value}` twice"),
                format!("list it once; a weight makes it frequent: {name} = {{{} = 2}}", quoted(value)),
            ));
        }
    }
    Ok(weights)
}

fn check_value(name: &str, value: &str) -> Result<(), AttributeError> {
    let problem = if value.is_empty() {
        "is empty".to_owned()
    } else if value.chars().any(char::is_control) {
        "holds a line break or another control character".to_owned()
    } else if value.chars().count() > LONGEST_VALUE {
        format!("has more than {LONGEST_VALUE} characters")
    } else {
        return Ok(());
    };
    Err(AttributeError::new(format!("a value of the attribute `{name}` {problem}"), "write a word or a short phrase"))
}

/// A value as a key of TOML.
fn quoted(value: &str) -> String {
    Value::String(value.to_owned()).to_string()
}

fn pairs(given: &Value) -> Result<Vec<[(String, String); 2]>, AttributeError> {
    let bad = |shown: &dyn std::fmt::Display| {
        AttributeError::new(
            format!("{shown} is no forbidden pair"),
            "a pair names two attributes with a value each: forbidden = [[\"channel=sms\", \"topic=contract\"]]",
        )
    };
    let part = |part: &Value| {
        let (name, value) = part.as_str()?.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    let pair = |pair: &Value| {
        let parts: Option<Vec<_>> = pair.as_array().and_then(|parts| parts.iter().map(part).collect());
        let parts: Option<[_; 2]> = parts.and_then(|parts| parts.try_into().ok());
        parts.filter(|[one, other]: &[(String, String); 2]| one.0 != other.0).ok_or_else(|| bad(pair))
    };
    given.as_array().ok_or_else(|| bad(given))?.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(table: Value) -> Result<Given, AttributeError> {
        Given::read(&table, &["label", "style"])
    }

    #[test]
    fn values_stand_in_a_list_with_weights_by_label_or_are_to_be_learnt() {
        let given = read(json!({
            "channel": ["sms", " e-mail "], "tone": {"angry": 3, "calm": 1.5}, "topic": "learn", "theme": "learn:3",
            "product": {"refund": ["card"], "late": {"post": 2}},
            "forbidden": [["channel=sms", "tone = calm"]],
        }));
        let given = given.expect("attributes");
        assert_eq!(given.named["channel"], Values::Same(Weights::from([("e-mail".into(), 1.0), ("sms".into(), 1.0)])));
        assert_eq!(given.named["tone"], Values::Same(Weights::from([("angry".into(), 3.0), ("calm".into(), 1.5)])));
        assert_eq!(given.named["topic"], Values::Learnt(Learn(USUAL_TOPICS)));
        assert_eq!(given.named["theme"], Values::Learnt(Learn(3)));
        assert!(matches!(&given.named["product"], Values::ByLabel(of) if of["late"]["post"] == 2.0));
        let part = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(given.forbidden, [[part("channel", "sms"), part("tone", "calm")]]);
    }

    #[test]
    fn what_makes_no_sense_is_named_with_what_helps() {
        for (table, what, remedy) in [
            (json!({"topic": []}), "`topic` has no value", "omit the attribute"),
            (json!({"topic": ["a", "a "]}), "the value `a` twice", "{\"a\" = 2}"),
            (json!({"topic": ["a", " "]}), "is empty", "a word"),
            (json!({"topic": {"a": 0}}), "weighs 0", "above 0"),
            (json!({"topic": 3}), "no values that can be read", "topic = \"learn\""),
            (json!({"topic": "learn:1"}), "no values that can be read", "learn:12"),
            (json!({"topic": {"refund": ["a"], "late": 2}}), "no values that can be read", "weights"),
            (json!({"label": ["a"]}), "no attribute can be called `label`", "`text_label`"),
            (json!({"a topic": ["a"]}), "no name of an attribute", "letter"),
            (json!({"topic": ["a"], "forbidden": [["topic=a"]]}), "no forbidden pair", "channel=sms"),
            (
                json!({"topic": ["a", "b"], "forbidden": [["topic=a", "topic=b"]]}),
                "no forbidden pair",
                "two attributes",
            ),
            (json!({"topic": ["a"], "forbidden": [["topic=a", "topics=b"]]}), "did you mean `topic`?", "are: topic"),
            (json!({"forbidden": [["topic=a", "tone=b"]]}), "there is no attribute", "name the attributes"),
        ] {
            let error = read(table.clone()).expect_err(what);
            assert!(error.what.contains(what) && error.remedy.contains(remedy), "{table}: {error:?}");
        }
    }
}
