"""A line as it was asked for, read against its contract: terms and gates, or every mistake."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from domain.fleets import with_go_ahead
from domain.host_codes import HOST_CODES
from domain.identity import OrderId, line_id_for, order_subject
from domain.number_blocks import BlockDirectory
from domain.numbers import Family, FrenchNumber
from domain.orders import OrderedLine
from domain.parsed import BadValueError
from domain.personal import Personal
from domain.port_dates import DateRefusedError
from domain.port_gates import Circumstances, Found, gates_of
from domain.port_in_facts import HostNetwork, LineTerms, SimKind
from domain.port_planning import Wish, plan_port
from domain.port_rules import PortRules
from domain.rio import RIO, rio_for
from domain.rio_check import Weight, check_rio
from domain.rio_prefixes import RioDirectory
from domain.territories import ExchangeGroup
from intake.faults import FieldProblem, OrderRefusedError, told_of
from intake.order_reading import Asked, OrderReading, pin_of
from intake.requests import MOBILE, LineRequest, OrderRequest
from intake.sites import SiteMeans, SiteReading
from ledger.sealing import KeyedHash


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
        self,
        request: OrderRequest,
        *,
        order_id: OrderId,
        now: datetime,
        beside: tuple[FieldProblem, ...] = (),
    ) -> tuple[OrderedLine, ...]:
        """Its lines, or its sites. `beside` is what was found wrong elsewhere: told with the rest.

        OrderRefusedError: every mistake in it.
        """
        contract = self.rules.contract(pin_of(self.rules.shelf(), request, now))
        asked = Asked(request=request, contract=contract, order_id=order_id, now=now)
        if request.service != MOBILE:
            means = SiteMeans(keyed_hash=self.keyed_hash, connected=self.connected)
            return SiteReading(asked, means).sites(beside)
        reading = _Reading(self, asked)
        reading.check_doubles()
        lines = [reading.line(number, line) for number, line in enumerate(request.lines, start=1)]
        if problems := (*reading.problems, *beside):
            raise OrderRefusedError(told_of(problems))
        return with_go_ahead(
            tuple(line for line in lines if line is not None),
            contract=contract,
            rules=self.rules,
            now=now,
        )


class _Reading(OrderReading):
    """The lines of a mobile order."""

    def __init__(self, reader: LineReader, asked: Asked) -> None:
        super().__init__(asked)
        self._reader = reader
        self._wishes: dict[tuple[ExchangeGroup, date, SimKind], DateRefusedError | None] = {}
        self._gates: dict[tuple[date | None, bool], Found] = {}

    def check_doubles(self) -> None:
        """However each is written."""
        seen: dict[str, int] = {}
        for index, asked in enumerate(self.request.lines):
            with suppress(BadValueError):
                number = FrenchNumber.parse(asked.msisdn).national
                if number in seen:
                    self.refuse(
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
            self.refuse(f"{at}/msisdn", f"{exc}.")
            return None
        if line.family is Family.MOBILE and line.group is not None:
            return line
        self.refuse(
            f"{at}/msisdn",
            "This number goes through no mobile exchange we know: give a number in 06 or 07 of "
            "metropolitan France, the Antilles, Guyane, Réunion or Mayotte.",
        )
        return None

    def _rio(self, asked: LineRequest, line: FrenchNumber, at: str) -> RIO | None:
        """The receiving operator owes this check at order time (ARCEP 2012-0576 art. 13 III)."""
        if asked.rio is None:
            if self.contract.duration("port-in.rio-collected") is None:
                self.refuse(f"{at}/rio", "The RIO is missing: ask for it at 3179 from the line.")
            return None
        try:
            rio = rio_for(asked.rio, line)
        except BadValueError as exc:
            self.refuse(f"{at}/rio", f"{exc}.")
            return None
        verdict = check_rio(rio, line, directory=self._reader.numbering.prefixes())
        for finding in verdict.findings:
            if finding.weight is Weight.REFUSAL:
                self.refuse(f"{at}/rio", f"{finding.said.en}.")
        return rio

    def _host(self, asked: LineRequest, at: str) -> HostNetwork | None:
        """Decision 15: whose choice it is, and which networks there are."""
        offered = self.contract.choices("host.networks")
        named = tuple(HostNetwork(n) for n in offered if n in set(HostNetwork))
        allowed = named or tuple(HostNetwork)
        usable = [network for network in allowed if network in self._reader.connected]
        if asked.host is None:
            if self.contract.choice("host.chosen-by") == "customer":
                self.refuse(
                    f"{at}/host",
                    f"The customer chooses the network: say one of {', '.join(usable)}.",
                )
                return None
            return usable[0] if usable else None
        if asked.host not in allowed:
            source = self.contract.source("host.networks")
            self.refuse(
                f"{at}/host",
                f"{self.provider} does not offer {asked.host} ({source}): say one "
                f"of {', '.join(usable)}.",
            )
        elif asked.host not in self._reader.connected:
            self.refuse(
                f"{at}/host",
                f"There is no interface with {asked.host} yet: say one of {', '.join(usable)}.",
            )
        return asked.host

    def _check_sim(self, asked: LineRequest, at: str) -> None:
        if asked.sim is SimKind.ESIM and self.contract.flag("sim.esim") is not True:
            source = self.contract.source("sim.esim")
            self.refuse(
                f"{at}/sim",
                f"{self.provider} has no eSIM ({source}): order a card, sim.",
            )

    def _receiver(self, group: ExchangeGroup, host: HostNetwork | None, at: str) -> str | None:
        if host is None:
            return None
        code = HOST_CODES.get((group, host))
        if code is None:
            self.refuse(
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
            self.refuse(f"{at}/wish", sentence)

    def _why_not(self, group: ExchangeGroup, wished: date, sim: SimKind) -> DateRefusedError | None:
        wish = Wish(
            asked_at=self.now,
            wished=wished,
            sim=sim,
            line_ready=False,
            documents=self.held,
        )
        calendar = self._reader.rules.calendar(group, self.now.date())
        try:
            plan_port(calendar, self.contract, wish)
        except DateRefusedError as exc:
            return exc
        return None

    def _ordered(
        self,
        number: int,
        asked: LineRequest,
        line: FrenchNumber,
        rio: RIO | None,
        host: HostNetwork,
        receiver: str,
    ) -> OrderedLine:
        subject = order_subject(self.order_id)
        digest = self._reader.keyed_hash.digest(purpose="number", content=line.national.encode())
        terms = LineTerms(
            line_id=line_id_for(self.order_id, number=number),
            order_id=self.order_id,
            number=number,
            pin=self.contract.pin,
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
            asked_at=self.now,
            held=self.held,
            lot=self.lot(number, of=len(self.request.lines)),
        )
        known = (asked.wish, rio is not None)
        if known not in self._gates:
            self._gates[known] = gates_of(self.contract, self._circumstances(asked, rio))
        found = self._gates[known]
        return OrderedLine(terms=terms, gates=found.closed, stated=found.stated)

    def _circumstances(self, asked: LineRequest, rio: RIO | None) -> Circumstances:
        customer = self.request.customer
        return Circumstances(
            signed_on=self.request.signed_on,
            asked_at=self.now,
            wished=asked.wish,
            has_rio=rio is not None,
            customer_kind=customer.kind,
            headcount=customer.headcount,
            off_premises=customer.off_premises,
            within_main_activity=customer.within_main_activity,
            start_now=customer.start_now,
            unpaid_since=customer.unpaid_since,
            held=self.held,
        )


def _group(line: FrenchNumber) -> ExchangeGroup:
    if line.group is None:
        raise BadValueError("the number has no exchange")
    return line.group
