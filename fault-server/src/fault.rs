//! Everything that a provider can do wrong to one request.

use xxhash_rust::xxh3::xxh3_64_with_seed;

macro_rules! faults {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// One type of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $(#[doc = $doc] $variant,)* }

        impl Fault {
            /// Every type.
            pub const ALL: &'static [Fault] = &[$(Fault::$variant,)*];

            /// The name on the command line and in the ledger.
            pub fn name(self) -> &'static str {
                match self { $(Fault::$variant => $name,)* }
            }
        }
    };
}

faults! {
    Status400 "400" "400: the request is malformed.",
    Status401 "401" "401: the key is refused.",
    Status402 "402" "402: no money.",
    Status403 "403" "403: forbidden.",
    Status404 "404" "404: no such model.",
    Status408 "408" "408: the server waited too long.",
    Status409 "409" "409: conflict.",
    Status413 "413" "413: too large.",
    Status422 "422" "422: not processable.",
    Status429 "429" "429, its wait told in one of the dialects of [`crate::WaitDialect`].",
    Status500 "500" "500.",
    Status502 "502" "502, with a page of a proxy.",
    Status503 "503" "503.",
    Status504 "504" "504.",
    Status529 "529" "529: overloaded (Anthropic).",
    ResetBeforeHeaders "reset" "The connection is reset before a byte came.",
    ResetAfterHeaders "reset-head" "The connection is reset after the headers.",
    ResetInBody "reset-body" "The connection is reset in the middle of the body.",
    Hang "hang" "Nothing comes.",
    Drip "drip" "A byte now and then.",
    WrongLength "length" "`content-length` is larger or smaller than the body.",
    Html "html" "200 with a web page.",
    Empty "empty" "200 with an empty body.",
    CutJson "cut-json" "200 with JSON that ends in the middle.",
    BadUtf8 "utf8" "The text of the answer holds bytes that are no UTF-8.",
    LoneSurrogate "surrogate" "The text of the answer holds half a surrogate pair.",
    DuplicateKeys "duplicate-keys" "Keys stand twice in the body; the first ones are empty.",
    Deep "deep" "200 with arrays nested 10,000 deep.",
    GzipBomb "bomb" "10 MB of gzip that unpack to 10 GB.",
    NoUsage "no-usage" "An answer without token counts.",
    OddFinish "odd-finish" "A finish reason that nobody knows, or none.",
    Refusal "refusal" "The model declines.",
    WrongCount "count" "One text fewer, one more, or none.",
    WrongIds "ids" "An id twice, an unknown id, or two texts under one id.",
    OtherModel "model" "Another model than the one asked for answers.",
    Redirect "redirect" "307 to another host.",
}

impl Fault {
    /// The fault called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Fault::ALL.iter().copied().find(|f| f.name() == name)
    }

    /// The status, where the fault is an error status.
    pub fn status(self) -> Option<u16> {
        self.name().parse().ok()
    }

    /// Whether an answer comes through all the same; it may say too little or the wrong thing.
    pub fn is_delivered(self) -> bool {
        use Fault::*;
        matches!(
            self,
            BadUtf8
                | LoneSurrogate
                | DuplicateKeys
                | NoUsage
                | OddFinish
                | Refusal
                | WrongCount
                | WrongIds
                | OtherModel
        )
    }

    /// Whether the model ran, so that a provider bills it.
    pub fn is_billed(self) -> bool {
        self.status().is_none() && !matches!(self, Fault::Html | Fault::Redirect)
    }

    /// Whether it says that no other request will fare better: key, account or address are wrong.
    pub fn stops_a_run(self) -> bool {
        use Fault::*;
        matches!(self, Status401 | Status402 | Status403 | Status404 | Redirect)
    }

    /// Whether it is the request's own fault, so that asking the same again is in vain.
    pub fn is_final(self) -> bool {
        matches!(self, Fault::Status400 | Fault::Status413 | Fault::Status422)
    }

    /// Whether asking the same again is the right answer to it.
    pub fn is_retryable(self) -> bool {
        !self.is_delivered() && !self.stops_a_run() && !self.is_final()
    }
}

/// A fault and which of its forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Injected {
    /// The type.
    pub fault: Fault,
    /// The form, as a number that is taken modulo the number of forms.
    pub form: usize,
}

/// What befalls the `attempt`-th try of the request called `identity`, the same in every run with the same seed.
pub(crate) fn draw(shares: &[(Fault, f64)], seed: u64, identity: u128, attempt: u32) -> Option<Injected> {
    if shares.is_empty() {
        return None;
    }
    let mut key = [0; 20];
    key[..16].copy_from_slice(&identity.to_le_bytes());
    key[16..].copy_from_slice(&attempt.to_le_bytes());
    let bits = xxh3_64_with_seed(&key, seed);
    let mut at = (bits >> 11) as f64 / (1_u64 << 53) as f64;
    let form = xxh3_64_with_seed(&key, !seed) as usize >> 8;
    for (fault, share) in shares {
        if at < *share {
            return Some(Injected { fault: *fault, form });
        }
        at -= share;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_36_types_with_names_of_their_own() {
        let names: std::collections::BTreeSet<_> = Fault::ALL.iter().map(|f| f.name()).collect();
        assert_eq!((Fault::ALL.len(), names.len()), (36, 36));
        for fault in Fault::ALL {
            assert_eq!(Fault::named(fault.name()), Some(*fault));
        }
    }

    #[test]
    fn draws_each_type_at_its_share_and_the_same_again() {
        let shares: Vec<(Fault, f64)> = Fault::ALL.iter().map(|f| (*f, 0.3 / 36.0)).collect();
        let all: Vec<_> = (0..72_000_u128).map(|i| draw(&shares, 7, i, 1)).collect();
        let n = all.iter().flatten().count();
        assert!((21_000..22_200).contains(&n), "{n}");
        for fault in Fault::ALL {
            let n = all.iter().flatten().filter(|i| i.fault == *fault).count();
            assert!((500..700).contains(&n), "{fault:?} {n}");
        }
        assert!((0..72_000).all(|i| all[i] == draw(&shares, 7, i as u128, 1)));
        assert!((0..72_000).any(|i| all[i] != draw(&shares, 7, i as u128, 2)));
    }
}
