"""How long a line was out on its port day: by its contract, and by law (decision 7)."""

from dataclasses import dataclass
from datetime import datetime

from domain.contract_questions import Contract, as_duration
from domain.reckoning import in_hours
from domain.said import Said, hours_said


@dataclass(frozen=True, kw_only=True)
class OutageJudged:
    judged: tuple[Said, ...]
    too_long: bool
    """Against either."""
    settled_at: datetime
    """When the transition the contract announces is over; the end of the outage without one."""


def judge_outage(contract: Contract, start: datetime, end: datetime) -> OutageJudged:
    lasted = hours_said(round(in_hours(end - start), 2))
    verdicts = [
        verdict
        for question in ("port-in.outage", "port-in.legal-outage")
        if (verdict := _verdict(contract, question, start, end, lasted)) is not None
    ]
    return OutageJudged(
        judged=tuple(said for said, _ in verdicts),
        too_long=any(too_long for _, too_long in verdicts),
        settled_at=contract.after("port-in.transition", end) or end,
    )


def _verdict(
    contract: Contract, question: str, start: datetime, end: datetime, lasted: str
) -> tuple[Said, bool] | None:
    value = contract.duration(question)
    if value is None:
        return None
    limit = contract.reckoning.ends_at(contract.reckoning.add(start, as_duration(value)))
    allowed = as_duration(value).said
    source = contract.source(question)
    too_long = end > limit
    said = Said(
        fr=f"coupure de {lasted} h, {'au-delà' if too_long else 'dans la limite'} de {allowed.fr} "
        f"({source})",
        en=f"out for {lasted} h, {'beyond' if too_long else 'within'} {allowed.en} ({source})",
    )
    return said, too_long
