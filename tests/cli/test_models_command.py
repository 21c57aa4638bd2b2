"""`sightline models` as it is typed: a process of its own, its output, its exit code, and what it leaves on the disk."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.catalog.hub import Hub, running_hub
from tests.catalog.pairs import DEMO_MMPROJ, DEMO_TEXT, TextModel, write_pair

REPO = "Qwen/Qwen3-VL-2B-Instruct-GGUF"
NAME = "qwen3-vl-2b-instruct"
TEXT = "Qwen3VL-2B-Instruct-Q4_K_M.gguf"
MMPROJ = "mmproj-Qwen3VL-2B-Instruct-Q8_0.gguf"
ROOT = Path(__file__).parents[2]
SIGHTLINE = [sys.executable, "-c", "import sys; from backend.cli import main; sys.exit(main(lambda request: 0))"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_pair(tmp_path_factory.mktemp("pair"), text=TextModel(vocabulary=12_000))


@pytest.fixture
def hub(pair: tuple[Path, Path]) -> Iterator[Hub]:
    text, mmproj = (path.read_bytes() for path in pair)
    files = {TEXT: text, TEXT.replace("Q4_K_M", "F16"): text, MMPROJ: mmproj}
    with running_hub({f"{REPO}/{name}": content for name, content in files.items()}) as hub:
        yield hub


class User:
    """Somebody with a home of their own, who types commands."""

    def __init__(self, home: Path, endpoint: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "XDG_", "SIGHTLINE_"))}
        proxies = {"http_proxy", "https_proxy", "all_proxy"}
        kept = {key: value for key, value in kept.items() if key.lower() not in proxies}
        self.environment = kept | {
            "HOME": str(home),
            "HF_ENDPOINT": endpoint,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
        }
        self.models = home / ".local/share/sightline/models"
        self.home = home

    def types(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*SIGHTLINE, "models", *words],
            capture_output=True,
            text=True,
            cwd=self.home,
            env=self.environment | environment,
            timeout=60,
            check=False,
        )

    def starts(self, *words: str) -> subprocess.Popen[str]:
        """A command that is not waited for, its narration to be read line by line."""
        return subprocess.Popen(
            [*SIGHTLINE, "models", *words], stderr=subprocess.PIPE, text=True, cwd=self.home, env=self.environment
        )


@pytest.fixture
def user(tmp_path: Path, hub: Hub) -> User:
    return User(tmp_path, hub.url)


def read_until(process: subprocess.Popen[str], pattern: str) -> str:
    """Narration up to the line in which `pattern` is found."""
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if re.search(pattern, line):
            return said
    raise AssertionError(f"{pattern!r} was never said, but:\n{said}")


def test_list(user: User) -> None:
    done = user.types("list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["name", "installed", "size", "fits", "note"]
    assert lines[1].startswith("* demo")
    assert lines[8] == "", "seven models, and below them the depth networks"
    assert lines[9].split() == ["depth", "network", "installed", "size", "answers", "note"]
    assert [line.split()[0] for line in lines[10:]] == ["demo-depth", "depth-anything-v2-small"]
    data = json.loads(user.types("list", "--json").stdout)
    assert [entry["name"] for entry in data][:2] == ["demo", NAME]


def test_pull_and_use(user: User, pair: tuple[Path, Path]) -> None:
    done = user.types("pull", NAME)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "", "progress is narration"
    assert f"{TEXT}  100 %" in done.stderr
    assert "\r" not in done.stderr
    assert "\x1b" not in done.stderr
    assert f"{NAME} is ready" in done.stderr
    assert (user.models / NAME / TEXT).read_bytes() == pair[0].read_bytes()
    listed = json.loads(user.types("list", "--json").stdout)
    assert [entry["name"] for entry in listed if entry["default"]] == [NAME]
    checked = user.types("check", NAME)
    assert checked.returncode == 0
    assert "they belong together" in checked.stdout


def test_pull_another_quantisation(user: User) -> None:
    done = user.types("pull", NAME, "--quant", "Q5_K_M")
    assert done.returncode == 2
    assert "published: Q4_K_M, Q8_0, F16" in done.stderr
    assert user.types("pull", NAME, "--quant", "F16").returncode == 0
    (listed,) = (entry for entry in json.loads(user.types("list", "--json").stdout) if entry["name"] == NAME)
    assert listed["quant"] == "F16"


def test_pull_in_a_terminal_draws_one_line(user: User) -> None:
    child = pexpect.spawn(
        SIGHTLINE[0],
        [*SIGHTLINE[1:], "models", "pull", NAME],
        env={**user.environment, "TERM": "xterm-256color"},
        cwd=str(user.home),
        dimensions=(24, 60),
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    drawn = [line for line in (child.before or "").split("\n") if ".gguf  " in line]
    assert len(drawn) == 2, "one line for each file"
    assert all(len(frame.replace("\x1b[K", "")) < 60 for line in drawn for frame in line.strip("\r").split("\r"))


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_a_pull_that_is_stopped_goes_on_from_there(user: User, hub: Hub, stop: signal.Signals, code: int) -> None:
    hub.trouble.hold_at = 2_000_000
    process = user.starts("pull", NAME)
    said = read_until(process, r" 5\d %")
    process.send_signal(stop)
    assert process.stderr
    said += process.stderr.read()
    assert process.wait(60) == code, said
    assert "Traceback" not in said
    (part,) = (user.models / NAME).glob("*.partial")
    there = part.stat().st_size
    assert there > 1_000_000
    assert not list((user.models / NAME).glob("*.gguf"))
    hub.trouble.hold_at = None
    hub.seen.clear()
    assert user.types("pull", NAME).returncode == 0
    assert hub.downloads[0].range == f"bytes={there}-"
    assert user.types("check", NAME).returncode == 0


def test_two_at_once_share_one_download(user: User, hub: Hub) -> None:
    hub.trouble.hold_at = 1_000_000
    first = user.starts("pull", NAME)
    read_until(first, r" 2\d %")
    second = user.starts("pull", NAME)
    read_until(second, "another sightline is pulling this model")
    hub.trouble.release.set()
    said = [process.communicate(timeout=60)[1] for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0], said
    assert len(hub.downloads) == 2, "each file was downloaded once"
    assert user.types("check", NAME).returncode == 0


def test_offline(user: User, hub: Hub) -> None:
    done = user.types("pull", NAME, HF_HUB_OFFLINE="1")
    assert done.returncode == 4
    assert "HF_HUB_OFFLINE is set" in done.stderr
    assert hub.seen == []


def test_a_token_is_sent(user: User, hub: Hub) -> None:
    hub.trouble.token = "hf_secret_of_the_test"
    done = user.types("pull", NAME)
    assert done.returncode == 4
    assert "HF_TOKEN" in done.stderr
    done = user.types("pull", NAME, HF_TOKEN="hf_secret_of_the_test")
    assert done.returncode == 0
    assert "secret" not in done.stderr


def test_damaged_on_the_way(user: User, hub: Hub) -> None:
    hub.trouble.wrong_bytes = True
    done = user.types("pull", NAME)
    assert done.returncode == 4
    assert "arrived damaged" in done.stderr
    assert json.loads(user.types("list", "--json").stdout)[1]["installed"] is False


def test_an_unknown_name(user: User) -> None:
    done = user.types("pull", "qwen3-vl-4b")
    assert done.returncode == 4
    assert "did you mean qwen3-vl-4b-instruct" in done.stderr


def test_add_then_everything_knows_it(user: User, tmp_path: Path) -> None:
    text, mmproj = write_pair(tmp_path / "files", text=TextModel(name="Mine"))
    done = user.types("add", "mine", "--text", f"files/{text.name}", "--mmproj", str(mmproj))
    assert done.returncode == 0, done.stderr
    listed = json.loads(user.types("list", "--json").stdout)[-1]
    assert (listed["name"], listed["text"], listed["title"]) == ("mine", str(text), "Mine")
    assert user.types("check", "mine").returncode == 0
    done = user.types("add", "other", "--text", str(mmproj), "--mmproj", str(text))
    assert done.returncode == 4
    assert "swapped" in done.stderr


def test_check_two_files(user: User, tmp_path: Path) -> None:
    done = user.types("check", str(DEMO_TEXT), str(DEMO_MMPROJ), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["ok"] is True
    (tmp_path / "cut\x1b[31m.gguf").write_bytes(DEMO_TEXT.read_bytes()[:1000])
    done = user.types("check", "cut\x1b[31m.gguf", str(DEMO_MMPROJ))
    assert done.returncode == 4
    assert "cut off" in done.stderr
    assert "cannot be used" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    done = user.types("check", "cut\x1b[31m.gguf", "none.gguf", "--json")
    assert done.returncode == 4
    assert len(json.loads(done.stdout)["problems"]) == 2
    assert user.types("check").returncode == 2
    assert user.types("check", "a", "b", "c").returncode == 2


def test_a_slip_in_the_settings_is_named(user: User) -> None:
    settings = user.home / ".config/sightline/models.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[models.demo]\ncontxt = 5\n")
    done = user.types("list")
    assert done.returncode == 4
    assert f"“{settings}”, table [models.demo], key “contxt”: this key is unknown" in done.stderr
    assert "did you mean “context”?" in done.stderr


def test_where(user: User) -> None:
    done = user.types("where", SIGHTLINE_MODELS=str(user.home / "big disk"))
    assert done.returncode == 0
    assert f"{user.home}/big disk" in done.stdout
    assert f"{user.home}/.config/sightline/models.toml" in done.stdout
    assert f"{user.home}/.local/state/sightline/log" in done.stdout
