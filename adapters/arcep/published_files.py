"""The regulator's published files, as they come: `;` between columns, Latin-1 or UTF-8.

| file | columns |
|---|---|
| MAJRIO | Ressource; Code Attributaire; Attributaire; Date d'effet; N° décision |
| MAJNUM | EZABPQM; Tranche_Debut; Tranche_Fin; Mnémo; Territoire; Date_Attribution |

A file with a line that does not read is refused whole: half a directory is worse than the old one.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from domain.number_blocks import NumberBlock
from domain.parsed import BadValueError
from domain.rio_prefixes import Holder
from domain.territories import Territory

_RIO_COLUMNS = ("ressource", "code attributaire", "attributaire")
_BLOCK_COLUMNS = ("ezabpqm", "tranche_debut", "tranche_fin", "mnemo", "territoire")
_HEADINGS_MAX = 4096
_EMPTY = "the file has headings and no line"
_RIO_PREFIX = re.compile(r"[A-Z][A-Z0-9]")

_TERRITORY_WORDS = {
    "metropol": Territory.METROPOLE,
    "guadeloupe": Territory.GUADELOUPE,
    "martinique": Territory.MARTINIQUE,
    "guyane": Territory.GUYANE,
    "reunion": Territory.REUNION,
    "mayotte": Territory.MAYOTTE,
    "miquelon": Territory.SAINT_PIERRE_ET_MIQUELON,
}


class PublishedFileError(BadValueError):
    """A file that is not what the regulator publishes."""

    def __init__(self, why: str, *, line: int | None = None) -> None:
        self.line = line
        place = "" if line is None else f"line {line}: "
        super().__init__(
            f"{place}{why}; download the file again from data.gouv.fr (ressources en numérotation) "
            "and load it unchanged"
        )


def is_rio_prefixes(content: bytes) -> bool:
    return _starts_with(content, _RIO_COLUMNS)


def is_number_blocks(content: bytes) -> bool:
    return _starts_with(content, _BLOCK_COLUMNS)


def read_rio_prefixes(content: bytes, *, source: str) -> dict[str, Holder]:
    """MAJRIO: fixed RIO prefixes and who holds them."""
    holders: dict[str, Holder] = {}
    for line, row in _rows(content, len(_RIO_COLUMNS)):
        prefix, code, name = (cell.strip() for cell in row[:3])
        if not _RIO_PREFIX.fullmatch(prefix):
            raise PublishedFileError(f"'{prefix}' is no RIO prefix", line=line)
        if prefix in holders:
            raise PublishedFileError(f"prefix {prefix} comes twice", line=line)
        since = _date(row[3], line) if len(row) > len(_RIO_COLUMNS) else None
        holders[prefix] = Holder(name=name or code, code=code or None, since=since, source=source)
    if not holders:
        raise PublishedFileError(_EMPTY)
    return holders


def read_number_blocks(content: bytes) -> tuple[NumberBlock, ...]:
    """MAJNUM: blocks of numbers, their holder and their territory."""
    blocks = []
    for line, row in _rows(content, len(_BLOCK_COLUMNS)):
        _, first, last, holder, territory = (cell.strip() for cell in row[:5])
        first, last = _national(first, line), _national(last, line)
        if last < first or len(first) != len(last):
            raise PublishedFileError(
                f"the block {first} to {last} ends before it starts", line=line
            )
        blocks.append(
            NumberBlock(
                first=first,
                last=last,
                holder=holder,
                territory_said=territory,
                territory=_territory(territory),
                since=_date(row[5], line) if len(row) > len(_BLOCK_COLUMNS) else None,
            )
        )
    if not blocks:
        raise PublishedFileError(_EMPTY)
    return tuple(sorted(blocks, key=NumberBlock.order))


def _starts_with(content: bytes, columns: Sequence[str]) -> bool:
    first = _text(content[:_HEADINGS_MAX]).partition("\n")[0]
    found = [_plain(cell.strip(' "\r')) for cell in first.split(";")]
    return found[: len(columns)] == list(columns)


def _rows(content: bytes, columns: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), delimiter=";", strict=True)
    try:
        for row in reader:
            if reader.line_num == 1 or not any(cell.strip() for cell in row):
                continue
            if len(row) < columns:
                raise PublishedFileError(
                    f"{len(row)} columns where {columns} are expected", line=reader.line_num
                )
            if any("\n" in cell for cell in row):
                raise PublishedFileError("a quote is not closed", line=reader.line_num)
            yield reader.line_num, row
    except csv.Error as exc:
        raise PublishedFileError(str(exc), line=reader.line_num) from exc


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _plain(text: str) -> str:
    """Lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(c for c in apart if not unicodedata.combining(c))


def _national(digits: str, line: int) -> str:
    if not digits.isdecimal():
        raise PublishedFileError(f"'{digits}' is no number", line=line)
    return digits if digits.startswith("0") or len(digits) < len("123456789") else f"0{digits}"


def _date(text: str, line: int) -> date | None:
    if not text.strip():
        return None
    for layout in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), layout).date()  # noqa: DTZ007  a date only
        except ValueError:
            continue
    raise PublishedFileError(f"'{text}' is no date", line=line)


def _territory(words: str) -> Territory | None:
    named = {territory for word, territory in _TERRITORY_WORDS.items() if word in _plain(words)}
    return named.pop() if len(named) == 1 else None
