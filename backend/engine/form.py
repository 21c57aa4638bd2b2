"""What an answer must look like: a small language of regular forms, made of values that can be sent to another process.

The forms are regular on purpose. An automaton then decides each token in microseconds, knows at any moment whether the
answer may end, and can tell which text must come next, so that nothing has to be sampled where there is no choice.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """Exactly this text; the empty text is a form too."""

    text: str


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `low` to `high`, both included and neither negative, without leading zeros."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError(f"no number lies between {self.low} and {self.high}")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A JSON string, quotation marks included, of `shortest` to `longest` characters (an escape is one).

    Control characters may only be escaped, and an escape may not spell half a surrogate pair: what matches is JSON and
    valid Unicode.
    """

    longest: int
    shortest: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.shortest <= self.longest:
            raise ValueError(f"no string has {self.shortest} to {self.longest} characters")


@dataclass(frozen=True, slots=True)
class Series:
    """One part after the other."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple[Form, ...]

    def __post_init__(self) -> None:
        if not self.options:
            raise ValueError("there is nothing to choose from")


@dataclass(frozen=True, slots=True)
class Repeat:
    """`least` to `most` items with `separator` between them."""

    item: Form
    most: int
    least: int = 0
    separator: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError(f"nothing is repeated {self.least} to {self.most} times")


Form = Literal | Integer | Quoted | Series | Choice | Repeat


def optional(form: Form) -> Form:
    """The form, or nothing."""
    return Choice((Literal(""), form))


def decimal(high: int, places: int) -> Form:
    """A number from -(high + 1) to high + 1, exclusive: sign, whole part, and up to `places` digits behind a point."""
    fraction = Series((Literal("."), Repeat(Integer(0, 9), most=places, least=1)))
    return Series((optional(Literal("-")), Integer(0, high), optional(fraction)))
