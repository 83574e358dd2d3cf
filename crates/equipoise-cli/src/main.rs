//! The command `equipoise`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(equipoise_cli::run(std::env::args_os()))
}
