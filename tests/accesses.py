"""Words for tests about fixed accesses: a site, its order, what operators answer about it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain import access_commands as told
from domain import access_facts as facts
from domain import works_commands as works
from domain.access import AnyCommand, decide
from domain.access_facts import (
    AccessPrices,
    AccessTerms,
    Barrier,
    Fee,
    Offer,
    Quote,
    QuoteKind,
    QuoteLine,
    Reason,
    SaturationMode,
    Site,
    StudyResult,
    Technology,
    Verdict,
)
from domain.access_stages import Access, AccessState, NotOpened
from domain.access_states import evolve, fold
from domain.event import Event
from domain.identity import OrderId, line_id_for, order_subject
from domain.personal import Personal
from domain.port_in_facts import HeldDocument, HostNetwork, Step
from domain.said import Said
from domain.works_facts import BillingStarted, CommitmentStarted
from domain.works_settled import Judged, Start
from tests.porting import ORDER_ID, STORY, shelf

SIGNED_ON = date(2027, 1, 8)
SOON = STORY + timedelta(days=2)
ORANGE, SFR, BOUYGUES = HostNetwork.ORANGE, HostNetwork.SFR, HostNetwork.BOUYGUES
ADDRESS = "12 rue de la Paix"
COMMUNE = "37203"
BOTH = {"decided_at": STORY, "answer_by": SOON}
SAID = Said(fr="dit", en="said")
CONSENT = HeldDocument(name="cuts-consent", on=SIGNED_ON)
FEE_CONSENT = HeldDocument(name="fee-consent", on=SIGNED_ON)


def site_terms(order_id: OrderId = ORDER_ID, **changes: Any) -> AccessTerms:  # noqa: ANN401
    subject = order_subject(order_id)
    provider, service = changes.pop("under", ("technicophone", "internet"))
    changes = {"uses": changes.pop("terms_uses", ()), **changes}
    fields: dict[str, Any] = {
        "line_id": line_id_for(order_id, number=1),
        "order_id": order_id,
        "number": 1,
        "pin": shelf().pin(provider, service, SIGNED_ON),
        "site": Site(commune=COMMUNE, address=Personal(subject=subject, value=ADDRESS)),
        "site_digest": "d" * 64,
        "wanted": (Technology.FTTH,),
        "candidates": (ORANGE,),
        "prices": AccessPrices(
            access_fee=Decimal("150.00"), monthly=Decimal("49.90"), term_months=36
        ),
        "asked_at": STORY,
    }
    return AccessTerms(**{**fields, **changes})


def offer(operator: HostNetwork = ORANGE, **changes: Any) -> Offer:  # noqa: ANN401
    fields: dict[str, Any] = {
        "operator": operator,
        "technology": Technology.FTTH,
        "down_kbps": 1_000_000,
        "up_kbps": 300_000,
        "lead_days": 15,
    }
    return Offer(**{**fields, **changes})


def barrier(reason: Reason, technology: Technology = Technology.FTTH) -> Barrier:
    return Barrier(technology=technology, reason=reason, code=reason.upper())


def fee(head: str = "desaturation", euros: str | None = "750.00") -> Fee:
    sum_owed = None if euros is None else Decimal(euros)
    return Fee(head=head, euros=sum_owed, said=SAID, source="002:2274")


QUOTE = Quote(
    kind=QuoteKind.WORKS,
    reference="Q-1",
    lines=(
        QuoteLine(what="génie civil", euros=Decimal("1200.00")),
        QuoteLine(what="câble", euros=Decimal("80.50")),
    ),
)
QUOTE_TERMS = told.QuoteTerms(
    until=STORY + timedelta(days=10),
    silence_refuses=True,
    refusal=(fee("access-fee", "150.00"), fee("quote-fee", None)),
    charged=True,
    source="002:2280-2281",
)
NO_LIMIT = QUOTE_TERMS.model_copy(update={"until": None, "silence_refuses": False})


def study(verdict: Verdict = Verdict.POSITIVE, **changes: Any) -> StudyResult:  # noqa: ANN401
    return StudyResult(verdict=verdict, **changes)


def settled_study(**changes: Any) -> told.StudySettled:  # noqa: ANN401
    fields: dict[str, Any] = {"offer": offer(), "binding": (), "consent": (), "quote": None}
    return told.StudySettled(**{**fields, **changes})


def settled_saturation(
    mode: SaturationMode = SaturationMode.LATER,
    **changes: Any,  # noqa: ANN401
) -> told.SaturationSettled:
    fields: dict[str, Any] = {
        "mode": mode,
        "estimate": None,
        "tell_by": None,
        "said": (SAID,),
        "fees": (),
        "consent_needed": False,
        "quote": None,
    }
    return told.SaturationSettled(**{**fields, **changes})


# an access, as its facts lead it


def given(*events: Event) -> AccessState:
    return fold(events)


def when(state: AccessState, *commands: AnyCommand) -> AccessState:
    """Each command in turn, and where its facts lead."""
    for command in commands:
        for event in decide(command, state):
            state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
    return state


def opened(**changes: Any) -> AccessState:  # noqa: ANN401
    gates = changes.pop("gates", ())
    terms = site_terms(**changes)
    return when(NotOpened(), told.OpenAccess(**BOTH, terms=terms, gates=gates, stated=()))


def checking(**changes: Any) -> AccessState:  # noqa: ANN401
    look = told.LookAtGates(**BOTH)
    return when(opened(**changes), told.NoteSiteClaimed(**BOTH), look)


def asked(state: AccessState, step: Step, *, at: datetime = STORY) -> AccessState:
    return when(state, ask(state, step, at=at))


def ask(state: AccessState, step: Step, *, at: datetime = STORY) -> told.AskOperator:
    key = f"key-{step}-{_epoch(state, step)}"
    return told.AskOperator(
        decided_at=at, answer_by=SOON, step=step, key=key, epoch=_epoch(state, step), until=SOON
    )


def _epoch(state: AccessState, step: Step) -> int:
    assert isinstance(state, Access)
    return state.epoch(step)


def key_asked(state: AccessState, step: Step) -> str:
    assert isinstance(state, Access)
    return state.asks[step].key


def _told(state: AccessState, step: Step) -> dict[str, Any]:
    key = key_asked(state, step)
    return {**BOTH, "source": "orange", "message_key": f"m-{key}", "key": key}


def eligibility(
    state: AccessState,
    *offers: Offer,
    operator: HostNetwork = ORANGE,
    barriers: tuple[Barrier, ...] = (),
    uses: tuple[facts.Use, ...] = (),
) -> told.ReportEligibility:
    return told.ReportEligibility(
        **_told(state, Step.CHECK_ELIGIBILITY),
        operator=operator,
        offers=offers,
        barriers=barriers,
        uses=uses,
        checked_at=STORY,
    )


def heard(state: AccessState, *offers: Offer, **more: Any) -> AccessState:  # noqa: ANN401
    """Asked, and answered at once."""
    state = asked(state, Step.CHECK_ELIGIBILITY)
    return when(state, eligibility(state, *offers, **more))


def chosen(one: Offer | None = None, *, certain: bool = True) -> told.ChooseOffer:
    return told.ChooseOffer(**BOTH, offer=one, because=(SAID,), certain=certain)


def cuts(*, study: bool = False) -> told.LookAtCuts:
    return told.LookAtCuts(**BOTH, study=study, because=SAID)


def agreeing(*, uses: tuple[facts.Use, ...] = (), **changes: Any) -> AccessState:  # noqa: ANN401
    return when(heard(checking(**changes), offer(), uses=uses), chosen(offer()))


def studying(**changes: Any) -> AccessState:  # noqa: ANN401
    state = when(agreeing(**changes), cuts(study=True))
    return asked(state, Step.STUDY_SITE)


def studied(
    state: AccessState,
    result: StudyResult | None = None,
    settled: told.StudySettled | None = None,
) -> told.ReportStudy:
    return told.ReportStudy(
        **_told(state, Step.STUDY_SITE),
        result=result or study(),
        studied_at=STORY,
        settled=settled,
    )


def quoted(terms: told.QuoteTerms = QUOTE_TERMS) -> AccessState:
    """A quote for works, after a study."""
    state = studying()
    result = study(quote=QUOTE)
    return when(state, studied(state, result, settled_study(quote=terms)))


def reserving(**changes: Any) -> AccessState:  # noqa: ANN401
    return asked(when(agreeing(**changes), cuts()), Step.RESERVE_ACCESS)


def reserved(state: AccessState) -> told.ReportReserved:
    fields = _told(state, Step.RESERVE_ACCESS)
    return told.ReportReserved(**fields, reference="OA-1", reserved_at=STORY)


def ready(**changes: Any) -> AccessState:  # noqa: ANN401
    state = reserving(**changes)
    return when(state, reserved(state))


def opening(state: AccessState | None = None) -> AccessState:
    """Built, with nobody to come; it is being opened."""
    state = asked(ready() if state is None else state, Step.BUILD_ACCESS)
    return asked(when(state, built(state)), Step.COMMISSION_ACCESS)


def built(state: AccessState, *, visit: bool = False) -> works.ReportWorksDone:
    fields = _told(state, Step.BUILD_ACCESS)
    return works.ReportWorksDone(**fields, done_at=STORY, visit=visit)


def start(at: datetime = STORY, **changes: Any) -> Start:  # noqa: ANN401
    fields: dict[str, Any] = {
        "started_at": at,
        "said": SAID,
        "billing": BillingStarted(on=at.date(), because=SAID),
        "commitment": CommitmentStarted(on=at.date(), until=None, because=SAID),
        "lateness": None,
        "acceptance": None,
    }
    return Start(**{**fields, **changes})


def commissioned(state: AccessState, begun: Start | None) -> works.ReportCommissioned:
    return works.ReportCommissioned(
        **_told(state, Step.COMMISSION_ACCESS),
        tested_at=STORY,
        tests=(),
        judged=Judged(because=SAID, start=begun),
    )


def in_service(state: AccessState | None = None, at: datetime = STORY) -> AccessState:
    state = opening(state)
    return when(state, commissioned(state, start(at)))


def saturated(
    state: AccessState, settled: told.SaturationSettled, quote: Quote | None = None
) -> told.ReportSaturated:
    return told.ReportSaturated(
        **_told(state, Step.RESERVE_ACCESS),
        event_at=STORY,
        at_customer=False,
        quote=quote,
        settled=settled,
    )


def desaturating(**changes: Any) -> AccessState:  # noqa: ANN401
    state = reserving()
    state = when(state, saturated(state, settled_saturation(**changes)))
    return asked(state, Step.DESATURATE)


def desaturated(state: AccessState) -> told.ReportDesaturated:
    return told.ReportDesaturated(**_told(state, Step.DESATURATE), done_at=STORY)


def released(state: AccessState) -> told.ReportReleased:
    return told.ReportReleased(**_told(state, Step.RELEASE_ACCESS), released_at=STORY)


def answer(decision: str, code: str | None = None, **more: Any) -> told.TakeDecision:  # noqa: ANN401
    return told.TakeDecision(
        **{**BOTH, **more}, decision=decision, code=code, reason="because", by="a colleague"
    )


def cancellation(needs: Said | None = None, **more: Any) -> told.RequestCancellation:  # noqa: ANN401
    fields: dict[str, Any] = {
        **BOTH,
        "by": "the customer",
        "needs": needs,
        "needs_agreement": False,
        "needs_until": SOON,
        "end": told.EndTerms(fees=(fee("cancellation", "300.00"),), cost=(SAID,)),
    }
    return told.RequestCancellation(**{**fields, **more})


def codes(state: AccessState) -> list[str]:
    return [attention.code for attention in getattr(state, "attentions", ())]


def stage(state: AccessState) -> str:
    assert not isinstance(state, NotOpened)
    return state.stage
