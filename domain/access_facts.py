"""The facts of one fixed access, from its order to its works, and the values they are made of."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.contract_resolution import Pin
from domain.copper_closures import OrderKind
from domain.delay_facts import MayLeave
from domain.event import Event
from domain.identity import LineId, NoticeId, OrderId
from domain.personal import Personal
from domain.port_in_facts import (
    Gate,
    HeldDocument,
    HostNetwork,
    MessageSetAside,
    Outcome,
)
from domain.said import Said


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Technology(StrEnum):
    """How a site is reached."""

    FTTH = "ftth"
    """A fibre shared up to the home, with its socket (PTO)."""
    SHARED_FIBRE = "shared-fibre"
    """« Fibre mutualisée »: coaxial cable and a modem for its last metres."""
    DEDICATED_FIBRE = "dedicated-fibre"
    """A fibre of the customer's own; its rate is guaranteed."""
    ADSL = "adsl"
    VDSL = "vdsl"
    SDSL = "sdsl"
    BUNDLED_PAIRS = "bundled-pairs"
    """SDSL on several copper pairs together."""
    MOBILE_RADIO = "mobile-radio"
    """4G or 5G, as an access of a site."""
    MICROWAVE = "microwave"
    """A radio link of the customer's own (faisceau hertzien)."""
    LEASED_LINE = "leased-line"

    @property
    def on_copper(self) -> bool:
        return self in COPPER


COPPER = {
    Technology.ADSL,
    Technology.VDSL,
    Technology.SDSL,
    Technology.BUNDLED_PAIRS,
}
"""DSL, whatever the number of pairs: a written mandate, desaturation, closure of the commune."""


class Locator(StrEnum):
    """What a site is named by."""

    ADDRESS = "address"
    BUILDING = "building"
    """The code of a building in the files of its operator."""
    SOCKET = "socket"
    """The number on the fibre socket (PTO)."""
    LINE = "line"
    """The number of the telephone line, or of the installation (ND, NDI)."""


class Site(_Value):
    """Where it is to be delivered: an address and its commune, always (decision 19)."""

    commune: Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")]
    """The INSEE code."""
    address: Personal
    locator: Locator = Locator.ADDRESS
    name: Personal | None = None
    """The building's code, the socket's or the line's number; None for an address."""
    address_key: Personal | None = None
    """The address's own name in the files that close copper, where the order gives it."""

    @property
    def is_named(self) -> bool:
        """By what one site alone has; a building has many."""
        return self.locator in {Locator.SOCKET, Locator.LINE}


class Use(StrEnum):
    """What a pair or a socket serves already, and an order may cut."""

    BROADBAND = "broadband"
    TELEPHONE = "telephone"
    CARRIER_SELECTION = "carrier-selection"
    ALARM = "alarm"
    """An alarm, a lift, a payment terminal: something that calls by itself."""


class Reason(StrEnum):
    """Why a site cannot be served, in our words, whatever the operator's."""

    NOT_DEPLOYED = "not-deployed"
    NOT_YET = "not-yet"
    """Announced, and not open to orders."""
    TOO_LONG = "too-long"
    """Attenuation: the line is too long for it."""
    NO_PAIR = "no-pair"
    """No copper pair is left to the site."""
    SATURATED = "saturated"
    """Boxes or equipment are full: desaturation may follow."""
    NOT_CONNECTABLE = "not-connectable"
    """The socket or the building cannot be connected."""
    INCOMPATIBLE = "incompatible"
    """Something on the line stands against it."""
    CLOSED = "closed"
    """Copper is closed to orders here."""
    UNCERTAIN = "uncertain"
    """The operator's data is not sure: a person or a study must look."""
    SERVICE_DOWN = "service-down"
    """Its information system does not answer: it says nothing of the site."""
    UNKNOWN_SITE = "unknown-site"
    """It does not know the address, the building, the socket or the line."""
    REFUSED = "refused"
    """It says no, by mail or by telephone, to the person who asked."""
    OTHER = "other"
    """A code we do not know: a person reads it."""


class Offer(_Value):
    """What an operator says it can deliver to the site, at the instant it was asked."""

    operator: HostNetwork
    technology: Technology
    down_kbps: Annotated[int, Field(ge=1)]
    up_kbps: Annotated[int, Field(ge=1)]
    lead_days: Annotated[int, Field(ge=0)]
    """Its usual time to deliver, in jours ouvrés."""
    study: bool = False
    """It wants to study the site first."""
    pairs: int | None = None


