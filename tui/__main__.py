"""Where the console script starts: the command line first, and Textual only when the app is wanted."""

from __future__ import annotations

import sys

from backend.cli import main as cli_main
from backend.cli.request import AppRequest


def open_app(request: AppRequest) -> int:
    """Open the app; returns the exit code."""
    from tui.launch import launch

    return launch(request)


def main() -> None:
    sys.exit(cli_main(open_app))


if __name__ == "__main__":
    main()
