"""What cancelling takes and costs, said before anybody decides it (decisions 9, 13, 24)."""

from datetime import datetime
from typing import cast

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.contract_questions import Contract
from domain.contract_values import ContractValue, FormulaName, FormulaValue, value_said
from domain.policies import CANCELLATION_PAPER_WAIT
from domain.said import Said


class CancellationTerms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    needs: Said | None
    """What makes a request take effect; None when it does at once."""
    needs_agreement: bool
    needs_until: AwareDatetime
    cost: tuple[Said, ...]
    """Every reading the contract has; none of them is charged until a person has signed one."""


def cancellation_terms(
    contract: Contract, *, asked_at: datetime, closes_at: datetime | None
) -> CancellationTerms:
    reckoning = contract.reckoning
    until = reckoning.ends_at(reckoning.add(asked_at, CANCELLATION_PAPER_WAIT))
    needs, agreement = _form(contract)
    return CancellationTerms(
        needs=needs,
        needs_agreement=agreement,
        needs_until=until if closes_at is None else min(until, closes_at),
        cost=_cost(contract),
    )


def _form(contract: Contract) -> tuple[Said | None, bool]:
    """Silence asks for nothing: the request itself is enough (a default of ours)."""
    form = contract.choice("cancel.form")
    source = contract.source("cancel.form")
    if form == "express-agreement":
        needs = Said(
            fr=f"l'accord exprès du fournisseur est nécessaire ({source})",
            en=f"the provider's express agreement is needed ({source})",
        )
        return needs, True
    if form == "agreement-signed-by-both":
        needs = Said(
            fr=f"un accord écrit, signé par les deux parties, est nécessaire ({source})",
            en=f"a written agreement, signed by both parties, is needed ({source})",
        )
        return needs, True
    if form == "registered-letter":
        needs = Said(
            fr=f"l'annulation doit être confirmée par lettre recommandée avec AR ({source})",
            en=f"a registered letter with acknowledgement has to confirm it ({source})",
        )
        return needs, False
    return None, False


def _cost(contract: Contract) -> tuple[Said, ...]:
    readings = contract.readings("cancel.fee")
    if not readings:
        nothing = Said(
            fr="le contrat ne prévoit aucun frais d'annulation avant la mise en service",
            en="the contract names no fee for cancelling before service",
        )
        return (nothing,)
    note = _NOTHING if contract.may_be_charged("cancel.fee") else _NOT_CHARGED
    return tuple(
        Said(
            fr=f"{_formula_said(reading.value).fr} ({reading.source}){note.fr}",
            en=f"{_formula_said(reading.value).en} ({reading.source}){note.en}",
        )
        for reading in readings
    )


_NOTHING = Said(fr="", en="")
_NOT_CHARGED = Said(
    fr=" ; affiché, non facturable tant qu'une lecture n'est pas signée",
    en="; shown, not chargeable until a reading is signed",
)
_SAID = {
    FormulaName.AT_COST: Said(fr="les frais engagés", en="the costs incurred"),
    FormulaName.ORDER_AMOUNT: Said(
        fr="le montant de la commande", en="the whole amount of the order"
    ),
    FormulaName.MULTIPLE_OF_ACCESS_FEES: Said(
        fr="un multiple des frais d'accès", en="a multiple of the access fees"
    ),
    FormulaName.REMAINING_MONTHS: Said(
        fr="les mois restant à courir", en="the months left of the term"
    ),
    FormulaName.NOTHING: Said(fr="rien", en="nothing"),
}


def _formula_said(value: ContractValue) -> Said:
    """In words where there are some; else as the profile writes it."""
    formula = cast("FormulaValue", value)
    written = value_said(value)
    said = _SAID.get(formula.formula, Said(fr=written, en=written))
    factor = "" if formula.factor in {None, "1"} else f" x {formula.factor}"
    return Said(fr=f"{said.fr}{factor}", en=f"{said.en}{factor}")
