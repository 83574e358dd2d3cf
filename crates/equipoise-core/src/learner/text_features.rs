//! Features that come with texts: a vector for each, made by whatever the user embeds texts with.

use crate::text::hash64;
use std::collections::HashMap;

/// A vector of one length for each of some texts. They say nothing of labels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextFeatures {
    length: usize,
    /// Where the vector of a text stands, by the text's hash.
    by_text: HashMap<u64, usize>,
    values: Vec<f32>,
}

/// Why a vector is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeatureError {
    /// Another length than the vectors before it.
    #[error("a vector of {found} numbers, where those before it have {expected}")]
    Length {
        /// Length of the first vector.
        expected: usize,
        /// Length of this one.
        found: usize,
    },
    /// No number, or one that is not finite.
    #[error("a vector that is empty or holds what is no finite number")]
    NotFinite,
}

impl TextFeatures {
    /// Adds the vector of a text, at length 1; of two for one text the first counts.
    ///
    /// # Errors
    /// [`FeatureError`].
    pub fn add(&mut self, text: &str, vector: &[f32]) -> Result<(), FeatureError> {
        if vector.is_empty() || vector.iter().any(|v| !v.is_finite()) {
            return Err(FeatureError::NotFinite);
        }
        if self.length == 0 {
            self.length = vector.len();
        }
        if vector.len() != self.length {
            return Err(FeatureError::Length { expected: self.length, found: vector.len() });
        }
        let at = self.by_text.len();
        if let std::collections::hash_map::Entry::Vacant(free) = self.by_text.entry(hash64(text.as_bytes())) {
            free.insert(at);
            let length = vector.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>().sqrt();
            let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
            self.values.extend(vector.iter().map(|v| (f64::from(*v) * scale) as f32));
        }
        Ok(())
    }

    /// Takes over what `other` has of further texts.
    ///
    /// # Errors
    /// [`FeatureError::Length`].
    pub fn merge(&mut self, other: &TextFeatures) -> Result<(), FeatureError> {
        if self.length != 0 && other.length != 0 && self.length != other.length {
            return Err(FeatureError::Length { expected: self.length, found: other.length });
        }
        self.length = self.length.max(other.length);
        // In the order of the other's rows, so that the result does not depend on a map's order.
        let mut theirs: Vec<(usize, u64)> = other.by_text.iter().map(|(hash, at)| (*at, *hash)).collect();
        theirs.sort_unstable();
        for (from, hash) in theirs {
            let at = self.by_text.len();
            if let std::collections::hash_map::Entry::Vacant(free) = self.by_text.entry(hash) {
                free.insert(at);
                self.values.extend_from_slice(&other.values[from * other.length..(from + 1) * other.length]);
            }
        }
        Ok(())
    }

    /// The vector of a text.
    pub fn get(&self, text: &str) -> Option<&[f32]> {
        let at = *self.by_text.get(&hash64(text.as_bytes()))?;
        Some(&self.values[at * self.length..(at + 1) * self.length])
    }

    /// Numbers of each vector; 0 while there is none.
    pub fn length(&self) -> usize {
        self.length
    }

    /// How many texts have one.
    pub fn n_texts(&self) -> usize {
        self.by_text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_found_by_text_at_length_1_and_the_first_counts() {
        let mut features = TextFeatures::default();
        features.add("a", &[3.0, 4.0]).unwrap();
        features.add("a", &[1.0, 0.0]).unwrap();
        assert_eq!(features.get("a"), Some(&[0.6_f32, 0.8][..]));
        assert_eq!(features.add("b", &[1.0]), Err(FeatureError::Length { expected: 2, found: 1 }));
        assert_eq!(features.add("b", &[f32::NAN, 1.0]), Err(FeatureError::NotFinite));
        let mut other = TextFeatures::default();
        other.add("c", &[0.0, 0.0]).unwrap();
        features.merge(&other).unwrap();
        assert_eq!((features.n_texts(), features.length(), features.get("c")), (2, 2, Some(&[0.0_f32, 0.0][..])));
        assert_eq!(features.get("d"), None);
    }
}
