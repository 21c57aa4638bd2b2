"""English sentences that state or ask a relation, as patterns. `s`, `o` and `p` are subject, object and the other object.

Names are taken lazily and end at a fixed list of words and marks, each within a limited length: the time is linear in the
text.
"""

from __future__ import annotations

import re

from backend.scene import Relation

_NAME = r"(?:the |a |an |this |that |another )?(?P<{}>\w[\w \-']{{0,60}}?)"

_THING = (
    r"(?=(?:the|a|an|its|his|her|their|my|your|our|this|that|another) )"
    r"(?!\w+ (?:picture|image|photo|scene|view|frame|middle|centre|center|corner|background|foreground|left|right|top|bottom|"
    r"upper|lower|front|back|rear|side|other|edge|distance|half|area|same|camera|viewer|sense|order|general|addition|way|process)\b)"
)
"""After “in” and “on” nothing else speaks of two things: not “on fire”, and not “in the picture”."""

_THAN = r"(?: to (?:the camera|the viewer|us|me))? than"
_FROM = r"(?: away| back)?(?: from (?:the camera|the viewer|us|me))? than"
_SPOKEN: dict[Relation, str] = {
    Relation.LEFT_OF: r"(?:to |on |at )?(?:the )?(?:far )?left(?:[- ]hand)? (?:side )?of|(?:further|more to the) left than",
    Relation.RIGHT_OF: r"(?:to |on |at )?(?:the )?(?:far )?right(?:[- ]hand)? (?:side )?of|(?:further|more to the) right than",
    Relation.IN_FRONT_OF: rf"in front of|(?:nearer|closer){_THAN}",
    Relation.BEHIND: rf"behind|at the back of|(?:farther|further){_FROM}|more distant than",
    Relation.ON: rf"on top of|resting on|(?:up)?on(?= {_THING})",
    Relation.ABOVE: r"above|over|higher than",
    Relation.BELOW: r"below|beneath|underneath|under|lower than",
    Relation.INSIDE: rf"inside(?: of)?|(?:with)?in(?= {_THING})",
    Relation.NEAR: r"near(?: to)?|next to|beside|close to|adjacent to|right by",
    Relation.ALIGNED_WITH: (
        r"(?:horizontally )?(?:aligned|level) with|at the same (?:height|level) as|on the same level as|in line with"
    ),
}
_ADVERBS = (
    r"(?:(?:clearly|directly|located|just|slightly|placed|partly|partially|completely|fully|positioned|situated|sitting|"
    r"standing|lying|well|far|immediately|still|also|much|"
    r"a bit|a little|somewhat|actually|both|indeed|seated|hanging|slightly further) )*"
)
_BE = r"(?:is|are|lies|stands|sits|was|were|appears|seems to be|can be seen|rests|hangs)"
_NOT = r"(?P<no> not|n't)?"
_COPULA = "|".join(f"(?P<{relation.value}>{words})" for relation, words in _SPOKEN.items())
_END = r"(?= (?:because|since|as|while|but|so|in the|on the|from|according|with its|by about|by a)\b| and\b|[.,;:!?\n()]|$)"

_HIDE = r"(?:hides?|occludes?|covers?|blocks?|obscures?|overlaps? and hides?)"
_HIDDEN = r"(?:hidden|occluded|covered|blocked|obscured)"
_PARTLY = r"(?:(?:partly|partially|completely|fully|slightly|also|clearly|almost) )*"
_PART_OF = r"(?:(?:a |some |most )?(?:small |large )?(?:part|portion|bit|corner)?s? ?of )?"

