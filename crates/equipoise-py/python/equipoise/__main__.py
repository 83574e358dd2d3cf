"""The command `equipoise`, from the same library."""

import signal
import sys

from ._equipoise import cli


def main() -> None:
    """Run the command with the arguments of this process, and end with its exit code."""
    # The command has a Ctrl-C of its own: finish what is in flight, then drop it, then go. Python's handler would swallow it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(cli(["equipoise", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
