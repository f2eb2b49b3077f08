"""What operators tell about sites: offers and reasons, studies, saturations, quotes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from domain.access_facts import Locator, QuoteKind, Reason, StudyResult, Technology, Use, Verdict
from domain.access_told import (
    DesaturatedTold,
    EligibilityTold,
    ReservedTold,
    SaturatedTold,
    StudyTold,
    SupplyWithdrawnTold,
)
from domain.operators import Refused, Took
from domain.port_in_facts import Step
from tests.conformance.host import ASKED_AT, NUMBER, STREET, HostUnderTest, site_request
from tests.conformance.promises import promises
from tests.waiting import until_async

RESERVE = Step.RESERVE_ACCESS
OTHER = "3 place du Marché"
BOTH = (Technology.FTTH, Technology.VDSL)


async def _checked(host: HostUnderTest, *words: str, name: str = "check") -> EligibilityTold:
    await host.at_site(STREET, {"is": list(words)})
    asked = site_request(name, technologies=BOTH)
    assert isinstance(await host.sites.ask_access(asked), Took)
    told = await host.one_told(asked.key)
    assert isinstance(told, EligibilityTold)
    return told


async def _saturated(host: HostUnderTest, *words: str) -> SaturatedTold:
    await host.at_site(STREET, {"is": list(words)})
    asked = site_request("saturated", RESERVE)
    assert isinstance(await host.sites.ask_access(asked), Took)
    told = await host.one_told(asked.key)
    assert isinstance(told, SaturatedTold)
    assert told.key == asked.key
    return told


async def _studied(host: HostUnderTest, *words: str) -> StudyTold:
    await host.at_site(STREET, {"is": ["study-days:2", *words]})
    asked = site_request("study", Step.STUDY_SITE)
    assert isinstance(await host.sites.ask_access(asked), Took)
    told = await host.one_told(asked.key)
    assert isinstance(told, StudyTold)
    return told


@promises("access-eligibility")
async def test_it_is_told_what_can_be_had_what_cannot_and_what_is_in_use(
    host: HostUnderTest,
) -> None:
    told = await _checked(
        host, "not-deployed:ftth", "lead:12", "rate:8000/800", "use:broadband,alarm"
    )

    (offer,), (barrier,) = told.offers, told.barriers
    assert (offer.technology, offer.down_kbps, offer.up_kbps) == (Technology.VDSL, 8000, 800)
    assert (offer.lead_days, offer.study, offer.pairs) == (12, False, None)
    assert (barrier.technology, barrier.reason) == (Technology.FTTH, Reason.NOT_DEPLOYED)
    assert barrier.code
    assert told.uses == (Use.BROADBAND, Use.ALARM)
    assert told.operator is offer.operator
    assert ASKED_AT < told.checked_at < ASKED_AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("not-deployed:vdsl", Reason.NOT_DEPLOYED),
        ("not-yet:vdsl", Reason.NOT_YET),
        ("too-long", Reason.TOO_LONG),
        ("no-pair", Reason.NO_PAIR),
        ("full:vdsl", Reason.SATURATED),
        ("not-connectable:vdsl", Reason.NOT_CONNECTABLE),
        ("incompatible:vdsl", Reason.INCOMPATIBLE),
        ("closed", Reason.CLOSED),
        ("uncertain:vdsl", Reason.UNCERTAIN),
        ("service-down:vdsl", Reason.SERVICE_DOWN),
        ("unknown-site:vdsl", Reason.UNKNOWN_SITE),
    ],
)
@promises("access-reasons")
async def test_each_reason_is_one_of_our_words(
    host: HostUnderTest, word: str, reason: Reason
) -> None:
    told = await _checked(host, word)

    (barrier,) = told.barriers
    assert (barrier.technology, barrier.reason) == (Technology.VDSL, reason)
    assert barrier.code


@promises("access-unknown-code")
async def test_a_code_nobody_knows_is_kept_for_a_person(host: HostUnderTest) -> None:
    told = await _checked(host, "code:Z-4711:vdsl")

    (barrier,) = told.barriers
    assert (barrier.reason, barrier.code) == (Reason.OTHER, "Z-4711")


@promises("access-technologies")
async def test_every_technology_is_asked_for_and_offered_as_itself(host: HostUnderTest) -> None:
    asked = site_request("every", technologies=tuple(Technology), down_kbps=12_000)
    await host.at_site(STREET, {"is": ["length:0"]})
    await host.sites.ask_access(asked)

    told = await host.one_told(asked.key)

    assert isinstance(told, EligibilityTold)
    assert [offer.technology for offer in told.offers] == list(Technology)
    pairs = {offer.technology: offer.pairs for offer in told.offers if offer.pairs is not None}
    assert pairs == {Technology.BUNDLED_PAIRS: 3}
    assert {offer.technology for offer in told.offers if offer.study} == {
        Technology.DEDICATED_FIBRE,
        Technology.MICROWAVE,
        Technology.LEASED_LINE,
    }


@pytest.mark.parametrize("locator", [Locator.BUILDING, Locator.SOCKET, Locator.LINE])
@promises("access-technologies")
async def test_a_site_is_known_by_its_building_its_socket_or_its_line(
    host: HostUnderTest, locator: Locator
) -> None:
    await host.at_site("OO-1234-5678", {"is": ["unknown-site"]})
    named = site_request(f"by {locator}", locator=locator, name="OO-1234-5678")
    other = site_request(f"by another {locator}", locator=locator, name="OO-8765-4321")
    for asked in (named, other):
        await host.sites.ask_access(asked)

    told = [await host.one_told(asked.key) for asked in (named, other)]

    assert [len(getattr(one, "barriers", ())) for one in told] == [1, 0]


@promises("access-study")
async def test_a_study_takes_working_days_and_finds_nothing_against_it(
    host: HostUnderTest,
) -> None:
    told = await _studied(host)

    assert told.result == StudyResult(verdict=Verdict.POSITIVE)
    assert told.studied_at == ASKED_AT + timedelta(days=4), "asked on a Thursday: Monday"


@promises("access-study")
async def test_a_study_may_change_what_was_ordered(host: HostUnderTest) -> None:
    told = await _studied(host, "study-technology:sdsl", "study-lead:45", "study-fee:-150.50")

    assert told.result == StudyResult(
        verdict=Verdict.POSITIVE,
        technology=Technology.SDSL,
        lead_days=45,
        fee_change=Decimal("-150.50"),
    )


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("study-negative:Z-1", Verdict.NEGATIVE), ("study-redefine:Z-1", Verdict.REDEFINE)],
)
@promises("access-study")
async def test_a_study_may_say_no(host: HostUnderTest, word: str, verdict: Verdict) -> None:
    told = await _studied(host, word)

    assert (told.result.verdict, told.result.code) == (verdict, "Z-1")


@promises("access-quote")
async def test_works_are_done_once_their_quote_is_accepted(host: HostUnderTest) -> None:
    told = await _studied(host, "study-works", "quote:Tranchée=900.00;Mât=50.50", "study-days:1")
    quote = told.result.quote
    assert quote is not None
    assert quote.kind is QuoteKind.WORKS
    assert [(line.what, line.euros) for line in quote.lines] == [
        ("Tranchée", Decimal("900.00")),
        ("Mât", Decimal("50.50")),
    ]
    without = site_request("without its quote", RESERVE)
    with_it = site_request("with its quote", RESERVE, quote=quote.reference)

    refused = await host.sites.ask_access(without)
    taken = await host.sites.ask_access(with_it)

    assert isinstance(refused, Refused)
    assert isinstance(taken, Took)
    assert isinstance(await host.one_told(with_it.key), ReservedTold)


@promises("access-quote")
async def test_an_exceptional_desaturation_has_a_quote(host: HostUnderTest) -> None:
    told = await _saturated(
        host, "saturated:exceptional", "quote:Câble=1180.00", "desaturate-days:5"
    )
    assert told.quote is not None
    assert (told.quote.kind, told.quote.total) == (QuoteKind.DESATURATION, Decimal("1180.00"))
    without = site_request("not accepted", Step.DESATURATE)
    with_it = site_request("accepted", Step.DESATURATE, quote=told.quote.reference)

    refused = await host.sites.ask_access(without)
    taken = await host.sites.ask_access(with_it)

    assert isinstance(refused, Refused)
    assert isinstance(taken, Took)
    assert isinstance(await host.one_told(with_it.key), DesaturatedTold)


@pytest.mark.parametrize(
    ("kind", "at_customer", "at_first_visit"),
    [
        ("first-visit", False, True),
        ("deferred", False, False),
        ("customer", True, False),
        ("customer+first-visit", True, True),
    ],
)
@promises("access-saturation")
async def test_a_saturation_says_what_caused_it_and_how_it_ends(
    host: HostUnderTest, kind: str, *, at_customer: bool, at_first_visit: bool
) -> None:
    told = await _saturated(host, f"saturated:{kind}", "saturated-since:12")

    assert (told.at_customer, told.at_first_visit) == (at_customer, at_first_visit)
    assert told.quote is None
    assert told.event_at == ASKED_AT + timedelta(days=1) - timedelta(days=12)


@promises("access-saturation")
async def test_what_was_added_can_be_kept(host: HostUnderTest) -> None:
    await _saturated(host, "saturated:deferred", "desaturate-days:10")
    adding = site_request("added", Step.DESATURATE)

    await host.sites.ask_access(adding)
    told = await host.one_told(adding.key)
    kept = await host.kept_access("kept after it was added")

    assert isinstance(told, DesaturatedTold)
    assert told.done_at == ASKED_AT + timedelta(days=10)
    assert kept


@promises("access-supply")
async def test_what_the_operator_takes_back_by_itself_is_told(host: HostUnderTest) -> None:
    await host.at_site(STREET, {"is": ["withdrawn:3:GONE"]})
    asked = site_request("taken back", RESERVE)
    await host.sites.ask_access(asked)

    async def told_more() -> bool:
        return len(await host.told(asked.key)) == 2

    await until_async(told_more, what="that it is taken back")
    kept, taken = await host.told(asked.key)

    assert isinstance(host.reader(kept.body), ReservedTold)
    assert host.reader(taken.body) == SupplyWithdrawnTold(
        code="GONE", told_at=ASKED_AT + timedelta(days=4)
    )
    assert taken.correlation == str(asked.line_id)
    assert kept.message_key != taken.message_key
    assert sum(box["kept"] for box in await host.ground()) == 0


@promises("access-duplicates")
async def test_what_is_told_twice_of_a_site_bears_the_same_name_and_body(
    host: HostUnderTest,
) -> None:
    asked = site_request("twice")
    await host.at_site(STREET, {"check": ["twice"]})
    await host.sites.ask_access(asked)

    async def told_twice() -> bool:
        return len(await host.told(asked.key)) == 2

    await until_async(told_twice, what="a second telling")
    first, second = await host.told(asked.key)

    assert (first.message_key, first.body) == (second.message_key, second.body)


@promises("access-disorder")
async def test_what_is_told_of_sites_out_of_order_stands_on_its_own(host: HostUnderTest) -> None:
    first = site_request("first")
    second = site_request("second", address=OTHER, line="two")
    await host.at_site(STREET, {"check": ["reorder"]})
    await host.sites.ask_access(first)
    await host.sites.ask_access(second)

    for asked in (second, first):
        (delivery,) = await host.told(asked.key)
        assert delivery.correlation == str(asked.line_id)
        told = host.reader(delivery.body)
        assert isinstance(told, EligibilityTold)
        assert told.key == asked.key


@promises("access-secrecy")
async def test_no_address_and_no_line_is_logged_or_told_back(host: HostUnderTest) -> None:
    with capture_logs() as logs:
        asked = site_request("logged", locator=Locator.LINE, name=NUMBER)
        await host.sites.ask_access(asked)
        deliveries = await host.told(asked.key)
        told = [host.reader(delivery.body) for delivery in deliveries]

    shown = repr((logs, told, deliveries, [delivery.body for delivery in deliveries]))
    assert NUMBER not in shown
    assert STREET not in shown
