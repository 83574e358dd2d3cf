//! Saved items as bytes: a JSON header and compressed arrays, the same bytes for the same content.

use super::{Array, Saved};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// The first bytes of every file.
const MAGIC: &[u8; 8] = b"equipmod";
/// Version of this layout.
const VERSION: u32 = 1;
/// Bytes of the header, at most: room for a few hundred thousand label names.
const HEADER_LIMIT: usize = 16 << 20;
/// Bytes of the arrays once unpacked, at most; a model of 16,000 texts has a few million.
const BODY_LIMIT: u64 = 2 << 30;
const ZSTD_LEVEL: i32 = 3;

/// Why bytes are not a saved model.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// They do not begin as one does.
    #[error("it is not a saved model")]
    NotOne,
    /// Another version wrote them.
    #[error("it has version {found} of the layout, and this program reads version {VERSION}")]
    Version {
        /// Their version.
        found: u32,
    },
    /// They stop early, hold more than they say, or are too large.
    #[error("it is damaged: {fault}")]
    Damaged {
        /// What does not hold.
        fault: &'static str,
    },
    /// The header is not the JSON that it should be.
    #[error("its header is damaged: {0}")]
    Header(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct Header<A> {
    about: A,
    items: Vec<Item>,
}

#[derive(Serialize, Deserialize)]
struct Item {
    kind: String,
    arrays: Vec<(Type, u64)>,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Type {
    Strings,
    Floats,
    Numbers,
}

/// The bytes of `about` and `items`: magic, version and length of the header (little-endian `u32`), the header as JSON, and the
/// arrays one after the other as one zstd frame: floats as `f32`, numbers as `u64`, strings as length (`u32`) and UTF-8, all little-endian.
pub(super) fn encode(about: &impl Serialize, items: &[Saved]) -> Vec<u8> {
    let head = |item: &Saved| Item { kind: item.kind.clone(), arrays: item.arrays.iter().map(size).collect() };
    let header = Header { about, items: items.iter().map(head).collect() };
    let header = serde_json::to_vec(&header).expect("names, numbers and lists of them are JSON");
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    let mut body = zstd::stream::Encoder::new(bytes, ZSTD_LEVEL).expect("the level is one that zstd has");
    let mut put = |part: &[u8]| body.write_all(part).expect("writing to memory does not fail");
    for array in items.iter().flat_map(|item| &item.arrays) {
        match array {
            Array::Floats(floats) => floats.iter().for_each(|f| put(&f.to_le_bytes())),
            Array::Numbers(numbers) => numbers.iter().for_each(|n| put(&n.to_le_bytes())),
            Array::Strings(strings) => strings.iter().for_each(|s| {
                put(&(s.len() as u32).to_le_bytes());
                put(s.as_bytes());
            }),
        }
    }
    body.finish().expect("writing to memory does not fail")
}

fn size(array: &Array) -> (Type, u64) {
    match array {
        Array::Strings(strings) => (Type::Strings, strings.len() as u64),
        Array::Floats(floats) => (Type::Floats, floats.len() as u64),
        Array::Numbers(numbers) => (Type::Numbers, numbers.len() as u64),
    }
}

/// What [`encode`] was given.
///
/// # Errors
/// [`ContainerError`]; bytes from anywhere end here, never in a panic, and take no more memory than they unpack to.
pub(super) fn decode<A: DeserializeOwned>(bytes: &[u8]) -> Result<(A, Vec<Saved>), ContainerError> {
    let damaged = |fault| ContainerError::Damaged { fault };
    let rest = bytes.strip_prefix(MAGIC).ok_or(ContainerError::NotOne)?;
    let (found, rest) = number(rest).ok_or(damaged("it stops early"))?;
    if found != VERSION {
        return Err(ContainerError::Version { found });
    }
    let (length, rest) = number(rest).ok_or(damaged("it stops early"))?;
    let length = length as usize;
    if length > HEADER_LIMIT {
        return Err(damaged("its header is too large"));
    }
    let (header, packed) = rest.split_at_checked(length).ok_or(damaged("it stops early"))?;
    let header: Header<A> = serde_json::from_slice(header)?;
    let mut body = Vec::new();
    let unpacked = zstd::stream::Decoder::new(packed).and_then(|d| d.take(BODY_LIMIT + 1).read_to_end(&mut body));
    unpacked.map_err(|_| damaged("its arrays cannot be unpacked"))?;
    if body.len() as u64 > BODY_LIMIT {
        return Err(damaged("its arrays are too large"));
    }
    let mut body = Body(&body);
    let mut items = Vec::new();
    for item in header.items {
        let arrays: Option<Vec<Array>> = item.arrays.into_iter().map(|(of, n)| body.array(of, n)).collect();
        items.push(Saved { kind: item.kind, arrays: arrays.ok_or(damaged("an array does not hold what it says"))? });
    }
    if body.0.is_empty() { Ok((header.about, items)) } else { Err(damaged("it holds more than it says")) }
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*head), rest))
}

