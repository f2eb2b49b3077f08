"""What comes with a decision, read: days, documents, turns; each mistake is a sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from domain.access_facts import Teller
from domain.attention import DecisionRefusedError, Turn
from domain.identity import CorrectionId
from domain.parsed import BadValueError
from domain.policies import FIRST_YEAR_TAKEN, LAST_YEAR_TAKEN
from domain.port_in_facts import GateKind, HeldDocument
from domain.reckoning import Reckoning, parse_moment
from domain.works_facts import SERIAL, FieldFailure, Half

KEYS = (
    "day",
    "until",
    "turn",
    "gate",
    "document",
    "on",
    "correction",
    "speed",
    "lead",
    "from",
    "slot",
    "half",
    "serials",
    "failure",
)

WordT = TypeVar("WordT", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Given:
    day: date | None
    until: datetime | None
    turn: Turn | None
    gate: GateKind | None
    documents: tuple[HeldDocument, ...]
    correction_id: CorrectionId | None
    speed: tuple[int, int] | None
    """Kilobits a second, down and up."""
    lead_days: int | None
    """Jours ouvrés to deliver."""
    told_by: Teller | None
    """From whom something comes."""
    slot: int | None
    """Its place in the list of what is offered, from 1."""
    half: Half | None
    failure: FieldFailure | None = None
    """What went wrong at a visit."""
    serials: tuple[str, ...] = ()
    """Of what was put up at a site."""


def read_given(given: Mapping[str, str], reckoning: Reckoning) -> Given:
    """An hour without an offset is the contract's own."""
    check_names(given)
    return Given(
        day=_day(given, "day"),
        until=_instant(given, reckoning),
        turn=_word(given, "turn", Turn),
        gate=_word(given, "gate", GateKind),
        documents=_documents(given),
        correction_id=_correction(given),
        speed=_speed(given),
        lead_days=_lead(given),
        told_by=_word(given, "from", Teller),
        slot=_slot(given),
        half=_word(given, "half", Half),
        serials=_serials(given),
        failure=_word(given, "failure", FieldFailure),
    )


def check_names(given: Mapping[str, str]) -> None:
    unknown = sorted(set(given) - set(KEYS))
    if "rio" in {name.lower() for name in unknown}:
        raise DecisionRefusedError(
            "what is given here is kept in clear: send the RIO by 'raccord order decide', as "
            "--set rio=, or in the field rio of the API"
        )
    if unknown:
        raise DecisionRefusedError(
            f"'{unknown[0]}' is not something a decision takes; give one of {', '.join(KEYS)}"
        )


def _day(given: Mapping[str, str], key: str) -> date | None:
    if key not in given:
        return None
    try:
        moment = parse_moment(given[key])
    except BadValueError as exc:
        raise DecisionRefusedError(f"{key}: {exc}") from exc
    _check_year(key, moment)
    return date(moment.year, moment.month, moment.day)


def _check_year(key: str, moment: date | datetime) -> None:
    if not FIRST_YEAR_TAKEN <= moment.year <= LAST_YEAR_TAKEN:
        raise DecisionRefusedError(
            f"{key}: check the year, which is to lie between {FIRST_YEAR_TAKEN} and "
            f"{LAST_YEAR_TAKEN}"
        )


def _instant(given: Mapping[str, str], reckoning: Reckoning) -> datetime | None:
    if "until" not in given:
        return None
    try:
        moment = parse_moment(given["until"])
        _check_year("until", moment)
        return reckoning.ends_at(_aware(moment, reckoning))
    except BadValueError as exc:
        raise DecisionRefusedError(f"until: {exc}") from exc


def _aware(moment: date | datetime, reckoning: Reckoning) -> date | datetime:
    return reckoning.instant_of(moment) if isinstance(moment, datetime) else moment


def _word(given: Mapping[str, str], key: str, words: type[WordT]) -> WordT | None:
    if key not in given:
        return None
    try:
        return words(given[key].strip().lower())
    except ValueError as exc:
        offers = ", ".join(words)
        raise DecisionRefusedError(f"'{given[key]}' is no {key}; write one of {offers}") from exc


def _documents(given: Mapping[str, str]) -> tuple[HeldDocument, ...]:
    if "document" not in given:
        return ()
    papers = [text.strip() for text in given["document"].split(",")]
    try:
        return tuple(_paper(given, paper) for paper in papers)
    except ValueError as exc:
        raise DecisionRefusedError(
            f"'{given['document']}' names no document; write it like document=mandate"
        ) from exc


def _paper(given: Mapping[str, str], text: str) -> HeldDocument:
    """A name whose day is given beside it, or `name@day` where each paper bears its own."""
    name, _, own_day = text.partition("@")
    on = _day({"on": own_day} if own_day else given, "on")
    if on is None:
        raise DecisionRefusedError("a document bears a date: give on=2027-01-20")
    return HeldDocument(name=name, on=on)


def _correction(given: Mapping[str, str]) -> CorrectionId | None:
    if "correction" not in given:
        return None
    try:
        return CorrectionId(UUID(given["correction"]))
    except ValueError as exc:
        raise DecisionRefusedError(
            "the correction is no id; send rio= to 'raccord order decide' instead"
        ) from exc


_SPEED = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")
_SLOT = re.compile(r"[1-9][0-9]{0,2}")
_LEAD = re.compile(r"[0-9]{1,3}")
_SERIAL = re.compile(SERIAL)


def _speed(given: Mapping[str, str]) -> tuple[int, int] | None:
    if "speed" not in given:
        return None
    found = _SPEED.fullmatch(given["speed"].strip())
    if found is None:
        raise DecisionRefusedError(
            f"'{given['speed']}' is no speed: write kilobits a second down and up, like "
            "speed=100000/20000"
        )
    return int(found[1]), int(found[2])


def _slot(given: Mapping[str, str]) -> int | None:
    if "slot" not in given:
        return None
    if _SLOT.fullmatch(given["slot"].strip()) is None:
        raise DecisionRefusedError(
            f"'{given['slot']}' is no number of the list: write slot=1 for the first"
        )
    return int(given["slot"])


def _serials(given: Mapping[str, str]) -> tuple[str, ...]:
    if "serials" not in given:
        return ()
    found = tuple(text.strip() for text in given["serials"].split(","))
    for text in found:
        if _SERIAL.fullmatch(text) is None:
            raise DecisionRefusedError(
                f"'{text}' is no serial number: write letters, digits, / . _ and -, several with "
                "a comma between, like serials=SN-1,SN-2"
            )
    return tuple(dict.fromkeys(found))


def _lead(given: Mapping[str, str]) -> int | None:
    if "lead" not in given:
        return None
    if _LEAD.fullmatch(given["lead"].strip()) is None:
        raise DecisionRefusedError(
            f"'{given['lead']}' is no number of days: write jours ouvrés, like lead=15"
        )
    return int(given["lead"])
