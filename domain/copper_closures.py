"""Where and when copper closes: by commune or address, with exceptions and postponements by name.

A date is the first day of what it says: on the commercial one nothing is ordered any more, on the
technical one nothing is delivered. New lines, takeovers and moves are judged apart (decision 44).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.addresses import plain
from domain.contract_profiles import WrittenDate
from domain.contract_values import Word
from domain.said import Said, day_said


class OrderKind(StrEnum):
    """What is ordered on copper."""

    NEW_LINE = "new-line"
    """An access that is not there yet."""
    TAKEOVER = "takeover"
    """A line that is there, taken over from another operator or offer."""
    MOVE = "move"
    """The same customer's line, built at another address."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Placed(_Value):
    """Everywhere, in a commune, or at one address of it."""

    commune: Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")] | None = None
    """The INSEE code."""
    address: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """Its key in the files of the network, or its number and street: however either is written."""

    @model_validator(mode="after")
    def _address_in_a_commune(self) -> Self:
        if self.address is not None and self.commune is None:
            raise ValueError("an address lies in a commune: write its INSEE code under commune")
        return self

    def covers(self, commune: str, address: str | None) -> bool:
        there = self.address is None or (address is not None and self._key == plain(address))
        return self.commune in {None, commune} and there

    @property
    def _key(self) -> str | None:
        return None if self.address is None else plain(self.address)

    @property
    def place(self) -> tuple[str | None, str | None]:
        return self.commune, self._key


class Closure(_Placed):
    """One published closure."""

    name: Word
    commercial: WrittenDate | None = None
    technical: WrittenDate | None = None
    kinds: Annotated[tuple[OrderKind, ...], Field(min_length=1)] = tuple(OrderKind)
    """What the commercial closure is about; the technical one is about everything."""
    source: Annotated[str, Field(min_length=1)]
    needs_sign_off: bool = False
    """Ours, until somebody signs it: what it closes is put before a person."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.commercial is None and self.technical is None:
            raise ValueError("give commercial, technical or both")
        if self.commercial and self.technical and self.technical < self.commercial:
            raise ValueError("technical lies before commercial; swap or correct them")
        return self


class Exemption(_Placed):
    """Who may still order after a commercial closure; after the technical one nobody may."""

    name: Word
    of: Word | None = None
    """The closure it is an exception to; any where empty."""
    kinds: Annotated[tuple[OrderKind, ...], Field(min_length=1)]
    since: WrittenDate | None = None
    until: WrittenDate | None = None
    """Its last day; open where empty."""
    fr: str
    en: str
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until lies before since; swap or correct them")
        return self

    def holds(self, closure: Closure, *, on: date, kind: OrderKind) -> bool:
        begun = self.since is None or self.since <= on
        over = self.until is not None and self.until < on
        return self.of in {None, closure.name} and kind in self.kinds and begun and not over


class Postponement(_Value):
    """A closure that was put off: its new dates."""

    name: Word
    of: Word
    commercial: WrittenDate | None = None
    technical: WrittenDate | None = None
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _moves_something(self) -> Self:
        if self.commercial is None and self.technical is None:
            raise ValueError("give the new commercial, technical or both")
        return self


class CopperFile(_Value):
    """One file of closures."""

    version: Annotated[str, Field(min_length=1)]
    closures: tuple[Closure, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    postponements: tuple[Postponement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A closure on the days that hold in the end, and what put it off."""

    closure: Closure
    commercial: date | None
    technical: date | None
    put_off_by: tuple[Postponement, ...]


