"""What waits for a person, and until when, beside the lines: in the same lists as theirs."""

from collections.abc import Iterable
from datetime import datetime

from domain.attention import ALWAYS, FIRST_QUEUE, Turn
from domain.callers import Caller
from domain.clients import Role
from domain.differences import Open, Remedying
from domain.identity import OrderId
from domain.notices import KnownNotice, Sent, ToBeSent, Undelivered
from domain.reverse_port_facts import ReversePortTerms
from domain.said import Said, day_said
from domain.transfers import KnownTransfer, allowed_in, until_of
from intake.api import ApiPorts
from intake.views import About, AttentionView, DeadlineView, Matter
from projections.exchange import TransferDocument, TroubleDocument
from projections.indemnity import IndemnityDocument
from projections.notices import NoticeDocument
from projections.parked import ParkedDocument
from projections.reconciling import DifferenceDocument, HostNightsDocument
from projections.reverse_port import ReversePortDocument

WAITING_NOTICES = {
    ToBeSent: Said(
        fr="à envoyer par une personne, puis à dater",
        en="a person has to send it, and to write down when",
    ),
    Undelivered: Said(fr="n'est pas parti", en="it did not leave"),
    Sent: Said(
        fr="envoyé : la date qui lui donne effet manque",
        en="sent: the date it takes effect by is missing",
    ),
}
_TRANSFERS = {
    "asked": Said(
        fr="un opérateur demande un numéro : accepter ou refuser",
        en="another operator asks for a number: accept or refuse",
    ),
    "given-up": Said(
        fr="un opérateur renonce à une demande : confirmer",
        en="another operator gives a request up: confirm",
    ),
    "announced": Said(
        fr="un numéro change d'opérateur : confirmer",
        en="a number moves between operators: confirm",
    ),
    "elsewhere": Said(
        fr="un ticket se traite par d'autres moyens : dire comment",
        en="a ticket is dealt with by other means: say how",
    ),
}


async def beside(
    ports: ApiPorts, me: Caller, order_id: OrderId | None = None
) -> list[AttentionView]:
    """Of one order, or of all. A partner sees what its own customers are to be told."""
    views = await _of_people(ports, me)
    if _is_the_houses(me):
        views += [
            v for one in await ports.reverse_ports.still_open() for v in attention_views_of(one)
        ]
        for difference in await ports.reconcile.differences():
            views += _of_difference(difference)
    return [view for view in views if order_id in {None, view.order_id}]


async def due_beside(
    ports: ApiPorts,
    me: Caller,
    now: datetime,
    last: datetime,
    order_id: OrderId | None = None,
) -> list[DeadlineView]:
    """A person's answer is due like anything else, and what others owe beside it."""
    views = [_due(view, now) for view in await _of_people(ports, me)]
    if _is_the_houses(me):
        found = [deadline_view_of(one, now) for one in await ports.reverse_ports.still_open()]
        found += [_due_of(one, now) for one in await ports.reconcile.differences()]
        views += [view for view in found if view is not None]
    return [v for v in views if v.until <= last and order_id in {None, v.order_id}]


def _is_the_houses(me: Caller) -> bool:
    """Hosts, exchanges and what they are asked are nobody else's to read."""
    return not me.own_orders_only and me.has(Role.OPERATIONS, Role.AUDIT)


async def _of_people(ports: ApiPorts, me: Caller) -> list[AttentionView]:
    """What waits for people and for nobody else."""
    views = [v for one in await ports.notices.waiting() for v in _of_notice(one, me)]
    if not _is_the_houses(me):
        return views
    views += [_of_trouble(one) for one in await ports.exchange.troubles()]
    views += [_of_parked(one) for one in await ports.parked.waiting()]
    for transfer in await ports.exchange.transfers():
        views += _of_transfer(transfer)
    for host in await ports.reconcile.hosts():
        views += _of_host(host)
    return views


def attention_views_of(
    document: IndemnityDocument | ReversePortDocument,
) -> tuple[AttentionView, ...]:
    """What an indemnity or a reverse port asks."""
    terms = document.state.terms
    return tuple(
        AttentionView(
            about=_about(document),
            order_id=terms.order_id,
            line=terms.line if isinstance(terms, ReversePortTerms) else terms.number,
            line_id=terms.line_id,
            provider=terms.pin.provider,
            code=one.code,
            what=one.what,
            since=one.since,
            until=one.until,
            turn=one.turn,
            allowed=(*one.allowed, *ALWAYS),
            detail=one.detail,
            queue=one.queue,
            row=one.row,
        )
        for one in document.attentions
    )


def deadline_view_of(
    document: IndemnityDocument | ReversePortDocument, now: datetime
) -> DeadlineView | None:
    awaited = document.awaited
    if awaited is None:
        return None
    return DeadlineView(
        about=_about(document),
        order_id=document.order_id,
        line_id=document.line_id,
        stage=document.state.stage,
        what=awaited.what,
        until=awaited.until,
        late=awaited.until < now,
    )


def _about(document: IndemnityDocument | ReversePortDocument) -> About:
    if isinstance(document, IndemnityDocument):
        return About(matter=Matter.INDEMNITY, id=str(document.indemnity_id))
    return About(matter=Matter.REVERSE_PORT, id=str(document.reverse_port_id))