STATED = re.compile(rf"\b{_NAME.format('s')} {_BE}{_NOT} {_ADVERBS}(?:{_COPULA}) {_NAME.format('o')}{_END}", re.IGNORECASE)
EXISTS = re.compile(rf"\bthere (?:is|are) {_NAME.format('s')} {_ADVERBS}(?:{_COPULA}) {_NAME.format('o')}{_END}", re.IGNORECASE)
"""There is a cup on the table."""
CONTINUED = re.compile(rf"(?:,)? and (?:is |are )?{_ADVERBS}(?:{_COPULA}) {_NAME.format('o')}{_END}", re.IGNORECASE)
"""… and right of the fork: the subject is the one before."""
BETWEEN = re.compile(
    rf"\b{_NAME.format('s')} {_BE}{_NOT} {_ADVERBS}(?:in )?between {_NAME.format('o')} and {_NAME.format('p')}{_END}",
    re.IGNORECASE,
)
ALIGNED = re.compile(
    rf"\b{_NAME.format('s')} and {_NAME.format('o')} are{_NOT} {_ADVERBS}(?:aligned|at the same (?:height|level)|level)\b",
    re.IGNORECASE,
)
HIDES = re.compile(
    rf"\b{_NAME.format('s')}(?P<no> (?:does|do|did) not| (?:doesn|don|didn)'t)? {_PARTLY}(?P<occludes>{_HIDE}) "
    rf"{_PART_OF}{_NAME.format('o')}{_END}",
    re.IGNORECASE,
)
HIDDEN = re.compile(
    rf"\b{_NAME.format('o')} (?:is|are|was){_NOT} {_PARTLY}(?P<occludes>{_HIDDEN}) by {_NAME.format('s')}{_END}", re.IGNORECASE
)
_EXTREMELY = r"(?:(?P<nearest>nearest|closest)|(?P<farthest>farthest|furthest|most distant))"
_CAMERA = r"(?: away)?(?: (?:to|from) (?:the camera|the viewer|us|me))?"
EXTREME = re.compile(
    rf"\b{_NAME.format('s')} (?:is|are){_NOT} (?:clearly )?(?:the )?(?:one )?{_EXTREMELY}"
    rf"(?: (?!to |from |away |of |in )(?P<o>\w[\w \-']{{0,40}}?))?{_CAMERA}(?=$|[.,;:!?\n]| of | in | and )",
    re.IGNORECASE,
)
EXTREME_FIRST = re.compile(
    rf"\bthe {_EXTREMELY}(?: (?!to |from |is )(?P<o>\w[\w \-']{{0,40}}?))?{_CAMERA} is{_NOT} {_NAME.format('s')}{_END}",
    re.IGNORECASE,
)
"""The nearest box is the red one."""
_SIDES = r"(?:(?P<left_of>left)|(?P<right_of>right)|(?P<in_front_of>front)|(?P<behind>back|rear))"
OWN = re.compile(
    rf"\b{_NAME.format('s')} {_BE}{_NOT} {_ADVERBS}(?:to|on|at) {_NAME.format('o')}['’]s (?:own )?{_SIDES}\b(?: side)?",
    re.IGNORECASE,
)
"""To the car's left: in the object's own frame."""
VIEWER = re.compile(
    r"\bfrom (?!(?:the )?(?:camera|photographer|front|left|right|above|behind|here|this)\b)\w[\w \-]{0,40}?['’]s? "
    r"(?:own )?(?:point of view|perspective|viewpoint|position|side)\b"
    r"|\bfrom the (?:point of view|perspective|viewpoint) of (?!(?:the )?(?:camera|photographer|viewer)\b)\w",
    re.IGNORECASE,
)
"""Whoever's left it is, it is not the camera's."""

_START = r"(?:^|[,.:;\n]\s*|\b(?:tell me|say|me|know|if|whether) )"
_ASK_BE = r"(?:is|are|was|were)"
_ASK_END = r"\s*(?:\?|\.|,|$| or\b| in (?:the|this) (?:picture|image|photo))"
ASKED = re.compile(
    rf"{_START}{_ASK_BE} {_NAME.format('s')} {_ADVERBS}(?:{_COPULA}) {_NAME.format('o')}{_ASK_END}", re.IGNORECASE
)
ASKED_BETWEEN = re.compile(
    rf"{_START}{_ASK_BE} {_NAME.format('s')} {_ADVERBS}(?:in )?between {_NAME.format('o')} and {_NAME.format('p')}{_ASK_END}",
    re.IGNORECASE,
)
ASKED_HIDES = re.compile(
    rf"{_START}(?:does|do|did) {_NAME.format('s')} {_PARTLY}(?P<occludes>{_HIDE}) {_PART_OF}{_NAME.format('o')}{_ASK_END}",
    re.IGNORECASE,
)
ASKED_HIDDEN = re.compile(
    rf"{_START}{_ASK_BE} {_NAME.format('o')} {_PARTLY}(?P<occludes>{_HIDDEN}) by {_NAME.format('s')}{_ASK_END}", re.IGNORECASE
)
ASKED_OWN = re.compile(
    rf"{_START}{_ASK_BE} {_NAME.format('s')} {_ADVERBS}(?:to|on|at) {_NAME.format('o')}['’]s (?:own )?{_SIDES}\b", re.IGNORECASE
)
ASKED_EXTREME = re.compile(
    rf"{_START}{_ASK_BE} {_NAME.format('s')} (?:the )?{_EXTREMELY}(?: (?!to |from |away )(?P<o>\w[\w \-']{{0,40}}?))?"
    rf"{_CAMERA}{_ASK_END}",
    re.IGNORECASE,
)
WHICH = re.compile(
    rf"\b(?:which|what) (?P<o>\w[\w \-']{{0,40}}?) (?:is|are|lies|stands) (?:the )?{_EXTREMELY}\b", re.IGNORECASE
)
"""Which box is nearest? A bare name answers it."""

AFFIRMED = re.compile(r"^\s*(?:yes\b|correct\b|true\b|right[,.])", re.IGNORECASE)
DENIED = re.compile(r"^\s*(?:no\b(?! (?:\w+ )*(?:is|are) )|incorrect\b|false\b|not really)", re.IGNORECASE)
ABSENT = re.compile(
    r"\b(?:there (?:is|are|was|were) no\b|there (?:is|are)n't|no such\b|(?:cannot|can't|can not|do not|don't) (?:see|find)|"
    r"not (?:present|visible|in the (?:picture|image)))",
    re.IGNORECASE,
)
