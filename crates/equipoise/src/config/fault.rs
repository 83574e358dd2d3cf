//! Which key of a recipe is at fault, and which one may have been meant: asked of the recipe's own type, not read out of messages.

use super::recipe::Recipe;
use equipoise_core::catalog::nearest;
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use toml::{Table, Value};

/// The first key, as its parts, that is no part of a recipe by itself, and what the parser says of it.
pub(super) fn faulty(table: &Table) -> Option<(Vec<String>, toml::de::Error)> {
    let mut leaves = Vec::new();
    collect(table, &mut Vec::new(), &mut leaves);
    leaves.into_iter().find_map(|(path, value)| {
        let alone = path.iter().rev().fold(value, |value, key| Value::Table(Table::from_iter([(key.clone(), value)])));
        alone.try_into::<Recipe>().err().map(|error| (path, error))
    })
}

/// Where a part of the key `path` is no name that a recipe has there, the most similar one that it has.
pub(super) fn meant(path: &[String]) -> Option<&'static str> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    for (depth, part) in path.iter().enumerate() {
        let names = names::<Recipe>(&path[..depth]);
        if !names.contains(part) {
            return nearest(part, names.iter().copied());
        }
    }
    None
}

fn collect(table: &Table, path: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, Value)>) {
    for (key, value) in table {
        path.push(key.clone());
        match value {
            Value::Table(inner) => collect(inner, path, leaves),
            value => leaves.push((path.clone(), value.clone())),
        }
        path.pop();
    }
}

/// The names of the fields that `T` has below `path`; none where that is no struct.
fn names<'de, T: Deserialize<'de>>(path: &[&str]) -> &'static [&'static str] {
    let mut found: &'static [&'static str] = &[];
    // The walk ends in an error of its own: it reads no value.
    let _ = T::deserialize(Walk { path, found: &mut found });
    found
}

/// Goes down a type by its fields, as a parser would with a document of this one path.
struct Walk<'a> {
    path: &'a [&'a str],
    found: &'a mut &'static [&'static str],
}

impl<'de> Deserializer<'de> for Walk<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.path.split_first() {
            Some((key, path)) => {
                visitor.visit_map(Step { key: Some(key), walk: Some(Walk { path, found: self.found }) })
            }
            None => {
                *self.found = fields;
                Err(Error::custom("the path ends at a struct"))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("the path ends at a value"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

/// The one field of a struct that the walk goes through.
struct Step<'a> {
    key: Option<&'a str>,
    walk: Option<Walk<'a>>,
}

impl<'de> MapAccess<'de> for Step<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let key: Option<StrDeserializer<'_, Error>> = self.key.take().map(IntoDeserializer::into_deserializer);
        key.map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.walk.take().ok_or_else(|| Error::custom("a value without its key"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<String> {
        faulty(&text.parse().expect("TOML")).map(|(path, _)| path.join("."))
    }

    #[test]
    fn blames_the_key_and_not_one_whose_name_the_message_holds() {
        // The message of the first names `model`, and the label below is called so.
        let text = "[model]\nmax_concurrency = \"model\"\n[targets.label_to]\nmodel = \"2x\"\nstring = \"3x\"\n";
        assert_eq!(fault(text).as_deref(), Some("model.max_concurrency"));
        assert_eq!(fault("seed = 7\n[check.near_duplicate]\nthreshold = 0.9"), None);
    }

    #[test]
    fn finds_the_name_that_was_meant_at_its_own_place() {
        let meant = |key: &str| meant(&key.split('.').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(meant("model.temperatur"), Some("temperature"));
        assert_eq!(meant("modle.name"), Some("model"));
        assert_eq!(meant("temperature"), None, "no name at the top is like it");
        assert_eq!(meant("model.temperature"), None, "it is right");
        assert_eq!(meant("check.near_duplicat.threshold"), None, "tables of items are checked by their catalog");
    }
}
