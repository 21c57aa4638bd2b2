"""Pulling from a hub that misbehaves: what is on the disk afterwards is whole and right, or a part to go on from."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.catalog import ModelCard, ModelStore, load_catalog
from backend.catalog.download import Step, fetch, pull
from backend.errors import ModelError
from tests.catalog.hub import COMMIT, Hub, running_hub
from tests.catalog.pairs import TextModel, write_pair

REPO = "owner/Tiny-GGUF"
TOKEN = "hf_of_the_test"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A pair of which the language model is 3 MB, so that it comes in several chunks."""
    return write_pair(tmp_path_factory.mktemp("pair"), text=TextModel(vocabulary=12_000))


@pytest.fixture
def hub(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("HF_TOKEN", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running_hub({f"{REPO}/{path.name}": path.read_bytes() for path in pair}) as hub:
        yield hub


@pytest.fixture
def card(pair: tuple[Path, Path]) -> ModelCard:
    text, mmproj = pair
    known = load_catalog().card("qwen3-vl-2b-instruct")
    return replace(known, name="tiny", text=text.name, mmproj=mmproj.name, repo=REPO, other_quants=())


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def arrived(store: ModelStore, card: ModelCard, pair: tuple[Path, Path]) -> bool:
    """Both files are there, byte for byte, and nothing else but the lock."""
    folder = store.folder(card)
    names = {path.name for path in folder.iterdir()} - {".pull.lock"}
    return names == {path.name for path in pair} and all(
        (folder / path.name).read_bytes() == path.read_bytes() for path in pair
    )


def finals(store: ModelStore, card: ModelCard) -> list[str]:
    """What stands under a final name."""
    return sorted(path.name for path in store.folder(card).glob("*.gguf"))


def part(store: ModelStore, card: ModelCard) -> Path:
    """The one part that is there."""
    (found,) = store.folder(card).glob(f"{card.text}.*.partial")
    return found


def test_a_pull_brings_both_files(hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]) -> None:
    assert store.find(card) is None
    steps = list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)
    assert store.require(card).text == store.root / "tiny" / card.text
    for path in pair:
        mine = [step for step in steps if step.file == path.name]
        assert [step.done for step in mine] == sorted(step.done for step in mine)
        assert mine[-1] == Step(path.name, path.stat().st_size, path.stat().st_size)
    assert all(COMMIT in request.path for request in hub.seen if request.server == "hub" and request.method == "GET")


def test_a_second_pull_only_looks(hub: Hub, card: ModelCard, store: ModelStore) -> None:
    list(pull(card, store, endpoint=hub.url))
    hub.seen.clear()
    assert {step.phase for step in pull(card, store, endpoint=hub.url)} == {"checking"}
    assert hub.downloads == []


def test_a_file_that_has_rotted_is_fetched_again(hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]) -> None:
    list(pull(card, store, endpoint=hub.url))
    rotten = store.folder(card) / card.mmproj
    rotten.write_bytes(bytes(rotten.stat().st_size))
    list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)


@pytest.mark.parametrize("cuts", [[1_500_000], [1_500_000, 200_000, 300_000], [0, 1_200_000, 0, 0]])
def test_a_lost_connection_is_taken_up_where_it_broke(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path], cuts: list[int]
) -> None:
    hub.trouble.cut_after = list(cuts)
    steps = list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)
    assert "reconnecting" in {step.phase for step in steps}
    ranges = [request.range for request in hub.downloads if card.text in request.path and card.mmproj not in request.path]
    starts = [int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0 for asked in ranges]
    assert len(starts) == len(cuts) + 1
    assert starts == sorted(starts)
    assert starts[-1] > 0


def test_a_server_that_ignores_ranges(hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]) -> None:
    hub.trouble.cut_after = [2_000_000]
    hub.trouble.ignores_range = True
    list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)


def test_a_moment_of_server_trouble_is_waited_out(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]
) -> None:
    hub.trouble.statuses = [503, 429, 500]
    list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)


