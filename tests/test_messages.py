"""The Chinese catalogue: complete, compiled, and with every value in its place; and the program speaks it."""

from __future__ import annotations

import pytest

from scripts.translation.catalogues import problems
from tests.e2e.program import Home


def test_the_catalogues_are_complete() -> None:
    assert problems() == [], "run scripts/messages, and translate what is new"


def test_help_and_errors_are_in_chinese(home: Home) -> None:
    helped = home.sightline("ask", "--help", LANG="zh_CN.UTF-8")
    assert helped.code == 0
    assert "用法" in helped.text
    assert "选项" in helped.text
    missing = home.sightline("ask", "红色圆形在哪里？", "none.png", SIGHTLINE_LANGUAGE="zh_CN")
    assert missing.code == 3
    assert "none.png" in missing.err
    assert "没有" in missing.err


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("zh"))
    made.folder.mkdir()
    return made
