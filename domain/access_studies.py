"""Feasibility studies and the quotes they lead to: when one is due, what it changes, what binds.

What a contract does not make binding needs the customer's consent: silence binds nobody (a default
of ours).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.access_clauses import asks, silence
from domain.access_costs import Cost, Ending, cost_of
from domain.access_facts import (
    AccessPrices,
    Fee,
    Offer,
    Quote,
    QuoteKind,
    StudyResult,
    Technology,
    Verdict,
)
from domain.contract_questions import Contract, as_duration
from domain.said import Said


@dataclass(frozen=True, kw_only=True)
class StudyDue:
    """Whether the site is studied before the access is ordered of the operator."""

    is_due: bool
    said: tuple[Said, ...]
    source: str


def study_due(contract: Contract, offer: Offer) -> StudyDue:
    by_contract = _contract_studies(contract, offer.technology)
    if not by_contract and not offer.study:
        about = Said(fr="aucune étude n'est due ici", en="no study is due here")
        return StudyDue(is_due=False, said=(silence(about),), source="")
    if not by_contract:
        said = (_BY_OPERATOR, *_may_refuse(contract))
        return StudyDue(is_due=True, said=said, source="the operator's offer")
    source = contract.source("study.of")
    why = Said(fr=f"{_BY_CONTRACT.fr} ({source})", en=f"{_BY_CONTRACT.en} ({source})")
    return StudyDue(is_due=True, said=(why, *_may_refuse(contract)), source=source)


def _may_refuse(contract: Contract) -> Iterator[Said]:
    question = "study.may-refuse"
    if asks(contract, question) and contract.flag(question):
        source = contract.source(question)
        yield Said(
            fr=f"le fournisseur peut refuser la commande après l'étude ({source})",
            en=f"the provider may refuse the order after the study ({source})",
        )


_BY_CONTRACT = Said(
    fr="étude de faisabilité, le bon de commande une fois signé",
    en="feasibility study, once the order form is signed",
)
_BY_OPERATOR = Said(
    fr="l'opérateur veut étudier le site d'abord", en="the operator wants to study the site first"
)


def _contract_studies(contract: Contract, technology: Technology) -> bool:
    return asks(contract, "study.of") and technology in contract.choices("study.of")


class Binding(StrEnum):
    """Whether a change takes the customer's consent."""

    BINDS = "binds"
    """The contract has it accepted beforehand."""
    CONSENT = "consent"
    """The customer has to agree to it."""
    NEW_ORDER = "new-order"
    """It is another service: a new order, linked to this one (decision 18)."""


@dataclass(frozen=True, kw_only=True)
class StudyChange:
    what: str
    """fee, lead-time or technology."""
    binding: Binding
    said: Said
    source: str


@dataclass(frozen=True, kw_only=True)
class StudyReading:
    """What a study's result comes to under the contract."""

    verdict: Verdict
    changes: tuple[StudyChange, ...]
    ends: Said | None
    """Why the order cannot go on as it is; None where it can."""

    @property
    def binding(self) -> tuple[Said, ...]:
        return tuple(one.said for one in self.changes if one.binding is Binding.BINDS)

    @property
    def to_agree(self) -> tuple[Said, ...]:
        return tuple(one.said for one in self.changes if one.binding is Binding.CONSENT)


def read_study(
    contract: Contract, offer: Offer, result: StudyResult, *, wanted: tuple[Technology, ...] = ()
) -> StudyReading:
    """The offer is what was chosen: what the result says otherwise is a change. `wanted` are the
    technologies the order names itself."""
    return StudyReading(
        verdict=result.verdict,
        changes=tuple(_changes(contract, offer, result, wanted)),
        ends=_ends(contract, result),
    )


def _changes(
    contract: Contract, offer: Offer, result: StudyResult, wanted: tuple[Technology, ...]
) -> Iterator[StudyChange]:
    if result.fee_change:
        yield _fee_change(contract, offer, result)
    if result.lead_days is not None and result.lead_days != offer.lead_days:
        yield _lead_change(contract, offer, result.lead_days)
    if result.technology is not None and result.technology is not offer.technology:
        yield _technology_change(offer, result.technology, wanted)


