"""What an amendment changes of one access: every mistake, each difference and what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from domain.access_amending import why_not_amended
from domain.access_amendment_rules import (
    check_wish,
    effect_of_day,
    effect_of_place,
    effect_of_rate,
)
from domain.access_changes import AccessChange, Place
from domain.access_stages import Access
from domain.amendments import Difference
from domain.attention import DecisionRefusedError
from domain.contract_questions import Contract
from domain.delay_rules import told_at
from domain.said import Said
from intake.places import PlaceReading, ReadPlace, Refuse
from intake.requests import LineAmendment, ToldPlaceRequest


@dataclass(frozen=True, kw_only=True)
class ReadChange:
    """What one access is asked, and how that differs from what it is."""

    wished: date | None
    asked_on: date | None
    down_kbps: int | None
    place: ReadPlace | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class AccessReading:
    """One access as it stands, and what it is to become."""

    contract: Contract
    state: Access
    at: datetime
    refuse: Refuse
    digest: Callable[[str], str]
    """The keyed hash a place is known by."""

    def read(self, where: str, asked: LineAmendment) -> ReadChange | None:
        """None where it cannot be amended at all."""
        if refused := why_not_amended(self.state):
            self.refuse(f"{where}/line", f"{refused}.")
            return None
        if asked.rio is not None:
            self.refuse(f"{where}/rio", "An access has no RIO: leave it out.")
        day = self._day(where, asked)
        rate = self._rate(f"{where}/down_kbps", asked.down_kbps)
        place = None if asked.site is None else self._place(f"{where}/site", asked.site)
        moved = () if place is None else (self._moved(f"{where}/site"),)
        return ReadChange(
            wished=asked.wish if day else None,
            asked_on=asked.asked_on if day else None,
            down_kbps=asked.down_kbps if rate else None,
            place=place,
            differences=(*day, *rate, *moved),
        )

    def _place(self, pointer: str, asked: ToldPlaceRequest) -> ReadPlace | None:
        """None for the place it is ordered for already, as for what cannot be read."""
        read = PlaceReading(self.contract, self.refuse).read(asked, pointer)
        now = Place.of(self.state.terms)
        if read is None or read.named_by(now.site.address.subject, self.digest).is_same(now):
            return None
        return read

    def _moved(self, pointer: str) -> Difference:
        """What is personal is not sent back."""
        effect = effect_of_place(self.contract, self.state)
        return Difference(pointer=pointer, was=None, becomes=None, effect=effect)

    def _day(self, where: str, asked: LineAmendment) -> tuple[Difference, ...]:
        pointer, wished, was = f"{where}/wish", asked.wish, self.state.terms.wished
        if wished is None and asked.asked_on is not None:
            self.refuse(f"{where}/asked_on", "It goes with another wished day: give wish too.")
        if wished is None or wished == was:
            return ()
        try:
            check_wish(self.contract, wished, self.at)
        except DecisionRefusedError as exc:
            self.refuse(pointer, f"{exc}.")
            return ()
        try:
            asked_at = told_at(self.contract, self.state, asked.asked_on, self.at)
        except DecisionRefusedError as exc:
            self.refuse(f"{where}/asked_on", f"{exc}.")
            return ()
        try:
            effect = effect_of_day(self.contract, self.state, wished, asked_at)
        except DecisionRefusedError as exc:
            self.refuse(pointer, f"{exc}.")
            return ()
        return (_difference(pointer, was, wished, effect=effect),)

    def _rate(self, pointer: str, down_kbps: int | None) -> tuple[Difference, ...]:
        was = self.state.terms.down_kbps
        if down_kbps is None or down_kbps == was:
            return ()
        effect = effect_of_rate(self.contract, self.state, AccessChange(down_kbps=down_kbps))
        return (_difference(pointer, was, down_kbps, effect=effect),)


def _difference(pointer: str, was: object, becomes: object, *, effect: Said) -> Difference:
    before = None if was is None else str(was)
    return Difference(pointer=pointer, was=before, becomes=str(becomes), effect=effect)
