"""docs/sightline.1 is what the commands say today, and is sound roff."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.manual_page.page import written
from scripts.manual_page.roff import escaped, paragraphs

PAGE = Path(__file__).parents[2] / "docs" / "sightline.1"


def test_the_page_is_up_to_date() -> None:
    from importlib.metadata import version

    assert PAGE.read_text("utf-8") == written(version("sightline")), "run scripts/man"


def test_what_roff_would_take_for_a_request_is_text() -> None:
    assert escaped(".so /etc/passwd") == "\\&.so /etc/passwd"
    assert escaped("a\\fB-b…") == "a\\efB\\-b\\[u2026]"


def test_lines_that_belong_together_stay_lines() -> None:
    assert list(paragraphs("One\ntwo.\n\n\b\n  a  b\n  c  d")) == ["One two.", ".nf\n  a  b\n  c  d\n.fi"]


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed here")
def test_groff_has_nothing_to_complain_of() -> None:
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", PAGE], capture_output=True, text=True, check=True)
    assert done.stderr == ""
