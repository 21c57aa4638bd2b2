"""The first screen: the demo, a download that is stopped, fails and goes on, and files that are already there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from backend.ask import Asker
from backend.catalog import InstalledModel, download
from backend.catalog.hub import look_up
from tests.catalog.hub import Hub, running_hub
from tests.catalog.pairs import TextModel, write_pair
from tests.scripted import ScriptedEngine
from tests.tui.conftest import Hand
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.add_files import AddFiles, proposed_name
from tui.screens.first import FirstScreen
from tui.screens.main import MainScreen
from tui.widgets.model_offers import ModelOffers
from tui.widgets.pull_progress import PullProgress

REPO = "owner/Tiny-GGUF"
CATALOGUE = f"""
[models.tiny]
title = "Tiny"
text = "tiny-Q8_0.gguf"
mmproj = "mmproj-tiny-Q8_0.gguf"
repo = "{REPO}"
parameters = 0.5
download_bytes = 3_000_000
"""


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """3 MB of language model, so that it comes in several chunks."""
    return write_pair(tmp_path / "pair", text=TextModel(vocabulary=12_000))


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty store, and a catalogue with a model that the local hub has."""
    for name in ("HF_TOKEN", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "sightline").mkdir(parents=True)
    (tmp_path / "config" / "sightline" / "models.toml").write_text(CATALOGUE)


