"""docs/configuration.md says what the code does."""

from __future__ import annotations

from scripts.documentation.configuration import TARGET, VARIABLES, page, read_by_the_code


def test_the_page_is_up_to_date() -> None:
    assert TARGET.read_text("utf-8") == page(), "run scripts/docs"


def test_every_variable_is_told_of() -> None:
    assert read_by_the_code() == set(VARIABLES)
