"""A site as it was asked for, read against its contract: terms and gates, or every mistake."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.access_clauses import asks
from domain.access_exclusions import Exclusion, refusal_to_tell
from domain.access_facts import AccessPrices, AccessTerms, Locator, Site, Technology
from domain.access_gates import AccessCircumstances, access_gates
from domain.identifiers import Commune, OpticalSocket
from domain.identity import line_id_for, order_subject
from domain.numbering import NumberKind
from domain.numbers import Family, FrenchNumber, InstallationNumber
from domain.orders import OrderedLine
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.port_gates import Found
from domain.port_in_facts import HostNetwork
from domain.said import Said
from intake.faults import FieldProblem, OrderRefusedError, told_of
from intake.order_reading import Asked, OrderReading
from intake.requests import SiteRequest
from ledger.sealing import KeyedHash

_WORDS = re.compile(r"[a-z0-9]+")
_CHOSEN_BY = "operators.chosen-by"


@dataclass(frozen=True, kw_only=True)
class SiteMeans:
    """What sites are read with."""

    keyed_hash: KeyedHash
    connected: frozenset[HostNetwork]
    """The operators there is an interface with."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a site is named by, beside its address; a building names many sites."""

    locator: Locator
    name: str
    field: str
    unique: str | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """A site that could be read, and what it has in common with itself in another order."""

    commune: Commune
    named: Named | None
    same: str

    @property
    def field(self) -> str:
        """Where a second order for it is told."""
        return "address" if self.named is None or self.named.unique is None else self.named.field


