"""models.toml as it is shipped, and every slip of the pen that a user's own file can hold."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from backend.catalog import load_catalog, places
from backend.catalog.card import Patience, SamplingRule, Server, TokenBudget
from backend.errors import CatalogError, ModelError
from backend.scene import Units


@pytest.fixture
def user(tmp_path: Path) -> Path:
    return tmp_path / "config" / "models.toml"


def write(file: Path, content: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(content, "utf-8")
    return file


def test_the_shipped_catalogue(user: Path) -> None:
    catalog = load_catalog(user=user)
    sizes = ("2b", "4b", "8b")
    assert [card.name for card in catalog.cards] == [
        "demo",
        *(f"qwen3-vl-{size}-{kind}" for size in sizes for kind in ("instruct", "thinking")),
    ]
    card = catalog.card("qwen3-vl-4b-instruct")
    assert card.repo == "Qwen/Qwen3-VL-4B-Instruct-GGUF"
    assert (card.text, card.mmproj) == ("Qwen3VL-4B-Instruct-Q4_K_M.gguf", "mmproj-Qwen3VL-4B-Instruct-Q8_0.gguf")
    assert card.image_tokens == TokenBudget(256, 2048, 1024)
    assert card.text_sampling == SamplingRule(0.7, 0.8, 20, 0.0, 1.5)
    assert card.coordinates is Units.REL1000
    assert catalog.card("qwen3-vl-8b-thinking").text_sampling == SamplingRule(1.0, 0.95, 20, 0.0, 0.0)
    for other in catalog.cards:
        assert other.box_sampling == SamplingRule(), "boxes are greedy and without penalties"
        assert other.thinking == other.name.endswith("thinking")
        assert not other.thinking or 0 < other.thinking_tokens + other.max_tokens < other.context - other.image_tokens.max
        assert other.bundled == (other.name == "demo")


def test_quantisations_change_file_and_size(user: Path) -> None:
    card = load_catalog(user=user).card("qwen3-vl-2b-instruct")
    assert card.quants == ("Q4_K_M", "Q8_0", "F16")
    larger = card.in_quant("Q8_0")
    assert larger.text == "Qwen3VL-2B-Instruct-Q8_0.gguf"
    assert larger.mmproj == card.mmproj
    assert larger.download_bytes > card.download_bytes
    assert card.in_quant("Q4_K_M") == card


def test_a_user_changes_single_keys(user: Path) -> None:
    write(user, "[models.qwen3-vl-4b-instruct]\ncontext = 16384\nimage_tokens.max = 4096\nsampling.text.temperature = 0.1\n")
    card = load_catalog(user=user).card("qwen3-vl-4b-instruct")
    assert card.context == 16384
    assert card.image_tokens == TokenBudget(256, 4096, 1024)
    assert card.text_sampling == SamplingRule(0.1, 0.8, 20, 0.0, 1.5)
    assert card.repo == "Qwen/Qwen3-VL-4B-Instruct-GGUF"


def test_a_user_adds_a_model(user: Path) -> None:
    write(user, '[models.mine]\ntext = "/data/a.gguf"\nmmproj = "/data/b.gguf"\n')
    catalog = load_catalog(user=user)
    assert catalog.cards[-1].name == "mine"
    assert catalog.card("mine").context == 8192
    assert catalog.card("mine").text_sampling.presence_penalty == 1.5


def test_a_user_names_a_server(user: Path) -> None:
    lines = ('endpoint = "https://gpu.example.org/v1/"', 'remote_model = "Qwen/Qwen3-VL-8B"', 'api_key_env = "THE_KEY"')
    write(user, "\n".join(["[models.mine]", *lines]))
    card = load_catalog(user=user).card("mine")
    assert card.server == Server("https://gpu.example.org/v1", "Qwen/Qwen3-VL-8B", "THE_KEY", Patience())
    assert (card.text, card.mmproj, card.repo) == ("", "", None)
    assert card.context == 8192
    assert all(other.server is None for other in load_catalog(user=user).cards if other.name != "mine")


def test_a_server_may_be_given_more_time(user: Path) -> None:
    write(user, '[models.mine]\nendpoint = "http://localhost:8080"\ntimeouts = { first_token = 1800 }\n')
    server = load_catalog(user=user).card("mine").server
    assert server is not None
    assert server.patience == Patience(first_token=1800)


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ('endpoint = "gpu.example.org"', "endpoint", "this is not the address of a server"),
        ('endpoint = "ftp://gpu.example.org/v1"', "endpoint", "this is not the address of a server"),
        ('endpoint = "https://user:sk-secret@gpu.example.org/v1"', "endpoint", "a key never stands in it"),
        ('endpoint = "https://gpu.example.org/v1?key=x"', "endpoint", "this is not the address of a server"),
        ('endpoint = "http://a/v1"\ntext = "/a.gguf"', "endpoint", "cannot both be the model"),
        ('endpoint = "http://a/v1"\nrepo = "o/n"', "endpoint", "cannot both be the model"),
        ('endpoint = "http://a/v1"\napi_key_env = "sk-secret"', "api_key_env", "never the key itself"),
        ('endpoint = "http://a/v1"\ntimeouts.connect = 0', "timeouts.connect", "not above 0"),
        ('endpoint = "http://a/v1"\ntimeouts.conect = 1', "timeouts.conect", "unknown"),
        ('text = "/a.gguf"\nmmproj = "/b.gguf"\nremote_model = "x"', "remote_model", "belongs to a server"),
    ],
)
def test_slips_about_servers(user: Path, lines: str, key: str, said: str) -> None:
    write(user, f"[models.mine]\n{lines}\n")
    with pytest.raises(CatalogError) as caught:
        load_catalog(user=user)
    assert f"“{key}”" in str(caught.value)
    assert said in str(caught.value)
    assert str(user) in str(caught.value)
    assert "sk-secret" not in str(caught.value), "a key in the wrong place is still a key"


def test_a_sampling_rule_is_taken_as_given(user: Path) -> None:
    write(user, '[models.mine]\ntext = "/a.gguf"\nmmproj = "/b.gguf"\nsampling.text = { temperature = 0.2 }\n')
    assert load_catalog(user=user).card("mine").text_sampling == SamplingRule(temperature=0.2)


def test_the_users_file_wins_over_what_add_wrote(user: Path) -> None:
    write(places.added_catalog(user), '[models.mine]\ntext = "/a.gguf"\nmmproj = "/b.gguf"\ncontext = 4096\n')
    write(user, "[models.mine]\ncontext = 16384\n")
    card = load_catalog(user=user).card("mine")
    assert (card.text, card.context) == ("/a.gguf", 16384)


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ("contxt = 5", "contxt", "unknown"),
        ("image_tokens.mim = 5", "image_tokens.mim", "unknown"),
        ("sampling.text.temprature = 1.0", "sampling.text.temprature", "unknown"),
        ("zzz = 5", "zzz", "unknown"),
        ('context = "8192"', "context", "“8192” is not a whole number"),
        ("context = true", "context", "“True” is not a whole number"),
        ("context = 8192.0", "context", "is not a whole number"),
        ("context = 5", "context", "5 is not between 256 and"),
        ("thinking = 1", "thinking", "neither true nor false"),
        ("thinking_tokens = -1", "thinking_tokens", "not between 0 and"),
        ("title = 5", "title", "is not text"),
        ('title = "two\\nlines"', "title", "text on one line"),
        ("image_tokens = 5", "image_tokens", "is not a table"),
        ("sampling.text = 5", "sampling.text", "is not a table"),
        ("image_tokens.min = 1500", "image_tokens", "min 1500, default 1024 and max 2048"),
        ("image_tokens.default = 4000", "image_tokens", "not in this order"),
        ("image_tokens.max = 9000", "context", "leaves no room"),
        ("context = 2048", "context", "leaves no room beside one picture of 2,048"),
        ("max_tokens = 8192", "max_tokens", "not below the context"),
        ("sampling.text.top_p = 0", "sampling.text.top_p", "not above 0, at most 1"),
        ("sampling.text.top_p = 1.5", "sampling.text.top_p", "not above 0, at most 1"),
        ("sampling.text.temperature = -1", "sampling.text.temperature", "not between"),
        ("sampling.text.temperature = nan", "sampling.text.temperature", "not between"),
        ("sampling.text.temperature = inf", "sampling.text.temperature", "not between"),
        ("sampling.text.top_k = 1.5", "sampling.text.top_k", "is not a whole number"),
        ("gpu_layers = -2", "gpu_layers", "not between"),
        ('coordinates = "percent"', "coordinates", "is not rel1000 or pixels"),
        ('text = "../../etc/passwd.gguf"', "text", "is not the name of a .gguf file"),
        ('text = "model.bin"', "text", "is not the name of a .gguf file"),
        ('repo = "no-owner"', "repo", "is not a hub repository"),
        ('other_quants = { "../Q8_0" = 5 }', "other_quants.../Q8_0", "is not the name of a quantisation"),
        ('other_quants = { Q8_0 = "big" }', "other_quants.Q8_0", "is not a whole number"),
    ],
)
def test_slips_name_file_table_and_key(user: Path, line: str, key: str, said: str) -> None:
    write(user, f"[models.qwen3-vl-4b-instruct]\n{line}\n")
    with pytest.raises(CatalogError) as caught:
        load_catalog(user=user)
    message = str(caught.value)
    assert str(user) in message
    assert "[models.qwen3-vl-4b-instruct]" in message
    assert f"“{key}”" in message
    assert said in message
    assert caught.value.exit_code == 4


def test_unknown_keys_come_with_the_nearest_known_one(user: Path) -> None:
    write(user, "[models.demo]\ncontxt = 5\n")
    with pytest.raises(CatalogError) as caught:
        load_catalog(user=user)
    assert caught.value.cure == "did you mean “context”?"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[models.demo\n", "not valid TOML"),
        ("[modles.demo]\ncontext = 4096\n", "“modles”"),
        ("models = 5\n", "this is not a table"),
        ("[models]\ndemo = 5\n", "[models.demo]"),
        ("[models.Demo]\ncontext = 4096\n", "is not a model name"),
        ('[models."evil\\u001b[31m"]\ncontext = 4096\n', "is not a model name"),
        ('[models.mine]\nmmproj = "/b.gguf"\n', "“text”: this key is missing"),
        ('[models.mine]\ntext = "/a.gguf"\n', "“mmproj”: this key is missing"),
        ('[models.mine]\ntext = "a.gguf"\nmmproj = "b.gguf"\n', "“repo”: this key is missing"),
    ],
)
def test_slips_of_whole_files(user: Path, content: str, said: str) -> None:
    write(user, content)
    with pytest.raises(CatalogError) as caught:
        load_catalog(user=user)
    assert said in str(caught.value)
    assert str(user) in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_a_file_that_cannot_be_read(user: Path) -> None:
    user.mkdir(parents=True)
    with pytest.raises(CatalogError, match="cannot be read"):
        load_catalog(user=user)
    user.rmdir()
    user.write_bytes(b"\xff\xfe[models]")
    with pytest.raises(CatalogError, match="not UTF-8"):
        load_catalog(user=user)


def test_a_shipped_file_that_is_missing_is_said(tmp_path: Path, user: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read: No such file"):
        load_catalog(tmp_path / "none.toml", user)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("qwen3-vl-4b", "qwen3-vl-4b-instruct"), ("Demo", "demo"), ("qwen3vl-8b-thinking", "qwen3-vl-8b-thinking")],
)
def test_unknown_names_come_with_close_ones(user: Path, wrong: str, meant: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_catalog(user=user).card(wrong)
    assert caught.value.cure.startswith(f"did you mean {meant}")


def test_a_name_like_nothing_gets_the_list(user: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_catalog(user=user).card("\x1b[31mxyz")
    assert "demo, qwen3-vl-2b-instruct" in caught.value.cure
    assert "\x1b" not in str(caught.value)


def test_the_shipped_file_says_what_its_sizes_are() -> None:
    """The estimates must say that they are estimates, and add up."""
    content = places.shipped_catalog().read_text("utf-8")
    assert "ESTIMATES" in content
    for name, table in tomllib.loads(content)["models"].items():
        for size in table.get("other_quants", {}).values():
            assert size > table["download_bytes"], name
