"""What billing is told of a service: since when it is in use, billed and committed; how late."""

from datetime import date
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import works_facts as works
from domain.access_facts import ServiceStarted
from domain.event import Event
from domain.said import Said
from projections.published import Published


class ServiceStartedV1(Published):
    TYPE = "service.started"
    MEANING = (
        "Billing: the service is in use; from which day it is billed, and by which clause. Of a "
        "site, `billing.started` says from which day."
    )
    started_at: AwareDatetime
    source: str | None
    billed_from: date | None
    monthly_ttc: Decimal | None
    because: Said


class BillingStartedV1(Published):
    TYPE = "billing.started"
    MEANING = (
        "Billing: from which day a site is billed, and why; before service only by a clause that "
        "is named."
    )
    billed_from: date
    before_service: bool
    clause: str
    because: Said


class CommitmentStartedV1(Published):
    TYPE = "commitment.started"
    MEANING = "Billing: the customer is committed from a day to a day, and by which clause."
    committed_from: date | None
    committed_until: date | None
    because: Said


class LateShare(BaseModel):
    """How many of the days are put down to whom; to nobody by name where it is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: works.Party | None
    days: int


class LatenessJudgedV1(Published):
    TYPE = "lateness.judged"
    MEANING = (
        "Billing: a site is in service, so many days after the one first told, how many of them "
        "are whose doing, and what is owed for that; where nothing is, the clause or its absence."
    )
    planned_on: date
    started_on: date
    days: int
    shares: tuple[LateShare, ...]
    owed: bool
    because: tuple[Said, ...]


def of_a_start(event: Event) -> Published | None:
    """Of a site: each of them is a fact of its own, on its own day."""
    match event:
        case ServiceStarted(started_at=started_at, said=said):
            return ServiceStartedV1(
                started_at=started_at, source=None, billed_from=None, monthly_ttc=None, because=said
            )
        case works.BillingStarted(on=on, before_service=before, source=clause, because=because):
            return BillingStartedV1(
                billed_from=on, before_service=before, clause=clause, because=because
            )
        case works.CommitmentStarted(on=on, until=until, because=because):
            return CommitmentStartedV1(committed_from=on, committed_until=until, because=because)
        case works.LatenessJudged(planned=planned, started=started, days=days, said=said):
            return LatenessJudgedV1(
                planned_on=planned,
                started_on=started,
                days=days,
                shares=tuple(LateShare(by=one.by, days=one.days) for one in event.shares),
                owed=bool(event.owed),
                because=said,
            )
        case _:
            return None
