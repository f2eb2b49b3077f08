"""What a contract makes of works, visits and openings, worked out beforehand."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain import works_facts as fields
from domain.access_facts import Fee, Plan
from domain.said import Said


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lead(_Value):
    """Where a failure in the field leads, and whose doing it is."""

    after: fields.After
    by: fields.Party | None
    usual: fields.After | None = None
    """What follows by rule, where a person decides because it has happened too often."""
    because: Said
    not_ready: fields.SiteNotReady | None = None
    """Where it is the customer's site."""


class SiteTerms(_Value):
    """What the contract asks of the customer at the site, as of the day it is planned for."""

    needs: tuple[str, ...]
    missing: tuple[str, ...]
    """Of them, what has not come with a paper."""
    until: AwareDatetime
    said: tuple[Said, ...]
    to_answer: bool
    """Whether anything of it is still to be said."""
    not_ready: fields.SiteNotReady
    """What it comes to should nobody say that it is."""


class Lost(_Value):
    """Who pays for a visit that did not take place."""

    by: fields.Party
    fees: tuple[Fee, ...] = ()
    """Of the customer's."""
    owed: tuple[Fee, ...] = ()
    """To the customer."""
    because: Said


class VisitSettled(_Value):
    """What a booked slot comes to: dates of its own, and the day it plans."""

    free_until: AwareDatetime | None
    remind_at: AwareDatetime
    report_by: AwareDatetime
    said: tuple[Said, ...]
    imposed: bool = False
    """Its day is the operator's own."""
    plan: Plan | None = None

    def booked(self, reference: str, slot: fields.Slot) -> fields.VisitBooked:
        return fields.VisitBooked(
            reference=reference,
            slot=slot,
            free_until=self.free_until,
            remind_at=self.remind_at,
            report_by=self.report_by,
            said=self.said,
            imposed=self.imposed,
        )


class VisitKeptSettled(_Value):
    """What is reported of a visit by a person, and what it put up, piece by piece."""

    report: fields.VisitReport
    installed: tuple[fields.EquipmentMoved | fields.EquipmentBilled, ...] = ()


class VisitGone(_Value):
    """What letting a visit go now comes to."""

    late: bool
    fees: tuple[Fee, ...]
    because: Said


class Start(_Value):
    """What starts when a service does, each on its own day by its own clause."""

    started_at: AwareDatetime
    said: Said
    billing: fields.BillingStarted
    commitment: fields.CommitmentStarted
    lateness: fields.LatenessJudged | None
    equipment: tuple[fields.EquipmentBilled, ...] = ()
    on_the_way: tuple[str, ...] = ()
    """Pieces that were ordered, and are not there yet."""
    acceptance: fields.AcceptanceAsked | None


class Judged(_Value):
    """What tests come to; without `start` it is none."""

    because: Said
    start: Start | None