def _fee_change(contract: Contract, offer: Offer, result: StudyResult) -> StudyChange:
    """Dedicated fibre has a clause of its own (002:2331), the other accesses the one about prices
    that vary (002:2725): both bind."""
    change = f"{result.fee_change:+.2f} € HT"
    what = Said(fr=f"frais d'accès : {change}", en=f"access fee: {change}")
    source = _source_for(contract, "study.price-change-consent", offer.technology)
    return _change(contract, "study.price-change-consent", what, name="fee", source=source)


def _lead_change(contract: Contract, offer: Offer, lead_days: int) -> StudyChange:
    what = Said(
        fr=f"délai de livraison : {lead_days} jours ouvrés au lieu de {offer.lead_days}",
        en=f"time to deliver: {lead_days} jours ouvrés instead of {offer.lead_days}",
    )
    question = "study.lead-change-consent"
    source = contract.source(question) if asks(contract, question) else ""
    return _change(contract, question, what, name="lead-time", source=source)


def _technology_change(
    offer: Offer, technology: Technology, wanted: tuple[Technology, ...]
) -> StudyChange:
    if technology in wanted:
        named = Said(
            fr=f"{technology} au lieu de {offer.technology}, que la commande nomme aussi",
            en=f"{technology} instead of {offer.technology}, which the order names too",
        )
        return StudyChange(what="technology", binding=Binding.BINDS, said=named, source="the order")
    said = Said(
        fr=f"{technology} au lieu de {offer.technology} : une nouvelle commande, liée à celle-ci",
        en=f"{technology} instead of {offer.technology}: a new order, linked to this one",
    )
    return StudyChange(
        what="technology", binding=Binding.NEW_ORDER, said=said, source="decision 18"
    )


def _change(
    contract: Contract, question: str, what: Said, *, name: str, source: str
) -> StudyChange:
    consent = contract.flag(question) if asks(contract, question) else None
    if consent is False:
        said = Said(
            fr=f"{what.fr} ; sans accord du client ({source})",
            en=f"{what.en}; without the customer's consent ({source})",
        )
        return StudyChange(what=name, binding=Binding.BINDS, said=said, source=source)
    why = Said(
        fr=source or "le contrat est muet : accord demandé par défaut",
        en=source or "the contract is silent: consent is asked, a default of ours",
    )
    said = Said(
        fr=f"{what.fr} ; avec l'accord du client ({why.fr})",
        en=f"{what.en}; with the customer's consent ({why.en})",
    )
    return StudyChange(what=name, binding=Binding.CONSENT, said=said, source=source or OURS)


OURS = "a default of ours"


def _source_for(contract: Contract, question: str, technology: Technology) -> str:
    """Of two clauses that say the same, the one about the technology."""
    named = {reading.name: str(reading.source) for reading in contract.readings(question)}
    general = named.get("variations-paid")
    if technology is Technology.DEDICATED_FIBRE or general is None:
        return contract.source(question)
    return general


def _ends(contract: Contract, result: StudyResult) -> Said | None:
    """OKSIO may refuse the order, or have it defined anew (000:52-54); Technicophone cancels the
    site that it cannot connect, without a price (002:591-594)."""
    if result.verdict is Verdict.POSITIVE:
        return None
    question = "study.may-refuse"
    may_refuse = asks(contract, question) and contract.flag(question) is True
    redefined = result.verdict is Verdict.REDEFINE
    otherwise = "decision 18" if redefined else contract.source("cancel.cannot-connect")
    source = contract.source(question) if may_refuse else otherwise
    what = _REDEFINED if redefined else _REFUSED
    return Said(fr=f"{what.fr} ({source or OURS})", en=f"{what.en} ({source or OURS})")


_REFUSED = Said(
    fr="l'étude est négative : le site ne peut pas être raccordé",
    en="the study is negative: the site cannot be connected",
)
_REDEFINED = Said(
    fr="la commande est à redéfinir : une nouvelle commande, liée à celle-ci",
    en="the order has to be defined anew: a new order, linked to this one",
)


# quotes


class Silence(StrEnum):
    """What a quote left without an answer comes to."""

    REFUSES = "refuses"
    """The order is cancelled, as if it had been refused."""
    HOLDS = "holds"
    """The order waits."""
    MEANS_NOTHING = "means-nothing"
    """The contract does not say: a person asks for the answer."""