@dataclass(frozen=True, kw_only=True)
class Closures:
    """Every closure there is, from all files."""

    closures: tuple[Closure, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    postponements: tuple[Postponement, ...] = ()

    def at(self, commune: str, address: str | None) -> tuple[Dated, ...]:
        """Those of a place. What is said of an address stands in place of what is said of its
        commune; what is said of the whole country stands beside both."""
        there = [one for one in self.closures if one.covers(commune, address)]
        of_address = any(one.address is not None for one in there)
        return tuple(
            self._dated(one)
            for one in there
            if not (of_address and one.commune is not None and one.address is None)
        )

    def exceptions_at(self, commune: str, address: str | None) -> tuple[Exemption, ...]:
        return tuple(one for one in self.exceptions if one.covers(commune, address))

    def _dated(self, closure: Closure) -> Dated:
        """Put off twice, the later day holds."""
        put_off = tuple(one for one in self.postponements if one.of == closure.name)
        return Dated(
            closure=closure,
            commercial=_last(closure.commercial, *(one.commercial for one in put_off)),
            technical=_last(closure.technical, *(one.technical for one in put_off)),
            put_off_by=put_off,
        )


class CopperState(StrEnum):
    """What may be done on copper at a place, on a day."""

    OPEN = "open"
    """Nothing known closes it."""
    EXEMPT = "exempt"
    """Closed to orders, and this one is an exception by name."""
    CLOSED_TO_ORDERS = "closed-to-orders"
    """Nothing of the kind is ordered any more."""
    CLOSED = "closed"
    """Nothing is delivered any more, whatever it is."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    state: CopperState
    said: Said
    source: str
    unsigned: bool
    """It rests on a date of ours that nobody has signed: a person decides, not the rule."""
    technical: date | None
    """From when nothing is delivered here, as far as it is known: an order has to be through."""

    @property
    def may_be_ordered(self) -> bool:
        return self.state in {CopperState.OPEN, CopperState.EXEMPT}


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """What leaves nothing to be delivered on copper any more, and from which day."""

    from_day: date
    name: Said
    """The closure, and what put it off."""
    source: str
    unsigned: bool


def undelivered(
    closures: Closures, *, commune: str, address_key: str | None, on: date
) -> Undelivered | None:
    """Asked of the day on which it is to be delivered, whatever its kind; None while nothing closes
    copper for good by then."""
    gone = _gone(closures.at(commune, address_key), on)
    if gone is None:
        return None
    day, dated = gone
    put_off = _put_off_said(dated)
    return Undelivered(
        from_day=day,
        name=Said(
            fr=f"{dated.closure.name}{put_off.fr}",
            en=f"{dated.closure.name}{put_off.en}",
        ),
        source=_sources(dated),
        unsigned=dated.closure.needs_sign_off,
    )


def judge(
    closures: Closures, *, commune: str, address_key: str | None, on: date, kind: OrderKind
) -> Judgement:
    """Whether a kind of thing may be ordered on copper at a place, on a day; of the day on which it
    is to be delivered, `undelivered`. What somebody signed for goes before what nobody did."""
    here = closures.at(commune, address_key)
    technical = _first(here, lambda one: one.technical)
    ends = None if technical is None else technical[0]
    gone = _gone(here, on)
    if gone is not None and not gone[1].closure.needs_sign_off:
        return _judgement(CopperState.CLOSED, _CLOSED, gone, ends=ends)
    shut = [one for one in here if _is_shut(one, on=on, kind=kind)]
    exceptions = closures.exceptions_at(commune, address_key)
    by = {one: _exemption(exceptions, one, on=on, kind=kind) for one in shut}
    closed = _surest([one for one in shut if by[one] is None], lambda one: one.commercial)
    if closed is not None and not (gone and closed[1].closure.needs_sign_off):
        return _judgement(CopperState.CLOSED_TO_ORDERS, _NO_MORE[kind], closed, ends=ends)
    if gone is not None:
        return _judgement(CopperState.CLOSED, _CLOSED, gone, ends=ends)
    named = [exemption for exemption in by.values() if exemption is not None]
    return _exempt(named[0], ends) if named else _open(ends)


def _gone(here: Iterable[Dated], on: date) -> tuple[date, Dated] | None:
    over = [one for one in here if one.technical is not None and one.technical <= on]
    return _surest(over, lambda one: one.technical)


def _first(
    dated: Iterable[Dated], day_of: Callable[[Dated], date | None]
) -> tuple[date, Dated] | None:
    """The one whose day comes first, of those that have one."""
    having = [(day, one) for one in dated if (day := day_of(one)) is not None]
    return min(having, key=lambda one: one[0], default=None)


def _surest(
    dated: Iterable[Dated], day_of: Callable[[Dated], date | None]
) -> tuple[date, Dated] | None:
    """One that somebody signed for goes before any that nobody did."""
    every = list(dated)
    signed = [one for one in every if not one.closure.needs_sign_off]
    return _first(signed, day_of) or _first(every, day_of)


def _is_shut(dated: Dated, *, on: date, kind: OrderKind) -> bool:
    begun = dated.commercial is not None and dated.commercial <= on
    return begun and kind in dated.closure.kinds


def _exemption(
    exceptions: Iterable[Exemption], dated: Dated, *, on: date, kind: OrderKind
) -> Exemption | None:
    holding = (one for one in exceptions if one.holds(dated.closure, on=on, kind=kind))
    return next(holding, None)


def _last(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _judgement(
    state: CopperState, what: Said, since: tuple[date, Dated], *, ends: date | None
) -> Judgement:
    first_day, dated = since
    closure, put_off, day = dated.closure, _put_off_said(dated), day_said(first_day)
    return Judgement(
        state=state,
        said=Said(
            fr=f"{what.fr} depuis le {day.fr} ({closure.name}{put_off.fr})",
            en=f"{what.en} since {day.en} ({closure.name}{put_off.en})",
        ),
        source=_sources(dated),
        unsigned=closure.needs_sign_off,
        technical=ends,
    )


def _sources(dated: Dated) -> str:
    return ", ".join((dated.closure.source, *(one.source for one in dated.put_off_by)))


def _put_off_said(dated: Dated) -> Said:
    names = ", ".join(one.name for one in dated.put_off_by)
    if not names:
        return Said(fr="", en="")
    return Said(fr=f", reportée : {names}", en=f", put off: {names}")


def _exempt(exemption: Exemption, ends: date | None) -> Judgement:
    return Judgement(
        state=CopperState.EXEMPT,
        said=Said(
            fr=f"cuivre fermé à la commande, sauf {exemption.fr} ({exemption.name})",
            en=f"copper is closed to orders, but for {exemption.en} ({exemption.name})",
        ),
        source=exemption.source,
        unsigned=False,
        technical=ends,
    )


def _open(ends: date | None) -> Judgement:
    if ends is None:
        return Judgement(
            state=CopperState.OPEN,
            said=Said(
                fr="aucune fermeture du cuivre connue ici pour cette commande",
                en="no closure of copper is known here for this order",
            ),
            source="",
            unsigned=False,
            technical=None,
        )
    day = day_said(ends)
    return Judgement(
        state=CopperState.OPEN,
        said=Said(
            fr=f"cuivre ouvert ; rien n'y est livré à partir du {day.fr}",
            en=f"copper is open; nothing is delivered on it from {day.en}",
        ),
        source="",
        unsigned=False,
        technical=ends,
    )


_CLOSED = Said(
    fr="cuivre fermé : rien n'est plus livré", en="copper is closed: nothing is delivered any more"
)
_NO_MORE = {
    OrderKind.NEW_LINE: Said(
        fr="cuivre fermé à la commande de lignes nouvelles",
        en="copper is closed to orders of new lines",
    ),
    OrderKind.TAKEOVER: Said(
        fr="cuivre fermé à la reprise de lignes", en="copper is closed to takeovers of lines"
    ),
    OrderKind.MOVE: Said(
        fr="cuivre fermé aux déménagements de lignes", en="copper is closed to moves of lines"
    ),
}
