"""Finding what is installed, and making known what lies elsewhere."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from backend.catalog import ModelStore, load_catalog, places
from backend.catalog.adding import add
from backend.catalog.card import SamplingRule
from backend.errors import CatalogError, ModelError, UsageError
from backend.scene import Units
from tests.catalog.pairs import DEMO_TEXT, Projector, TextModel, write_pair


@pytest.fixture
def user(tmp_path: Path) -> Path:
    return tmp_path / "config" / "models.toml"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def test_the_demo_is_always_there(store: ModelStore) -> None:
    assert store.require(load_catalog().card("demo")).text == DEMO_TEXT


def test_the_folder_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "elsewhere"))
    assert ModelStore().root == tmp_path / "elsewhere"
    monkeypatch.setenv("SIGHTLINE_MODELS", "~/models")
    assert ModelStore().root == Path.home() / "models"
    monkeypatch.delenv("SIGHTLINE_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert ModelStore().root == tmp_path / "data" / "sightline" / "models"


def test_a_missing_model_says_how_to_get_it(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="qwen3-vl-4b-instruct is not installed: it has not been downloaded") as caught:
        store.require(load_catalog().card("qwen3-vl-4b-instruct"))
    assert caught.value.cure == "sightline models pull qwen3-vl-4b-instruct"
    assert caught.value.exit_code == 4


def test_any_published_quantisation_is_found_the_usual_one_first(store: ModelStore) -> None:
    card = load_catalog().card("qwen3-vl-2b-instruct")
    folder = store.folder(card)
    folder.mkdir(parents=True)
    (folder / card.mmproj).touch()
    assert store.find(card) is None
    (folder / card.in_quant("Q8_0").text).touch()
    found = store.require(card)
    assert found.card.quant == "Q8_0"
    assert found.text.name == "Qwen3VL-2B-Instruct-Q8_0.gguf"
    (folder / card.text).touch()
    assert store.require(card).card == card


def test_a_file_whose_name_tells_no_quantisation_is_found(store: ModelStore) -> None:
    card = replace(load_catalog().card("qwen3-vl-2b-instruct"), text="plain.gguf")
    store.folder(card).mkdir(parents=True)
    for name in (card.text, card.mmproj):
        (store.folder(card) / name).touch()
    assert store.require(card).card == card


def test_half_a_model_is_none(store: ModelStore) -> None:
    card = load_catalog().card("qwen3-vl-2b-instruct")
    store.folder(card).mkdir(parents=True)
    (store.folder(card) / card.text).touch()
    assert store.find(card) is None


def test_added_files_stay_where_they_are(tmp_path: Path, user: Path, store: ModelStore) -> None:
    text, mmproj = write_pair(tmp_path / "some where", "it's-ünïcode-图")
    card = add("mine", text, mmproj, user)
    found = store.require(card)
    assert (found.text, found.mmproj) == (text, mmproj)
    assert set(text.parent.iterdir()) == {text, mmproj}
    assert not store.root.exists()
    assert load_catalog(user=user).card("mine") == card
    assert not user.exists(), "the user's own file is never written"


def test_what_the_headers_say_becomes_the_card(tmp_path: Path, user: Path) -> None:
    text, mmproj = write_pair(tmp_path, text=TextModel(name="My Thinking model", context=2048))
    card = add("mine", text, mmproj, user)
    assert card.title == "My Thinking model"
    assert card.thinking
    assert card.context == 2048
    assert card.max_tokens <= card.context
    assert card.image_tokens.max < card.context
    assert card.text_sampling == SamplingRule(1.0, 0.95, 20)
    assert card.box_sampling == SamplingRule()
    assert card.coordinates is Units.REL1000


def test_qwen_2_5_answers_in_pixels(tmp_path: Path, user: Path) -> None:
    text = TextModel(architecture="qwen2vl", deepstack=0, context=128_000).write(tmp_path / "text.gguf")
    mmproj = Projector(projector="qwen2.5vl_merger", deepstack=0).write(tmp_path / "mmproj.gguf")
    card = add("older", text, mmproj, user)
    assert card.coordinates is Units.PIXELS
    assert card.context == 8192


def test_a_hostile_title_is_kept_harmless(tmp_path: Path, user: Path) -> None:
    text, mmproj = write_pair(tmp_path, text=TextModel(name='a"\n[models.demo]\x1b[31m\x7f\\'))
    card = add("mine", text, mmproj, user)
    assert "\x1b" not in card.title
    assert "\n" not in card.title
    assert len(load_catalog(user=user).cards) == len(load_catalog(user=tmp_path / "none.toml").cards) + 1


def test_files_for_a_known_model_change_only_its_place(tmp_path: Path, user: Path) -> None:
    text, mmproj = write_pair(tmp_path)
    before = load_catalog(user=user).card("qwen3-vl-4b-instruct")
    card = add("qwen3-vl-4b-instruct", text, mmproj, user)
    assert card == replace(before, text=str(text), mmproj=str(mmproj))


def test_adding_again_replaces_and_leaves_the_others(tmp_path: Path, user: Path) -> None:
    first, second = write_pair(tmp_path / "a"), write_pair(tmp_path / "b", text=TextModel(name="Second"))
    add("other.model-1", *first, user)
    add("mine", *first, user)
    assert add("mine", *second, user).title == "Second"
    catalog = load_catalog(user=user)
    assert catalog.card("mine").text == str(second[0])
    assert catalog.card("other.model-1").text == str(first[0])
    assert {path.name for path in user.parent.iterdir()} <= {"added.toml", "added.lock"}


def test_a_broken_pair_is_not_added(tmp_path: Path, user: Path) -> None:
    text, mmproj = write_pair(tmp_path)
    with pytest.raises(ModelError, match="swapped"):
        add("mine", mmproj, text, user)
    text.write_bytes(text.read_bytes()[:2000])
    with pytest.raises(ModelError, match="cut off"):
        add("mine", text, mmproj, user)
    assert not user.parent.exists()


@pytest.mark.parametrize("name", ["", "Big", "two words", "../escape", "-x", "x" * 65, "evil\n[models.demo]"])
def test_names_that_are_none(tmp_path: Path, user: Path, name: str) -> None:
    with pytest.raises(CatalogError, match="is not a model name"):
        add(name, *write_pair(tmp_path), user)


def test_the_demo_keeps_its_files(tmp_path: Path, user: Path) -> None:
    with pytest.raises(UsageError, match="comes with sightline"):
        add("demo", *write_pair(tmp_path), user)


def test_what_the_user_wrote_by_hand_is_not_contradicted(tmp_path: Path, user: Path) -> None:
    user.parent.mkdir()
    user.write_text('[models.mine]\ntext = "/a.gguf"\nmmproj = "/b.gguf"\n')
    with pytest.raises(ModelError, match="already says which files mine has"):
        add("mine", *write_pair(tmp_path), user)


def test_a_name_that_no_settings_file_can_hold(tmp_path: Path, user: Path) -> None:
    text, mmproj = write_pair(tmp_path)
    strange = text.rename(tmp_path / "te\nxt.gguf")
    with pytest.raises(ModelError, match="cannot be written into a settings file"):
        add("mine", strange, mmproj, user)
    bytes_name = strange.rename(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.gguf")))
    with pytest.raises(ModelError, match="cannot be written into a settings file"):
        add("mine", bytes_name, mmproj, user)


def test_a_settings_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=r"added\.toml” cannot be written"):
        add("mine", *write_pair(tmp_path), tmp_path / "file" / "models.toml")


def test_added_files_that_have_gone(tmp_path: Path, user: Path, store: ModelStore) -> None:
    card = add("mine", *write_pair(tmp_path / "gone"), user)
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(ModelError, match=r"its file .*gone/tiny-Q8_0\.gguf” is gone") as caught:
        store.require(card)
    assert "models add mine" in caught.value.cure


def test_added_through_the_store(tmp_path: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    text, mmproj = write_pair(tmp_path)
    assert store.add("mine", text, mmproj).text == text
    assert places.added_catalog(places.user_catalog()).parent == tmp_path / "config" / "sightline"
