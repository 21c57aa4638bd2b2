"""`sightline batch` with several real llama-servers that share the work, and one of which dies."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from backend.synthetic.scenes import draw_scene
from tests.e2e.program import PATIENCE_S, Home
from tests.engine.remote.llama_server import running

LOCATE = "Locate every object"
SCENES = 14


def pictures(home: Home, number: int = SCENES) -> None:
    (home.folder / "scenes").mkdir()
    for seed in range(number):
        draw_scene(seed, (160, 120)).render().save(home.folder / "scenes" / f"{seed}.png")


def endpoints(home: Home, **urls: str) -> None:
    settings = home.root / ".config" / "sightline" / "models.toml"
    settings.parent.mkdir(parents=True)
    tables = (
        f'[models.{name}]\nendpoint = "{url}"\nimage_tokens = {{ min = 16, max = 42, default = 36 }}\nsampling.boxes = {{}}\n'
        for name, url in urls.items()
    )
    settings.write_text("\n".join(tables))


def answered_by(home: Home) -> Counter[str]:
    return Counter(json.loads(line)["model"]["name"] for line in (home.folder / "out.jsonl").read_bytes().splitlines())


def test_two_servers_share_the_work_and_one_that_is_killed_costs_nothing(home: Home, tmp_path: Path) -> None:
    pictures(home)
    command = ("batch", "scenes", "-q", LOCATE, "--model", "one,two", "--workers", "2", "--out", "out.jsonl", "--json")
    with ExitStack() as servers, running(tmp_path / "two.log") as two:
        one = servers.enter_context(running(tmp_path / "one.log"))
        endpoints(home, one=one.url, two=two.url)
        with home.started(*command) as process:
            end = time.monotonic() + PATIENCE_S
            while not (home.folder / "out.jsonl").exists() or answered_by(home)["one"] < 1:
                assert time.monotonic() < end
                assert process.poll() is None, process.communicate()
                time.sleep(0.02)
            servers.close()  # kills the first
            out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
        by = answered_by(home)
        assert by.total() == SCENES
        assert len({json.loads(line)["key"] for line in (home.folder / "out.jsonl").read_bytes().splitlines()}) == SCENES
        assert by["one"] >= 1
        assert by["two"] >= 1
        summary = json.loads(out)
        assert summary["models"] == by
        assert summary["failed"] == 0
        assert summary["retries"] >= 1
        assert "cannot be reached" in summary["models_set_aside"].get("one", "cannot be reached"), "or all was done before"


def test_without_a_server_left_it_ends_and_goes_on_when_one_is_back(home: Home, tmp_path: Path) -> None:
    pictures(home, 3)
    command = ("batch", "scenes", "-q", LOCATE, "-m", "one", "-m", "two", "--out", "out.jsonl")
    endpoints(home, one="http://127.0.0.1:9/v1", two="http://127.0.0.1:9/v1")
    done = home.sightline(*command)
    assert done.code == 5
    assert "cannot be reached" in done.err
    assert (home.folder / "out.jsonl").read_bytes() == b"", "nothing failed for good"
    with running(tmp_path / "log") as server:
        (home.root / ".config" / "sightline" / "models.toml").unlink()
        (home.root / ".config" / "sightline").rmdir()
        endpoints(home, one="http://127.0.0.1:9/v1", two=server.url)
        assert home.sightline(*command).code == 0
    assert answered_by(home) == {"two": 3}