class Barrier(_Value):
    """Why one technology cannot be had: our word, and the operator's own code beside it."""

    technology: Technology
    reason: Reason
    code: str


class Tax(StrEnum):
    HT = "HT"
    TTC = "TTC"


class Fee(_Value):
    """A sum and where it comes from: nothing is owed without a source."""

    head: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    """What for: desaturation, access-fee, quote-fee, works, installation."""
    euros: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None
    """None where the source says « at cost », or the order names no price to multiply."""
    tax: Tax = Tax.HT
    said: Said
    source: Annotated[str, Field(min_length=1)]
    chargeable: bool = True
    """False: shown only, its amount is unknown or nobody has signed its reading (decision 13)."""


class QuoteKind(StrEnum):
    WORKS = "works"
    """Exceptional difficulties found by a study (002:2343-2350)."""
    DESATURATION = "desaturation"
    """Exceptional desaturation (002:2277-2283)."""


class QuoteLine(_Value):
    what: str
    euros: Annotated[Decimal, Field(ge=0, decimal_places=2)]


class Quote(_Value):
    """What the works would cost the customer, item by item, without VAT."""

    kind: QuoteKind
    reference: str
    lines: Annotated[tuple[QuoteLine, ...], Field(min_length=1)]

    @property
    def total(self) -> Decimal:
        return sum((line.euros for line in self.lines), Decimal(0))


class Verdict(StrEnum):
    """What a study comes to."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    REDEFINE = "redefine"
    """It can be done otherwise than ordered: the order must be redefined."""


class StudyResult(_Value):
    """What the operator's study says: as ordered, or with what changes."""

    verdict: Verdict
    code: str | None = None
    technology: Technology | None = None
    """Another one than ordered."""
    lead_days: int | None = None
    fee_change: Decimal | None = None
    """By how much the access fee changes, without VAT."""
    quote: Quote | None = None


class SaturationMode(StrEnum):
    """How a saturation is dealt with, as the contract has it."""

    NOW = "desaturate-now"
    """At the first visit; the customer is not told (002:2265)."""
    LATER = "desaturate-later"
    """Deferred: about six weeks (002:2264)."""
    EXCEPTIONAL = "exceptional-quote"
    """A quote first."""
    REFUSED = "refuse"
    """The contract has no desaturation here."""


CUTS_PAPER = "cuts-consent"
"""The customer's written consent to what would be cut (decision 39)."""
FEE_PAPER = "fee-consent"
"""Likewise to a fee nobody asked about (C22)."""


class AccessPrices(_Value):
    """What the order form says it costs, without VAT where nothing else is said: what fees are
    multiples of."""

    access_fee: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    """Frais d'accès au service, before any discount."""
    monthly: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    term_months: Annotated[int, Field(ge=1, le=120)] | None = None
    installation: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    """Of the installation, on a quote the customer accepted."""
    monthly_ttc: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    """With VAT: what the indemnity of a missed visit is a share of."""


REFUSAL_DUE = "refusal-due"
"""The question whether a site nobody has decided about is refused or put off."""


class ToTell(_Value):
    """Until when the contract has the customer told of something."""

    by: AwareDatetime
    ask_at: AwareDatetime
    """When a person is asked, should nothing have come of it by then."""
    source: Annotated[str, Field(min_length=1)]


class CablingJob(_Value):
    """What would have to be laid inside the site, in metres."""

    cable: Annotated[Decimal, Field(gt=0)]
    height: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    """The highest work."""
    apart: Annotated[Decimal, Field(gt=0)] | None = None
    """Between two terminals, where there are two."""


