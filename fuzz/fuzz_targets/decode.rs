//! Each provider's decoder: any response is an answer or a failure, never a panic.
#![no_main]

use equipoise_core::catalog::Settings;
use equipoise_core::provider::{CATALOG, Provider, Response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, String, String, &[u8])| {
    let (status, retry_after, reset, body) = input;
    let headers = [("retry-after".to_owned(), retry_after), ("x-ratelimit-reset-tokens".to_owned(), reset)];
    for entry in CATALOG {
        if let Ok(provider) = entry.build(&Settings::new())
            && let Provider::Http { wire, .. } = *provider
        {
            let response = Response { status, headers: &headers, body, now_unix_s: 1_800_000_000 };
            let decoded = wire.decode(&response);
            assert!(
                decoded.is_err() || (200..300).contains(&status),
                "{} took status {status} for an answer",
                entry.name
            );
        }
    }
});