def _due(view: AttentionView, now: datetime) -> DeadlineView:
    return DeadlineView(
        about=view.about,
        order_id=view.order_id,
        line_id=view.line_id,
        stage=view.code,
        what=view.what,
        until=view.until,
        late=view.until < now,
    )


def _asked(
    about: About,
    *,
    code: str,
    what: Said,
    since: datetime,
    until: datetime,
    allowed: Iterable[str],
    **more: object,
) -> AttentionView:
    """With what the house's own matters leave out."""
    fields = {
        "order_id": None,
        "line": None,
        "line_id": None,
        "provider": None,
        "turn": Turn.OPERATIONS,
        "detail": None,
        "queue": FIRST_QUEUE,
        "row": None,
        **more,
    }
    return AttentionView.model_validate(
        {
            "about": about,
            "code": code,
            "what": what,
            "since": since,
            "until": until,
            "allowed": tuple(allowed),
            **fields,
        }
    )


def _of_difference(document: DifferenceDocument) -> list[AttentionView]:
    """While a person is to decide it. Its place in the order is not known here."""
    state = document.state
    if not isinstance(state, Open):
        return []
    difference = state.difference
    view = _asked(
        About(matter=Matter.DIFFERENCE, id=str(difference.difference_id)),
        code=f"host-{difference.kind}",
        what=difference.what,
        since=state.since,
        until=state.until,
        allowed=difference.allowed,
        turn=state.turn,
        detail=difference.host,
        order_id=difference.order_id,
        line_id=difference.line_id,
        provider=difference.provider,
    )
    return [view]


def _due_of(document: DifferenceDocument, now: datetime) -> DeadlineView | None:
    """Whoever it waits for: a person, or the host that is putting it right."""
    state = document.state
    if not isinstance(state, Open | Remedying):
        return None
    return DeadlineView(
        about=About(matter=Matter.DIFFERENCE, id=str(document.difference_id)),
        order_id=document.order_id,
        line_id=state.difference.line_id,
        stage=state.stage,
        what=state.difference.what,
        until=state.until,
        late=state.until < now,
    )


def _of_host(document: HostNightsDocument) -> list[AttentionView]:
    asked = document.nights.attention
    if asked is None:
        return []
    view = _asked(
        About(matter=Matter.HOST, id=document.host),
        code=asked.code,
        what=Said(fr=f"{document.host} : {asked.what.fr}", en=f"{document.host}: {asked.what.en}"),
        since=asked.since,
        until=asked.until,
        allowed=(),
        turn=asked.turn,
        detail=document.host,
    )
    return [view]


def _of_notice(document: NoticeDocument, me: Caller) -> list[AttentionView]:
    state = document.state
    if not isinstance(state, ToBeSent | Undelivered | Sent) or not me.sees(state.terms.client):
        return []
    terms, waits = state.terms, WAITING_NOTICES[type(state)]
    view = _asked(
        About(matter=Matter.NOTICE, id=str(terms.notice_id)),
        code=f"notice-{state.stage}",
        what=_with_its_day(
            state, Said(fr=f"{terms.purpose} : {waits.fr}", en=f"{terms.purpose}: {waits.en}")
        ),
        since=document.due_at,
        until=state.until,
        allowed=state.allowed,
        detail=terms.purpose,
        order_id=terms.order_id,
        provider=terms.pin.provider,
    )
    return [view]


def _with_its_day(state: KnownNotice, what: Said) -> Said:
    """Where a contract says until when it is told."""
    bounds = [one.tell_by for one in state.causes if one.tell_by is not None]
    if not bounds:
        return what
    first = min(bounds, key=lambda one: one.by)
    day = day_said(first.last)
    return Said(
        fr=f"{what.fr} ; à prévenir au plus tard le {day.fr} ({first.source})",
        en=f"{what.en}; to be told by {day.en} ({first.source})",
    )


def _of_trouble(document: TroubleDocument) -> AttentionView:
    trouble = document.trouble
    return _asked(
        About(matter=Matter.TROUBLE, id=str(trouble.trouble_id)),
        code=trouble.kind,
        what=trouble.what,
        since=trouble.since,
        until=trouble.until,
        allowed=trouble.allowed,
        detail=trouble.code or None,
    )


def _of_transfer(document: TransferDocument) -> list[AttentionView]:
    state: KnownTransfer | None = document.state
    until = None if state is None else until_of(state)
    if state is None or until is None:
        return []
    view = _asked(
        About(matter=Matter.TRANSFER, id=str(state.terms.transfer_id)),
        code=f"transfer-{state.stage}",
        what=_TRANSFERS[state.stage],
        since=document.last_at,
        until=until,
        allowed=allowed_in(state),
        detail=f"{state.terms.donor}-{state.terms.receiver}",
    )
    return [view]


def _of_parked(document: ParkedDocument) -> AttentionView:
    work = document.work
    return _asked(
        About(matter=Matter.PARKED, id=str(work.number)),
        code=f"parked-{work.kind}",
        what=work.what,
        since=work.since,
        until=work.until,
        allowed=("try-again", "settle"),
        queue=work.queue,
        order_id=work.about.get("order_id"),
        line_id=work.about.get("line_id"),
    )