def test_a_connection_that_stays_away_is_given_up(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.catalog.download._NAP_S", 0.0)
    hub.trouble.cut_after = [2_000_000, *[0] * 20]
    with pytest.raises(ModelError, match="connection was lost at 2 MB of 3 MB") as caught:
        list(pull(card, store, endpoint=hub.url))
    assert "goes on from there" in caught.value.cure
    assert finals(store, card) == []
    there = part(store, card).stat().st_size
    assert 0 < there <= 2_000_000
    hub.trouble.cut_after.clear()
    hub.seen.clear()
    list(pull(card, store, endpoint=hub.url))
    assert hub.downloads[0].range == f"bytes={there}-"
    assert arrived(store, card, pair)


def test_stopping_between_two_steps_keeps_the_part(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]
) -> None:
    steps = pull(card, store, endpoint=hub.url)
    stopped_at = next(step.done for step in steps if step.done > 1_000_000)
    steps.close()
    assert part(store, card).stat().st_size == stopped_at
    assert finals(store, card) == []
    hub.seen.clear()
    list(pull(card, store, endpoint=hub.url))
    assert hub.downloads[0].range == f"bytes={stopped_at}-"
    assert arrived(store, card, pair)


def test_wrong_bytes_never_get_the_name(hub: Hub, card: ModelCard, store: ModelStore) -> None:
    hub.trouble.wrong_bytes = True
    with pytest.raises(ModelError, match="arrived damaged: its SHA-256"):
        list(pull(card, store, endpoint=hub.url))
    assert {path.name for path in store.folder(card).iterdir()} <= {".pull.lock"}


def test_a_part_that_was_tampered_with_is_noticed_and_the_next_pull_succeeds(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]
) -> None:
    hub.trouble.statuses = [404]
    with pytest.raises(ModelError):
        list(pull(card, store, endpoint=hub.url))
    part(store, card).write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="arrived damaged"):
        list(pull(card, store, endpoint=hub.url))
    list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)


def test_a_part_longer_than_the_file_is_thrown_away(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]
) -> None:
    hub.trouble.statuses = [404]
    with pytest.raises(ModelError):
        list(pull(card, store, endpoint=hub.url))
    part(store, card).write_bytes(bytes(4_000_000))
    with pytest.raises(ModelError, match="arrived damaged"):
        list(pull(card, store, endpoint=hub.url))
    list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)


def test_a_new_version_does_not_continue_the_old_ones_part(
    hub: Hub, card: ModelCard, store: ModelStore, tmp_path: Path
) -> None:
    steps = pull(card, store, endpoint=hub.url)
    next(step for step in steps if step.done > 1_000_000)
    steps.close()
    newer = write_pair(tmp_path / "newer", text=TextModel(vocabulary=12_000, name="Tiny, newer"))
    hub.files = {f"{REPO}/{path.name}": path.read_bytes() for path in newer}
    hub.seen.clear()
    list(pull(card, store, endpoint=hub.url))
    assert hub.downloads[0].range is None
    assert (store.folder(card) / card.text).read_bytes() == newer[0].read_bytes()


def test_a_pair_that_does_not_belong_together_is_said(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]
) -> None:
    hub.files[f"{REPO}/{card.mmproj}"] = pair[0].read_bytes()
    with pytest.raises(ModelError, match="is a language model, not a vision projector"):
        list(pull(card, store, endpoint=hub.url))


@pytest.mark.parametrize("change", [{"repo": "owner/Nothing-GGUF"}, {"text": "Absent-Q8_0.gguf"}])
def test_what_the_hub_does_not_have(hub: Hub, card: ModelCard, store: ModelStore, change: dict[str, str]) -> None:
    with pytest.raises(ModelError, match=r"owner/Nothing-GGUF|has no file Absent-Q8_0\.gguf"):
        list(pull(replace(card, **change), store, endpoint=hub.url))  # type: ignore[arg-type]
    assert not store.root.exists(), "nothing is made before the hub has answered"


