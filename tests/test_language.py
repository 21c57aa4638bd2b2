"""Which language the environment asks for, and what is said in it."""

from __future__ import annotations

import pytest

from backend import language


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh:en"}, "zh_CN"),
        ({"LANG": "C", "LANGUAGE": "zh"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "SIGHTLINE_LANGUAGE": "en"}, "en"),
        ({"SIGHTLINE_LANGUAGE": "zh-Hans"}, "zh_CN"),
        ({"SIGHTLINE_LANGUAGE": "klingon", "LANG": "zh_CN.UTF-8"}, "zh_CN"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], code: str) -> None:
    assert language.language_of(environment) == code


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        language.use("de")
