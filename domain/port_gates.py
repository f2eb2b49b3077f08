"""What stands between an order and its port request, read from the contract on its day.

Each gate that is closed names the clause that closes it; each that is open says why it is.
"""

from dataclasses import dataclass
from datetime import date, datetime

from domain.contract_questions import Contract
from domain.customer_gates import Look, arrears, waited_until, withdrawal
from domain.orders import CustomerKind
from domain.port_in_facts import Gate, GateKind, HeldDocument
from domain.said import Said

_NOT_THE_DOSSIER = {"rio", "msisdn", "mandate"}


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the order says of itself and of its customer."""

    signed_on: date
    asked_at: datetime
    wished: date | None
    has_rio: bool
    customer_kind: CustomerKind
    headcount: int | None
    off_premises: bool
    within_main_activity: bool
    start_now: bool
    unpaid_since: date | None
    """When the oldest unpaid invoice was due."""
    held: tuple[HeldDocument, ...]

    def holds(self, name: str) -> bool:
        return any(document.name == name for document in self.held)


@dataclass(frozen=True, kw_only=True)
class Found:
    closed: tuple[Gate, ...]
    stated: tuple[Said, ...]


def gates_of(contract: Contract, told: Circumstances) -> Found:
    looks = (
        _rio(contract, told),
        _mandate(contract, told),
        _identity(contract, told),
        _dossier(contract, told),
        withdrawal(contract, told),
        arrears(contract, told),
        _presence(contract, told),
        _donor_letter(contract),
    )
    return Found(
        closed=tuple(look for look in looks if isinstance(look, Gate)),
        stated=tuple(look for look in looks if isinstance(look, Said)),
    )


def _falls_back(contract: Contract) -> bool:
    return contract.choice("port-in.fallback") == "new-number"


def _rio(contract: Contract, told: Circumstances) -> Look:
    """Decision 11: OKSIO lets the RIO come within fifteen calendar days."""
    if told.has_rio:
        return None
    until = contract.after("port-in.rio-collected", told.signed_on)
    return Gate(
        kind=GateKind.RIO,
        needs=("rio",),
        until=until or waited_until(contract, told.asked_at),
        said=Said(fr="le RIO de la ligne manque", en="the line's RIO is missing"),
        source=contract.source("port-in.rio-collected") or "a default of ours: 30 calendar days",
        falls_back=until is not None and _falls_back(contract),
    )


def _mandate(contract: Contract, told: Circumstances) -> Look:
    how = contract.choice("port-in.mandate")
    source = contract.source("port-in.mandate")
    if how == "implied":
        return Said(
            fr=f"mandat : la demande vaut mandat ({source})",
            en=f"mandate: the request is the mandate ({source})",
        )
    if told.holds("mandate"):
        return Said(fr=f"mandat signé reçu ({source})", en=f"signed mandate received ({source})")
    return Gate(
        kind=GateKind.MANDATE,
        needs=("mandate",),
        until=waited_until(contract, told.asked_at),
        said=_mandate_said(how),
        source=source,
    )


def _mandate_said(how: str | None) -> Said:
    if how == "signed-by-end-customer":
        return Said(
            fr="le mandat signé par le client final manque (le revendeur le fait signer)",
            en="the mandate signed by the end customer is missing (the reseller has it signed)",
        )
    return Said(
        fr="le mandat de portabilité signé manque", en="the signed porting mandate is missing"
    )


def _identity(contract: Contract, told: Circumstances) -> Look:
    by = contract.choice("port-in.identity-check-by")
    if by is None:
        return Said(
            fr="identité : le contrat est muet, aucun contrôle de plus",
            en="identity: the contract is silent, no further check",
        )
    source = contract.source("port-in.identity-check-by")
    if told.holds("identity"):
        return Said(
            fr=f"identité contrôlée ({by}, {source})", en=f"identity checked ({by}, {source})"
        )
    ours = by == "provider"
    return Gate(
        kind=GateKind.IDENTITY,
        needs=("identity",),
        until=waited_until(contract, told.asked_at),
        said=Said(
            fr=f"l'identité du titulaire est à contrôler par {'nous' if ours else 'le revendeur'}",
            en=f"the holder's identity is to be checked by {'us' if ours else 'the reseller'}",
        ),
        source=source,
    )


def dossier_needs(contract: Contract) -> tuple[str, ...]:
    asked = contract.choices("port-in.documents")
    return tuple(name for name in asked if name not in _NOT_THE_DOSSIER)


def papers_of(contract: Contract) -> tuple[str, ...]:
    """Every paper and statement a gate of this contract can ask for."""
    asked = {"mandate", "identity", "presence", "payment", *contract.choices("port-in.documents")}
    return tuple(sorted(asked - {"rio", "msisdn"}))


def _dossier(contract: Contract, told: Circumstances) -> Look:
    """Decision 11: thirty days from signature, and thirty days before the port, both."""
    needs = dossier_needs(contract)
    missing = tuple(name for name in needs if not told.holds(name))
    if not missing:
        return Said(fr="dossier complet", en="dossier complete") if needs else None
    ends = (
        contract.after("port-in.dossier-after-signature", told.signed_on),
        None
        if told.wished is None
        else contract.before("port-in.dossier-before-port", told.wished),
    )
    dated = [end for end in ends if end is not None]
    return Gate(
        kind=GateKind.DOSSIER,
        needs=missing,
        until=min(dated, default=waited_until(contract, told.asked_at)),
        said=Said(
            fr=f"pièces du dossier manquantes : {', '.join(missing)}",
            en=f"documents of the dossier missing: {', '.join(missing)}",
        ),
        source=contract.source("port-in.documents"),
        falls_back=_falls_back(contract),
    )


def _presence(contract: Contract, told: Circumstances) -> Look:
    if not contract.flag("port-in.customer-in-france"):
        return None
    source = contract.source("port-in.customer-in-france")
    if told.holds("presence"):
        return Said(
            fr=f"présence en France le jour du portage confirmée ({source})",
            en=f"presence in France on the port day confirmed ({source})",
        )
    return Gate(
        kind=GateKind.PRESENCE,
        needs=("presence",),
        until=waited_until(contract, told.asked_at),
        said=Said(
            fr="le client doit confirmer qu'il sera en France le jour du portage",
            en="the customer is to confirm being in France on the port day",
        ),
        source=source,
    )


def go_ahead(lines: int, donor: str | None, at_most: int, *, until: datetime, source: str) -> Gate:
    """Decision 22: more lines than one request takes, for one donor and one day."""
    to = Said(fr=f"vers {donor}", en=f"to {donor}") if donor else _TO_SOMEBODY
    return Gate(
        kind=GateKind.GO_AHEAD,
        needs=("go-ahead",),
        until=until,
        said=Said(
            fr=f"flotte de {lines} lignes {to.fr} pour le même jour, par demandes de {at_most} au "
            "plus : quelqu'un doit donner le feu vert",
            en=f"a fleet of {lines} lines {to.en} for the same day, by requests of {at_most} at "
            "most: somebody has to let it go",
        ),
        source=source,
    )


_TO_SOMEBODY = Said(fr="vers un donneur à connaître", en="to a donor still to be known")


def _donor_letter(contract: Contract) -> Look:
    """Decision 10: sent before the port, it would end the number that is to be ported."""
    if contract.choice("port-in.donor-letter") != "held-until-ported":
        return None
    source = contract.source("port-in.donor-letter")
    return Said(
        fr=f"lettre de résiliation au donneur : conservée, jamais envoyée avant le portage "
        f"({source}, décision 10)",
        en=f"termination letter to the donor: held, never sent before the port "
        f"({source}, decision 10)",
    )
