//! `cargo xtask bench offline [SPLITS [FIRST]]`: what texts of the offline generator are worth beside rivals that cost nothing, how they
//! read and how fast they come.

use crate::shell::Outcome;

/// Prints every table; `SPLITS` is the number of repeated splits, 20 where it is left out, from number `FIRST` on, 0 where it is left
/// out: splits that no choice was made on are asked for by it.
///
/// # Errors
/// A sentence that names what is missing or failed.
pub(super) fn run(args: &[String]) -> Outcome {
    let splits = args.first().map_or("20", String::as_str);
    let first = args.get(1).map_or("0", String::as_str);
    if args.len() > 2 || !splits.parse::<usize>().is_ok_and(|n| n > 1) || first.parse::<usize>().is_err() {
        return Err("usage: cargo xtask bench offline [SPLITS [FIRST]]".to_owned());
    }
    let data = super::shared(&crate::shell::root()).join("data");
    let emotion = data.join("emotion/train.txt");
    if !emotion.is_file() {
        return Err("the sets are not at hand: set EQUIPOISE_SHARED to a folder with data/emotion/train.txt".to_owned());
    }
    let (data, emotion) = (data.to_string_lossy(), emotion.to_string_lossy());
    // Each in a process of its own, so that the peak of memory is that of the measured part.
    example(&["speed", &emotion, "16000"])?;
    example(&["speed", &emotion, "1000000"])?;
    for rows in ["100", "572"] {
        example(&["texts", &emotion, "surprise", rows, "400", "60"])?;
    }
    example(&["gain", &data, splits, first])
}

fn example(args: &[&str]) -> Outcome {
    super::finish(super::example("equipoise-core", "offline_bench").args(args))
}
