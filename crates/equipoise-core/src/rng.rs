//! Randomness that is named: every stream is a child of the run's seed, so a new consumer shifts no other.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A seed with named children. The same path of names gives the same stream on every machine.
///
/// ```
/// use equipoise_core::rng::Seed;
/// let seed = Seed::new(7);
/// assert_eq!(seed.child("arm/smote/3").value(), Seed::new(7).child("arm/smote/3").value());
/// assert_ne!(seed.child("a").value(), seed.child("b").value());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The root seed of a run.
    pub fn new(seed: u64) -> Self {
        Seed(*blake3::hash(&seed.to_le_bytes()).as_bytes())
    }

    /// The child called `name`.
    pub fn child(&self, name: &str) -> Self {
        Seed(*blake3::keyed_hash(&self.0, name.as_bytes()).as_bytes())
    }

    /// A fresh generator at the start of this seed's stream (ChaCha8: portable across machines and versions).
    pub fn rng(&self) -> ChaCha8Rng {
        ChaCha8Rng::from_seed(self.0)
    }

    /// The seed as a number, for providers that take one.
    pub fn value(&self) -> u64 {
        u64::from_le_bytes([self.0[0], self.0[1], self.0[2], self.0[3], self.0[4], self.0[5], self.0[6], self.0[7]])
    }
}
