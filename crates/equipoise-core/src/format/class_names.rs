//! Names of labels that a file keeps as numbers: Hugging Face's `ClassLabel`.

use serde_json::{Value, json};
use std::collections::HashMap;

/// Key of the schema's metadata under which the `datasets` library keeps the features of a table.
const KEY: &str = "huggingface";

/// The names of the classes of `column`, by the metadata of a table's schema.
pub(super) fn of_schema(metadata: &HashMap<String, String>, column: &str) -> Option<Vec<String>> {
    let features: Value = serde_json::from_str(metadata.get(KEY)?).ok()?;
    of_features(features.get("info")?.get("features")?, column)
}

/// The names of the classes of `column`, by the features of a data set as its `dataset_info` has them: an object by column, or a list of
/// objects with a `name`. A list of classes has the names of its items.
pub fn of_features(features: &Value, column: &str) -> Option<Vec<String>> {
    let named = |f: &&Value| f.get("name").and_then(Value::as_str) == Some(column);
    let feature = match features {
        Value::Array(all) => all.iter().find(named)?,
        other => other.get(column)?,
    };
    class_names(feature)
        .or_else(|| ["feature", "sequence", "list"].iter().find_map(|key| class_names(feature.get(key)?)))
}

fn class_names(feature: &Value) -> Option<Vec<String>> {
    let strings = |names: &Vec<Value>| names.iter().map(|n| n.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
    if feature.get("_type").and_then(Value::as_str) == Some("ClassLabel") {
        return strings(feature.get("names")?.as_array()?);
    }
    // A data set's card spells it otherwise: `dtype: {class_label: {names: {"0": "neg", "1": "pos"}}}`.
    match feature.get("dtype")?.get("class_label")?.get("names")? {
        Value::Array(names) => strings(names),
        Value::Object(names) => {
            (0..names.len()).map(|i| Some(names.get(&i.to_string())?.as_str()?.to_owned())).collect()
        }
        _ => None,
    }
}

/// Metadata for a fresh table whose `column` holds the numbers of `names`.
pub(super) fn metadata(column: &str, names: &[String]) -> HashMap<String, String> {
    let features = json!({"info": {"features": {column: {"names": names, "_type": "ClassLabel"}}}});
    HashMap::from([(KEY.to_owned(), features.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_every_form_that_features_have() {
        let names = vec!["neg".to_owned(), "pos".to_owned()];
        for features in [
            json!({"text": {"dtype": "string"}, "label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}),
            json!({"label": {"feature": {"names": ["neg", "pos"], "_type": "ClassLabel"}, "_type": "Sequence"}}),
            json!([{"name": "label", "dtype": {"class_label": {"names": {"0": "neg", "1": "pos"}}}}]),
        ] {
            assert_eq!(of_features(&features, "label"), Some(names.clone()), "{features}");
            assert_eq!(of_features(&features, "text"), None);
        }
        assert_eq!(of_schema(&metadata("label", &names), "label"), Some(names));
        assert_eq!(of_schema(&HashMap::from([(KEY.to_owned(), "no JSON".to_owned())]), "label"), None);
    }
}