class AccessTerms(_Value):
    """What was ordered for one site, and under which contract."""

    line_id: LineId
    order_id: OrderId
    number: int
    """Its place in the order, from 1."""
    pin: Pin
    site: Site
    site_digest: str
    """The keyed hash the socket's or the installation number's own stream is named by; the
    address's, where the order names neither."""
    address_digest: str | None = None
    """The address's, where the order names a socket or an installation number."""
    wanted: Annotated[tuple[Technology, ...], Field(min_length=1)]
    """In the order in which they are wanted."""
    down_kbps: Annotated[int, Field(ge=1)] | None = None
    """The least that is wanted."""
    candidates: Annotated[tuple[HostNetwork, ...], Field(min_length=1)]
    """The operators that are asked, in this order."""
    prices: AccessPrices = AccessPrices()
    uses: tuple[Use, ...] = ()
    """What the customer says is on the pair or socket."""
    keeps: tuple[Personal, ...] = ()
    """Numbers on it that the customer wants to keep (decision 39)."""
    known: tuple[str, ...] = ()
    """What the order says of the line or the site, in the words of `access_exclusions.Exclusion`:
    a contract may leave it out for that."""
    coaxial_metres: int | None = None
    """From where the network enters the building to the socket."""
    cabling: CablingJob | None = None
    """What would have to be laid inside it, where the order says."""
    wished: date | None = None
    kind: OrderKind | None = None
    """What is ordered, as the order says: copper is judged by it (decision 44)."""
    asked_at: AwareDatetime
    held: tuple[HeldDocument, ...] = ()
    alternative_to: LineId | None = None
    """The line of another order that could not be served (decision 18)."""
    lot: int | None = None
    after: tuple[int, ...] = ()
    """Lines of the order that are in service before this one is put into service."""
    before: tuple[int, ...] = ()
    """And those that wait for this one."""
    central: bool = False
    """Every other line of the order waits for it."""
    refusal_told: ToTell | None = None
    """Until when a refusal or a deferral is told, where the contract says (decision 16)."""
    may_leave: MayLeave | None = None
    """Where the contract has such a right, and counts it from the order."""

    @property
    def host(self) -> HostNetwork:
        """Until one is chosen, the first that is asked."""
        return self.candidates[0]

    @property
    def ordered(self) -> OrderKind:
        """Where the order does not say: a line named by its number is there, and taken over;
        anything else is built. A default of ours."""
        there = self.site.locator is Locator.LINE
        return self.kind or (OrderKind.TAKEOVER if there else OrderKind.NEW_LINE)


class AccessOpened(Event):
    terms: AccessTerms
    gates: tuple[Gate, ...]
    stated: tuple[Said, ...] = ()


class SiteClaimed(Event):
    """One open order for each socket or installation number (decision 39): it is ours."""


class SitesToldApart(Event):
    """A person has said that it is another site than the one with an order open at its address."""

    why: Said


class EligibilityFound(Event):
    """What one operator answered about the site, at its own instant: it is a measure of a day."""

    operator: HostNetwork
    offers: tuple[Offer, ...]
    barriers: tuple[Barrier, ...]
    uses: tuple[Use, ...] = ()
    """What it sees on the pair or socket."""
    checked_at: AwareDatetime


class OperatorPassedOver(Event):
    """An operator is not asked any further for this site, and why."""

    operator: HostNetwork
    why: Said


class EligibilityAskedAgain(Event):
    """Every operator is asked anew: an answer is a measure of its day."""

    why: Said
    gives_back: bool = False
    """What the one that was chosen keeps for us is given back first."""


class Plan(_Value):
    """The day a site is to be in service, by what is known by now, and why that day."""

    on: date
    said: Said
    source: str
    """The fact, or the clause, it follows from."""
    binds: bool
    """It takes the place of an earlier day that was promised: by a clause, or by consent."""


class DeliveryPlanned(Event):
    """A day is planned, or another one: never without what it follows from."""

    plan: Plan


class OfferChosen(Event):
    """Which operator and technology serve the site, and why these."""

    offer: Offer
    because: tuple[Said, ...]


class SiteUnserved(Event):
    """Nobody can serve the site: for each technology why, in words for the customer."""

    reasons: tuple[Said, ...]


class CutsListed(Event):
    """What the order would overwrite or cut, before anything is ordered (decision 39)."""

    uses: tuple[Use, ...]
    numbers: int
    """How many numbers are to be kept: they are ported first, or the order waits."""
    said: Said


class CutsAgreed(Event):
    """The customer's consent to it, on record."""

    paper: HeldDocument


class NothingInTheWay(Event):
    """Nothing would be cut, or the customer agrees: it can be ordered, or studied first."""

    study: bool
    because: Said


class StudyHeard(Event):
    result: StudyResult
    studied_at: AwareDatetime
    offer: Offer | None = None
    """As the study has it, where the order can go on."""
    binding: tuple[Said, ...] = ()
    """Changes the contract makes binding, each with its clause."""


