"""The lock files pin everything by hash, agree with each other and with pyproject.toml, and name no place to fetch from."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.environment.lock import EXTRAS, pins
from tests.setup.checkout import SOURCE

NAMES = ("build", "llama", "run", "dev")
LINE = re.compile(r"#.*|[a-z0-9][a-z0-9.-]*==[0-9][^\s;]*( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
PROJECT = tomllib.loads((SOURCE / "pyproject.toml").read_text())
NEEDED = [
    *PROJECT["project"]["dependencies"],
    *(one for extra in EXTRAS for one in PROJECT["project"]["optional-dependencies"][extra]),
]


def text(name: str) -> str:
    return (SOURCE / "requirements" / f"{name}.txt").read_text()


def versions(name: str) -> dict[str, str]:
    return {package: lines.split()[0].partition("==")[2] for package, lines in pins(text(name)).items()}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_versions_and_hashes_is_in_them(name: str) -> None:
    strange = [line for line in text(name).splitlines() if not LINE.fullmatch(line)]
    assert strange == []
    assert not re.search(r"://|--index|--find-links|--trusted", text(name))


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (("build",), PROJECT["dependency-groups"]["build"]),
        (("build",), PROJECT["build-system"]["requires"]),
        (("run", "llama"), NEEDED),
        (("dev", "llama"), [*NEEDED, *PROJECT["dependency-groups"]["dev"]]),
    ],
)
def test_everything_that_pyproject_asks_for_is_locked_in_a_version_it_accepts(
    files: tuple[str, ...], wanted: list[str]
) -> None:
    locked = {package: version for file in files for package, version in versions(file).items()}
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{name} is not locked: run scripts/lock"
        assert requirement.specifier.contains(locked[name]), f"{name}=={locked[name]} is not {requirement}: run scripts/lock"


def test_a_package_has_one_version_in_all_of_them() -> None:
    seen: dict[str, set[str]] = {}
    for name in NAMES:
        for package, version in versions(name).items():
            seen.setdefault(package, set()).add(version)
    assert {package: found for package, found in seen.items() if len(found) > 1} == {}


def test_development_has_all_that_running_needs() -> None:
    assert versions("run").items() <= versions("dev").items()
