"""Writes requirements/*.txt from pyproject.toml: exact versions and the hashes of every file that PyPI has of them.

The files say *what*, never *from where*: indexes, hosts and credentials are each machine's own configuration, so this
one's extra indexes and local wheels are switched off while resolving, and only names, versions and hashes are written.
Four files, because set-up takes them in turn: build tools, llama-cpp-python (compiled), the rest, and development's.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

_COMPILED = "llama-cpp-python"
_NOT_FROM_HERE = ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONSTRAINT", "PIP_NO_INDEX")
_PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==[^\s;]+(?: ; .+?)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n")
EXTRAS = ("depth", "ocr", "video")
"""What users may leave out of an installation of their own, and what set-up always installs."""
_HEADER = "# {purpose}\n# Written by scripts/lock from pyproject.toml; not edited by hand.\n"
_PURPOSES = {
    "build": "What compiles llama-cpp-python and installs sightline.",
    "llama": "Compiled on the machine it runs on.",
    "run": "What `sightline` needs with all that it can use, beside requirements/llama.txt.",
    "dev": "What `scripts/test` needs, with all that `sightline` needs beside requirements/llama.txt.",
}


def resolve(requirements: list[str], known: list[Path], old: Path, upgrade: bool) -> str:
    """pip-compile's answer as text; versions in `known` are binding, those in `old` are kept where they still fit."""
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder, "wanted.in"), Path(folder, "resolved.txt")
        source.write_text("\n".join(requirements) + "\n")
        if old.exists():
            result.write_text(old.read_text())
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_FROM_HERE}
        constraints = [part for path in known for part in ("--constraint", os.fspath(path))]
        subprocess.run(
            [
                *(sys.executable, "-m", "piptools", "compile", "--quiet", "--no-config", "--generate-hashes", "--allow-unsafe"),
                *("--strip-extras", "--no-annotate", "--no-header", "--no-emit-options", "--no-emit-index-url"),
                *("--no-emit-trusted-host", "--no-emit-find-links", *(["--upgrade"] if upgrade else [])),
                *(*constraints, "--output-file", os.fspath(result), os.fspath(source)),
            ],
            env=environment | {"PIP_CONFIG_FILE": os.devnull},
            check=True,
        )
        return result.read_text()


def pins(resolved: str) -> dict[str, str]:
    """Each pinned package's lines, by name; whatever else a resolver writes is left behind."""
    return {match[0].partition("==")[0]: match[0] for match in _PIN.finditer(resolved)}


def main(arguments: list[str]) -> int:
    upgrade = "--upgrade" in arguments
    project = tomllib.loads(Path("pyproject.toml").read_text())
    optional, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    needed = [*project["project"]["dependencies"], *(one for extra in EXTRAS for one in optional[extra])]
    folder = Path("requirements")
    folder.mkdir(exist_ok=True)

    def write(name: str, chosen: dict[str, str]) -> Path:
        path = folder / f"{name}.txt"
        path.write_text(_HEADER.format(purpose=_PURPOSES[name]) + "".join(chosen.values()))
        print(f"{path}: {len(chosen)} packages")
        return path

    build = write("build", pins(resolve(groups["build"], [], folder / "build.txt", upgrade)))
    everything = pins(resolve(needed, [build], folder / "run.txt", upgrade))
    llama = write("llama", {_COMPILED: everything.pop(_COMPILED)})
    run = write("run", everything)
    everything = pins(resolve([*needed, *groups["dev"]], [build, llama, run], folder / "dev.txt", upgrade))
    del everything[_COMPILED]
    write("dev", everything)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
