"""What follows when nothing is left in the network: by service, as its contract has it.

Technicophone desaturates DSL, in its own network (002:2260-2285); OKSIO puts the access off and has
the customer pay, at no stated price (000:405-408). No contract has a rule about fibre: no fee is
owed there (decision 40).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.access_clauses import asks, silence
from domain.access_facts import Fee, SaturationMode, Tax, Technology
from domain.access_studies import SILENCE_SAID, Silence, answer_time, quote_silence
from domain.access_told import SaturatedTold
from domain.contract_questions import Contract
from domain.contract_values import MoneyValue
from domain.contract_values import Tax as WrittenTax
from domain.said import Said, day_said

FIBRE = frozenset({Technology.FTTH, Technology.SHARED_FIBRE, Technology.DEDICATED_FIBRE})
"""Decision 40: no contract has a desaturation of fibre to charge."""

_TREATMENT = "saturation.treatment"


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A saturation, as the contract deals with it."""

    mode: SaturationMode
    said: tuple[Said, ...]
    sources: tuple[str, ...]
    fees: tuple[Fee, ...] = ()
    """What it is going to cost; of an exceptional one, the quote says."""
    consent_needed: bool = False
    """No fee of it is charged until the customer's agreement is on record (C22)."""
    estimate: date | None = None
    """When it is thought to be over, where the contract says how long it takes."""
    tell_by: datetime | None = None
    """Until when the contract has the customer told."""
    tell_source: str | None = None
    """The line that says so."""
    told_late: bool = False
    """It is found after that: the customer cannot be told in time any more."""
    silence: Silence | None = None
    """What a quote left without an answer comes to."""


def settle_saturation(
    contract: Contract, technology: Technology, told: SaturatedTold, *, at: datetime
) -> Settled:
    """`at` is when we hear of it. What the customer is told counts from when its notice takes
    effect: a quote's days, and whether it was told in time (decision 8)."""
    treatments = contract.choices(_TREATMENT)
    if not _is_meant(contract, technology, told):
        return _refused(silence(_NOT_MEANT), contract.source("saturation.of"))
    if "exceptional-quote" in treatments and told.quote is not None:
        return _exceptional(contract)
    if "desaturate-now" in treatments and told.at_first_visit:
        return _now(contract, technology, told)
    if "desaturate-later" in treatments:
        return _later(contract, technology, told, at=at)
    if not treatments:
        return _refused(silence(_SILENT), "")
    source = contract.source(_TREATMENT)
    return _refused(Said(fr=f"{_REFUSED.fr} ({source})", en=f"{_REFUSED.en} ({source})"), source)


def _is_meant(contract: Contract, technology: Technology, told: SaturatedTold) -> bool:
    """A clause about DSL is about the provider's network, not the customer's premises."""
    if not asks(contract, "saturation.of") or "dsl" not in contract.choices("saturation.of"):
        return True
    return technology.on_copper and not told.at_customer


def _refused(why: Said, source: str) -> Settled:
    """Nothing is desaturated and nothing is owed for it; the site is cancelled alone."""
    return Settled(
        mode=SaturationMode.REFUSED,
        said=(why, _NO_FEE),
        sources=tuple(one for one in (source,) if one),
    )


def _exceptional(contract: Contract) -> Settled:
    answer, means = answer_time(contract), quote_silence(contract)
    return Settled(
        mode=SaturationMode.EXCEPTIONAL,
        said=(
            Said(fr=f"{_ANSWERED.fr} {answer.fr}", en=f"{_ANSWERED.en} {answer.en}"),
            _sourced(SILENCE_SAID[means], contract.source("saturation.quote-silence")),
            _sourced(_NO_FLAT_FEE, contract.source("saturation.fee")),
        ),
        sources=_sources(contract, (), ("saturation.quote-validity", "saturation.quote-silence")),
        silence=means,
    )


def _now(contract: Contract, technology: Technology, told: SaturatedTold) -> Settled:
    fees = _fees(contract, technology, told)
    return Settled(
        mode=SaturationMode.NOW,
        said=(
            _sourced(_AT_FIRST_VISIT, contract.source(_TREATMENT)),
            *_fees_said(contract, fees),
        ),
        sources=_sources(contract, fees, (_TREATMENT,)),
        fees=fees,
        consent_needed=bool(fees),
    )


def _later(
    contract: Contract, technology: Technology, told: SaturatedTold, *, at: datetime
) -> Settled:
    event_on = _day_of(contract, told.event_at)
    tell_by = contract.after("saturation.told", event_on)
    late = tell_by is not None and at > tell_by
    fees = _fees(contract, technology, told)
    return Settled(
        mode=SaturationMode.LATER,
        said=(
            _sourced(_PUT_OFF, contract.source(_TREATMENT)),
            *_by(contract, "saturation.later", event_on, what=_OVER),
            *_by(contract, "saturation.told", event_on, what=_TELL),
            *(_TOLD_LATE for _ in range(late)),
            *(_NO_RULE for _ in range(technology in FIBRE)),
            *_fees_said(contract, fees),
        ),
        sources=_sources(contract, fees, (_TREATMENT, "saturation.later", "saturation.told")),
        fees=fees,
        consent_needed=bool(fees),
        estimate=contract.day_after("saturation.later", event_on),
        tell_by=tell_by,
        tell_source=contract.source("saturation.told") or None,
        told_late=late,
    )


def _day_of(contract: Contract, instant: datetime) -> date:
    return contract.reckoning.instant_of(instant).date()


