//! `equipoise completions` and `equipoise man`: what shells and `man` know of the command line, from its one definition.

use crate::error::Failure;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use std::path::PathBuf;

/// Print the completions of a shell
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise completions bash > ~/.local/share/bash-completion/completions/equipoise
  equipoise completions zsh > \"${fpath[1]}/_equipoise\"
  equipoise completions fish > ~/.config/fish/completions/equipoise.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page, or write one for each command into a folder
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise man | man -l -
  equipoise man --out ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Folder for equipoise.1, equipoise-run.1 and so on
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Completions {
    /// Runs the command.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mut written = Vec::new();
        clap_complete::generate(self.shell, &mut whole(), "equipoise", &mut written);
        print(&written)
    }
}

impl Man {
    /// Runs the command.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        if let Some(folder) = &self.out {
            std::fs::create_dir_all(folder)?;
            clap_mangen::generate_to(whole(), folder)?;
            return Ok(());
        }
        let mut written = Vec::new();
        clap_mangen::Man::new(whole()).render(&mut written)?;
        print(&written)
    }
}

fn whole() -> Command {
    crate::Cli::command()
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    Ok(std::io::Write::write_all(&mut std::io::stdout().lock(), bytes)?)
}
