"""The command `packshot`, the same as the program of that name: `packshot --help`, or `python -m packshot --help`."""

from __future__ import annotations

import signal
import sys

from . import _packshot
from .engine import installed_onnxruntime


def main() -> int:
    """Runs the command with the arguments of this process, and gives its exit code."""
    if not hasattr(_packshot, "run_command"):
        sys.exit("packshot: this package was built without the command (its cargo feature `command`)")
    # The native half hears Ctrl-C itself, where work has to be ended well; Python would call its own handler only when
    # the command has ended.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _packshot.run_command(sys.argv[1:], installed_onnxruntime())


if __name__ == "__main__":
    sys.exit(main())