def _fees(contract: Contract, technology: Technology, told: SaturatedTold) -> tuple[Fee, ...]:
    """The contract's flat fee; or, where it has the customer pay and gives no price, what the
    operator asks. Fibre has no rule, and no fee (decision 40)."""
    entry = contract.shelf.answer(contract.pin, "saturation.fee").entry
    if technology in FIBRE:
        return ()
    if entry is not None and isinstance(entry.current.value, MoneyValue):
        source = str(entry.current.source)
        return (_flat_fee(entry.current.value, source, chargeable=entry.may_be_charged),)
    if contract.flag("saturation.fee-consent") is None:
        return ()
    return (_unpriced_fee(told, contract.source("saturation.fee-consent")),)


def _flat_fee(value: MoneyValue, source: str, *, chargeable: bool) -> Fee:
    euros = value.euros.quantize(Decimal("0.01"))
    tax = Tax.TTC if value.tax is WrittenTax.TTC else Tax.HT
    return Fee(
        head=HEAD,
        euros=euros,
        tax=tax,
        said=Said(
            fr=f"forfait de désaturation : {euros} € {tax}, en supplément des frais d'accès",
            en=f"flat fee of a desaturation: {euros} € {tax}, beside the access fee",
        ),
        source=source,
        chargeable=chargeable,
    )


def _unpriced_fee(told: SaturatedTold, source: str) -> Fee:
    euros = None if told.quote is None else told.quote.total
    amount = _AT_COST if euros is None else Said(fr=f"{euros:.2f} € HT", en=f"{euros:.2f} € HT")
    return Fee(
        head=HEAD,
        euros=euros,
        said=Said(
            fr=f"désaturation à la charge du client, sans prix au contrat : {amount.fr}",
            en=f"desaturation paid by the customer, at no price of the contract: {amount.en}",
        ),
        source=source,
        chargeable=euros is not None,
    )


def _fees_said(contract: Contract, fees: tuple[Fee, ...]) -> Iterator[Said]:
    if not fees:
        yield _NO_FEE
        return
    for fee in fees:
        yield _sourced(fee.said, fee.source)
    asked = contract.flag("saturation.fee-consent")
    yield _CONSENT if asked else _OUR_CONSENT


def _sources(
    contract: Contract, fees: tuple[Fee, ...], questions: tuple[str, ...]
) -> tuple[str, ...]:
    found = (*(contract.source(question) for question in questions), *(fee.source for fee in fees))
    return tuple(dict.fromkeys(one for one in found if one))


def _by(contract: Contract, question: str, anchor: date, *, what: "_Dated") -> Iterator[Said]:
    """A date of the contract in words, or that it has none."""
    last = contract.day_after(question, anchor)
    if last is None:
        yield silence(what.silent)
        return
    day = day_said(last)
    said = Said(fr=f"{what.said.fr} {day.fr}", en=f"{what.said.en} {day.en}")
    yield _sourced(said, contract.source(question))


def _sourced(said: Said, source: str) -> Said:
    return Said(fr=f"{said.fr} ({source})", en=f"{said.en} ({source})")


HEAD = "desaturation"
_NOT_MEANT = Said(
    fr="sa clause de désaturation vise le DSL, dans le réseau du prestataire (décision 40)",
    en="its clause about desaturation is for DSL, in the provider's own network (decision 40)",
)
_SILENT = Said(fr="rien sur la saturation", en="nothing about saturation")
_REFUSED = Said(
    fr="une commande qui suppose une désaturation est refusée",
    en="an order that takes a desaturation is refused",
)
_NO_FEE = Said(fr="aucun frais de désaturation n'est dû", en="no fee for a desaturation is owed")
_NO_RULE = Said(
    fr="aucune règle de désaturation pour la fibre (décision 40)",
    en="no rule of desaturation for fibre (decision 40)",
)
_NO_FLAT_FEE = Said(
    fr="le forfait ne s'ajoute pas au devis", en="the flat fee does not come on top of the quote"
)
_AT_FIRST_VISIT = Said(
    fr="désaturation immédiate, à la première intervention : le contrat n'en avertit pas le client",
    en="desaturated at once, at the first visit, of which the contract does not tell the customer",
)
_PUT_OFF = Said(
    fr="livraison reportée, le temps de la désaturation",
    en="delivery is put off until the desaturation is done",
)
_CONSENT = Said(
    fr="non facturable sans accord enregistré (C22)",
    en="not chargeable without consent on record (C22)",
)
_OUR_CONSENT = Said(
    fr="le texte ne demande aucun accord ; nous n'imputons rien avant d'en avoir un (valeur par "
    "défaut, C22)",
    en="the text asks for no consent; we charge nothing before there is one (a default of ours, "
    "C22)",
)
_TOLD_LATE = Said(
    fr="appris après ce jour : le client est prévenu trop tard ; le contrat n'en tire aucune "
    "conséquence",
    en="heard of after that day: the customer is told too late; the contract draws no consequence "
    "from it",
)
_AT_COST = Said(fr="au coût réel", en="at cost")


@dataclass(frozen=True, kw_only=True)
class _Dated:
    said: Said
    silent: Said


_OVER = _Dated(
    said=Said(fr="fin estimée le", en="thought to be over by"),
    silent=Said(fr="aucune durée de désaturation", en="no duration of a desaturation"),
)
_TELL = _Dated(
    said=Said(fr="le client est à prévenir au plus tard le", en="the customer is to be told by"),
    silent=Said(
        fr="aucun délai pour annoncer le retard", en="no time within which the delay is told"
    ),
)
_ANSWERED = Said(fr="devis exceptionnel, à répondre :", en="exceptional quote, to be answered:")
