"""What has come at SFR since we last asked: kept as it came, understood later."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from pydantic import ValidationError

from adapters.sfr.client import SfrClient
from adapters.sfr.errors import SfrBusyError, SfrUnansweredError, translated
from adapters.sfr.messages import Item, Marked, Named, Page, UnreadableAnswerError
from domain.operators import Delivery, FeedPage, FeedSilentError

PAGE = 50
"""Changes in one page: they fit within the size of an answer. A default of ours."""
_OK = 200
log = structlog.get_logger("sfr")


@dataclass(frozen=True, kw_only=True)
class SfrFeed:
    client: SfrClient

    async def after(self, mark: str) -> FeedPage:
        page = await self._readable(mark)
        if page.changements and _last_mark(page) is None:
            raise FeedSilentError("SFR does not say how far its changes go")
        deliveries = map(_delivery, page.changements)
        return FeedPage(
            deliveries=tuple(delivery for delivery in deliveries if delivery is not None),
            mark=_last_mark(page) or mark,
        )

    async def _readable(self, mark: str) -> Page:
        """A page that is too much at once, or holds what no reader takes, is asked for in parts."""
        silent = FeedSilentError("SFR was not asked")
        for limit in (PAGE, PAGE // 10, 1):
            try:
                return await self.client.patiently(partial(self._page, mark, limit))
            except SfrBusyError as exc:
                raise FeedSilentError(str(exc)) from exc
            except SfrUnansweredError as exc:
                silent = FeedSilentError(str(exc))
        raise silent

    async def _page(self, mark: str, limit: int) -> Page:
        said = await self.client.get("/changes", after=mark, limite=str(limit))
        with translated():
            if said.status != _OK:
                raise UnreadableAnswerError(f"status {said.status}")
            return Page.model_validate(_read(said.content))


def _read(content: bytes) -> Any:  # noqa: ANN401  whatever SFR put there
    """More than a strict reader takes: each change is judged by itself afterwards."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise UnreadableAnswerError("not JSON") from exc


def _mark(item: Any) -> str | None:  # noqa: ANN401  whatever SFR put there
    try:
        return Marked.model_validate(item).marque
    except ValidationError:
        return None


def _last_mark(page: Page) -> str | None:
    """None when nothing was returned: the mark never passes what nobody has seen."""
    marks = [_mark(item) for item in page.changements]
    if marks and marks[-1] is None and page.marque is not None:
        return page.marque
    return next((mark for mark in reversed(marks) if mark is not None), None)


def _delivery(item: Any) -> Delivery | None:  # noqa: ANN401  whatever SFR put there
    """One that cannot even be kept is passed over, for the sake of those behind it."""
    try:
        event = Item.model_validate(item).evenement
        named = Named.model_validate(event)
    except ValidationError as exc:
        log.warning("sfr.change-passed-over", fields=exc.error_count())
        return None
    return Delivery(
        source="sfr",
        message_key=named.id,
        correlation=named.ref_client,
        body=json.dumps(event, sort_keys=True),
    )
