"""A site as it was asked for, read against its contract: terms and gates, or every mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from domain.access_delays import right_to_leave
from domain.access_exclusions import refusal_to_tell
from domain.access_facts import AccessPrices, AccessTerms, CablingJob, Technology
from domain.access_gates import AccessCircumstances, access_gates
from domain.identity import line_id_for, order_subject
from domain.numbers import Family, FrenchNumber
from domain.orders import OrderedLine
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.port_gates import Found
from domain.port_in_facts import HostNetwork
from domain.said import Said
from intake.faults import FieldProblem, OrderRefusedError, told_of
from intake.order_reading import Asked, OrderReading
from intake.places import PlaceReading, ReadPlace, refuse_repeats, site_digest
from intake.requests import SiteRequest
from intake.site_links import Links, read_links
from ledger.sealing import KeyedHash

_CHOSEN_BY = "operators.chosen-by"


@dataclass(frozen=True, kw_only=True)
class SiteMeans:
    """What sites are read with."""

    keyed_hash: KeyedHash
    connected: frozenset[HostNetwork]
    """The operators there is an interface with."""


class SiteReading(OrderReading):
    """The sites of an order of accesses."""

    def __init__(self, asked: Asked, means: SiteMeans) -> None:
        super().__init__(asked)
        self._means = means
        self._connected = tuple(one for one in HostNetwork if one in means.connected)
        self._places: dict[str, int] = {}
        self._addresses: dict[str, list[tuple[int, ReadPlace]]] = {}
        self._kept: dict[str, int] = {}
        self._gates: dict[tuple[Technology, ...], Found] = {}
        self._links = Links()

    def sites(self, beside: tuple[FieldProblem, ...]) -> tuple[OrderedLine, ...]:
        self._links = read_links(self.request.sites, self.refuse)
        sites = [self._site(number, one) for number, one in enumerate(self.request.sites, start=1)]
        if problems := (*self.problems, *beside):
            raise OrderRefusedError(told_of(problems, within="/sites"))
        return tuple(site for site in sites if site is not None)

    def _site(self, number: int, asked: SiteRequest) -> OrderedLine | None:
        at = f"/sites/{number - 1}"
        place = self._place(number, asked, at)
        keeps = self._keeps(number, asked, at)
        self._check_once(asked.wanted, f"{at}/wanted")
        self._check_operators(asked, at)
        self._check_wish(asked, at)
        if place is None or self.problems:
            return None
        return self._ordered(number, asked, place, keeps)

    # where it is

    def _place(self, number: int, asked: SiteRequest, at: str) -> ReadPlace | None:
        place = PlaceReading(self.contract, self.refuse).read(asked, at)
        if place is not None:
            self._check_double(number, place, at)
        return place

    def _check_double(self, number: int, place: ReadPlace, at: str) -> None:
        """As open orders stand in each other's way (`domain.site_claims`)."""
        if place.named is not None and place.unique is not None:
            first = self._places.setdefault(place.unique, number)
            if first != number:
                self.refuse(
                    f"{at}/{place.named.field}",
                    f"This site is on line {first} already: leave one of them.",
                )
        there = self._addresses.setdefault(place.address, [])
        same = [one for one, other in there if place.unique is None or other.unique is None]
        there.append((number, place))
        if same:
            self.refuse(
                f"{at}/address",
                f"This site is on line {same[0]} already: leave one of them, or name the socket or "
                "the line of each.",
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
        refuse_repeats(asked, at, self.refuse)

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
        self, number: int, asked: SiteRequest, place: ReadPlace, keeps: tuple[str, ...]
    ) -> OrderedLine:
        subject, prices = order_subject(self.order_id), asked.prices
        there = place.named_by(subject, partial(site_digest, self._means.keyed_hash))
        terms = AccessTerms(
            line_id=line_id_for(self.order_id, number=number),
            order_id=self.order_id,
            number=number,
            pin=self.contract.pin,
            site=there.site,
            site_digest=there.site_digest,
            address_digest=there.address_digest,
            wanted=asked.wanted,
            down_kbps=asked.down_kbps,
            candidates=self._candidates(asked),
            prices=AccessPrices(
                access_fee=prices.access_fee,
                monthly=prices.monthly,
                term_months=prices.term_months,
                installation=prices.installation,
                monthly_ttc=prices.monthly_ttc,
            ),
            uses=asked.uses,
            keeps=tuple(Personal(subject=subject, value=kept) for kept in keeps),
            known=asked.known,
            coaxial_metres=asked.coaxial_metres,
            cabling=None if asked.cabling is None else CablingJob(**dict(asked.cabling)),
            wished=asked.wish,
            kind=asked.kind,
            asked_at=self.now,
            held=self.held,
            alternative_to=asked.alternative_to,
            refusal_told=refusal_to_tell(self.contract, self._today),
            may_leave=right_to_leave(self.contract, self._today),
            lot=self.lot(number, of=len(self.request.sites)),
            after=self._links.after[number],
            before=self._links.before[number],
            central=asked.central,
        )
        found = self._gates_of(asked.wanted)
        stated = (*found.stated, *self._preference(asked), *self._common_costs(number, asked))
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

    def _common_costs(self, number: int, asked: SiteRequest) -> tuple[Said, ...]:
        """Of an order of several sites; one that names no central site says so on its first."""
        sites, question = self.request.sites, "billing.common-costs"
        if len(sites) == 1 or self.contract.choice(question) != "central-site":
            return ()
        source = self.contract.source(question)
        if asked.central:
            return (
                Said(
                    fr=f"site central : les frais communs de la commande lui sont facturés "
                    f"({source})",
                    en=f"the central site: the common costs of the order are billed to it "
                    f"({source})",
                ),
            )
        if number > 1 or any(site.central for site in sites):
            return ()
        return (
            Said(
                fr="aucun site central n'est désigné : à qui facturer les frais communs "
                f"({source}) reste à convenir",
                en="no central site is named: to which of them common costs are billed "
                f"({source}) is to be agreed",
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
