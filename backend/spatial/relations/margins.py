"""A measurement and what follows from it: how far a claim is from being turned over, in units of the localisation error."""

from __future__ import annotations

from dataclasses import dataclass

from backend.scene import Ruling, Verdict


@dataclass(frozen=True, slots=True)
class Measured:
    """What one rule found: its margin in σ (positive for the claim; None: nothing could be measured), the ruling and why."""

    margin: float | None
    ruling: Ruling
    reason: str

    @property
    def denied(self) -> Measured:
        """The same measurement, of the claim's denial."""
        turned = {Ruling.CONFIRMED: Ruling.CONTRADICTED, Ruling.CONTRADICTED: Ruling.CONFIRMED}
        margin = None if self.margin is None else -self.margin + 0.0  # turns −0 into 0
        return Measured(margin, turned.get(self.ruling, self.ruling), self.reason)

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.ruling, self.margin, self.reason)


def beyond(margin: float, least: float = 1.0) -> Ruling:
    """Confirmed or contradicted where the margin is further from 0 than `least` σ."""
    if margin > least:
        return Ruling.CONFIRMED
    return Ruling.CONTRADICTED if margin < -least else Ruling.UNDETERMINED


def undetermined(reason: str, margin: float | None = None) -> Measured:
    return Measured(margin, Ruling.UNDETERMINED, reason)
