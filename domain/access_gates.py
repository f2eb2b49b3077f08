"""What stands between the order of a fixed access and the first thing asked of an operator.

Each gate that is closed names the clause that closes it; each that is open says why it is, and a
contract that is silent is said to be.
"""

from dataclasses import dataclass
from datetime import date, datetime

from domain.access_clauses import asks, joined, silence, source_naming, sources_naming
from domain.access_facts import CUTS_PAPER, FEE_PAPER, Technology
from domain.contract_questions import Contract
from domain.customer_gates import Look, arrears, waited_until, withdrawal
from domain.orders import CustomerKind
from domain.port_gates import Found
from domain.port_in_facts import Gate, GateKind, HeldDocument
from domain.said import Said

DSL_MANDATE = "dsl-written-mandate"
ORDER_PAYMENT = "order-payment"
"""That what is due with the order is paid."""
DEPOSIT = "deposit"
"""That the guarantee which was asked for is given."""
PAYMENT = "payment"
"""That unpaid invoices are paid."""

_NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class AccessCircumstances:
    """What the order says of itself and of its customer."""

    signed_on: date
    asked_at: datetime
    wanted: tuple[Technology, ...]
    customer_kind: CustomerKind
    headcount: int | None
    off_premises: bool
    within_main_activity: bool
    start_now: bool
    unpaid_since: date | None
    """When the oldest unpaid invoice was due."""
    held: tuple[HeldDocument, ...]
    deposit_asked: bool = False

    def holds(self, name: str) -> bool:
        return any(document.name == name for document in self.held)

    @property
    def wants_dsl(self) -> bool:
        return any(technology.on_copper for technology in self.wanted)


def access_gates(contract: Contract, told: AccessCircumstances) -> Found:
    looks = (
        _mandate(contract, told),
        _dossier(contract, told),
        _payment(contract, told),
        _deposit(contract, told),
        withdrawal(contract, told),
        _arrears(contract, told),
    )
    return Found(
        closed=tuple(look for look in looks if isinstance(look, Gate)),
        stated=tuple(look for look in looks if isinstance(look, Said)),
    )


def access_papers(contract: Contract) -> tuple[str, ...]:
    """Every paper and statement a gate or a consent of an access can ask for."""
    consents = {CUTS_PAPER, FEE_PAPER}
    asked = {ORDER_PAYMENT, DEPOSIT, PAYMENT, *contract.choices("gate.documents")}
    return tuple(sorted(asked | consents))


def _mandate(contract: Contract, told: AccessCircumstances) -> Look:
    """Decision 16: a written mandate, for DSL and for nothing else (002:2227-2231)."""
    if not told.wants_dsl:
        return None
    if DSL_MANDATE not in contract.choices("gate.documents"):
        return silence(
            Said(fr="aucun mandat n'est demandé pour le DSL", en="no mandate is asked for DSL")
        )
    source = source_naming(contract, "gate.documents", DSL_MANDATE)
    if told.holds(DSL_MANDATE):
        return Said(
            fr=f"mandat écrit pour le DSL reçu ({source})",
            en=f"written mandate for DSL received ({source})",
        )
    return Gate(
        kind=GateKind.MANDATE,
        needs=(DSL_MANDATE,),
        until=waited_until(contract, told.asked_at),
        said=Said(
            fr="le mandat écrit préalable pour le DSL manque",
            en="the prior written mandate for DSL is missing",
        ),
        source=source,
    )


def _dossier(contract: Contract, told: AccessCircumstances) -> Look:
    asked = contract.choices("gate.documents")
    needs = tuple(name for name in asked if name != DSL_MANDATE)
    if not needs:
        return silence(Said(fr="aucune pièce n'est demandée", en="no document is asked for"))
    missing = tuple(name for name in needs if not told.holds(name))
    if not missing:
        source = sources_naming(contract, "gate.documents", needs)
        return Said(fr=f"pièces reçues ({source})", en=f"documents received ({source})")
    named = joined(tuple(_said_of(name) for name in missing))
    return Gate(
        kind=GateKind.DOSSIER,
        needs=missing,
        until=waited_until(contract, told.asked_at),
        said=Said(fr=f"pièces manquantes : {named.fr}", en=f"documents missing: {named.en}"),
        source=sources_naming(contract, "gate.documents", missing),
    )


