"""SFR, for mobile lines and fixed accesses: JSON orders under our keys, and nothing heard of them
until we ask."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from adapters.sfr import access_mapping, mapping, photographs
from adapters.sfr.client import SfrClient
from adapters.sfr.errors import SfrBusyError, SfrUnansweredError, translated
from adapters.sfr.messages import Commande, Said
from domain.access_operators import AccessRequest
from domain.operators import (
    Activity,
    Answer,
    Check,
    LineChange,
    LineRequest,
    LineStanding,
    RioAnswer,
    Told,
    Unanswered,
    Unreadable,
    Withdrawal,
)
from domain.photographs import PhotographAnswer

INTERFACE = "1"
"""The version of the dialect, as `dialect.yaml` has it."""
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class SfrGateway:
    client: SfrClient

    async def ask(self, request: LineRequest) -> Answer:
        return await self._order(request.key, mapping.line_order(request))

    async def change_line(self, change: LineChange) -> Answer:
        return await self._order(change.key, mapping.line_change(change))

    async def withdraw(self, withdrawal: Withdrawal) -> Answer:
        return await self._order(withdrawal.key, mapping.order_withdrawal(withdrawal))

    async def ask_access(self, request: AccessRequest) -> Answer:
        posted = access_mapping.access_order(request)
        return await self._order(request.key, posted.body, path=posted.path)

    async def look_up_access(self, key: str) -> str | None:
        """One book of keys for all that was ordered."""
        return await self.look_up(key)

    async def photograph(self, reference: str) -> PhotographAnswer:
        async def asking() -> PhotographAnswer:
            with translated():
                path = photographs.photograph_path(reference)
            said = await self.client.picture(path)
            with translated():
                return photographs.photograph_answer(said)

        return await self._patiently(asking)

    async def look_up(self, key: str) -> str | None:
        async def asking() -> str | None:
            order = await self._known(key)
            if order is None or order.evenement is None:
                return None
            return json.dumps(order.evenement, sort_keys=True)

        answer = await self._patiently(asking)
        return None if isinstance(answer, Unanswered) else answer

    async def number_activity(self, number: str) -> Activity:
        return await self._asked("/numeros/etat", {"numero_mobile": number}, mapping.activity_of)

    async def verify_line(self, host_line: str) -> Check:
        return await self._asked("/lignes/essai", {"ligneId": host_line}, mapping.check_of)

    async def rio_of(self, host_line: str) -> RioAnswer:
        return await self._asked("/lignes/rio", {"ligneId": host_line}, mapping.rio_answer)

    async def line_standing(self, host_line: str) -> LineStanding:
        return await self._asked("/lignes/situation", {"ligneId": host_line}, mapping.standing_of)

    async def _order(
        self, key: str, order: Mapping[str, Any], *, path: str = "/commandes"
    ) -> Answer:
        """What an earlier attempt became is looked up first: an effect is never asked for twice."""

        async def asking() -> Answer:
            known = await self._known(key)
            if known is not None:
                with translated():
                    return mapping.known_answer(known)
            try:
                said = await self.client.post(path, order)
                with translated():
                    return mapping.order_answer(said, key)
            except SfrBusyError:
                raise
            except SfrUnansweredError as exc:
                return Unanswered(why=str(exc), sent=True)

        return await self._patiently(asking)

    async def _known(self, key: str) -> Commande | None:
        said = await self.client.get(f"/commandes/par-cle/{quote(key, safe='')}")
        with translated():
            return mapping.known_order(said, key)

    async def _asked(
        self, path: str, body: Mapping[str, str], meaning: Callable[[Said], T]
    ) -> T | Unanswered:
        async def asking() -> T:
            said = await self.client.post(path, body)
            with translated():
                return meaning(said)

        return await self._patiently(asking)

    async def _patiently(self, asking: Callable[[], Awaitable[T]]) -> T | Unanswered:
        try:
            return await self.client.patiently(asking)
        except SfrBusyError as exc:
            return Unanswered(why=str(exc), retry_after=timedelta(seconds=exc.seconds))
        except SfrUnansweredError as exc:
            return Unanswered(why=str(exc))


def read_change(body: str) -> Told:
    """What SFR said had come, as it was kept."""
    try:
        return mapping.told_of(mapping.CHANGE.validate_json(body))
    except ValidationError as exc:
        return Unreadable(why=f"not a change of SFR's: {exc.error_count()} fields")
    except UnicodeEncodeError:
        return Unreadable(why="not text")
