//! The readers of every format: any bytes give rows or an error, never a panic.
#![no_main]

use equipoise_core::format::{CATALOG, ReadRequest, read_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let entry = CATALOG[usize::from(choice) % CATALOG.len()];
    if let Ok((rows, reading)) = read_bytes(entry.name, bytes, &ReadRequest::default()) {
        assert_eq!(rows.len(), reading.n_rows, "{}", entry.name);
    }
});