class ChangesBinding(Event):
    """The offer as the study has it: what binds by a clause, what the customer agreed to."""

    offer: Offer
    said: tuple[Said, ...]


class QuoteGiven(Event):
    """A quote is there, and is to be told: it waits for an answer."""

    quote: Quote
    told_at: AwareDatetime
    """When it came."""
    until: AwareDatetime | None
    """None until the customer is told: its days run from there (decision 8)."""
    source: str
    answer: Said | None = None
    """Within which time it may be answered, or that there is none."""
    silence: Said | None = None
    """What no answer comes to."""
    refusal: tuple[Said, ...] = ()
    """What refusing it costs, in every reading."""


class QuoteTold(Event):
    """The notice of it has taken effect: from that day on it is told (decision 8)."""

    reference: str
    notice_id: NoticeId
    channel: str
    on: date
    rule: Said
    """Why that day."""
    until: AwareDatetime | None
    """None where no contract gives it a limit: a person asks for the answer."""
    source: str


class QuoteAccepted(Event):
    reference: str


class QuoteRefused(Event):
    """Refused, or left without an answer where silence refuses it."""

    reference: str
    by_silence: bool
    fees: tuple[Fee, ...]


class AccessReserved(Event):
    """The pair or the port is kept for us."""

    reference: str
    reserved_at: AwareDatetime


class SaturationFound(Event):
    """Nothing is left in the network for it; what the contract says follows."""

    event_at: AwareDatetime
    """What caused it: OKSIO's fifteen days run from here (000:406-407)."""
    at_customer: bool
    mode: SaturationMode
    estimate: date | None
    """When it is thought to be over, where the contract says how long it takes."""
    tell_by: AwareDatetime | None
    said: tuple[Said, ...]
    tell_source: str | None = None
    """The line that has the customer told by then."""


class DeliveryPutOff(Event):
    """Neither kept nor refused in time, a person says: the customer is told that it is put off."""

    said: Said


class FeeOwed(Event):
    fee: Fee
    consented: bool
    """False: a risk, it is not to be charged until consent is on record (C22)."""


class FeeConsented(Event):
    head: str
    paper: HeldDocument


class Desaturated(Event):
    done_at: AwareDatetime


class AccessReady(Event):
    """Nothing stands between the site and its works any more."""

    ready_at: AwareDatetime


class ServiceStarted(Event):
    """It works at its site: a fact of the provider's, which waits for nobody (decision 43)."""

    started_at: AwareDatetime
    said: Said


class SupplierWithdrew(Event):
    """The operator takes back what the access stands on."""

    operator: HostNetwork
    code: str
    told_at: AwareDatetime


class Teller(StrEnum):
    """Who tells that an access took another customer's line."""

    OPERATOR = "operator"
    """The one that serves us."""
    OTHER_OPERATOR = "other-operator"
    """The one whose customer it is."""
    CUSTOMER = "customer"
    COLLEAGUE = "colleague"


class WrongOverwritingTold(Event):
    """It is told that the access took another customer's line: a wrong socket, a wrong number."""

    told_by: Teller
    by: str
    """The operator, or the person who took it down."""
    operator: HostNetwork
    """Who serves us there."""
    code: str | None = None
    told_at: AwareDatetime
    papers: tuple[HeldDocument, ...] = ()
    """What it is told by, and its day."""


class LinePutBack(Event):
    """The other customer has its line again."""

    put_back_at: AwareDatetime


class AccessHeld(Event):
    """Suspended on request: nothing new is begun until it is taken up again."""

    until: AwareDatetime
    by: str
    reason: str


class AccessTakenUp(Event):
    """It goes on."""


class FeesSettled(Event):
    """What the end costs, in the reading in force; what waits for a signature is not charged."""

    fees: tuple[Fee, ...]
    said: tuple[Said, ...] = ()
    """Why so much, or nothing."""


class AccessEnded(Event):
    outcome: Outcome
    why: Said
    fees: tuple[Fee, ...] = ()
    """What is owed at the end, each with its source; nothing when it is empty."""
    service_started_at: AwareDatetime | None = None


ALONE = (
    WrongOverwritingTold,
    SitesToldApart,
    SiteUnserved,
    CutsListed,
    QuoteRefused,
    DeliveryPutOff,
    MessageSetAside,
)
"""Facts that move nothing by themselves: what follows from them comes beside them."""