/// The unpacked arrays, taken from the front.
struct Body<'a>(&'a [u8]);

impl Body<'_> {
    fn take(&mut self, n: u64) -> Option<&[u8]> {
        let (head, rest) = self.0.split_at_checked(usize::try_from(n).ok()?)?;
        self.0 = rest;
        Some(head)
    }

    fn array(&mut self, of: Type, n: u64) -> Option<Array> {
        Some(match of {
            Type::Floats => {
                let bytes = self.take(n.checked_mul(4)?)?;
                Array::Floats(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
            }
            Type::Numbers => {
                let bytes = self.take(n.checked_mul(8)?)?;
                Array::Numbers(bytes.as_chunks::<8>().0.iter().map(|b| u64::from_le_bytes(*b)).collect())
            }
            Type::Strings => {
                let mut strings = Vec::new();
                for _ in 0..n {
                    let length = u32::from_le_bytes(self.take(4)?.try_into().ok()?);
                    strings.push(String::from_utf8(self.take(u64::from(length))?.to_vec()).ok()?);
                }
                Array::Strings(strings)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn items() -> Vec<Saved> {
        vec![
            Saved::new(
                "words",
                [Array::Strings(vec!["".into(), "øl".into()]), Array::Floats(vec![1.5, f32::NEG_INFINITY])],
            ),
            Saved::new("linear", [Array::Numbers(vec![u64::MAX, 0]), Array::Floats(vec![])]),
        ]
    }

    #[test]
    fn reads_what_it_wrote_and_writes_the_same_bytes_again() {
        let bytes = encode(&("about", 3), &items());
        let (about, back): ((String, u8), _) = decode(&bytes).unwrap();
        assert_eq!((about.0.as_str(), about.1, back), ("about", 3, items()));
        assert_eq!(encode(&("about", 3), &items()), bytes);
    }

    proptest! {
        #[test]
        fn never_panics_on_cut_or_changed_bytes(at in 0usize..200, to in any::<u8>(), cut in 0usize..200) {
            let mut bytes = encode(&"about", &items());
            let at = at % bytes.len();
            bytes[at] = to;
            let _ = decode::<String>(&bytes);
            bytes.truncate(cut);
            prop_assert!(cut > 150 || decode::<String>(&bytes).is_err());
        }
    }

    #[test]
    fn refuses_sizes_that_nothing_stands_behind() {
        let header = br#"{"about":"","items":[{"kind":"words","arrays":[["strings",18446744073709551615]]}]}"#;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(header);
        bytes.extend(zstd::bulk::compress(&[1, 2, 3], 1).unwrap());
        assert!(matches!(decode::<String>(&bytes), Err(ContainerError::Damaged { .. })));
        assert!(matches!(decode::<String>(b"PK\x03\x04"), Err(ContainerError::NotOne)));
        bytes[8] = 9;
        assert!(matches!(decode::<String>(&bytes), Err(ContainerError::Version { found: 9 })));
    }
}
