"""What every order is checked for, whatever is ordered: its contract, its customer, its papers."""

from dataclasses import dataclass
from datetime import datetime

from domain.access_gates import access_papers
from domain.contract_hours import provider_of
from domain.contract_questions import Contract
from domain.contract_resolution import Pin, Shelf
from domain.identity import OrderId
from domain.lots import LINES_KEPT, lot_of
from domain.orders import CustomerKind
from domain.parsed import BadValueError
from domain.port_gates import papers_of
from domain.port_in_facts import HeldDocument
from intake.faults import FieldProblem, OrderRefusedError
from intake.order_form import order_form_of
from intake.requests import MOBILE, SERVICES, OrderRequest


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An order at the door, and the contract it stands under."""

    request: OrderRequest
    contract: Contract
    order_id: OrderId
    now: datetime


def pin_of(shelf: Shelf, request: OrderRequest, now: datetime) -> Pin:
    """The contract in force on the day of signature."""
    if request.signed_on > now.date():
        raise OrderRefusedError(
            (_problem("/signed_on", "This day has not come yet: give the day of signature."),)
        )
    try:
        provider = provider_of(shelf, request.provider)
        offered = shelf.providers()[provider]
        if request.service in offered:
            form = order_form_of(shelf, request, provider)
            return shelf.pin(provider, request.service, request.signed_on, order_form=form)
    except BadValueError as exc:
        raise OrderRefusedError((_problem("/provider", str(exc)),)) from exc
    ordered = ", ".join(service for service in SERVICES if service in offered)
    raise OrderRefusedError(
        (_problem("/service", f"{provider} has no {request.service}: say one of {ordered}."),)
    )


def papers_asked(contract: Contract) -> tuple[str, ...]:
    """Every paper a contract can ask for, by what is ordered under it."""
    return papers_of(contract) if contract.pin.service == MOBILE else access_papers(contract)


def _problem(pointer: str, sentence: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, sentence=sentence)


class OrderReading:
    """One request, and every problem found in it so far."""

    def __init__(self, asked: Asked) -> None:
        self.request = asked.request
        self.contract = asked.contract
        self.order_id = asked.order_id
        self.now = asked.now
        self.problems: list[FieldProblem] = []
        self._check_customer()
        self._check_documents()

    def refuse(self, pointer: str, sentence: str) -> None:
        self.problems.append(_problem(pointer, sentence))

    @property
    def held(self) -> tuple[HeldDocument, ...]:
        return tuple(HeldDocument(name=d.name, on=d.on) for d in self.request.documents)

    @property
    def provider(self) -> str:
        return self.contract.pin.provider

    def lot(self, number: int, *, of: int) -> int | None:
        """The lot a line is kept in; None where the order keeps its lines itself."""
        return lot_of(number) if of > LINES_KEPT else None

    def _check_customer(self) -> None:
        """Decision 15: some contracts are for companies only."""
        natural = self.request.customer.kind is CustomerKind.NATURAL_PERSON
        if natural and self.contract.flag("customer.natural-person") is False:
            source = self.contract.source("customer.natural-person")
            self.refuse(
                "/customer/kind",
                f"{self.provider} does not contract with natural persons ({source}): "
                "order for a company, an association or a professional.",
            )

    def _check_documents(self) -> None:
        papers = papers_asked(self.contract)
        today = self.contract.reckoning.instant_of(self.now).date()
        for index, document in enumerate(self.request.documents):
            if document.name not in papers:
                self.refuse(
                    f"/documents/{index}/name",
                    f"{self.provider} asks for no such paper: say one of {', '.join(papers)}.",
                )
            if document.on > today:
                self.refuse(
                    f"/documents/{index}/on",
                    "This day has not come yet: give the day the paper bears.",
                )
        unpaid = self.request.customer.unpaid_since
        if unpaid is not None and unpaid > today:
            self.refuse(
                "/customer/unpaid_since",
                "This day has not come yet: give the day the oldest invoice was due.",
            )
