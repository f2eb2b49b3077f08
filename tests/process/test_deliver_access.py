"""A fixed access, time skipped: every way from its order to its works, or to its end without."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.access_facts import (
    AccessEnded,
    FeeConsented,
    FeeOwed,
    OfferChosen,
    QuoteGiven,
    QuoteKind,
    QuoteRefused,
    QuoteTold,
    Reason,
    SaturationFound,
    SaturationMode,
    Technology,
    Use,
    Verdict,
)
from domain.access_stages import Access
from domain.identity import LineId
from domain.port_in_facts import (
    Gate,
    GateKind,
    HostNetwork,
    Outcome,
    RetryPlanned,
    Step,
)
from tests.accesses import QUOTE, SAID, SIGNED_ON, offer, study
from tests.fakes.operators import Habit
from tests.porting import STORY, paris
from tests.process import sites
from tests.process.conftest import World
from tests.process.sites import is_full, refused_for, says, says_no, studies

ORANGE, SFR = HostNetwork.ORANGE, HostNetwork.SFR
SDSL = offer(technology=Technology.SDSL, down_kbps=8_000, up_kbps=8_000)
DSL: dict[str, Any] = {"wanted": (Technology.SDSL,)}
DESATURATION = QUOTE.model_copy(update={"kind": QuoteKind.DESATURATION})
CUTS = {"document": "cuts-consent", "on": "2027-01-08"}


async def _ended(world: World, line: LineId) -> AccessEnded:
    (ended,) = [e for e in await world.events(line) if isinstance(e, AccessEnded)]
    return ended


async def _delivered(world: World, line: LineId) -> AccessEnded:
    """Built, visited and put into service."""
    await sites.visited(world, line)
    await world.end_of(line)
    return await _ended(world, line)


async def test_a_site_that_can_be_served_goes_to_its_works_and_into_service(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)

    ended = await _delivered(world, line)

    assert ended.outcome is Outcome.DELIVERED
    assert await world.facts(line) == [
        "AccessOpened",
        "SiteClaimed",
        "GatesPassed",
        "OperatorAsked",
        "OperatorTook",
        "EligibilityFound",
        "OfferChosen",
        "DeliveryPlanned",
        "CutsListed",
        "NothingInTheWay",
        "OperatorAsked",
        "OperatorTook",
        "AccessReserved",
        "AccessReady",
        "OperatorAsked",
        "OperatorTook",
        "WorksFinished",
        "OperatorAsked",
        "OperatorTook",
        "VisitsOffered",
        "AttentionRaised",
        "DecisionTaken",
        "AttentionCleared",
        "VisitChosen",
        "OperatorAsked",
        "OperatorTook",
        "VisitBooked",
        "DeliveryPlanned",
        "VisitKept",
        "OperatorAsked",
        "OperatorTook",
        "Commissioned",
        "ServiceStarted",
        "BillingStarted",
        "CommitmentStarted",
        "LatenessJudged",
        "AccessEnded",
    ]
    assert world.ledger.outbox[-1].kind == "tell-order"


async def test_several_operators_are_asked_and_the_choice_says_why(world: World) -> None:
    world.accesses[ORANGE].says[Step.CHECK_ELIGIBILITY] = [
        says_no(ORANGE, refused_for(Reason.NOT_DEPLOYED))
    ]
    world.accesses[SFR].offers = (offer(SFR),)
    line = await sites.site_opened(world, candidates=(ORANGE, SFR))

    await world.asks(line, "visit-slots")

    (chosen,) = [e for e in await world.events(line) if isinstance(e, OfferChosen)]
    assert chosen.offer.operator is SFR
    assert [said.en for said in chosen.because] == [
        "chosen: sfr, ftth, 1000000/300000 kbit/s, 15 working days, the customer's choice number 1",
        "orange, ftth: not deployed (NOT-DEPLOYED)",
    ]
    assert world.accesses[SFR].books.steps[:2] == [Step.CHECK_ELIGIBILITY, Step.RESERVE_ACCESS]
    assert world.accesses[ORANGE].books.steps == [Step.CHECK_ELIGIBILITY]


async def test_a_site_nobody_can_serve_ends_by_itself_and_costs_nothing(world: World) -> None:
    world.accesses[ORANGE].says[Step.CHECK_ELIGIBILITY] = [
        says_no(ORANGE, refused_for(Reason.NOT_DEPLOYED))
    ]
    line = await sites.site_opened(world)

    await world.end_of(line)

    ended = await _ended(world, line)
    assert (ended.outcome, ended.fees) == (Outcome.REFUSED, ())
    assert "orange, ftth: not deployed" in ended.why.en


async def test_an_uncertain_answer_is_asked_about_and_asked_again(world: World) -> None:
    world.accesses[ORANGE].says[Step.CHECK_ELIGIBILITY] = [
        says_no(ORANGE, refused_for(Reason.UNCERTAIN)),
        says(ORANGE, offer()),
    ]
    line = await sites.site_opened(world)
    await world.asks(line, "eligibility-unsure")

    await world.decide(line, "retry")

    await world.asks(line, "visit-slots")
    assert (await world.facts(line)).count("EligibilityFound") == 2


async def test_what_is_on_the_line_is_listed_and_agreed_to_before_anything_is_ordered(
    world: World,
) -> None:
    world.accesses[ORANGE].says[Step.CHECK_ELIGIBILITY] = [
        says(ORANGE, offer(), uses=(Use.BROADBAND,))
    ]
    line = await sites.site_opened(world)
    await world.asks(line, "cuts")
    assert world.accesses[ORANGE].books.steps == [Step.CHECK_ELIGIBILITY]

    ruled = await world.decide(line, "provide", given=CUTS)

    assert ruled.taken, ruled.why
    await world.asks(line, "visit-slots")
    assert "CutsAgreed" in await world.facts(line)


async def test_a_paper_that_is_missing_is_waited_for(world: World) -> None:
    gate = Gate(
        kind=GateKind.MANDATE,
        needs=("dsl-written-mandate",),
        until=STORY.replace(month=3),
        said=SAID,
        source="002:2229",
    )
    world.accesses[ORANGE].offers = (SDSL,)
    line = await sites.site_opened(world, gates=(gate,), **DSL)
    await world.asks(line, "gates")

    refused = await world.decide(line, "provide", given={"document": "other", "on": "2027-01-08"})
    taken = await world.decide(
        line, "provide", given={"document": "dsl-written-mandate", "on": "2027-01-08"}
    )

    assert not refused.taken
    assert refused.why is not None
    assert "dsl-written-mandate" in refused.why
    assert taken.taken
    await world.asks(line, "visit-slots")


async def test_a_dedicated_fibre_is_studied_after_signature(world: World) -> None:
    fibre = offer(technology=Technology.DEDICATED_FIBRE, study=True)
    world.accesses[ORANGE].offers = (fibre,)
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [
        studies(study(lead_days=60, fee_change=Decimal("250.00")))
    ]
    line = await sites.site_opened(world, wanted=(Technology.DEDICATED_FIBRE,))

    await world.asks(line, "visit-slots")

    state = await sites.site_state(world, line)
    assert isinstance(state, Access)
    assert state.chosen is not None
    assert state.chosen.offer.lead_days == 60
    said = " ".join(one.fr for one in state.chosen.because)
    assert "002:2331" in said


async def test_a_negative_study_is_a_decision_and_ends_without_charge(world: World) -> None:
    fibre = offer(technology=Technology.DEDICATED_FIBRE, study=True)
    world.accesses[ORANGE].offers = (fibre,)
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [studies(study(Verdict.NEGATIVE, code="GC"))]
    line = await sites.site_opened(world, wanted=(Technology.DEDICATED_FIBRE,))
    await world.asks(line, "study-refused")

    await world.decide(line, "end")

    await world.end_of(line)
    ended = await _ended(world, line)
    assert (ended.outcome, ended.fees) == (Outcome.REFUSED, ())


async def test_a_quote_for_works_that_is_refused_is_owed_at_cost(world: World) -> None:
    fibre = offer(technology=Technology.DEDICATED_FIBRE, study=True)
    world.accesses[ORANGE].offers = (fibre,)
    world.accesses[ORANGE].says[Step.STUDY_SITE] = [studies(study(quote=QUOTE))]
    line = await sites.site_opened(world, wanted=(Technology.DEDICATED_FIBRE,))
    await world.asks(line, "quote")

    await world.decide(line, "refuse")

    await world.end_of(line)
    (refused,) = [e for e in await world.events(line) if isinstance(e, QuoteRefused)]
    assert [(fee.euros, "002:2349" in fee.source) for fee in refused.fees] == [(None, True)]
    assert (await _ended(world, line)).outcome is Outcome.CANCELLED


async def test_a_deferred_desaturation_costs_750_and_is_not_charged_without_consent(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (SDSL,)
    world.accesses[ORANGE].says[Step.RESERVE_ACCESS] = [is_full()]
    line = await sites.site_opened(world, **DSL)

    ended = await _delivered(world, line)

    (found,) = [e for e in await world.events(line) if isinstance(e, SaturationFound)]
    (owed,) = [e for e in await world.events(line) if isinstance(e, FeeOwed)]
    assert found.mode is SaturationMode.LATER
    assert (owed.fee.euros, owed.consented) == (Decimal(750), False)  # 002:2274
    assert ended.fees == ()
    assert world.accesses[ORANGE].books.steps[:4] == [
        Step.CHECK_ELIGIBILITY,
        Step.RESERVE_ACCESS,
        Step.DESATURATE,
        Step.RESERVE_ACCESS,
    ]


async def test_an_immediate_desaturation_is_charged_once_consent_is_on_record(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (SDSL,)
    world.accesses[ORANGE].says[Step.RESERVE_ACCESS] = [is_full(at_first_visit=True)]
    line = await sites.site_opened(world, **DSL)
    await world.asks(line, "fee-consent")
    await world.decide(
        line,
        "provide",
        about="fee-consent",
        given={"document": "fee-consent", "on": "2027-01-08"},
    )

    ended = await _delivered(world, line)

    consented = [e for e in await world.events(line) if isinstance(e, FeeConsented)]
    assert len(consented) == 1
    assert [(fee.head, fee.euros) for fee in ended.fees] == [("desaturation", Decimal(750))]


async def test_an_exceptional_desaturation_left_without_an_answer_cancels_on_the_tenth_day(
    world: World,
) -> None:
    world.accesses[ORANGE].offers = (SDSL,)
    world.accesses[ORANGE].says[Step.RESERVE_ACCESS] = [is_full(quote=DESATURATION)]
    line = await sites.site_opened(world, held=True, **DSL)
    await world.until(line, "QuoteGiven")

    await sites.quote_notified(world, line, date(2027, 1, 9))
    await world.until(line, "QuoteTold")
    await world.passes(line, days=12)

    await world.end_of(line)
    (given,) = [e for e in await world.events(line) if isinstance(e, QuoteGiven)]
    (told,) = [e for e in await world.events(line) if isinstance(e, QuoteTold)]
    (refused,) = [e for e in await world.events(line) if isinstance(e, QuoteRefused)]
    assert given.until is None  # nothing runs before it is notified (decision 8)
    assert told.until == paris("2027-01-20T00:00:00")  # 002:2280-2281, from Saturday 9 January
    assert refused.by_silence
    assert (await _ended(world, line)).outcome is Outcome.CANCELLED


async def test_a_cancellation_shows_its_cost_and_waits_for_the_letter(world: World) -> None:
    world.accesses[ORANGE].habits[Step.CHECK_ELIGIBILITY] = [Habit.IDLE]
    line = await sites.site_opened(world, held=True)
    await world.until(line, "OperatorTook")

    asked = await world.cancel(line)
    await world.asks(line, "cancellation-paper")
    letter = {"document": "cancellation-letter", "on": str(SIGNED_ON)}
    await world.decide(line, "provide", about="cancellation-paper", given=letter)

    assert asked.taken
    await world.end_of(line)
    assert (await _ended(world, line)).outcome is Outcome.CANCELLED


async def test_a_cancelled_access_gives_back_what_was_kept(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world, held=True)
    await world.asks(line, "visit-slots")

    await sites.cancelled(world, line)

    assert world.accesses[ORANGE].books.steps[-1] is Step.RELEASE_ACCESS
    assert "LineReleased" in await world.facts(line)


async def test_a_silent_operator_is_looked_up_and_then_a_person_passes_it_over(
    world: World,
) -> None:
    world.accesses[ORANGE].habits[Step.CHECK_ELIGIBILITY] = [Habit.IDLE]
    world.accesses[SFR].offers = (offer(SFR),)
    line = await sites.site_opened(world, candidates=(ORANGE, SFR))
    await world.asks(line, "operator-silent")

    await world.decide(line, "skip")

    await world.asks(line, "visit-slots")
    assert "OperatorPassedOver" in await world.facts(line)


async def test_a_lost_reply_is_looked_up_and_asked_once(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    world.accesses[ORANGE].habits[Step.RESERVE_ACCESS] = [Habit.LOST_REPLY]
    line = await sites.site_opened(world)

    await world.asks(line, "visit-slots")

    effects = world.accesses[ORANGE].books.effects
    assert set(effects.values()) == {1}


async def test_a_refusal_is_treated_as_the_policy_has_it(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    world.accesses[ORANGE].habits[Step.CHECK_ELIGIBILITY] = ["UNKNOWN-SITE"]
    line = await sites.site_opened(world)
    await world.asks(line, "operator-refused")

    await world.decide(line, "retry")

    await world.asks(line, "visit-slots")
    planned = [e for e in await world.events(line) if isinstance(e, RetryPlanned)]
    assert planned == []


async def test_two_orders_on_one_socket_are_told_apart_by_who_came_first(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(), offer())
    first = await sites.site_opened(world)
    await world.asks(first, "visit-slots")

    second = await sites.site_opened(world)
    await world.asks(second, "site-taken")
    await sites.visited(world, first)
    await world.end_of(first)
    await world.decide(second, "retry")

    await world.asks(second, "visit-slots")
    assert (await world.facts(second)).count("SiteClaimed") == 1


async def test_a_reset_process_goes_on_from_its_facts(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")
    await world.handles[line].terminate("lost")

    await sites.site_started(world, line, attempt=1)

    assert (await _delivered(world, line)).outcome is Outcome.DELIVERED
    assert set(world.accesses[ORANGE].books.effects.values()) == {1}
