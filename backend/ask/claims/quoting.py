"""Things that are named by what is written on them: “the sign that says EXIT”, 写着“出口”的牌子."""

from __future__ import annotations

import re

_OPEN, _CLOSE = '[“"「『]', '[”"」』]'
_INSIDE = r"[^”\"」』“「『\n]{1,40}"
_SAYS = (
    r"(?:says?|reads?|saying|reading|labell?ed|marked|(?:with|of) the (?:words?|text|inscription)|写着|写有|标着|标有|写的是)"
)
_CARRIER = r"(?:sign|label|notice|board|poster|plate|placard|banner|button|牌子?|标牌|标志|标签|告示|招牌|横幅|按钮)"
_QUOTED = re.compile(
    rf"{_OPEN}({_INSIDE}){_CLOSE}(?=\s?{_CARRIER})|(?:(?<=[a-z] )|(?<=[着有是])){_OPEN}({_INSIDE}){_CLOSE}", re.IGNORECASE
)
_SAID = re.compile(rf"{_SAYS}\s?['‘]?(?P<text>[^'’]{{1,40}}?)['’]?(?:的\w{{1,6}})?$", re.IGNORECASE)
_NAMED = re.compile(rf"^['‘]?(?P<text>[^'’]{{1,40}}?)['’]?\s?(?:字样)?的?\s?{_CARRIER}$", re.IGNORECASE)
_PLAIN = re.compile(r"^(?:[a-z ]+|.{0,3})$")
"""What stands before “sign” in small letters describes it: a red sign, a stop sign. Only other letters are quoted by it."""


def unquoted(text: str) -> str:
    """The text with apostrophes in place of the quotation marks around what is written on something, so that a name may hold
    them; as long as before, letter for letter."""
    return _QUOTED.sub(lambda found: f"'{found[1] or found[2]}'", text)


def written_on(name: str) -> str | None:
    """What is written on the thing of this name; None where the name does not say."""
    if found := _SAID.search(name):
        return found["text"].strip() or None
    if (found := _NAMED.match(name)) and ("'" in name or not _PLAIN.match(found["text"])):
        return found["text"].strip() or None
    return None