@pytest.fixture
def hub(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with running_hub({f"{REPO}/{path.name}": path.read_bytes() for path in pair}) as hub:
        monkeypatch.setattr(download, "look_up", lambda repo, name, _: look_up(repo, name, hub.url))
        yield hub


Opened = list[InstalledModel]


@pytest.fixture
def opened() -> Opened:
    """The models that the app went to work with."""
    return []


@pytest.fixture
def app(scenes: Path, opened: Opened) -> SightlineApp:
    def open_asker(model: InstalledModel) -> Asker:
        opened.append(model)
        return Asker(model, ScriptedEngine())

    return SightlineApp(Opening(Path("/"), asked_for=False), None, Capabilities(), samples=scenes, open_asker=open_asker)


class First(Hand):
    """What a user does and sees on the first screen."""

    @property
    def offers(self) -> ModelOffers:
        return self.first.query_one(ModelOffers)

    @property
    def first(self) -> FirstScreen:
        return next(screen for screen in self.pilot.app.screen_stack if isinstance(screen, FirstScreen))

    @property
    def progress(self) -> str:
        panel = self.first.query_one(PullProgress)
        return str(panel.query_one("#pull-words", Static).visual) if panel.display else ""

    def offered(self) -> list[str]:
        return [str(option.prompt) for option in self.offers.options]

    async def listed(self) -> None:
        await self.until(lambda: len(self.pilot.app.screen_stack) > 1 and self.offers.option_count > 2)

    async def take(self, words: str) -> None:
        self.offers.highlighted = next(index for index, text in enumerate(self.offered()) if words in text)
        await self.pilot.press("enter")

    async def at_work(self) -> None:
        await self.until(lambda: isinstance(self.pilot.app.screen, MainScreen))


async def test_everything_is_offered_with_size_and_fit(app: SightlineApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        offered = first.offered()
        assert "Try the demo" in offered[0]
        assert "already here" in offered[-1]
        for size in ("2B", "4B", "8B"):
            text = next(text for text in offered if f"Qwen3-VL {size} Instruct" in text)
            assert "GB" in text.splitlines()[0]
            assert "free" in text.splitlines()[1]


async def test_the_demo_opens_its_own_scenes(app: SightlineApp, opened: Opened, scenes: Path) -> None:
    async with app.run_test() as pilot:
        first = First(pilot)
        await first.listed()
        await pilot.press("enter")
        await first.ready()
        assert opened[0].card.bundled
        assert first.files.folder == scenes


async def test_a_download_ends_in_the_app(app: SightlineApp, hub: Hub, opened: Opened, tmp_path: Path) -> None:
    hub.trouble.cut_after = [500_000]
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        await first.take("Tiny")
        await first.at_work()
        assert opened[0].card.name == "tiny"
        assert opened[0].text == tmp_path / "models" / "tiny" / "tiny-Q8_0.gguf"


async def test_a_download_is_stopped_and_goes_on_where_it_was(
    app: SightlineApp, hub: Hub, opened: Opened, tmp_path: Path
) -> None:
    hub.trouble.hold_at = 1_000_000
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        await first.take("Tiny")
        await first.until(lambda: "of 3" in first.progress)
        await first.take("Tiny")
        await first.until(lambda: "Esc stops the download first." in first.notices())
        await pilot.press("escape")
        hub.trouble.release.set()
        await first.until(lambda: "Enter goes on" in first.progress)
        kept = list((tmp_path / "models" / "tiny").glob("*.partial"))
        assert len(kept) == 1
        assert not (tmp_path / "models" / "tiny" / "tiny-Q8_0.gguf").exists()
        hub.trouble.hold_at = None
        await pilot.press("enter")
        await first.at_work()
        assert opened[0].card.name == "tiny"
        assert any(request.range for request in hub.downloads)


async def test_a_wrong_hash_is_said_and_leaves_nothing(app: SightlineApp, hub: Hub, tmp_path: Path) -> None:
    hub.trouble.wrong_bytes = True
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        await first.take("Tiny")
        await first.until(lambda: "arrived damaged" in first.progress)
        assert "pull again" in first.progress
        assert not list((tmp_path / "models" / "tiny").glob("*.gguf"))
        assert isinstance(app.screen, FirstScreen)


async def test_without_a_network_the_cure_is_shown(app: SightlineApp, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_hub({}) as gone:
        pass
    monkeypatch.setattr(download, "look_up", lambda repo, name, _: look_up(repo, name, gone.url))
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        await first.take("Tiny")
        await first.until(lambda: "cannot be reached" in first.progress)
        assert "check the network" in first.progress


async def fill(first: First, text: Path, mmproj: Path) -> None:
    await first.take("already here")
    app = first.pilot.app
    await first.until(lambda: isinstance(app.screen, AddFiles))
    app.screen.query_one("#add-text", Input).value = str(text)
    app.screen.query_one("#add-mmproj", Input).value = str(mmproj)
    await first.pilot.pause()
    await first.pilot.press("enter")


def said(app: SightlineApp) -> Callable[[], str]:
    return lambda: str(app.screen.query_one("#add-said", Static).visual)


async def test_files_that_are_here_are_checked_and_used(app: SightlineApp, opened: Opened, pair: tuple[Path, Path]) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        await fill(first, *pair)
        await first.at_work()
        assert opened[0].text == pair[0]
        assert opened[0].card.name == "tiny-q8-0"


async def test_swapped_and_truncated_files_are_refused_with_a_reason(app: SightlineApp, pair: tuple[Path, Path]) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        first = First(pilot)
        await first.listed()
        await fill(first, pair[1], pair[0])
        await first.until(lambda: "look swapped" in said(app)())
        pair[0].write_bytes(pair[0].read_bytes()[:1000])
        app.screen.query_one("#add-text", Input).value = str(pair[0])
        app.screen.query_one("#add-mmproj", Input).value = str(pair[1])
        await pilot.pause()
        await pilot.press("enter")
        await first.until(lambda: "cut off" in said(app)() and "look swapped" not in said(app)())
        await pilot.press("escape")
        await first.until(lambda: isinstance(app.screen, FirstScreen))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("/x/Qwen3VL-4B-Instruct-Q4_K_M.gguf", "qwen3vl-4b-instruct-q4-k-m"),
        ("~/My Model (1).gguf", "my-model-1"),
        ("", ""),
        ("模型.gguf", ""),
    ],
)
def test_a_name_is_proposed(file: str, name: str) -> None:
    assert proposed_name(file) == name
