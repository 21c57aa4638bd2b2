"""Which language the program speaks, and the one way in which a sentence gets into it: gettext catalogues.

`_("{file} is not a picture").format(file=…)`: the English sentence is the key, and what is put into it comes after the
translation, so that a file name is never looked up. Catalogues lie in `backend/locale`; `scripts/messages` collects the
sentences, and compiles what translators wrote. In English nothing is loaded.

The language is looked up when a sentence is said, not when a module is imported, so that the app can switch it. Texts that
are made at import time (the help of a command, the registry of actions) are marked with `N_` and translated where they are
shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "sightline"
FOLDER = Path(__file__).with_name("locale")
LANGUAGES: dict[str, str] = {"en": "English", "zh_CN": "中文"}
"""By the code of their catalogue: the name that speakers give them."""
VARIABLE = "SIGHTLINE_LANGUAGE"
_LOCALE = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class _Spoken:
    """The language of this process."""

    def __init__(self) -> None:
        self.code: str | None = None
        self.catalogue: NullTranslations | None = None


_spoken = _Spoken()


def language_of(environment: Mapping[str, str]) -> str:
    """The language that a user's environment asks for, as gettext(3) reads it; English where it is none of ours.

    SIGHTLINE_LANGUAGE goes first. LANGUAGE lists languages, the best first, and counts for nothing in the C locale.
    """
    if (given := known(environment.get(VARIABLE, ""))) is not None:
        return given
    locale = next((value for name in _LOCALE[1:] if (value := environment.get(name))), "")
    if locale.partition(".")[0] in ("", "C", "POSIX"):
        return "en"
    for wish in (*environment.get("LANGUAGE", "").split(":"), locale):
        if (code := known(wish)) is not None:
            return code
    return "en"


def known(wish: str) -> str | None:
    """`zh_CN.UTF-8`, `zh-Hans` and `zh` are one catalogue here, as `en_GB` is English; None for other languages."""
    spoken = wish.strip().casefold().replace("-", "_").partition(".")[0].partition("_")[0]
    return next((code for code in LANGUAGES if spoken and code.casefold().partition("_")[0] == spoken), None)


def use(code: str) -> None:
    """Speak this language (a key of LANGUAGES) from now on. Raises KeyError for one that there is not."""
    LANGUAGES[code]
    _spoken.code, _spoken.catalogue = code, None
    if code != "en":
        from gettext import translation

        _spoken.catalogue = translation(DOMAIN, FOLDER, [code])


def speak_everywhere(code: str) -> None:
    """Speak this language, and have libraries that use gettext (click) and the processes that are started from here do so too.

    For the program's start: it changes the environment.
    """
    use(code)
    os.environ[VARIABLE] = code
    if code != "en":
        import gettext

        os.environ["LANGUAGE"] = code
        gettext.bindtextdomain(DOMAIN, FOLDER)
        gettext.textdomain(DOMAIN)


def spoken() -> str:
    """The language in use; the environment's until `use` says otherwise."""
    if _spoken.code is None:
        use(language_of(os.environ))
    assert _spoken.code is not None
    return _spoken.code


def _(sentence: str) -> str:
    """A sentence in the language in use; itself where no translation is known."""
    spoken()
    return sentence if _spoken.catalogue is None or not sentence else _spoken.catalogue.gettext(sentence)


def ngettext(one: str, several: str, count: int) -> str:
    """The form of a sentence that goes with a number."""
    spoken()
    if _spoken.catalogue is None:
        return one if count == 1 else several
    return _spoken.catalogue.ngettext(one, several, count)


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a sentence for the catalogue that is translated only where it is shown."""
    return sentence


def padded(text: str, width: int) -> str:
    """With spaces behind it until it takes so many columns, of which the wide characters of Chinese take two each."""
    return text + " " * (width - columns(text))


def columns(text: str) -> int:
    """How many columns of a terminal a line takes, by Unicode's East Asian Width (UAX #11)."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else not combining(char) for char in text)
