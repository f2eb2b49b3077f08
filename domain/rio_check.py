"""Does this RIO go with this number? The check the receiving operator owes at order time.

ARCEP decision 2012-0576 art. 13 III (mobile), 2013-0830 art. 12 III (fixed): format and key. It
says nothing about whether the contract exists: only the donor knows that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.numbering import NumberKind
from domain.numbers import FrenchNumber
from domain.policies import FixedKeyPolicy
from domain.rio import RIO, BadRioError, Medium, RioPrefix, key_is_right, medium_of
from domain.rio_prefixes import Holder, RioDirectory
from domain.rio_slips import slips_of
from domain.said import Said


class Weight(StrEnum):
    """What a finding does to the answer."""

    REFUSAL = "refusal"
    """The RIO cannot be sent with this number."""
    WARNING = "warning"
    """A person should look."""
    NOTE = "note"
    """What was found."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    weight: Weight
    code: str
    said: Said


@dataclass(frozen=True, kw_only=True)
class RioVerdict:
    """Every finding, in the order they were made; accepted when none of them refuses."""

    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        return all(finding.weight is not Weight.REFUSAL for finding in self.findings)


def check_rio(
    rio: RIO,
    number: FrenchNumber,
    *,
    directory: RioDirectory,
    fixed_key: FixedKeyPolicy = FixedKeyPolicy.WARN,
) -> RioVerdict:
    mismatch = _mismatch(rio, number)
    if mismatch is not None:
        return RioVerdict(findings=(mismatch,))
    return RioVerdict(
        findings=(*_key_findings(rio, number, fixed_key), _holder_finding(rio, number, directory))
    )


def check_key_exists(prefix: RioPrefix, number: FrenchNumber) -> None:
    """Refuse to compute a key that no RIO can have."""
    if number.kind is NumberKind.SHORT:
        raise BadRioError(
            f"{number} is a short number, which has no RIO; give the line's own number"
        )
    medium = Medium.MOBILE if prefix.code[0].isdigit() else Medium.FIXED
    if medium is not medium_of(number):
        raise BadRioError(
            f"{prefix} starts a {medium} RIO and {number} is a {number.kind} number; check which "
            "of them is meant"
        )


def _mismatch(rio: RIO, number: FrenchNumber) -> Finding | None:
    if number.kind is NumberKind.SHORT:
        return Finding(
            weight=Weight.REFUSAL,
            code="no-rio",
            said=Said(
                fr="un numéro court n'a pas de RIO ; il se porte sur demande de son titulaire",
                en="a short number has no RIO; it is ported at its holder's own request",
            ),
        )
    if rio.medium is medium_of(number):
        return None
    fixed = rio.medium is Medium.FIXED
    slip = _slip_said(rio, number)
    return Finding(
        weight=Weight.REFUSAL,
        code="wrong-medium",
        said=Said(
            fr=f"c'est le RIO d'un numéro {'fixe' if fixed else 'mobile'}, pas de ce numéro"
            f"{slip.fr} ; le redemander en appelant le 3179 depuis la ligne",
            en=f"this is the RIO of a {rio.medium} number, not of this one{slip.en}; ask for it "
            "again by calling 3179 from the line",
        ),
    )


def _key_findings(rio: RIO, number: FrenchNumber, fixed_key: FixedKeyPolicy) -> Iterator[Finding]:
    proved = rio.medium is Medium.MOBILE
    if not proved and fixed_key is FixedKeyPolicy.OFF:
        return
    if key_is_right(rio, number):
        yield Finding(
            weight=Weight.NOTE,
            code="key-right",
            said=Said(
                fr="la clé lie ce RIO à ce numéro", en="the key binds this RIO to this number"
            ),
        )
        return
    refuses = proved or fixed_key is FixedKeyPolicy.BLOCK
    yield _wrong_key(rio, number, Weight.REFUSAL if refuses else Weight.WARNING)


def _wrong_key(rio: RIO, number: FrenchNumber, weight: Weight) -> Finding:
    slip = _slip_said(rio, number)
    return Finding(
        weight=weight,
        code="key-wrong",
        said=Said(
            fr=f"la clé ne correspond pas à ce numéro{slip.fr} ; vérifier les deux, ou redemander "
            "le RIO au 3179",
            en=f"the key does not go with this number{slip.en}; check both, or ask for the RIO "
            "again at 3179",
        ),
    )


def _slip_said(rio: RIO, number: FrenchNumber) -> Said:
    """The single slips that would explain it, ready to follow a sentence; empty when none does."""
    slips = slips_of(rio, number)
    if not slips:
        return Said(fr="", en="")
    fr = " ; ou ".join(slip.said.fr for slip in slips)
    en = "; or ".join(slip.said.en for slip in slips)
    return Said(
        fr=f" ; une seule faute l'expliquerait : {fr}", en=f"; one slip would explain it: {en}"
    )


def _holder_finding(rio: RIO, number: FrenchNumber, directory: RioDirectory) -> Finding:
    found = directory.holder_of(rio, number)
    if isinstance(found, Holder):
        return Finding(
            weight=Weight.NOTE,
            code="operator",
            said=Said(fr=f"opérateur donneur : {found.name}", en=f"donor: {found.name}"),
        )
    return Finding(
        weight=Weight.REFUSAL if found.refuse else Weight.NOTE,
        code="operator-unknown",
        said=found.said,
    )
