"""Work that nobody here could do, for people: what it is, why, and what becomes of it."""

from typing import Annotated

from fastapi import FastAPI, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.attention import QUEUE
from domain.parked import ParkedDecision, ParkedRefusedError
from domain.said import Said
from intake.api import ApiPorts, IdempotencyKey, conflict, unknown
from intake.decisions_api import asked_by
from intake.guard import Me, check_house
from intake.openapi import refusals
from intake.requests import LongText, ShortText
from projections.parked import ParkedDocument

_THE_HOUSES = "What is to be done outside is the house's own: a partner follows its orders instead."
RowNumber = Annotated[int, Path(ge=1, le=2**62, description="As the list names it.")]


class ParkedView(BaseModel):
    number: int
    kind: str
    what: Said
    why: str
    about: dict[str, str]
    attempts: int
    since: AwareDatetime
    until: AwareDatetime
    queue: str
    allowed: tuple[ParkedDecision, ...]
    open: bool


class ParkedList(BaseModel):
    parked: tuple[ParkedView, ...]


class ParkedDecided(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "try-again", "reason": "the code is set"}]},
    )

    decision: ParkedDecision
    reason: LongText = Field(default="", description="Not personal data.")
    by: ShortText | None = Field(default=None, description="Who decides, through this caller.")


def _view(document: ParkedDocument) -> ParkedView:
    work = document.work
    return ParkedView(
        **work.model_dump(),
        what=work.what,
        allowed=tuple(ParkedDecision) if document.open else (),
        open=document.open,
    )


def add_parked(app: FastAPI, ports: ApiPorts) -> None:
    @app.get("/parked")
    async def parked_work(
        me: Me,
        queue: Annotated[str | None, Query(pattern=QUEUE, description="Of this team.")] = None,
    ) -> ParkedList:
        """What could not be done outside and waits for a person, the most urgent first."""
        check_house(me, _THE_HOUSES)
        views = [_view(document) for document in await ports.parked.waiting()]
        views = [view for view in views if queue in {None, view.queue}]
        return ParkedList(parked=tuple(sorted(views, key=lambda v: (v.until, v.number))))

    @app.post("/parked/{number}/decisions", responses=refusals(404, 409))
    async def decide_parked(
        number: RowNumber, body: ParkedDecided, idempotency_key: IdempotencyKey, me: Me
    ) -> ParkedView:
        """Put due again, or settled; done again in vain, it is raised anew."""
        check_house(me, _THE_HOUSES)
        await _known(ports, number)
        asked = await asked_by(ports, me, body, idempotency_key)
        try:
            await ports.parked_desk.decide(number, body.decision, asked)
        except ParkedRefusedError as exc:
            raise conflict("decision-refused", "It cannot be decided", f"{exc}.") from exc
        return _view(await _known(ports, number))


async def _known(ports: ApiPorts, number: int) -> ParkedDocument:
    found = await ports.parked.find(number)
    if found is None:
        raise unknown(
            "parked-unknown",
            "No such work",
            f"Nothing is parked under {number}; GET /parked lists what waits.",
        )
    return found
