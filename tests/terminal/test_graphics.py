"""Which way pictures are drawn, terminal by terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from backend import preferences
from backend.terminal import GRAPHICS
from backend.terminal.asking import ask
from backend.terminal.brands import BRANDS, by_environment, version_in
from backend.terminal.graphics import Verdict, colours, decide
from backend.terminal.replies import Answers
from backend.terminal.tmux import Tmux, read

TRUE = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
TMUX = TRUE | {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}
PLAIN, SIXEL = (62, 22), (62, 4, 22)


def answers(version: str | None, *, kitty: bool | None = None, attributes: tuple[int, ...] = PLAIN) -> Answers:
    return Answers(attributes, version, kitty, raw=("something",))


@pytest.mark.parametrize(
    ("said", "graphics"),
    [
        (answers("kitty(0.35.2)", kitty=True), "kitty"),
        (answers("kitty(0.28.0)", kitty=True), "kitty"),
        (answers("kitty(0.27.1)", kitty=True), "half-blocks"),  # too old for placeholders
        (answers("kitty(0.35.2)", kitty=False), "half-blocks"),
        (answers("ghostty 1.2.0", kitty=True), "kitty"),
        (answers("WezTerm 20240203-110809-5046fc22", kitty=True, attributes=SIXEL), "sixel"),
        (answers("Konsole 24.08.1", kitty=True, attributes=SIXEL), "sixel"),
        (answers("Konsole 21.12.3", kitty=True), "half-blocks"),
        (answers("iTerm2 3.5.4", kitty=True), "sixel"),  # can, and does not say
        (answers("foot(1.16.2)", attributes=SIXEL), "sixel"),
        (answers("XTerm(390)", attributes=SIXEL), "sixel"),
        (answers("XTerm(390)"), "half-blocks"),
        (answers("xterm.js(5.5.0)", attributes=SIXEL), "sixel"),
        (answers("xterm.js(5.5.0)"), "half-blocks"),
        (answers("VTE(7600)"), "half-blocks"),
        (answers("mlterm(3.9.3)", attributes=SIXEL), "sixel"),
        (answers(None, attributes=SIXEL), "sixel"),
        (answers(None, kitty=True), "half-blocks"),  # nobody knows whether it knows placeholders
        (Answers(), "half-blocks"),
    ],
)
def test_by_its_own_word(said: Answers, graphics: str) -> None:
    verdict = decide(TRUE, "utf-8", said)
    assert verdict.graphics == graphics
    assert verdict.reason
    assert not verdict.through_tmux


@pytest.mark.parametrize(
    ("more", "said", "graphics"),
    [
        ({"KITTY_WINDOW_ID": "1"}, answers(None, kitty=True), "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, Answers(), "half-blocks"),  # inherited by whatever was started from there
        ({"TERM": "xterm-ghostty"}, answers(None, kitty=True), "kitty"),
        ({"TERM_PROGRAM": "WezTerm"}, answers(None, kitty=True, attributes=SIXEL), "sixel"),
        ({"TERM_PROGRAM": "Apple_Terminal"}, Answers(), "half-blocks"),
        ({"STY": "1.pts"}, answers("kitty(0.35)", kitty=True), "half-blocks"),
        ({"TERM": "screen.xterm-256color"}, answers(None, attributes=SIXEL), "half-blocks"),
        ({"ZELLIJ": "0"}, answers(None, attributes=SIXEL), "half-blocks"),
        ({"NO_COLOR": "1"}, answers("kitty(0.35)", kitty=True), "braille"),
        ({"LANG": "C"}, answers("kitty(0.35)", kitty=True), "ascii"),
        ({"LANG": "C"}, answers("XTerm(390)", attributes=SIXEL), "sixel"),
        ({"NO_COLOR": "1", "LANG": "C"}, answers("XTerm(390)", attributes=SIXEL), "ascii"),
    ],
)
def test_by_what_is_around_it(more: dict[str, str], said: Answers, graphics: str) -> None:
    assert decide(TRUE | more, "utf-8", said).graphics == graphics


@pytest.mark.parametrize(
    ("tmux", "attributes", "expected"),
    [
        (Tmux(True, "kitty(0.35.2)", "3.4"), PLAIN, ("kitty", True)),
        (Tmux(True, "xterm-kitty", "3.2"), PLAIN, ("kitty", True)),
        (Tmux(False, "kitty(0.35.2)", "3.4"), PLAIN, ("half-blocks", False)),
        (Tmux(True, "XTerm(390)", "3.4"), PLAIN, ("half-blocks", False)),
        (Tmux(True, "WezTerm 2024", "3.5", sixel=True), SIXEL, ("sixel", False)),
        (Tmux(False, "foot(1.16)", "3.5", sixel=True), SIXEL, ("sixel", False)),
        (Tmux(False, "foot(1.16)", "3.3", sixel=True), PLAIN, ("half-blocks", False)),
        (Tmux(False, "VTE(7600)", "3.5"), SIXEL, ("half-blocks", False)),  # tmux was built with sixel, which helps nobody here
        (Tmux(True, "", "3.4"), PLAIN, ("half-blocks", False)),
        (None, SIXEL, ("half-blocks", False)),
    ],
)
def test_in_tmux(tmux: Tmux | None, attributes: tuple[int, ...], expected: tuple[str, bool]) -> None:
    verdict = decide(TMUX | {"KITTY_WINDOW_ID": "1"}, "utf-8", answers("tmux 3.4", attributes=attributes), tmux)
    assert (verdict.graphics, verdict.through_tmux) == expected


def test_tmux_that_lets_nothing_through_is_told_how_to() -> None:
    assert "allow-passthrough on" in decide(TMUX, "utf-8", answers("tmux 3.4"), Tmux(False, "kitty(0.35)", "3.4")).reason


@pytest.mark.parametrize("graphics", GRAPHICS)
def test_who_insists_gets_what_they_want_where_there_is_colour(graphics: str) -> None:
    assert decide(TRUE, "utf-8", Answers(), insisted=graphics) == Verdict(graphics, "asked for")  # type: ignore[arg-type]
    assert decide(TRUE | {"NO_COLOR": ""}, "utf-8", Answers(), insisted=graphics).graphics in ("braille", "ascii")
    tmux = Tmux(True, "kitty(0.35)", "3.4")
    assert decide(TMUX, "utf-8", Answers(), tmux, insisted=graphics).through_tmux is (graphics == "kitty")


def test_the_choices_are_the_preferences() -> None:
    assert ("auto", *GRAPHICS) == preferences.GRAPHICS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1\tkitty(0.35.2)\txterm-kitty\t3.3a\t256,RGB\n", Tmux(True, "kitty(0.35.2)", "3.3a", true_colour=True)),
        ("all\t\tfoot\t3.5\tbpaste,sixel,title\n", Tmux(True, "foot", "3.5", sixel=True)),
        ("off\t\t\t3.4\t\n", Tmux(False, "", "3.4")),
        ("0\t\t\t3.3a\t\n", Tmux(False, "", "3.3a")),
        ("\t\t\t3.2\t\n", Tmux(False, "", "3.2")),
        ("no server running", None),
        ("", None),
    ],
)
def test_what_tmux_prints(said: str, expected: Tmux | None) -> None:
    assert read(said) == expected


def test_every_row_has_its_reason_and_a_pattern_of_its_own() -> None:
    assert all(brand.reason and re.compile(brand.introduces) for brand in BRANDS)
    assert len({brand.name for brand in BRANDS}) == len(BRANDS)
    assert {brand.name for brand in BRANDS if brand.placeholders is not None} == {"kitty", "Ghostty"}


def test_versions() -> None:
    assert version_in("kitty(0.35.2)") == (0, 35, 2)
    assert version_in("xterm-kitty") == ()


@pytest.mark.parametrize("more", [{"TERM_PROGRAM": "Apple_Terminal"}, {"TERM": "linux"}, {"TERM": "dumb"}, {"TERM": ""}])
def test_who_would_show_the_question_is_not_asked(more: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.terminal.asking._terminal", lambda: (0, 1))
    monkeypatch.setattr("backend.terminal.asking._write", lambda *_: pytest.fail("asked"))
    assert ask(TRUE | more) is None


@pytest.mark.parametrize(
    ("environment", "said", "expected"),
    [
        ({"TERM": "xterm"}, answers("XTerm(379)"), "true colour"),
        ({"TERM": "xterm"}, answers("XTerm(330)"), "16 colours"),
        ({"TERM": "xterm-256color"}, answers("VTE(7600)"), "true colour"),  # over SSH, which drops COLORTERM
        ({"TERM": "xterm-256color"}, answers("unheard-of 1.0"), "256 colours"),
        ({"TERM": "xterm-256color"}, Answers(), "256 colours"),
        ({"TERM": "xterm-16color"}, answers("XTerm(379)"), "16 colours"),  # asked for
        ({"TERM": "xterm", "NO_COLOR": ""}, answers("XTerm(379)"), "none"),
        ({"TERM": "mlterm"}, answers(None), "true colour"),
        ({"TERM": "xterm", "KITTY_WINDOW_ID": "1"}, answers("XTerm(330)"), "16 colours"),  # started from kitty
        ({"TERM": "screen", "STY": "1.pts"}, answers("XTerm(379)"), "16 colours"),
        ({"TERM": "dumb"}, answers("XTerm(379)"), "none"),
    ],
)
def test_a_terminal_that_is_known_has_its_colours_whatever_term_says(
    environment: dict[str, str], said: Answers, expected: str
) -> None:
    assert colours(environment, said) == expected


def test_tmux_has_the_colours_that_it_hands_on() -> None:
    environment = {"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0"}
    tmux = Tmux(False, "XTerm(379)", "3.3a")
    assert colours(environment, answers("tmux 3.3a"), tmux) == "256 colours"
    assert colours(environment, answers("tmux 3.3a"), replace(tmux, true_colour=True)) == "true colour"
    assert colours(environment, answers("tmux 3.3a"), None) == "256 colours"


def test_variables_are_not_believed_through_a_multiplexer() -> None:
    assert by_environment({"KITTY_WINDOW_ID": "1", "TERM": "xterm-256color"}) is BRANDS[0]
    assert by_environment({"KITTY_WINDOW_ID": "1", "TMUX": "/tmp/x", "TERM": "xterm-kitty"}) is None