def test_the_token_opens_a_private_repository_and_stays_at_the_hub(
    hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.trouble.token = TOKEN
    with pytest.raises(ModelError, match="does not let us read") as caught:
        list(pull(card, store, endpoint=hub.url))
    assert "HF_TOKEN" in caught.value.cure
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    list(pull(card, store, endpoint=hub.url))
    assert arrived(store, card, pair)
    assert {request.authorization for request in hub.downloads} == {None}, "the CDN is another host and needs no token"


def test_a_mirror_that_hides_the_hash_is_not_trusted(hub: Hub, card: ModelCard, store: ModelStore) -> None:
    hub.trouble.says_no_hash = True
    with pytest.raises(ModelError, match="could not be verified"):
        list(pull(card, store, endpoint=hub.url))


def test_too_little_room_is_known_before_the_first_byte(hub: Hub, card: ModelCard, store: ModelStore) -> None:
    hub.trouble.size = 1 << 55
    with pytest.raises(ModelError, match=r"not enough room in .*: [\d.]+ GB are still to be downloaded, [\d.]+ GB are free"):
        list(pull(card, store, endpoint=hub.url))
    assert hub.downloads == []


def test_nobody_answers(card: ModelCard, store: ModelStore) -> None:
    with running_hub({}) as gone:
        pass
    with pytest.raises(ModelError, match=r"the hub cannot be reached at http://127\.0\.0\.1"):
        list(pull(card, store, endpoint=gone.url))


def test_a_model_without_repository(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="not on the hub"):
        list(pull(load_catalog().card("demo"), store))


def test_files_added_by_hand_are_not_overwritten(card: ModelCard, store: ModelStore) -> None:
    with pytest.raises(ModelError, match="added by hand"):
        list(pull(replace(card, text="/data/model.gguf"), store))


def test_a_folder_that_cannot_be_made(hub: Hub, card: ModelCard, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=r"cannot be written: Not a directory|cannot be written: File exists"):
        list(pull(card, ModelStore(tmp_path / "file"), endpoint=hub.url))


_PULL_WITH_LITTLE_DISK = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from backend.catalog import ModelStore, load_catalog
from backend.catalog.download import pull
from backend.errors import ModelError
endpoint, root, text, mmproj, repo, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
card = load_catalog().card("qwen3-vl-2b-instruct")
card = replace(card, name="tiny", text=text, mmproj=mmproj, repo=repo, other_quants=())
try:
    for step in pull(card, ModelStore(Path(root)), endpoint=endpoint): pass
except ModelError as error:
    print(error); sys.exit(4)
"""


def test_a_disk_that_fills_up_on_the_way(hub: Hub, card: ModelCard, store: ModelStore, pair: tuple[Path, Path]) -> None:
    """The kernel refuses to let files grow beyond a limit, as it does on a full disk or an exhausted quota."""
    arguments = [hub.url, str(store.root), card.text, card.mmproj, REPO, "1300000"]
    done = subprocess.run(
        [sys.executable, "-c", _PULL_WITH_LITTLE_DISK, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 4, done.stderr
    assert "the disk is full" in done.stdout
    assert "2 MB of 3 MB are missing" in done.stdout
    assert card.text in done.stdout
    assert finals(store, card) == []
    assert part(store, card).stat().st_size == 1_300_000, "everything that found room is kept"
    hub.seen.clear()
    list(pull(card, store, endpoint=hub.url))
    assert hub.downloads[0].range == "bytes=1300000-"
    assert arrived(store, card, pair)


def test_a_file_in_a_folder_of_its_repository_comes_without_that_folder(tmp_path: Path, hub: Hub) -> None:
    hub.files["owner/depth/onnx/model.onnx"] = b"weights" * 1000
    steps = list(fetch("owner/depth", ("onnx/model.onnx",), tmp_path / "net", endpoint=hub.url))
    assert (tmp_path / "net" / "model.onnx").read_bytes() == b"weights" * 1000
    assert {path.name for path in (tmp_path / "net").iterdir()} <= {"model.onnx", ".pull.lock"}
    assert steps[-1].done == steps[-1].total == 7000
