"""What operators tell about a fixed access, in our words."""

from dataclasses import dataclass
from datetime import datetime

from domain.access_facts import Barrier, Offer, Quote, StudyResult, Use
from domain.port_in_facts import HostNetwork


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
)
