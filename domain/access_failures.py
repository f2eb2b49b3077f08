"""Where a failure in the field leads, and whose doing it is.

No contract says what follows: every next step is a default of ours. Whose doing it is has a clause
where the customer owes something at the site; elsewhere that is ours too.
"""

from dataclasses import dataclass

from domain.access_clauses import asks, cited, is_about, joined, ours, sourced
from domain.access_facts import Technology
from domain.contract_questions import Contract
from domain.said import Said
from domain.works_facts import After, FieldFailure, Party


@dataclass(frozen=True, kw_only=True)
class Lead:
    after: After
    by: Party | None
    """Whose doing it is; None where nobody's, or nobody knows."""
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


@dataclass(frozen=True, kw_only=True)
class _Row:
    after: After
    by: Party | None
    what: Said
    clause: str | None = None
    """The question whose answer has the customer, or the works, deal with it."""


def field_lead(contract: Contract, technology: Technology, failure: FieldFailure) -> Lead:
    row = _ROWS[failure]
    source = _clause(contract, technology, row)
    whose = _WHOSE[row.by]
    return Lead(
        after=row.after,
        by=row.by,
        said=(row.what, sourced(whose, source), ours(NEXT_SAID[row.after])),
    )


def failure_said(failure: FieldFailure) -> Said:
    return _ROWS[failure].what


def _clause(contract: Contract, technology: Technology, row: _Row) -> str:
    """Empty where no text is about it here."""
    if row.clause is None or not asks(contract, row.clause):
        return ""
    scope = _SCOPES.get(row.clause)
    if scope is not None and not is_about(contract, scope, technology):
        return ""
    return cited(contract, row.clause)


_SCOPES = {"site.needs": "site.of"}
_ROWS = {
    FieldFailure.BOX_FULL: _Row(
        after=After.DESATURATION,
        by=Party.OPERATOR,
        what=Said(fr="le boîtier optique est plein", en="the optical box is full"),
    ),
    FieldFailure.BOX_NOT_FOUND: _Row(
        after=After.NETWORK_CHECK,
        by=Party.OPERATOR,
        what=Said(fr="le boîtier est introuvable", en="the box is not to be found"),
    ),
    FieldFailure.WRONG_ROUTE: _Row(
        after=After.NETWORK_CHECK,
        by=Party.OPERATOR,
        what=Said(
            fr="la route optique n'est pas la même sur le terrain",
            en="the optical route is not the one in the field",
        ),
    ),
    FieldFailure.NO_CONTINUITY: _Row(
        after=After.NETWORK_CHECK,
        by=Party.OPERATOR,
        what=Said(fr="la route n'est pas continue", en="the route is broken"),
    ),
    FieldFailure.TOO_LONG: _Row(
        after=After.STUDY,
        by=None,
        what=Said(
            fr="la longueur dépasse ce qui se raccorde", en="it is longer than can be connected"
        ),
    ),
    FieldFailure.CUSTOMER_ABSENT: _Row(
        after=After.VISIT,
        by=Party.CUSTOMER,
        what=Said(fr="le client était absent", en="the customer was absent"),
        clause="site.access",
    ),
    FieldFailure.NO_ACCESS: _Row(
        after=After.VISIT,
        by=Party.CUSTOMER,
        what=Said(fr="les lieux n'étaient pas accessibles", en="the place could not be entered"),
        clause="site.access",
    ),
    FieldFailure.SITE_NOT_READY: _Row(
        after=After.VISIT_ONCE_READY,
        by=Party.CUSTOMER,
        what=Said(fr="le site n'était pas prêt", en="the site was not ready"),
        clause="site.needs",
    ),
    FieldFailure.NO_PERMIT: _Row(
        after=After.PERSON,
        by=None,
        what=Said(
            fr="un accord manque : au client de l'obtenir de son côté du point d'entrée, à "
            "l'opérateur ailleurs",
            en="a permission is missing: the customer's on its side of the entry point, otherwise "
            "the operator's",
        ),
    ),
    FieldFailure.MATERIAL_MISSING: _Row(
        after=After.VISIT,
        by=Party.OPERATOR,
        what=Said(fr="du matériel manquait", en="material was missing"),
    ),
    FieldFailure.OTHER: _Row(
        after=After.PERSON,
        by=None,
        what=Said(fr="un motif que nous ne connaissons pas", en="a reason we do not know"),
    ),
}
_WHOSE = {
    Party.CUSTOMER: Said(fr="du fait du client", en="the customer's doing"),
    Party.OPERATOR: Said(fr="du fait de l'opérateur", en="the operator's doing"),
    None: Said(fr="personne n'en répond", en="nobody is said to answer for it"),
}
NEXT_SAID = {
    After.VISIT: Said(fr="un autre rendez-vous est pris", en="another visit is booked"),
    After.VISIT_ONCE_READY: Said(
        fr="un autre rendez-vous est pris, le site une fois prêt",
        en="another visit is booked, once the site is ready",
    ),
    After.DESATURATION: Said(
        fr="une désaturation suit, comme le contrat la traite",
        en="a desaturation follows, as the contract has it",
    ),
    After.STUDY: Said(fr="une étude suit", en="a study follows"),
    After.NETWORK_CHECK: Said(
        fr="l'opérateur vérifie son réseau et ses fichiers",
        en="the operator checks its network and its files",
    ),
    After.PERSON: Said(fr="une personne décide", en="a person decides"),
}
