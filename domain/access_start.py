"""The start of an access: service, billing and commitment, each on its own day by its own clause.

No customer is billed before service unless a named clause allows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.access_clauses import cited, dated, sourced
from domain.contract_questions import Contract
from domain.said import Said, joined
from domain.service_terms import ServiceDays, ServiceTerms, service_terms


@dataclass(frozen=True, kw_only=True)
class BilledFrom:
    """A clause that makes an access billed from another day than the one it starts on."""

    on: date
    said: Said
    source: str


@dataclass(frozen=True, kw_only=True)
class AccessStart:
    service: Said
    terms: ServiceTerms
    named: BilledFrom | None
    """The clause that has it billed before service; None where none does."""


def access_start(
    contract: Contract, days: ServiceDays, *, named: Iterable[BilledFrom] = ()
) -> AccessStart:
    """Of several such clauses, each of which would do, the one that comes first."""
    terms = service_terms(contract, days)
    earlier = sorted((one for one in named if one.on < terms.billed_from), key=lambda one: one.on)
    clause = earlier[0] if earlier else None
    if clause is not None:
        terms = terms.model_copy(update={"billed_from": clause.on, "billing": clause.said})
    return AccessStart(service=service_started(contract, days), terms=terms, named=clause)


def service_started(contract: Contract, days: ServiceDays) -> Said:
    """A fact of the provider's: it waits for nobody's acceptance (decision 43)."""
    what = _STARTS.get(contract.choice("service.start") or "activation", _STARTS["activation"])
    started = sourced(what, cited(contract, "service.start"))
    return joined((dated(_IN_SERVICE, days.started_on), started), fr=" : ", en=": ")


_IN_SERVICE = Said(fr="en service le", en="in service on")
_STARTS = {
    "activation": Said(
        fr="activé, opérationnel et prêt à être utilisé", en="active, working and ready to be used"
    ),
    "tests-passed": Said(fr="les tests sont passés", en="its tests have passed"),
    "told-by-provider": Said(fr="le prestataire l'a dit", en="the provider has said so"),
    "delivery": Said(fr="livré", en="delivered"),
    "first-use": Said(fr="utilisé pour la première fois", en="used for the first time"),
    "access-codes": Said(fr="les codes d'accès ont été envoyés", en="its access codes were sent"),
}


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    asked: bool
    said: Said


def acceptance(contract: Contract) -> Acceptance:
    """Off unless the order form asks for it; nothing else waits for it (decision 43)."""
    asked = contract.flag("acceptance.by-customer") is True
    source = contract.source("acceptance.by-customer")
    return Acceptance(asked=asked, said=sourced(_ACCEPTED if asked else _NOT_ACCEPTED, source))


_ACCEPTED = Said(
    fr="le client prononce une recette ; service, facturation et engagement ne l'attendent pas",
    en="the customer accepts the service; service, billing and commitment do not wait for it",
)
_NOT_ACCEPTED = Said(
    fr="aucune recette par le client n'est demandée", en="no acceptance by the customer is asked"
)
