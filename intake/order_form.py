"""What the order form of one order says for itself, as the document of the contract it is."""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import ValidationError

from domain.contract_profiles import Entry, Level, Profile, Reading, Source
from domain.contract_resolution import Shelf
from domain.contract_terms import Term
from domain.contract_values import (
    VALUE_TYPES,
    ContractUnit,
    ContractValue,
    DurationValue,
    FormulaValue,
    Kind,
)
from domain.parsed import BadValueError
from domain.said import Said
from intake.faults import FieldProblem, OrderRefusedError
from intake.requests import FormClauseRequest, OrderRequest

DOCUMENT = "order-form"
_TITLE = Said(fr="bon de commande", en="order form")


def order_form_of(shelf: Shelf, request: OrderRequest, provider: str) -> Profile | None:
    """None where it says nothing; OrderRefusedError names each clause that cannot be read."""
    if not request.order_form:
        return None
    reading = _FormReading(shelf, request)
    entries = dict(reading.entries())
    if reading.problems:
        raise OrderRefusedError(tuple(reading.problems))
    return Profile(
        provider=provider,
        service=request.service,
        level=Level.ORDER_FORM,
        version=str(request.signed_on),
        valid_from=request.signed_on,
        title=_TITLE,
        entries=entries,
    )


class _FormReading:
    """The clauses of one form, gathering what is wrong with them."""

    def __init__(self, shelf: Shelf, request: OrderRequest) -> None:
        self._shelf = shelf
        self._request = request
        self.problems: list[FieldProblem] = []

    def entries(self) -> Iterator[tuple[str, Entry]]:
        known: set[str] = set()
        for place, clause in enumerate(self._request.order_form):
            term = self._term(place, clause, known)
            if term is None:
                continue
            known.add(term.name)
            value, source = self._value(place, term, clause), self._source(place, clause)
            if value is not None and source is not None:
                reading = Reading(name="only", value=value, source=source)
                yield term.name, Entry(readings=(reading,), in_force="only")

    def _refuse(self, place: int, field: str, sentence: str) -> None:
        pointer = f"/order_form/{place}/{field}"
        self.problems.append(FieldProblem(pointer=pointer, sentence=sentence))

    def _term(self, place: int, clause: FormClauseRequest, known: set[str]) -> Term | None:
        try:
            term = self._shelf.term(self._request.service, clause.term)
        except BadValueError as exc:
            self._refuse(place, "term", f"{exc}.")
            return None
        if term.name in known:
            self._refuse(place, "term", f"'{term.name}' is answered twice: leave one of them.")
            return None
        return term

    def _value(self, place: int, term: Term, clause: FormClauseRequest) -> ContractValue | None:
        written = clause.answer
        facts = written if isinstance(written, dict) else {"value": written}
        try:
            value: ContractValue = VALUE_TYPES[term.kind].model_validate(facts)
        except ValidationError as exc:
            self._refuse(place, "answer", f"'{term.name}' takes {_takes(term, exc)}.")
            return None
        if (why := _why_not_reckoned(value)) is not None:
            self._refuse(place, "answer", why)
            return None
        strangers = term.strangers(value)
        if strangers:
            named = ", ".join(term.of)
            self._refuse(
                place, "answer", f"{', '.join(strangers)} is no answer: write one of {named}."
            )
            return None
        return value

    def _source(self, place: int, clause: FormClauseRequest) -> Source | None:
        try:
            return Source(
                document=DOCUMENT,
                first_line=clause.line,
                last_line=clause.line,
                words=clause.words,
            )
        except ValidationError:
            self._refuse(
                place, "words", "Give two to five words or figures that stand at that line."
            )
            return None


MOST = Decimal(10_000_000)
"""Of any figure of an order form. A default of ours."""
_DIGITS = 8
"""Of a factor. A default of ours."""
_LONGEST = {ContractUnit.YEAR: 10, ContractUnit.MONTH: 120, ContractUnit.WEEK: 520}
_DAYS = 3_650
"""Ten years, in whatever unit but hours of an office. A default of ours."""
_NOT_COUNTED = frozenset(
    {ContractUnit.MINUTE, ContractUnit.WORKING_HOUR, ContractUnit.OUVRABLE_HOUR}
)


def _why_not_reckoned(value: ContractValue) -> str | None:
    """What no date and no sum can be worked out from, in the middle of an order."""
    if isinstance(value, DurationValue):
        return _why_no_time(value)
    if isinstance(value, FormulaValue) and len(value.factor or "") > _DIGITS:
        return f"The factor has too many figures: write at most {_DIGITS}, like 0.5 or 1/5."
    figures = [one for one in _figures(value.model_dump()) if not 0 <= one <= MOST]
    if figures:
        return f"{figures[0]} is no figure of an order form: write one from 0 to {MOST}."
    return None


def _why_no_time(value: DurationValue) -> str | None:
    if value.unit in _NOT_COUNTED:
        return f"No time of an order form is counted in {value.unit}s: give clock hours or days."
    longest = _LONGEST.get(value.unit, _DAYS)
    if value.amount > longest or value.amount % 1:
        return (
            f"{value.amount} {value.unit} cannot be reckoned: write a whole number up to {longest}."
        )
    return None


def _figures(facts: object) -> Iterator[Decimal]:
    match facts:
        case Decimal():
            yield facts
        case dict():
            for one in facts.values():
                yield from _figures(one)
        case list() | tuple():
            for one in facts:
                yield from _figures(one)
        case _:
            pass


def _takes(term: Term, exc: ValidationError) -> str:
    words = f", of {', '.join(term.of)}" if term.of else ""
    match term.kind:
        case Kind.FLAG:
            return "yes or no: write true or false"
        case Kind.CHOICE:
            return f"one word{words}"
        case Kind.CHOICES:
            return f'several words{words}: write {{"value": ["one", "another"]}}'
        case _:
            wrong = ", ".join(sorted({_field_of(error["loc"]) for error in exc.errors()}))
            return f"a {term.kind}: check {wrong}"


def _field_of(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place) or "answer"