class SiteReading(OrderReading):
    """The sites of an order of accesses."""

    def __init__(self, asked: Asked, means: SiteMeans) -> None:
        super().__init__(asked)
        self._means = means
        self._connected = tuple(one for one in HostNetwork if one in means.connected)
        self._places: dict[str, int] = {}
        self._kept: dict[str, int] = {}
        self._gates: dict[tuple[Technology, ...], Found] = {}

    def sites(self, beside: tuple[FieldProblem, ...]) -> tuple[OrderedLine, ...]:
        sites = [self._site(number, one) for number, one in enumerate(self.request.sites, start=1)]
        if problems := (*self.problems, *beside):
            raise OrderRefusedError(told_of(problems, within="/sites"))
        return tuple(site for site in sites if site is not None)

    def _site(self, number: int, asked: SiteRequest) -> OrderedLine | None:
        at = f"/sites/{number - 1}"
        place = self._place(number, asked, at)
        keeps = self._keeps(number, asked, at)
        self._check_once(asked.wanted, f"{at}/wanted")
        self._check_once(asked.uses, f"{at}/uses")
        self._check_once(asked.known, f"{at}/known")
        self._check_known(asked, at)
        self._check_operators(asked, at)
        self._check_wish(asked, at)
        if place is None or self.problems:
            return None
        return self._ordered(number, asked, place, keeps)

    def _check_known(self, asked: SiteRequest, at: str) -> None:
        """A ground the contract does not have would be said, and leave nothing out."""
        grounds = {*self.contract.choices("eligibility.exclusions")}
        if asks(self.contract, "eligibility.wireless-coverage"):
            grounds.add(Exclusion.OUTSIDE_WIRELESS_COVERAGE)
        for word in asked.known:
            if word not in grounds:
                self.refuse(
                    f"{at}/known",
                    f"{self.contract.pin.provider} leaves out no site for '{word}': say one of "
                    f"{', '.join(sorted(grounds))}, or give coaxial_metres.",
                )

    # where it is

    def _place(self, number: int, asked: SiteRequest, at: str) -> Place | None:
        before = len(self.problems)
        commune = self._commune(asked, at)
        named = self._named(asked, at)
        words = _WORDS.findall(_plain(asked.address))
        if not words:
            self.refuse(f"{at}/address", "Write the address: number, street, floor, town.")
        if commune is None or len(self.problems) > before:
            return None
        unique = None if named is None else named.unique
        address = f"address/{commune}/{' '.join(words)}"
        place = Place(commune=commune, named=named, same=unique or address)
        self._check_double(number, place, at)
        return place

    def _commune(self, asked: SiteRequest, at: str) -> Commune | None:
        """Decision 2: all the contracts are metropolitan."""
        try:
            commune = Commune.parse(asked.commune)
        except BadValueError as exc:
            self.refuse(f"{at}/commune", f"{exc}.")
            return None
        if commune.overseas:
            self.refuse(
                f"{at}/commune",
                f"This commune is overseas, and {self.provider}'s contract is metropolitan "
                "(decision 2): take the site out of the order.",
            )
        return commune

    def _named(self, asked: SiteRequest, at: str) -> Named | None:
        given = {
            field: text
            for field, text in (
                ("socket", asked.socket),
                ("line_number", asked.line_number),
                ("building", asked.building),
            )
            if text is not None
        }
        read = [self._read_name(field, text, at) for field, text in given.items()]
        fields = list(given)
        for field in fields[1:]:
            self.refuse(
                f"{at}/{field}", f"The site is named by its {fields[0]} already: leave one of them."
            )
        return read[0] if read else None

    def _read_name(self, field: str, text: str, at: str) -> Named | None:
        try:
            return _read_name(field, text)
        except BadValueError as exc:
            self.refuse(f"{at}/{field}", f"{exc}.")
            return None

    def _check_double(self, number: int, place: Place, at: str) -> None:
        first = self._places.setdefault(place.same, number)
        if first != number:
            advice = ", or name the socket or the line of each" if place.field == "address" else ""
            self.refuse(
                f"{at}/{place.field}",
                f"This site is on line {first} already: leave one of them{advice}.",
            )

    # what is asked for it

    def _keeps(self, number: int, asked: SiteRequest, at: str) -> tuple[str, ...]:
        """The numbers on it that go on: fixed ones, each on one line."""
        kept = []
        for index, text in enumerate(asked.keeps):
            try:
                kept.append(self._kept_number(number, text))
            except BadValueError as exc:
                self.refuse(f"{at}/keeps/{index}", f"{exc}.")
        return tuple(kept)

    def _kept_number(self, number: int, text: str) -> str:
        read = FrenchNumber.parse(text)
        if read.family is not Family.FIXED:
            raise BadValueError(
                f"'{text}' is a {read.kind} number, and a line carries fixed ones (01 to 05, 09); "
                "order its port by itself"
            )
        if read.national in self._kept:
            raise BadValueError(
                f"this number is kept on line {self._kept[read.national]} already; leave one of "
                "them"
            )
        self._kept[read.national] = number
        return read.national

    def _check_once(self, asked: Sequence[str], at: str) -> None:
        for name, times in Counter(asked).items():
            if times > 1:
                self.refuse(at, f"'{name}' is here {times} times: leave one of them.")

    def _check_operators(self, asked: SiteRequest, at: str) -> None:
        self._check_once(asked.operators, f"{at}/operators")
        for operator in asked.operators:
            if operator not in self._connected:
                self.refuse(
                    f"{at}/operators",
                    f"There is no interface with {operator} yet: say one of "
                    f"{', '.join(self._connected)}.",
                )

    def _check_wish(self, asked: SiteRequest, at: str) -> None:
        if asked.wish is not None and asked.wish < self._today:
            self.refuse(f"{at}/wish", f"This day is over: wish one from {self._today} on.")

    @property
    def _today(self) -> date:
        return self.contract.reckoning.instant_of(self.now).date()

    # what becomes of it

    def _ordered(
        self, number: int, asked: SiteRequest, place: Place, keeps: tuple[str, ...]
    ) -> OrderedLine:
        subject = order_subject(self.order_id)
        digest = self._means.keyed_hash.digest(purpose="site", content=place.same.encode())
        named, prices = place.named, asked.prices
        terms = AccessTerms(
            line_id=line_id_for(self.order_id, number=number),
            order_id=self.order_id,
            number=number,
            pin=self.contract.pin,
            site=Site(
                commune=str(place.commune),
                address=Personal(subject=subject, value=asked.address),
                locator=Locator.ADDRESS if named is None else named.locator,
                name=None if named is None else Personal(subject=subject, value=named.name),
            ),
            site_digest=digest.hex(),
            wanted=asked.wanted,
            down_kbps=asked.down_kbps,
            candidates=self._candidates(asked),
            prices=AccessPrices(
                access_fee=prices.access_fee,
                monthly=prices.monthly,
                term_months=prices.term_months,
            ),
            uses=asked.uses,
            keeps=tuple(Personal(subject=subject, value=kept) for kept in keeps),
            known=asked.known,
            coaxial_metres=asked.coaxial_metres,
            wished=asked.wish,
            asked_at=self.now,
            held=self.held,
            alternative_to=asked.alternative_to,
            refusal_told=refusal_to_tell(self.contract, self._today),
            lot=self.lot(number, of=len(self.request.sites)),
        )
        found = self._gates_of(asked.wanted)
        stated = (*found.stated, *self._preference(asked))
        return OrderedLine(terms=terms, gates=found.closed, stated=stated)

    def _candidates(self, asked: SiteRequest) -> tuple[HostNetwork, ...]:
        """Those that are named first; the others too, unless the contract has the customer choose.

        The customers of OKSIO and Technicophone take the operator they are given: an order that
        names one says what a colleague would like, and binds nobody.
        """
        if asked.operators and self.contract.choice(_CHOSEN_BY) == "customer":
            return asked.operators
        others = (one for one in self._connected if one not in asked.operators)
        return (*asked.operators, *others)

    def _preference(self, asked: SiteRequest) -> tuple[Said, ...]:
        if not asked.operators:
            return ()
        named, source = ", ".join(asked.operators), self.contract.source(_CHOSEN_BY)
        if self.contract.choice(_CHOSEN_BY) == "customer":
            return (
                Said(
                    fr=f"le client choisit ses opérateurs : {named} ({source})",
                    en=f"the customer chooses the operators: {named} ({source})",
                ),
            )
        return (
            Said(
                fr=f"le choix de l'opérateur est au fournisseur ({source}) : interroger d'abord "
                f"{named} est un souhait",
                en=f"the operator is the provider's choice ({source}): to ask {named} first is a "
                "wish",
            ),
        )

    def _gates_of(self, wanted: tuple[Technology, ...]) -> Found:
        if wanted not in self._gates:
            self._gates[wanted] = access_gates(self.contract, self._circumstances(wanted))
        return self._gates[wanted]

    def _circumstances(self, wanted: tuple[Technology, ...]) -> AccessCircumstances:
        customer = self.request.customer
        return AccessCircumstances(
            signed_on=self.request.signed_on,
            asked_at=self.now,
            wanted=wanted,
            customer_kind=customer.kind,
            headcount=customer.headcount,
            off_premises=customer.off_premises,
            within_main_activity=customer.within_main_activity,
            start_now=customer.start_now,
            unpaid_since=customer.unpaid_since,
            held=self.held,
            deposit_asked=self.request.deposit_asked,
        )


def _read_name(field: str, text: str) -> Named:
    match field:
        case "socket":
            socket = OpticalSocket.parse(text)
            if _is_telephone(text):
                raise BadValueError(
                    f"'{text}' is a telephone number: give it as the line_number, or copy the "
                    "socket's own from its label, such as OO-1A2B-3C4D"
                )
            unique = f"socket/{socket.compact}"
            return Named(locator=Locator.SOCKET, name=str(socket), field=field, unique=unique)
        case "line_number":
            line = InstallationNumber.parse(text).national
            return Named(locator=Locator.LINE, name=line, field=field, unique=f"line/{line}")
        case _:
            return Named(locator=Locator.BUILDING, name=text, field=field, unique=None)


def _is_telephone(text: str) -> bool:
    """Ten figures pass for a socket's reference, and are hardly ever one."""
    try:
        return FrenchNumber.parse(text).kind is not NumberKind.SHORT
    except BadValueError:
        return False


def _plain(text: str) -> str:
    """Without accents, and however it is capitalised."""
    split = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in split if not unicodedata.combining(c))
    return plain.replace("œ", "oe").replace("æ", "ae")