@dataclass(frozen=True, kw_only=True)
class QuoteTerms:
    """What the customer may answer to a quote, until when, and what each answer costs."""

    refusable: bool
    until: datetime | None
    """None where no contract gives a limit."""
    silence: Silence
    cost: Cost
    """Of refusing."""
    said: tuple[Said, ...]
    source: str
    answer: Said
    """Within which time of being told it may be answered, or that the contract gives none."""
    means: Said
    """What no answer comes to."""

    @property
    def fees(self) -> tuple[Fee, ...]:
        return self.cost.fees


def quote_terms(
    contract: Contract, quote: Quote, *, prices: AccessPrices, told_on: date | None
) -> QuoteTerms:
    """Counted from the day the quote is told, which is when its notice takes effect (decision 8):
    the text does not say from when (002:2280-2281). Until then nothing runs out."""
    if quote.kind is QuoteKind.DESATURATION:
        return _desaturation(contract, prices=prices, told_on=told_on)
    cost = cost_of(contract, Ending.WORKS_REFUSED, prices=prices)
    refusable = contract.flag("study.works-quote-refusable")
    source = contract.source("study.works-quote-refusable")
    may = _REFUSABLE if refusable is not False else _BINDING
    where = source or OURS
    return QuoteTerms(
        refusable=refusable is not False,
        until=None,
        silence=Silence.MEANS_NOTHING,
        cost=cost,
        said=(
            Said(fr=f"{may.fr} ({where})", en=f"{may.en} ({where})"),
            silence(_NO_LIMIT),
            *cost.said,
        ),
        source=where,
        answer=_NO_TIME,
        means=SILENCE_SAID[Silence.MEANS_NOTHING],
    )


def _desaturation(contract: Contract, *, prices: AccessPrices, told_on: date | None) -> QuoteTerms:
    cost = cost_of(contract, Ending.DESATURATION_REFUSED, prices=prices)
    until = None if told_on is None else contract.after("saturation.quote-validity", told_on)
    source = contract.source("saturation.quote-validity") or OURS
    means = quote_silence(contract)
    where = contract.source("saturation.quote-silence") or OURS
    said = SILENCE_SAID[means]
    meaning = Said(fr=f"{said.fr} ({where})", en=f"{said.en} ({where})")
    return QuoteTerms(
        refusable=True,
        until=until,
        silence=means,
        cost=cost,
        said=(
            Said(fr=f"{_REFUSABLE.fr} ({source})", en=f"{_REFUSABLE.en} ({source})"),
            meaning,
            *cost.said,
        ),
        source=source,
        answer=answer_time(contract),
        means=meaning,
    )


def answer_time(contract: Contract) -> Said:
    """How long an exceptional quote may be answered, and from when: its notice's taking effect."""
    validity = contract.duration("saturation.quote-validity")
    if validity is None:
        return _NO_TIME
    span, source = as_duration(validity).said, contract.source("saturation.quote-validity")
    return Said(
        fr=f"{span.fr} à compter de sa notification ({source})",
        en=f"{span.en} from its notification ({source})",
    )


def quote_silence(contract: Contract) -> Silence:
    """What no answer to an exceptional quote comes to."""
    word = contract.choice("saturation.quote-silence")
    return _SILENCE.get(word or "", Silence.MEANS_NOTHING)


_SILENCE = {"order-cancelled": Silence.REFUSES, "order-held": Silence.HOLDS}
SILENCE_SAID = {
    Silence.REFUSES: Said(
        fr="sans réponse, la commande est annulée", en="without an answer the order is cancelled"
    ),
    Silence.HOLDS: Said(fr="sans réponse, la commande attend", en="without an answer it waits"),
    Silence.MEANS_NOTHING: Said(
        fr="le silence ne vaut rien : une personne relance",
        en="silence means nothing: a person asks again",
    ),
}
_REFUSABLE = Said(
    fr="le client peut accepter ou refuser ce devis", en="the customer may accept or refuse it"
)
_BINDING = Said(fr="ce devis ne se refuse pas", en="it cannot be refused")
_NO_TIME = Said(
    fr="le contrat ne fixe aucun délai pour répondre",
    en="the contract sets no time to answer",
)
_NO_LIMIT = Said(
    fr="aucun délai pour répondre au devis, et le silence n'y répond pas",
    en="no limit to answer the quote, and silence answers nothing",
)
