"""The texts of notices: made from a template and what the ledger knows, as often as asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.notice_files.reader import Templates
from domain.access_changes import AccessAmended
from domain.access_facts import AccessOpened
from domain.event import Event
from domain.identity import line_stream
from domain.new_numbers import NumberGiven
from domain.notice_texts import (
    LISTED_MAX,
    NoticeTemplate,
    Particulars,
    Row,
    TemplateFaultError,
    Text,
    written,
)
from domain.notices import Cause, Gathering, KnownNotice, cause_id
from domain.numbers import FrenchNumber
from domain.personal import Personal
from domain.port_in_facts import PortOpened
from domain.said import Language
from intake.notices import ToldText
from ledger.ports import Ledger
from ledger.sealing import KeyedHash

_FORGOTTEN = {Language.FR: "(client oublié)", Language.EN: "(customer forgotten)"}


@dataclass(frozen=True, kw_only=True)
class NoticeTexts:
    ledger: Ledger
    keyed_hash: KeyedHash
    templates: Templates

    async def text(
        self, state: KnownNotice, template: NoticeTemplate, *, customer: Personal, provider: str
    ) -> Text:
        terms = state.terms
        name = None if customer.forgotten else customer.reveal()
        particulars = Particulars(
            provider=provider,
            customer=name or _FORGOTTEN[terms.language],
            reference=terms.reference,
            rows=await self._rows(state.causes[:LISTED_MAX]),
            count=len(state.causes),
        )
        return written(template, particulars)

    def digest(self, text: Text) -> str:
        return self.keyed_hash.digest(purpose="notice", content=text.content).hex()

    def newest(self, state: KnownNotice) -> NoticeTemplate:
        return self.templates.newest(state.terms.purpose, state.terms.language)

    async def again(self, state: KnownNotice) -> ToldText | None:
        """As it was sent, or as it would be; None when its template is gone, or cannot say it."""
        if isinstance(state, Gathering):
            return None
        composed, terms = state.composed, state.terms
        template = self.templates.version(terms.purpose, terms.language, composed.template)
        if template is None:
            return None
        try:
            text = await self.text(
                state, template, customer=composed.customer, provider=composed.provider
            )
        except TemplateFaultError:
            return None
        return ToldText(text=text, as_sent=self.digest(text) == composed.digest)

    async def _rows(self, causes: Sequence[Cause]) -> tuple[Row, ...]:
        return tuple([Row(number=await self._named(cause), cause=cause) for cause in causes])

    async def _named(self, cause: Cause) -> str | None:
        """The number that moves, or the one that was given; the address of a site: as the order had
        it when there was something to tell."""
        if cause.line_id is None:
            return None
        name: Personal | None = None
        is_site = False
        for envelope in await self.ledger.read(line_stream(cause.line_id)):
            event = envelope.event
            name = _name_in(event) or name
            is_site = is_site or isinstance(event, AccessOpened)
            if cause.cause_id == cause_id(envelope.stream_id, version=envelope.version):
                break
        if name is None or name.forgotten:
            return None
        if is_site:
            return " ".join(name.reveal().split())
        return FrenchNumber.parse(name.reveal()).spaced


def _name_in(event: Event) -> Personal | None:
    """What a customer knows the line by, where the fact says it."""
    match event:
        case PortOpened(terms=terms):
            return terms.msisdn
        case NumberGiven(number=given):
            return given
        case AccessOpened(terms=site_terms):
            return site_terms.site.address
        case AccessAmended(change=change) if change.place is not None:
            return change.place.site.address
        case _:
            return None
