//! What `--attribute` and `--forbid` take.

use equipoise::config::set;
use toml::{Table, Value};

/// Writes attributes and forbidden pairs into a recipe layer.
///
/// # Errors
/// What does not have the form of one.
pub(crate) fn write(attributes: &[String], pairs: &[String], table: &mut Table) -> Result<(), String> {
    let mut named = Table::new();
    for given in attributes {
        let form = || format!("--attribute {given}: write NAME=VALUE,VALUE, for instance topic=refund,delay");
        let (name, listed) = given.split_once('=').ok_or_else(form)?;
        let name = name.trim();
        if named.insert(name.to_owned(), values(given, listed)?).is_some() {
            return Err(format!("--attribute {name} is given twice: name all its values in one"));
        }
    }
    if !named.is_empty() {
        set(table, "attributes", Value::Table(named));
    }
    let pair = |given: &String| {
        let parts: Vec<&str> = given.split(',').map(str::trim).collect();
        let is_pair = parts.len() == 2 && parts.iter().all(|part| part.contains('='));
        let parts = parts.iter().map(|part| Value::String((*part).to_owned())).collect();
        let form = || format!("--forbid {given}: write A=X,B=Y, for instance channel=sms,topic=contract");
        is_pair.then_some(Value::Array(parts)).ok_or_else(form)
    };
    let pairs: Vec<Value> = pairs.iter().map(pair).collect::<Result<_, _>>()?;
    if !pairs.is_empty() {
        set(table, "attributes.forbidden", Value::Array(pairs));
    }
    Ok(())
}

/// The values of one attribute: a list, a table where some have weights, or the wish to learn them.
fn values(given: &str, listed: &str) -> Result<Value, String> {
    if listed == "learn" || listed.starts_with("learn:") && !listed.contains(',') {
        return Ok(Value::String(listed.to_owned()));
    }
    let weighted = |part: &str| {
        let (value, weight) = part.rsplit_once(':')?;
        Some((value.trim().to_owned(), weight.trim().parse::<f64>().ok()?))
    };
    let parts: Vec<&str> = listed.split(',').map(str::trim).collect();
    if !parts.iter().any(|part| weighted(part).is_some()) {
        return Ok(Value::Array(parts.into_iter().map(|part| Value::String(part.to_owned())).collect()));
    }
    let mut weights = Table::new();
    for part in parts {
        let (value, weight) = weighted(part).unwrap_or_else(|| (part.to_owned(), 1.0));
        if weights.insert(value.clone(), Value::Float(weight)).is_some() {
            return Err(format!("--attribute {given}: the value `{value}` stands there twice"));
        }
    }
    Ok(Value::Table(weights))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(attributes: &[&str], pairs: &[&str]) -> Result<String, String> {
        let owned = |given: &[&str]| given.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mut table = Table::new();
        write(&owned(attributes), &owned(pairs), &mut table).map(|()| table.to_string())
    }

    #[test]
    fn options_make_the_table_that_a_recipe_would_have() {
        let made = written(&["topic=refund, delay", "tone=calm:3,angry", "theme=learn:4"], &["topic=delay,tone=calm"]);
        let same = "[attributes]\ntopic = [\"refund\", \"delay\"]\ntone = {calm = 3.0, angry = 1.0}\ntheme = \"learn:4\"\n\
                    forbidden = [[\"topic=delay\", \"tone=calm\"]]\n";
        assert_eq!(made.map(|made| made.parse::<Table>()), Ok(same.parse::<Table>()));
        // A colon before something that is no number belongs to the value.
        assert!(written(&["time=at: noon,later"], &[]).is_ok_and(|made| made.contains("at: noon")));
        assert_eq!(written(&[], &[]), Ok(String::new()));
    }

    #[test]
    fn what_has_another_form_is_told_with_the_right_one() {
        for (attributes, pairs, told) in [
            (&["topic"][..], &[][..], "write NAME=VALUE,VALUE"),
            (&["topic=a", "topic=b"], &[], "given twice"),
            (&["topic=a:2,a:1"], &[], "stands there twice"),
            (&["topic=a"], &["topic=a"], "write A=X,B=Y"),
        ] {
            let error = written(attributes, pairs).expect_err(told);
            assert!(error.contains(told), "{error}");
        }
    }
}