def _payment(contract: Contract, told: AccessCircumstances) -> Look:
    """Decision 16: due at the order, or payable in advance, and said so by a named clause."""
    due = contract.choices("gate.payment-on-order")
    if not due:
        return silence(
            Said(fr="rien n'est dit dû à la commande", en="nothing is said to be due at the order")
        )
    source = sources_naming(contract, "gate.payment-on-order", due)
    if due == (_NOTHING,):
        return Said(
            fr=f"rien n'est dû à la commande ({source})",
            en=f"nothing is due at the order ({source})",
        )
    what = joined(tuple(_said_of(name) for name in due))
    if told.holds(ORDER_PAYMENT):
        return Said(fr=f"payé : {what.fr} ({source})", en=f"paid: {what.en} ({source})")
    return Gate(
        kind=GateKind.PAYMENT,
        needs=(ORDER_PAYMENT,),
        until=waited_until(contract, told.asked_at),
        said=Said(
            fr=f"à payer à la commande ou d'avance : {what.fr}",
            en=f"to be paid with the order or in advance: {what.en}",
        ),
        source=source,
    )


def _deposit(contract: Contract, told: AccessCircumstances) -> Look:
    """Technicophone asks for one on a significant order (002:421-427), OKSIO when there is a risk
    of insolvency (000:55-57). Whether it was asked for is a person's to say."""
    if not told.deposit_asked:
        return None
    what = contract.choice("deposit.unpaid") if asks(contract, "deposit.unpaid") else None
    source = contract.source("deposit.unpaid") if what else ""
    if told.holds(DEPOSIT):
        return Said(
            fr=f"garantie demandée et donnée ({source or OURS})",
            en=f"guarantee asked for and given ({source or OURS})",
        )
    follows = _UNPAID.get(what or "", _HELD)
    return Gate(
        kind=GateKind.DEPOSIT,
        needs=(DEPOSIT,),
        until=waited_until(contract, told.asked_at),
        said=Said(
            fr=f"la garantie demandée manque : {follows.fr}",
            en=f"the guarantee that was asked for is missing: {follows.en}",
        ),
        source=source or OURS,
    )


def _arrears(contract: Contract, told: AccessCircumstances) -> Look:
    look = arrears(contract, told)
    if told.unpaid_since is None or contract.duration("gate.arrears-hold") is not None:
        return look
    return silence(
        Said(
            fr="des factures impayées ne retiennent aucune livraison",
            en="unpaid invoices hold no delivery",
        )
    )


OURS = "a default of ours"
_UNPAID = {
    "service-suspended": Said(
        fr="rien n'est fourni tant qu'elle n'est pas en place",
        en="nothing is supplied until it is there",
    ),
    "orders-cancelled": Said(
        fr="refusée, le fournisseur peut annuler les commandes",
        en="refused, the provider may cancel the orders",
    ),
}
_HELD = Said(fr="la commande attend", en="the order waits")
_PAPERS_SAID = {
    "signed-order-form": Said(fr="le bon de commande signé", en="the signed order form"),
    "premises-description": Said(
        fr="le descriptif détaillé des locaux", en="the detailed description of the premises"
    ),
    "sepa-mandate": Said(fr="le mandat SEPA", en="the SEPA mandate"),
    "equipment": Said(fr="les matériels", en="the equipment"),
    "set-up-fees": Said(fr="les frais de mise en service", en="the set-up fees"),
    "installation-fee": Said(fr="les frais d'installation", en="the installation fee"),
}


def _said_of(name: str) -> Said:
    """A paper nobody put in words goes by its name."""
    return _PAPERS_SAID.get(name, Said(fr=name, en=name))
