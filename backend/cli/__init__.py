"""The command line: `sightline …`. Standard output is data, standard error is narration, exit codes are documented.

Nothing heavy is imported until a command needs it: `sightline --help` answers before Python has read a tenth of what the
app needs.
"""

from backend.cli.main import main
from backend.cli.request import AppRequest

__all__ = ["AppRequest", "main"]
