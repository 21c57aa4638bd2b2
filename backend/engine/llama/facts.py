"""`python -m backend.engine.llama.facts`: what this llama.cpp is, as one JSON object on standard output.

A process of its own, started by name (`backend.engine.facts`): loading the library is the very thing that may fail or
abort, and the program's own process never loads it.
"""

from __future__ import annotations

import json
import sys

from backend.engine.llama.native import build, open_backend


def main() -> None:
    open_backend()
    json.dump(build(), sys.stdout)


if __name__ == "__main__":
    main()
