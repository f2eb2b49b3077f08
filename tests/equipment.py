"""Words for tests about the equipment of an access: pieces told of, and asked back at its end."""

from datetime import date, datetime
from typing import Any

from domain import access_commands as told
from domain import equipment_rules
from domain.access import decide
from domain.access_changes import AccessChange, Place
from domain.access_facts import Site, Technology
from domain.access_stages import Access, AccessState, Closed, GivingBack
from domain.access_states import evolve
from domain.contract_values import ChoiceValue
from domain.equipment_commands import AskEquipmentBack, MoveEquipment
from domain.equipment_moves import Piece
from domain.event import Event
from domain.identity import order_subject
from domain.personal import Personal
from domain.port_in_facts import Step
from domain.works_facts import EquipmentMoved, EquipmentState, VisitReport
from tests import accesses as of
from tests.access_contracts import internet, ordered_with
from tests.porting import ORDER_ID, RULES, STORY

TODAY = date(2027, 1, 9)
S = EquipmentState
OF_ITS_ORDER = {"bought", "monthly", "once"}
THERE = Place(
    site=Site(
        commune="37261",
        address=Personal(subject=order_subject(ORDER_ID), value="3 place Jean Jaurès"),
    ),
    site_digest="e" * 64,
)


def told_of(state: AccessState, to: EquipmentState, name: str = "router", **more: Any) -> Any:  # noqa: ANN401
    """What a person says of one piece, with what its contract makes of it."""
    at = more.pop("at", STORY)
    today = RULES.local(at).date()
    fee = more.pop("fee", None)
    assert isinstance(state, Access | Closed)
    moved = EquipmentMoved(name=name, to=to, **{"on": today, **more})
    return MoveEquipment(
        decided_at=at,
        answer_by=RULES.local(at),
        by="a colleague",
        moved=moved,
        ordered_on=TODAY,
        today=today,
        billed=equipment_rules.billed_by(RULES, state, moved),
        fee=fee,
    )


def evolved(state: AccessState, *events: Event) -> AccessState:
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type]  # facts of an access
    return state


def facts_of(state: AccessState, command: Any) -> tuple[Any, list[Any]]:  # noqa: ANN401
    found = decide(command, state)
    return evolved(state, *found), list(found)


def moved(
    state: AccessState,
    *ways: EquipmentState,
    name: str = "router",
    **more: Any,  # noqa: ANN401
) -> AccessState:
    for to in ways:
        state, _ = facts_of(state, told_of(state, to, name, **more))
        more = {key: value for key, value in more.items() if key not in OF_ITS_ORDER}
    return state


def ended(state: AccessState) -> GivingBack:
    """Cancelled by the customer."""
    giving, _ = facts_of(state, of.cancellation())
    assert isinstance(giving, GivingBack)
    return giving


def back(state: Access, at: datetime = STORY) -> AskEquipmentBack:
    today = RULES.local(at).date()
    return AskEquipmentBack(
        decided_at=at,
        answer_by=of.SOON,
        asked=equipment_rules.asked_back(RULES, state, today),
        today=today,
    )


def under(word: str) -> Access:
    """Ready for its works; its own order form says from when equipment is billed."""
    form = ordered_with(internet(), billing_equipment__from=ChoiceValue(value=word))
    state = of.ready()
    assert isinstance(state, Access)
    return state.model_copy(update={"terms": state.terms.model_copy(update={"pin": form.pin})})


def to_another_place(at: datetime = STORY) -> told.AmendAccess:
    return told.AmendAccess(
        decided_at=at,
        answer_by=of.SOON,
        by="the customer",
        change=AccessChange(place=THERE),
        needs=None,
        needs_until=of.SOON,
    )


def amended(state: AccessState) -> Access:
    """To another place; whatever was kept for it is still kept."""
    after, _ = facts_of(state, to_another_place())
    assert isinstance(after, Access)
    return after


def asked_where(state: AccessState, at: datetime = STORY) -> Access:
    """What is at the place before."""
    assert isinstance(state, Access)
    after, _ = facts_of(state, back(state, at))
    assert isinstance(after, Access)
    return after


def closed(state: AccessState) -> Closed:
    """Given back, where something was kept; nothing holds it up."""
    if isinstance(state, GivingBack) and state.step is Step.RELEASE_ACCESS:
        state = of.asked(state, Step.RELEASE_ACCESS)
        state = of.when(state, of.released(state))
    over = of.when(state, told.EndAccess(**of.BOTH))
    assert isinstance(over, Closed)
    return over


def asked_back(state: AccessState, at: datetime = STORY) -> GivingBack:
    giving = ended(state)
    after, _ = facts_of(giving, back(giving, at))
    assert isinstance(after, GivingBack)
    return after


def answered(
    decision: str,
    about: str = "equipment-return",
    *,
    at: datetime = STORY,
    **more: Any,  # noqa: ANN401
) -> told.TakeDecision:
    return of.answer(decision, about, decided_at=at, today=RULES.local(at).date(), **more)


def piece(state: AccessState, name: str = "router") -> Piece:
    assert isinstance(state, Access | Closed)
    return state.pieces[name]


def pieces(state: AccessState) -> tuple[Piece, ...]:
    assert isinstance(state, Access | Closed)
    return tuple(state.pieces.values())


def put_up(
    state: AccessState, *serials: str, technology: Technology = Technology.FTTH
) -> list[tuple[str, str | None]]:
    """The names and numbers of what a visit's report puts up."""
    assert isinstance(state, Access)
    state = state.model_copy(
        update={"chosen": None, "terms": state.terms.model_copy(update={"wanted": (technology,)})}
    )
    report = VisitReport(done_at=STORY, serials=serials, socket="FI-0590-0001")
    found = equipment_rules.installed(RULES, state, report)
    return [(one.name, one.serial) for one in found if isinstance(one, EquipmentMoved)]
