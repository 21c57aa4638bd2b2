"""Where the console script starts: the command line first, and Textual only when the app is wanted."""

from __future__ import annotations

import gc
import os
import sys

from backend.cli import main as cli_main
from backend.cli.request import AppRequest


def open_app(request: AppRequest) -> int:
    """Open the app, or plain mode; returns the exit code.

    Until its first frame nothing is collected (the app takes that up again): nearly all that is made meanwhile are the
    modules' own classes and functions, which stay, and to look through them again and again takes a tenth of the start.
    """
    if request.plain:
        from tui.plain.launch import run_plain

        return run_plain(request)
    gc.disable()
    from backend.terminal.asking import asked

    with asked(os.environ, wanted=request.graphics == "auto") as question:  # it answers while the app is being loaded
        from tui.launch import launch

        return launch(request, question)


def main() -> None:
    sys.exit(cli_main(open_app))


if __name__ == "__main__":
    main()
