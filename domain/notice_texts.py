"""The words of a notice: a template of its purpose and language, filled with facts, strictly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template

from pydantic import BaseModel, ConfigDict, Field

from domain.notice_causes import FACTS
from domain.notice_sites import SITE_FACTS
from domain.notices import Cause, NoticePurpose
from domain.policies import NOTICE_CAUSES_MAX
from domain.said import Language

LISTED_MAX = NOTICE_CAUSES_MAX
"""Lines named in one notice; of more than that it would say how many."""

OF_THE_ORDER = frozenset({"provider", "customer", "reference"})
_OF_THE_BODY = OF_THE_ORDER | {"heading", "rows"}
_COUNTED = OF_THE_ORDER | {"count"}
WHOLE_ORDER = frozenset({NoticePurpose.ORDER_RECEIVED})
"""Purposes that are about no single number."""
_SITE = "site"


class TemplateFaultError(Exception):
    """A template says more or less than its purpose; the message says which word."""


class NoticeTemplate(BaseModel):
    """Each part with its own words to fill; `${...}` as in Python's string.Template."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: NoticePurpose
    language: Language
    version: int = Field(ge=1)
    subject: str
    one: str
    """What stands above the line, when there is one."""
    several: str
    """What stands above the lines, when there are several."""
    row: str
    more: str
    """What stands below the lines, when there are too many to list."""
    body: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: its number, or its site; None once its customer is forgotten."""

    number: str | None = field(repr=False)
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class Particulars:
    provider: str
    customer: str = field(repr=False)
    reference: str
    rows: Sequence[Row]
    """Those that are listed."""
    count: int
    """Of how many in all."""


@dataclass(frozen=True, kw_only=True)
class Text:
    subject: str = field(repr=False)
    body: str = field(repr=False)

    @property
    def content(self) -> bytes:
        """What its digest is of."""
        return f"{self.subject}\x1f{self.body}".encode()


_FORGOTTEN = {
    "number": {Language.FR: "(numéro oublié)", Language.EN: "(number forgotten)"},
    _SITE: {Language.FR: "(site oublié)", Language.EN: "(site forgotten)"},
}


def named_by(purpose: NoticePurpose) -> str:
    """What its rows call a line."""
    return _SITE if purpose in SITE_FACTS else "number"


def faults_of(template: NoticeTemplate, *, newest: bool = True) -> tuple[str, ...]:
    """Every word it cannot fill, and every fact it does not say; nothing when it is right. One that
    was superseded says what its purpose said then: it only makes again what was sent."""
    facts = FACTS[template.purpose]
    row = facts if template.purpose in WHOLE_ORDER else facts | {named_by(template.purpose)}
    parts: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
        ("subject", OF_THE_ORDER, frozenset({"reference"})),
        ("one", OF_THE_ORDER, frozenset()),
        ("several", _COUNTED, frozenset()),
        ("row", row, row if newest else frozenset()),
        ("more", frozenset({"count"}), frozenset({"count"})),
        ("body", _OF_THE_BODY, _OF_THE_BODY),
    )
    found: list[str] = []
    for part, allowed, needed in parts:
        words = Template(getattr(template, part))
        used = frozenset(words.get_identifiers()) if words.is_valid() else frozenset({"$"})
        found += [f"{part}: ${{{word}}} is no word of it" for word in sorted(used - allowed)]
        found += [f"{part}: ${{{word}}} is missing" for word in sorted(needed - used)]
    return tuple(found)


def written(template: NoticeTemplate, told: Particulars) -> Text:
    """The same template and the same facts are the same text."""
    order = {"provider": told.provider, "customer": told.customer, "reference": told.reference}
    counted = {**order, "count": str(told.count)}
    rows = [_row(template, row) for row in told.rows]
    if told.count > len(rows):
        rows.append(_filled(template.more, {"count": str(told.count - len(rows))}))
    heading = (
        _filled(template.one, order) if told.count == 1 else _filled(template.several, counted)
    )
    return Text(
        subject=_filled(template.subject, order),
        body=_filled(
            template.body,
            {**order, "heading": _filled(heading, counted), "rows": "\n".join(rows)},
        ),
    )


def _row(template: NoticeTemplate, row: Row) -> str:
    language, name = template.language, named_by(template.purpose)
    facts = {name: said.in_(language) for name, said in row.cause.facts.items()}
    return _filled(template.row, {**facts, name: row.number or _FORGOTTEN[name][language]})


def _filled(text: str, words: Mapping[str, str]) -> str:
    try:
        return Template(text).substitute(words)
    except (KeyError, ValueError) as exc:
        raise TemplateFaultError(f"a template asks for what is not there: {exc}") from exc
