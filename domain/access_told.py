"""What operators tell about a fixed access, in our words."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.access_facts import Barrier, Offer, Quote, StudyResult, Use
from domain.identity import NoticeId
from domain.port_in_facts import HostNetwork, Outcome
from domain.said import Said


@dataclass(frozen=True, kw_only=True)
class EligibilityTold:
    key: str
    operator: HostNetwork
    offers: tuple[Offer, ...]
    barriers: tuple[Barrier, ...]
    uses: tuple[Use, ...]
    checked_at: datetime


@dataclass(frozen=True, kw_only=True)
class StudyTold:
    key: str
    result: StudyResult
    studied_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReservedTold:
    """A pair or a port is ours, under the operator's own name of the access."""

    key: str
    reference: str
    reserved_at: datetime


@dataclass(frozen=True, kw_only=True)
class SaturatedTold:
    """Nothing is left. `quote` where what it takes is exceptional; `at_first_visit` where it can be
    added in passing."""

    key: str
    event_at: datetime
    at_customer: bool
    at_first_visit: bool
    quote: Quote | None


@dataclass(frozen=True, kw_only=True)
class DesaturatedTold:
    key: str
    done_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessReleasedTold:
    key: str
    released_at: datetime


@dataclass(frozen=True, kw_only=True)
class SupplyWithdrawnTold:
    """The operator takes back what an access stands on, by itself."""

    code: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class OverwrittenTold:
    """What the operator kept for us was another customer's line."""

    code: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class PutBackTold:
    """The other customer has its line again, and ours is given back."""

    key: str
    put_back_at: datetime


@dataclass(frozen=True, kw_only=True)
class QuoteTold:
    """A notice of ours has taken effect: the customer is told a quote."""

    reference: str
    notice_id: NoticeId
    channel: str
    on: date
    rule: Said


@dataclass(frozen=True, kw_only=True)
class LineServedTold:
    """Another line of its order is in service."""

    line: int
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class LineEndedTold:
    """Another line of its order has ended without service."""

    line: int
    outcome: Outcome


AccessTold = (
    EligibilityTold
    | StudyTold
    | ReservedTold
    | SaturatedTold
    | DesaturatedTold
    | AccessReleasedTold
    | SupplyWithdrawnTold
    | OverwrittenTold
    | PutBackTold
    | QuoteTold
    | LineServedTold
    | LineEndedTold
)
