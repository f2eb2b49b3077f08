"""The real contracts a fixed access is ordered under, for tests about accesses."""

from datetime import date
from zoneinfo import ZoneInfo

from domain.contract_profiles import Entry, Level, Profile, Reading, Source
from domain.contract_questions import Contract
from domain.contract_values import ContractValue
from domain.said import Said
from tests.porting import RULES

PARIS = ZoneInfo("Europe/Paris")
SIGNED_ON = date(2027, 3, 1)
"""A Monday."""


def signed_under(provider: str, service: str, *, on: date = SIGNED_ON) -> Contract:
    return RULES.contract(RULES.shelf().pin(provider, service, on))


def internet() -> Contract:
    """Technicophone's schedule III."""
    return signed_under("technicophone", "internet")


def data() -> Contract:
    """OKSIO's « Data » schedule."""
    return signed_under("oksio", "data")


def ordered_with(contract: Contract, **answers: ContractValue) -> Contract:
    """The same contract under an order form that answers some questions itself; `_` is a dot and
    `__` a dash."""
    form = Profile(
        provider=contract.pin.provider,
        service=contract.pin.service,
        level=Level.ORDER_FORM,
        version="test",
        valid_from=contract.pin.signed_on,
        title=Said(fr="bon de commande", en="order form"),
        entries={_question(name): _entry(value) for name, value in answers.items()},
    )
    return RULES.contract(contract.pin.model_copy(update={"order_form": form}))


def _question(name: str) -> str:
    return name.replace("__", "-").replace("_", ".")


def _entry(value: ContractValue) -> Entry:
    source = Source(ours="a test's order form")
    reading = Reading(name="signed", value=value, source=source)
    return Entry(readings=(reading,), in_force="signed")
