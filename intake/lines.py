"""A line as it was asked for, read against its contract: terms and gates, or every mistake."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from domain.contract_hours import provider_of
from domain.contract_questions import Contract
from domain.contract_resolution import Pin
from domain.fleets import with_go_ahead
from domain.host_codes import HOST_CODES
from domain.identity import OrderId, line_id_for, order_subject
from domain.lots import LINES_KEPT, lot_of
from domain.number_blocks import BlockDirectory
from domain.numbers import Family, FrenchNumber
from domain.orders import CustomerKind, OrderedLine
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.port_dates import DateRefusedError
from domain.port_gates import Circumstances, Found, gates_of, papers_of
from domain.port_in_facts import HeldDocument, HostNetwork, LineTerms, SimKind
from domain.port_planning import Wish, plan_port
from domain.port_rules import PortRules
from domain.rio import RIO, rio_for
from domain.rio_check import Weight, check_rio
from domain.rio_prefixes import RioDirectory
from domain.territories import ExchangeGroup
from intake.faults import FieldProblem, OrderRefusedError, told_of
from intake.requests import LineRequest, OrderRequest
from ledger.sealing import KeyedHash

SERVICE = "mobile"


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """The published reference data, as it was loaded."""

    blocks: Callable[[], BlockDirectory]
    prefixes: Callable[[], RioDirectory]


@dataclass(frozen=True, kw_only=True)
class LineReader:
    rules: PortRules
    numbering: Numbering
    keyed_hash: KeyedHash
    connected: frozenset[HostNetwork]
    """The host networks there is an interface with."""

    def read(
        self, request: OrderRequest, *, order_id: OrderId, now: datetime
    ) -> tuple[OrderedLine, ...]:
        pin = self._pin(request, now)
        reading = _Reading(self, request, self.rules.contract(pin), order_id, now)
        reading.check_doubles()
        lines = [reading.line(number, line) for number, line in enumerate(request.lines, start=1)]
        if reading.problems:
            raise OrderRefusedError(told_of(reading.problems))
        return with_go_ahead(
            tuple(line for line in lines if line is not None),
            contract=reading.contract,
            rules=self.rules,
            now=now,
        )

    def _pin(self, request: OrderRequest, now: datetime) -> Pin:
        shelf = self.rules.shelf()
        if request.signed_on > now.date():
            raise OrderRefusedError(
                (_problem("/signed_on", "This day has not come yet: give the day of signature."),)
            )
        try:
            return shelf.pin(provider_of(shelf, request.provider), SERVICE, request.signed_on)
        except BadValueError as exc:
            raise OrderRefusedError((_problem("/provider", str(exc)),)) from exc


def _problem(pointer: str, sentence: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, sentence=sentence)


class _Reading:
    """One request, and every problem found in it so far."""

    def __init__(
        self,
        reader: LineReader,
        request: OrderRequest,
        contract: Contract,
        order_id: OrderId,
        now: datetime,
    ) -> None:
        self._reader = reader
        self._request = request
        self.contract = self._contract = contract
        self._order_id = order_id
        self._now = now
        self.problems: list[FieldProblem] = []
        self._wishes: dict[tuple[ExchangeGroup, date, SimKind], DateRefusedError | None] = {}
        self._gates: dict[tuple[date | None, bool], Found] = {}
        self._check_customer()
        self._check_documents()

    def _refuse(self, pointer: str, sentence: str) -> None:
        self.problems.append(_problem(pointer, sentence))

    def _check_customer(self) -> None:
        """Decision 15: some contracts are for companies only."""
        natural = self._request.customer.kind is CustomerKind.NATURAL_PERSON
        if natural and self._contract.flag("customer.natural-person") is False:
            source = self._contract.source("customer.natural-person")
            self._refuse(
                "/customer/kind",
                f"{self._contract.pin.provider} does not contract with natural persons ({source}): "
                "order for a company, an association or a professional.",
            )

    def _check_documents(self) -> None:
        today = self._contract.reckoning.instant_of(self._now).date()
        known = papers_of(self._contract)
        for index, document in enumerate(self._request.documents):
            if document.name not in known:
                self._refuse(
                    f"/documents/{index}/name",
                    f"{self._contract.pin.provider} asks for no such paper: say one of "
                    f"{', '.join(known)}.",
                )
            if document.on > today:
                self._refuse(
                    f"/documents/{index}/on",
                    "This day has not come yet: give the day the paper bears.",
                )
        unpaid = self._request.customer.unpaid_since
        if unpaid is not None and unpaid > today:
            self._refuse(
                "/customer/unpaid_since",
                "This day has not come yet: give the day the oldest invoice was due.",
            )

    def check_doubles(self) -> None:
        """However each is written."""
        seen: dict[str, int] = {}
        for index, asked in enumerate(self._request.lines):
            with suppress(BadValueError):
                number = FrenchNumber.parse(asked.msisdn).national
                if number in seen:
                    self._refuse(
                        f"/lines/{index}/msisdn",
                        f"This number is on line {seen[number] + 1} already: leave one of them.",
                    )
                seen.setdefault(number, index)

    def line(self, number: int, asked: LineRequest) -> OrderedLine | None:
        at = f"/lines/{number - 1}"
        line = self._number(asked, at)
        host = self._host(asked, at)
        self._check_sim(asked, at)
        if line is None or line.group is None:
            return None
        rio = self._rio(asked, line, at)
        receiver = self._receiver(line.group, host, at)
        self._check_wish(asked, line.group, at)
        if self.problems or host is None or receiver is None:
            return None
        return self._ordered(number, asked, line, rio, host, receiver)

    def _number(self, asked: LineRequest, at: str) -> FrenchNumber | None:
        try:
            line = self._reader.numbering.blocks().placed(FrenchNumber.parse(asked.msisdn))
        except BadValueError as exc:
            self._refuse(f"{at}/msisdn", f"{exc}.")
            return None
        if line.family is Family.MOBILE and line.group is not None:
            return line
        self._refuse(
            f"{at}/msisdn",
            "This number goes through no mobile exchange we know: give a number in 06 or 07 of "
            "metropolitan France, the Antilles, Guyane, Réunion or Mayotte.",
        )
        return None

    def _rio(self, asked: LineRequest, line: FrenchNumber, at: str) -> RIO | None:
        """The receiving operator owes this check at order time (ARCEP 2012-0576 art. 13 III)."""
        if asked.rio is None:
            if self._contract.duration("port-in.rio-collected") is None:
                self._refuse(f"{at}/rio", "The RIO is missing: ask for it at 3179 from the line.")
            return None
        try:
            rio = rio_for(asked.rio, line)
        except BadValueError as exc:
            self._refuse(f"{at}/rio", f"{exc}.")
            return None
        verdict = check_rio(rio, line, directory=self._reader.numbering.prefixes())
        for finding in verdict.findings:
            if finding.weight is Weight.REFUSAL:
                self._refuse(f"{at}/rio", f"{finding.said.en}.")
        return rio

    def _host(self, asked: LineRequest, at: str) -> HostNetwork | None:
        """Decision 15: whose choice it is, and which networks there are."""
        offered = self._contract.choices("host.networks")
        named = tuple(HostNetwork(n) for n in offered if n in set(HostNetwork))
        allowed = named or tuple(HostNetwork)
        usable = [network for network in allowed if network in self._reader.connected]
        if asked.host is None:
            if self._contract.choice("host.chosen-by") == "customer":
                self._refuse(
                    f"{at}/host",
                    f"The customer chooses the network: say one of {', '.join(usable)}.",
                )
                return None
            return usable[0] if usable else None
        if asked.host not in allowed:
            source = self._contract.source("host.networks")
            self._refuse(
                f"{at}/host",
                f"{self._contract.pin.provider} does not offer {asked.host} ({source}): say one "
                f"of {', '.join(usable)}.",
            )
        elif asked.host not in self._reader.connected:
            self._refuse(
                f"{at}/host",
                f"There is no interface with {asked.host} yet: say one of {', '.join(usable)}.",
            )
        return asked.host

    def _check_sim(self, asked: LineRequest, at: str) -> None:
        if asked.sim is SimKind.ESIM and self._contract.flag("sim.esim") is not True:
            source = self._contract.source("sim.esim")
            self._refuse(
                f"{at}/sim",
                f"{self._contract.pin.provider} has no eSIM ({source}): order a card, sim.",
            )

    def _receiver(self, group: ExchangeGroup, host: HostNetwork | None, at: str) -> str | None:
        if host is None:
            return None
        code = HOST_CODES.get((group, host))
        if code is None:
            self._refuse(
                f"{at}/host",
                f"No operator code of {host} is known in {group}: name one in the profile, under "
                "port-in.operator-code.",
            )
        return code

    def _check_wish(self, asked: LineRequest, group: ExchangeGroup, at: str) -> None:
        """A day that cannot be is answered with the first that can; one far ahead is kept."""
        if asked.wish is None:
            return
        known = (group, asked.wish, asked.sim)
        if known not in self._wishes:
            self._wishes[known] = self._why_not(*known)
        if refused := self._wishes[known]:
            sentence = f"{refused.why.en}: the first day that can be is {refused.first}."
            self._refuse(f"{at}/wish", sentence)

    def _why_not(self, group: ExchangeGroup, wished: date, sim: SimKind) -> DateRefusedError | None:
        wish = Wish(
            asked_at=self._now,
            wished=wished,
            sim=sim,
            line_ready=False,
            documents=self._held(),
        )
        calendar = self._reader.rules.calendar(group, self._now.date())
        try:
            plan_port(calendar, self._contract, wish)
        except DateRefusedError as exc:
            return exc
        return None

    def _held(self) -> tuple[HeldDocument, ...]:
        return tuple(HeldDocument(name=d.name, on=d.on) for d in self._request.documents)

    def _ordered(
        self,
        number: int,
        asked: LineRequest,
        line: FrenchNumber,
        rio: RIO | None,
        host: HostNetwork,
        receiver: str,
    ) -> OrderedLine:
        subject = order_subject(self._order_id)
        digest = self._reader.keyed_hash.digest(purpose="number", content=line.national.encode())
        terms = LineTerms(
            line_id=line_id_for(self._order_id, number=number),
            order_id=self._order_id,
            number=number,
            pin=self._contract.pin,
            msisdn=Personal(subject=subject, value=line.national),
            number_digest=digest.hex(),
            group=_group(line),
            rio=None if rio is None else Personal(subject=subject, value=rio.code),
            donor=None if rio is None else rio.operator_code,
            host=host,
            receiver=receiver,
            sim=asked.sim,
            wished=asked.wish,
            monthly_ttc=asked.monthly_ttc,
            asked_at=self._now,
            held=self._held(),
            lot=lot_of(number) if len(self._request.lines) > LINES_KEPT else None,
        )
        known = (asked.wish, rio is not None)
        if known not in self._gates:
            self._gates[known] = gates_of(self._contract, self._circumstances(asked, rio))
        found = self._gates[known]
        return OrderedLine(terms=terms, gates=found.closed, stated=found.stated)

    def _circumstances(self, asked: LineRequest, rio: RIO | None) -> Circumstances:
        customer = self._request.customer
        return Circumstances(
            signed_on=self._request.signed_on,
            asked_at=self._now,
            wished=asked.wish,
            has_rio=rio is not None,
            customer_kind=customer.kind,
            headcount=customer.headcount,
            off_premises=customer.off_premises,
            within_main_activity=customer.within_main_activity,
            start_now=customer.start_now,
            unpaid_since=customer.unpaid_since,
            held=self._held(),
        )


def _group(line: FrenchNumber) -> ExchangeGroup:
    if line.group is None:
        raise BadValueError("the number has no exchange")
    return line.group
