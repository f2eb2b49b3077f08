"""An operator that is asked by mail or telephone: a person answers in its place."""

from datetime import timedelta

from domain.access_facts import AccessEnded, EligibilityFound, Reason
from domain.attention import AttentionMoved, Turn
from domain.identity import LineId
from domain.port_in_facts import HostNetwork, MessageSetAside, Outcome
from domain.works_facts import Milestone
from domain.works_told import MilestoneTold
from tests.accesses import offer
from tests.fakes.accesses import written
from tests.porting import STORY
from tests.process import sites
from tests.process.conftest import World

ORANGE, SFR = HostNetwork.ORANGE, HostNetwork.SFR
BY_HAND = "answer-by-hand"
SPEED = {"speed": "100000/20000", "lead": "15"}


async def _answered(world: World, line: LineId, decision: str, **given: str) -> None:
    await world.asks(line, BY_HAND)
    ruled = await world.decide(line, decision, about=BY_HAND, given=given)
    assert ruled.taken, ruled.why


async def test_an_operator_without_an_interface_goes_the_same_way_by_decisions(
    world: World,
) -> None:
    del world.accesses[ORANGE]
    line = await sites.site_opened(world)

    await _answered(world, line, "agree", **SPEED)
    await _answered(world, line, "agree")
    await world.until(line, "AccessReady")
    await world.asks(line, BY_HAND)

    facts = await world.facts(line)
    assert [one for one in facts if one != "DecisionTaken"][3:] == [
        *("OperatorAsked", "AttentionRaised", "AttentionCleared", "EligibilityFound"),
        *("OfferChosen", "DeliveryPlanned", "CutsListed", "NothingInTheWay"),
        *("OperatorAsked", "AttentionRaised", "AttentionCleared"),
        *("AccessReserved", "AccessReady", "OperatorAsked", "AttentionRaised"),
    ]


async def test_one_technology_alone_may_be_asked_for_by_hand(world: World) -> None:
    world.by_hand.add("orange:ftth")
    world.accesses[SFR].offers = (offer(SFR),)
    line = await sites.site_opened(world, candidates=(ORANGE, SFR))

    await _answered(world, line, "refuse")
    await world.asks(line, "visit-slots")

    first, second = [e for e in await world.events(line) if isinstance(e, EligibilityFound)]
    assert [barrier.reason for barrier in first.barriers] == [Reason.REFUSED]
    assert second.offers == (offer(SFR),)
    assert world.accesses[ORANGE].asked == []


async def test_an_answer_nobody_gives_goes_up_and_is_waited_for(world: World) -> None:
    world.by_hand.add("orange")
    line = await sites.site_opened(world)

    await world.until(line, "AttentionMoved")
    (up, *_) = [e for e in await world.events(line) if isinstance(e, AttentionMoved)]
    await _answered(world, line, "refuse")
    await world.end_of(line)

    assert (up.code, up.turn) == (BY_HAND, Turn.SUPERVISOR)
    (ended,) = [e for e in await world.events(line) if isinstance(e, AccessEnded)]
    assert ended.outcome is Outcome.REFUSED


async def test_what_is_told_of_works_nobody_asked_for_is_set_aside(world: World) -> None:
    world.accesses[ORANGE].offers = (offer(),)
    line = await sites.site_opened(world)
    await world.asks(line, "visit-slots")
    at = STORY + timedelta(hours=1)
    told = written(MilestoneTold(key="k", milestone=Milestone.CABLING, passed_at=at))

    await world.accesses[ORANGE].mail.send(line, ORANGE, told, at=at)
    await world.until(line, "MessageSetAside")

    (aside,) = [e for e in await world.events(line) if isinstance(e, MessageSetAside)]
    assert aside.why == "already known, or too late"
