"""Notices, put together: where their words are, and what they leave by."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import aiohttp
import structlog

from adapters.notice_files.reader import Templates, read_templates
from adapters.smtp.messenger import SmtpMessenger
from adapters.webhooks.notices import WebhookMessenger
from adapters.webhooks.sender import webhook_session
from domain.notice_post import Messenger
from domain.notice_texts import TemplateFaultError
from domain.port_rules import PortRules
from intake.notices import NoticeBook
from projections.notices import TO_SEND, WAITING, NoticeDocument
from projections.projection import Projection
from runtime.errors import BadInputError
from runtime.notice_causes import NoticeCauses
from runtime.notice_documents import NoticeDocuments
from runtime.notice_office import NoticeOffice, Pace
from runtime.notice_texts import NoticeTexts
from runtime.projecting import ProjectionRunner
from runtime.settings import Settings
from runtime.store import Store

SHIPPED = Path(__file__).parents[1] / "notices"

log = structlog.get_logger("notices")


@cache
def templates_in(folder: Path) -> Templates:
    """Read once: words change with a start, and never under a notice that is being written."""
    try:
        return read_templates(folder)
    except (TemplateFaultError, OSError) as exc:
        raise BadInputError(f"templates of notices cannot be used: {exc}") from exc


def notice_runner(
    store: Store, projection: Projection[NoticeDocument]
) -> ProjectionRunner[NoticeDocument]:
    return ProjectionRunner(
        projection=projection, reader=store.feed, documents=store.documents, keys=store.keys
    )


def notice_texts(store: Store, settings: Settings) -> NoticeTexts:
    return NoticeTexts(
        ledger=store.ledger,
        keyed_hash=store.keyed_hash,
        templates=templates_in(settings.notices or SHIPPED),
    )


def notice_book(store: Store) -> NoticeBook:
    return NoticeBook(ledger=store.ledger, keyed_hash=store.keyed_hash)


def notice_documents(store: Store, settings: Settings) -> NoticeDocuments:
    return NoticeDocuments(
        ledger=store.ledger,
        waiting_runner=notice_runner(store, WAITING),
        texts=notice_texts(store, settings),
    )


@asynccontextmanager
async def opened_messenger(settings: Settings) -> AsyncIterator[Messenger | None]:
    """What notices leave by; None, and said, where nothing is set up."""
    server = settings.smtp_server
    if server is not None:
        log.info("notices.by.email", server=server.host, security=server.security.value)
        yield SmtpMessenger(server=server)
    elif settings.notice_webhook_url is not None:
        async with webhook_session(public_only=False) as session:  # the house named it itself
            yield _webhook(settings, session)
    else:
        log.warning(
            "notices.by.letter",
            why="neither RACCORD_SMTP_URL nor RACCORD_NOTICE_WEBHOOK_URL is set: every notice to a "
            "customer waits for a person, see 'raccord notice list'",
        )
        yield None


def _webhook(settings: Settings, session: aiohttp.ClientSession) -> WebhookMessenger:
    secret = settings.notice_webhook_secret
    log.info("notices.by.webhook")
    return WebhookMessenger(
        session=session,
        url=settings.notice_webhook_url or "",
        secret=secret.get_secret_value() if secret else "",
        wall_now=lambda: datetime.now(UTC),
    )


def notice_office(
    store: Store,
    settings: Settings,
    rules: PortRules,
    *,
    messenger: Messenger | None,
    pace: Pace | None = None,
) -> NoticeOffice:
    return NoticeOffice(
        causes=NoticeCauses(
            reader=store.feed,
            ledger=store.ledger,
            documents=store.documents,
            keyed_hash=store.keyed_hash,
            rules=rules,
            inbox=store.inbox,
        ),
        to_send=notice_runner(store, TO_SEND),
        waiting=notice_runner(store, WAITING),
        book=notice_book(store),
        texts=notice_texts(store, settings),
        rules=rules,
        clocks=store.clock,
        messenger=messenger,
        wall_now=lambda: datetime.now(UTC),
        pace=pace or Pace(),
    )
