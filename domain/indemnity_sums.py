"""What one indemnity comes to: by the contract, by the facts, with every step said.

Amounts are the line's monthly price including VAT times the contract's factor, to the cent, half
up; days are calendar days begun (decision 6). What the facts do not say is a question.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import assert_never

from domain.contract_profiles import Entry
from domain.contract_questions import Contract
from domain.contract_values import FormulaName, FormulaValue, value_said
from domain.indemnity_facts import (
    OURS,
    PARTIES_SAID,
    Assessment,
    Givens,
    Head,
    IndemnityTerms,
    LateDay,
    MissedVisit,
    Party,
    Share,
)
from domain.indemnity_questions import Question, QuestionAbout
from domain.port_evidence import PortEvidence, days_late
from domain.said import Said, day_said

CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything one assessment rests on."""

    terms: IndemnityTerms
    givens: Givens
    evidence: PortEvidence
    absorbed: bool = False
    """The heads do not add up by this contract, and a weightier one is owed already."""

    @property
    def monthly_ttc(self) -> Decimal | None:
        given = self.givens.monthly_ttc
        return self.terms.monthly_ttc if given is None else given


def amount_of(monthly_ttc: Decimal, factor: str, *, times: int = 1) -> Decimal:
    """`1/5` of 19.90 for three days is 11.94."""
    exact = Fraction(monthly_ttc) * Fraction(factor) * times
    whole = Decimal(exact.numerator) / Decimal(exact.denominator)
    return whole.quantize(CENT, rounding=ROUND_HALF_UP)


def work_out(case: Case, contract: Contract) -> Assessment | Question:
    """The assessment, or the first thing a person has to say before there can be one."""
    entry = _entry(case, contract)
    formula = _formula(entry)
    if formula.formula not in _KNOWN:
        return Question(about=QuestionAbout.FORMULA, what=_no_formula(contract, case.terms.head))
    found = _found(case, contract)
    if isinstance(found, Question):
        return found
    if formula.formula is not FormulaName.NOTHING and _owes(found) and case.monthly_ttc is None:
        return Question(about=QuestionAbout.PRICE, what=_NO_PRICE)
    return _assessed(case, contract, found)


_KNOWN = frozenset(
    {
        FormulaName.NOTHING,
        FormulaName.SHARE_OF_MONTHLY_PER_DAY,
        FormulaName.MULTIPLE_OF_MONTHLY,
    }
)
_SILENT = FormulaValue(formula=FormulaName.NOTHING)


def _entry(case: Case, contract: Contract) -> Entry | None:
    return contract.shelf.answer(contract.pin, _question(case.terms.head)).entry


def _question(head: Head) -> str:
    return f"indemnity.{head}"


def _formula(entry: Entry | None) -> FormulaValue:
    value = None if entry is None else entry.current.value
    return value if isinstance(value, FormulaValue) else _SILENT


