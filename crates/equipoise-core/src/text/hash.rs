//! One stable 64-bit hash for keys that are compared within a run.

/// XXH3 of the bytes: equal on every machine and in every version of this crate. Not for anything that an adversary may forge.
pub fn hash64(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}
