//! Running other programs, and where the workspace lies.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a chore ends with: nothing, or a message for the person who ran it.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies in the root of the workspace").to_owned()
}

/// A cargo of the pinned toolchain, to be run in the root.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    command
}

/// The folder that cargo builds in.
pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Builds every target of the workspace, as the tests do: with another selection cargo would build each dependency, and the core, a
/// second time for other features. Returns the folder of what was built.
pub(crate) fn build_all() -> Outcome<PathBuf> {
    run(&mut cargo(&["build", "--quiet", "--locked", "--workspace", "--all-targets"]))?;
    Ok(target_folder().join("debug"))
}

/// The program `equipoise`, built as the tests build it.
pub(crate) fn program() -> Outcome<PathBuf> {
    Ok(build_all()?.join(format!("equipoise{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs `command` with its output on the terminal; a non-zero exit is a fault.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|e| format!("`{}` does not start: {e}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

/// Runs `command` and returns its standard output; what it says on standard error is part of the fault.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|e| format!("`{}` does not start: {e}", shown(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{}` failed ({})\n{}", shown(command), output.status, said.trim_end()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{}` wrote something that is not UTF-8", shown(command)))
}

/// Whether `cargo NAME` is installed here.
pub(crate) fn has_cargo_command(name: &str) -> bool {
    cargo(&[name, "--version"]).output().is_ok_and(|output| output.status.success())
}

/// Reads a file of the workspace as text.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy();
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    std::iter::once(program).chain(args).collect::<Vec<_>>().join(" ")
}