# whose it is


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Who answers for what, once nothing is unknown any more."""

    parties: tuple[Party, ...]
    """One for each day, or one for the whole loss."""
    days: tuple[LateDay, ...]
    agreed_on: date | None
    back_on: date | None
    because: tuple[Said, ...]
    paid_first: bool

    def counted(self) -> Counter[Party]:
        return Counter(self.parties)

    def is_ours(self, party: Party) -> bool:
        return party in OURS or (self.paid_first and party is Party.DONOR)


def _grants_nothing(case: Case, contract: Contract) -> bool:
    return _formula(_entry(case, contract)).formula is FormulaName.NOTHING


def _owes(found: _Found) -> bool:
    return any(found.is_ours(party) for party in found.parties)


def _found(case: Case, contract: Contract) -> _Found | Question:
    paid_first = contract.flag("indemnity.paid-before-recourse") is True
    match case.terms.head:
        case Head.DELAY:
            return _delay(case, paid_first=paid_first)
        case Head.LOSS:
            return _loss(case, paid_first=paid_first)
        case Head.APPOINTMENT:
            return _visit(case, paid_first=paid_first, nothing=_grants_nothing(case, contract))
        case _:
            assert_never(case.terms.head)


def _delay(case: Case, *, paid_first: bool) -> _Found | Question:
    evidence, givens = case.evidence, case.givens
    agreed_on = givens.agreed_on or evidence.agreed_on
    back_on = givens.back_on or evidence.back_on
    if agreed_on is not None and back_on is None:
        return Question(about=QuestionAbout.BACK, what=_NOT_BACK)
    days: tuple[LateDay, ...] = ()
    if agreed_on is not None and back_on is not None:
        days = days_late(evidence, agreed_on=agreed_on, back_on=back_on)
    ruled = tuple(_ruled(day, givens) for day in days)
    unknown = [day for day in ruled if day.party is Party.UNKNOWN]
    if unknown:
        return _whose(_unknown_said(unknown))
    agreed = () if evidence.agreed_because is None else (evidence.agreed_because,)
    return _Found(
        parties=tuple(day.party for day in ruled),
        days=ruled,
        agreed_on=agreed_on,
        back_on=back_on,
        because=(*agreed, *_back(case, back_on), *_days_said(ruled), *_outage(case, ruled)),
        paid_first=paid_first,
    )


def _unknown_said(days: list[LateDay]) -> Said:
    """Each cause with its days; where there are several, that one answer is for all of them."""
    by_cause: dict[str, list[LateDay]] = {}
    for day in days:
        by_cause.setdefault(day.because.en, []).append(day)
    said = [_cause_said(of_it) for of_it in by_cause.values()]
    if len(said) > 1:
        said.append(_ONE_ANSWER)
    return Said(fr=" ; ".join(s.fr for s in said), en="; ".join(s.en for s in said))


def _cause_said(days: list[LateDay]) -> Said:
    on, because = [day_said(day.day) for day in days], days[0].because
    fr, en = ", ".join(one.fr for one in on), ", ".join(one.en for one in on)
    return Said(fr=f"{fr} : {because.fr}", en=f"{en}: {because.en}")


def _ruled(day: LateDay, givens: Givens) -> LateDay:
    """What a person said about it, where no fact does; or about all of it, when they correct."""
    party = givens.responsible
    if party is None or not (givens.whole or day.party is Party.UNKNOWN):
        return day
    return day.model_copy(update={"party": party})


def _loss(case: Case, *, paid_first: bool) -> _Found | Question:
    lost, givens = case.evidence.lost, case.givens
    facts = lost.party if lost is not None else Party.UNKNOWN
    ruled = givens.responsible is not None and (givens.whole or facts is Party.UNKNOWN)
    party = givens.responsible if ruled and givens.responsible is not None else facts
    said = lost.said if lost is not None else _NOT_LOST
    if party is Party.UNKNOWN:
        return _whose(said)
    return _Found(
        parties=(party,),
        days=(),
        agreed_on=case.evidence.agreed_on,
        back_on=None,
        because=(said, _answers(party)),
        paid_first=paid_first,
    )


def _visit(case: Case, *, paid_first: bool, nothing: bool) -> _Found | Question:
    """Where nothing is owed whatever the days, nobody is asked for them."""
    missed = case.terms.missed
    if missed is None:
        return Question(about=QuestionAbout.RESPONSIBLE, what=_NO_VISIT)
    party, back_on = _party_of_visit(missed, case.givens), case.givens.back_on
    if party is Party.UNKNOWN:
        return _whose(_missed_said(missed))
    counted = party in OURS and not nothing
    if counted and back_on is None:
        return Question(about=QuestionAbout.BACK, what=_NO_NEW_VISIT)
    days = tuple(_visit_days(missed, party, back_on)) if counted and back_on is not None else ()
    return _Found(
        parties=tuple(day.party for day in days) if counted else (party,),
        days=days,
        agreed_on=missed.missed_on,
        back_on=back_on,
        because=(_missed_said(missed), _answers(party), *_days_said(days)),
        paid_first=paid_first,
    )


def _party_of_visit(missed: MissedVisit, givens: Givens) -> Party:
    if givens.responsible is None:
        return missed.by
    return givens.responsible if givens.whole or missed.by is Party.UNKNOWN else missed.by


def _visit_days(missed: MissedVisit, party: Party, back_on: date) -> Iterator[LateDay]:
    for n in range(1, (back_on - missed.missed_on).days + 1):
        day = missed.missed_on + timedelta(days=n)
        yield LateDay(day=day, party=party, because=_missed_said(missed))


def _whose(why: Said) -> Question:
    what = Said(
        fr=f"qui répond de ce retard ? les faits ne le disent pas : {why.fr}",
        en=f"who answers for it? the facts do not say: {why.en}",
    )
    return Question(about=QuestionAbout.RESPONSIBLE, what=what)


# how much


def _assessed(case: Case, contract: Contract, found: _Found) -> Assessment:
    head = case.terms.head
    entry = _entry(case, contract)
    formula = _formula(entry)
    ours = _ours(case, found, formula)
    return Assessment(
        head=head,
        formula=formula.formula,
        factor=formula.factor,
        source=contract.source(_question(head)),
        may_be_paid=entry is None or entry.may_be_charged,
        monthly_ttc=case.monthly_ttc,
        agreed_on=found.agreed_on,
        back_on=found.back_on,
        days=found.days,
        shares=tuple(_shares(case, found, formula)),
        ours=ours,
        because=(
            *found.because,
            *_clause(contract, case.terms.head, formula, entry),
            *_figure(case, found, formula, ours),
            *_why_nothing(found, formula, ours),
            *(_ABSORBED for _ in range(case.absorbed and _owes(found))),
        ),
    )


def _ours(case: Case, found: _Found, formula: FormulaValue) -> Decimal:
    times = sum(1 for party in found.parties if found.is_ours(party))
    if case.absorbed or not times:
        return _NOTHING
    return _sum(case, formula, times)


def _sum(case: Case, formula: FormulaValue, times: int) -> Decimal:
    monthly = case.monthly_ttc
    if formula.factor is None or monthly is None:
        return _NOTHING
    per_day = formula.formula is FormulaName.SHARE_OF_MONTHLY_PER_DAY
    return amount_of(monthly, formula.factor, times=times if per_day else 1)


def _shares(case: Case, found: _Found, formula: FormulaValue) -> Iterator[Share]:
    for party, times in found.counted().items():
        days = times if found.days else 0
        amount: Decimal | None = _NOTHING
        if found.is_ours(party):
            amount = _NOTHING if case.absorbed else _sum(case, formula, times)
        elif party is Party.DONOR:
            amount = None
        yield Share(party=party, days=days, amount=amount)


# in words


def _days_said(days: tuple[LateDay, ...]) -> Iterator[Said]:
    """Day by day: whose each of them is, and the fact that says so."""
    for n, day in enumerate(days, start=1):
        on, party = day_said(day.day), PARTIES_SAID[day.party]
        yield Said(
            fr=f"jour {n}, {on.fr} : {party.fr} ; {day.because.fr}",
            en=f"day {n}, {on.en}: {party.en}; {day.because.en}",
        )


def _back(case: Case, back_on: date | None) -> Iterator[Said]:
    if back_on is None:
        return
    on, given = day_said(back_on), case.givens.back_on is not None
    yield Said(
        fr=f"compté jusqu'au {on.fr}{', donné par une personne' if given else ''}",
        en=f"counted until {on.en}{', given by a person' if given else ''}",
    )


def _outage(case: Case, days: tuple[LateDay, ...]) -> Iterator[Said]:
    """An outage that was too long and over on the same day begins no day of delay."""
    yield from case.evidence.too_long
    if case.evidence.too_long and not days:
        yield _SAME_DAY


def _answers(party: Party) -> Said:
    said = PARTIES_SAID[party]
    return Said(fr=f"en répond : {said.fr}", en=f"responsible: {said.en}")


def _missed_said(missed: MissedVisit) -> Said:
    on, by = day_said(missed.missed_on), PARTIES_SAID[missed.by]
    return Said(
        fr=f"rendez-vous du {on.fr} non tenu par : {by.fr} (preuve : {missed.evidence})",
        en=f"appointment of {on.en} not kept by: {by.en} (evidence: {missed.evidence})",
    )


def _clause(
    contract: Contract, head: Head, formula: FormulaValue, entry: Entry | None
) -> Iterator[Said]:
    source = contract.source(_question(head))
    if entry is None:
        yield Said(
            fr="aucun texte du contrat n'accorde cette indemnité : son silence est dit",
            en="no text of the contract grants this indemnity: its silence is said",
        )
        return
    written = value_said(formula)
    yield Said(fr=f"règle : {written} ({source})", en=f"rule: {written} ({source})")
    for reading in entry.readings:
        if reading is not entry.current:
            other = f"{value_said(reading.value)} ({reading.source})"
            yield Said(
                fr=f"autre lecture, non retenue : {other}",
                en=f"another reading, not in force: {other}",
            )
    yield from _disclaimed(contract)
    if not entry.may_be_charged:
        yield _UNSIGNED


_LIABLE = ("port-in.liable-for-date", "port-in-fixed.liable-for-date")


def _disclaimed(contract: Contract) -> Iterator[Said]:
    """Said beside the rule, whichever of them a lawyer holds to be stronger."""
    terms = contract.shelf.catalogue.terms
    for question in _LIABLE:
        if terms[question].is_for(contract.pin.service) and contract.flag(question) is False:
            where = contract.source(question)
            yield Said(
                fr=f"le contrat dit ne pas répondre de la date ({where})",
                en=f"the contract says it does not answer for the date ({where})",
            )


def _figure(case: Case, found: _Found, formula: FormulaValue, ours: Decimal) -> Iterator[Said]:
    if not ours:
        return
    monthly, factor = case.monthly_ttc, formula.factor
    price = f"{monthly} € TTC x {factor}"
    if formula.formula is FormulaName.SHARE_OF_MONTHLY_PER_DAY:
        n = sum(1 for party in found.parties if found.is_ours(party))
        yield Said(
            fr=f"{price} x {n} jour(s) commencé(s) = {ours} €",
            en=f"{price} x {n} day(s) begun = {ours} €",
        )
    else:
        yield Said(fr=f"{price} = {ours} €", en=f"{price} = {ours} €")
    hosts = found.counted()[Party.HOST]
    if hosts:
        yield _RECOURSE
    if found.paid_first and found.counted()[Party.DONOR]:
        yield _PAID_FIRST


def _why_nothing(found: _Found, formula: FormulaValue, ours: Decimal) -> Iterator[Said]:
    """Nothing is explained too."""
    if ours:
        return
    parties = found.counted()
    if formula.formula is FormulaName.NOTHING:
        yield _SAID_NOTHING
    if not found.parties:
        yield _NO_DAY
    if parties[Party.CUSTOMER] == len(found.parties) and found.parties:
        yield _OF_THE_CUSTOMER
    if parties[Party.NOBODY]:
        yield _OF_NOBODY
    if parties[Party.DONOR]:
        yield _OF_THE_DONOR


def _no_formula(contract: Contract, head: Head) -> Said:
    source = contract.source(_question(head))
    return Said(
        fr=f"cette règle ne se calcule pas ici ({source}) : corriger le profil, ou décider",
        en=f"this rule cannot be worked out here ({source}): mend the profile, or decide",
    )


_ONE_ANSWER = Said(
    fr="une seule réponse vaut pour tous ces jours",
    en="one answer is for all of these days",
)
_NO_PRICE = Said(
    fr="le prix mensuel TTC de la ligne n'est pas connu : le donner",
    en="the line's monthly price including VAT is not known: give it",
)
_NOT_BACK = Said(
    fr="le jour où le service est revenu n'est dit par aucun fait : le donner",
    en="no fact says on which day the service was back: give it",
)
_NO_NEW_VISIT = Said(
    fr="le nouveau rendez-vous n'est ni tenu ni annulé : donner le jour où il l'a été",
    en="the new appointment is neither kept nor cancelled: give the day on which it was",
)
_NO_VISIT = Said(fr="aucun rendez-vous n'est décrit", en="no appointment is described")
_NOT_LOST = Said(fr="aucun fait ne dit la perte", en="no fact says that it was lost")
_NO_DAY = Said(
    fr="aucun jour commencé après le jour convenu : rien n'est dû",
    en="no day was begun after the agreed one: nothing is owed",
)
_SAME_DAY = Said(
    fr="la coupure a pris fin le jour convenu : elle ne commence aucun jour de retard",
    en="the outage was over on the agreed day: it begins no day of delay",
)
_SAID_NOTHING = Said(fr="la règle en vigueur n'accorde rien", en="the rule in force grants nothing")
_OF_THE_CUSTOMER = Said(
    fr="le client en répond : rien n'est dû", en="the customer answers for it: nothing is owed"
)
_OF_NOBODY = Said(
    fr="personne n'en répond, selon la décision enregistrée",
    en="nobody answers for it, by the decision that was recorded",
)
_OF_THE_DONOR = Said(
    fr="le donneur en répond : le client reçoit de quoi le lui réclamer (décision 37) ; le montant "
    "se calcule sur le prix payé là-bas",
    en="the donor answers for it: the customer gets what is needed to claim it (decision 37); the "
    "amount is reckoned on the price paid there",
)
_RECOURSE = Said(
    fr="l'hôte est notre fournisseur : nous payons, et gardons de quoi nous retourner",
    en="the host is our supplier: we pay, and keep what is needed to claim it back",
)
_PAID_FIRST = Said(
    fr="le profil paie d'abord et se retourne ensuite contre le donneur",
    en="the profile pays first and claims back from the donor",
)
_UNSIGNED = Said(
    fr="cette lecture n'est pas signée : le montant est montré, il ne peut pas être payé",
    en="this reading is not signed: the amount is shown and cannot be paid",
)
_ABSORBED = Said(
    fr="les indemnités ne se cumulent pas : la perte du numéro l'emporte",
    en="the indemnities do not add up: the loss of the number stands for it",
)
