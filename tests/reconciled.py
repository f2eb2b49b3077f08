"""Words for tests about reconciliation: lines at a host, as their facts have them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from domain import port_in_facts as facts
from domain.differences import Difference, DifferenceId, DifferenceRaised, difference_stream
from domain.event import Event
from domain.identity import LineId, OrderId
from domain.indemnity_facts import Party
from domain.new_numbers import NewNumberEnded, NewNumberOpened, NewNumberTerms
from domain.operators import Standing
from domain.port_in_facts import HostNetwork, Outcome, PortOpened, Step
from domain.reconciling import DifferenceKind, Evidence, OurSide, TheirSide
from domain.reverse_port_facts import Incident, LineHandedBack, reverse_port_id_for
from domain.said import Said
from runtime.store import Store
from tests.builders import append, on_stream
from tests.porting import STORY, number_terms, ordered_line, rio_of

_SPACE = UUID("00000000-0000-5000-8000-00000000bea7")
WHY = Said(fr="parce que", en="because")
LONG_AGO = STORY - timedelta(days=5)


def line_at(place: int, host: HostNetwork = HostNetwork.ORANGE) -> PortOpened:
    """The first fact of a line; each place is another number and another line."""
    number = f"06125{place:05d}"
    asked = {"msisdn": number, "rio": rio_of(number, prefix=f"02E12{place % 10000:04d}")}
    order_id = OrderId(uuid5(_SPACE, f"order {place}"))
    line = ordered_line("onecom", order_id=order_id, line=asked)
    line_id = LineId(uuid5(_SPACE, f"line {place}"))
    terms = number_terms(line).model_copy(update={"host": host, "line_id": line_id})
    return PortOpened(terms=terms, gates=())


def host_line(place: int) -> str:
    return f"OL-{place:08d}"


def asked(step: Step, epoch: int = 0, at: datetime = LONG_AGO) -> facts.OperatorAsked:
    return facts.OperatorAsked(
        step=step, key=f"key-{step}-{epoch}", epoch=epoch, asked_at=at, until=at + timedelta(days=1)
    )


def ready(place: int) -> facts.LineReady:
    return facts.LineReady(ready_at=LONG_AGO, host_line=host_line(place))


def switched(at: datetime = LONG_AGO) -> facts.LineSwitched:
    return facts.LineSwitched(
        outage_from=at,
        outage_to=at,
        sim_activated_at=at,
        settled_at=at,
        judged=(),
        too_long=False,
    )


def ended(outcome: Outcome = Outcome.PORTED) -> facts.PortEnded:
    return facts.PortEnded(outcome=outcome, why=WHY)


def reserved_facts(place: int, host: HostNetwork = HostNetwork.ORANGE) -> tuple[Event, ...]:
    return (line_at(place, host), asked(Step.PREPARE_LINE), ready(place))


def active_facts(place: int, host: HostNetwork = HostNetwork.ORANGE) -> tuple[Event, ...]:
    return (*reserved_facts(place, host), asked(Step.SWITCH_LINE), switched(), ended())


def released_facts(place: int, host: HostNetwork = HostNetwork.ORANGE) -> tuple[Event, ...]:
    return (
        *reserved_facts(place, host),
        *given_back(),
    )


def handed_back(place: int, at: datetime = LONG_AGO) -> LineHandedBack:
    """Its number has gone back to its initial donor, and its service ended with it."""
    return LineHandedBack(
        reverse_port_id=reverse_port_id_for(line_at(place).terms.line_id),
        service_ended_at=at,
        incident=Incident.FRAUD,
        fault=Party.NOBODY,
        why=WHY,
    )


def new_number_at(place: int, host: HostNetwork = HostNetwork.ORANGE) -> NewNumberOpened:
    """The same line, as one that is given a new number."""
    terms = line_at(place, host).terms
    return NewNumberOpened(
        terms=NewNumberTerms(
            line_id=terms.line_id,
            order_id=terms.order_id,
            replaces=terms.line_id,
            pin=terms.pin,
            host=host,
            sim=terms.sim,
            host_line=None,
            asked_at=LONG_AGO,
            number=terms.number,
        )
    )


def activated() -> NewNumberEnded:
    return NewNumberEnded(outcome=Outcome.ACTIVATED, service_started_at=LONG_AGO)


def given_back() -> tuple[Event, ...]:
    """What follows when a port is given up."""
    steps = (Step.RELEASE_LINE,)
    return (
        facts.UndoingBegun(outcome=Outcome.CANCELLED, why=WHY, steps=steps),
        asked(Step.RELEASE_LINE),
        facts.LineReleased(released_at=LONG_AGO),
        ended(Outcome.CANCELLED),
    )


def their_side(standing: Standing | None, code: str | None = None) -> TheirSide:
    return TheirSide(standing=standing, code=code, asked_at=STORY)


def difference(
    kind: DifferenceKind = DifferenceKind.SUSPENDED_THERE,
    ours: Standing = Standing.ACTIVE,
    theirs: Standing | None = Standing.SUSPENDED,
) -> Difference:
    terms = line_at(1).terms
    fact = Evidence(event="LineSwitched", version=5, at=LONG_AGO)
    return Difference(
        kind=kind,
        line_id=terms.line_id,
        order_id=terms.order_id,
        provider="onecom",
        host=HostNetwork.ORANGE,
        host_line=host_line(1),
        ours=OurSide(standing=ours, since=LONG_AGO, evidence=(fact,)),
        theirs=their_side(theirs),
    )


async def difference_in(store: Store, place: int = 1) -> DifferenceId:
    """One that waits for a person, as a night would have left it."""
    terms = line_at(place).terms
    found = difference().model_copy(update={"line_id": terms.line_id, "order_id": terms.order_id})
    event = DifferenceRaised(difference=found, until=STORY)
    stream = on_stream(difference_stream(found.difference_id), event)
    await store.ledger.append(append(f"difference {found.difference_id}", stream))
    return found.difference_id
