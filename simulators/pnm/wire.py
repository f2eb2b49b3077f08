"""How this exchange writes: names, lines, whole files. Written here on its own, from its rules."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

ZONES = {
    "gpm": ZoneInfo("Europe/Paris"),
    "gpmag": ZoneInfo("America/Martinique"),
    "gpmr": ZoneInfo("Indian/Reunion"),
}
MEMBERS = {
    "gpm": ("01", "02", "03", "04"),
    "gpmag": ("01", "02", "03", "04", "05", "06"),
    "gpmr": (),
}
SESSIONS = (10, 14, 19)
EVERYBODY = "00"
STAMP = "%Y%m%d%H%M%S"
FIRST, LAST = "0123456789", "9876543210"
_NAME = re.compile(r"(PNMDATA|PNMSYNC)\.(\d\d)\.(\d\d)\.(\d{14})\.(\d{3})(\.ACR|\.ERR)?")
_CLOSED = holidays.country_holidays("FR")
_SATURDAY = 5


@dataclass(frozen=True)
class Name:
    kind: str
    emitter: str
    recipient: str
    stamp: str
    sequence: int
    suffix: str = ""

    def __str__(self) -> str:
        return (
            f"{self.kind}.{self.emitter}.{self.recipient}.{self.stamp}.{self.sequence:03d}"
            f"{self.suffix}"
        )


def name_in(text: str) -> Name | None:
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    kind, emitter, recipient, stamp, sequence, suffix = found.groups()
    return Name(kind, emitter, recipient, stamp, int(sequence), suffix or "")


@dataclass(frozen=True)
class Line:
    """A ticket, as far as anybody here looks into it."""

    code: str
    origin: str
    destination: str
    receiver: str
    donor: str
    subscribed: str
    msisdn: str
    transfer: str
    more: tuple[str, ...] = field(default=())

    def written(self, place: int) -> str:
        common = (self.code, self.origin, self.destination, self.receiver, self.donor)
        whole = (*common, self.subscribed, self.msisdn, self.transfer, f"{place:04d}", *self.more)
        return "|".join(whole)

    def reply(self, code: str, *more: str, origin: str | None = None) -> "Line":
        """To its sender, about the same transfer."""
        return Line(
            code,
            origin or self.destination,
            self.origin,
            self.receiver,
            self.donor,
            self.subscribed,
            self.msisdn,
            self.transfer,
            more,
        )


def line_in(text: str) -> Line | None:
    parts = text.split("|")
    if len(parts) < 10 or not parts[0].isdigit():  # noqa: PLR2004  nine fields and one of its own
        return None
    code, origin, destination, receiver, donor, subscribed, msisdn, transfer, _ = parts[:9]
    head = (code, origin, destination, receiver, donor)
    return Line(*head, subscribed, msisdn, transfer, tuple(parts[9:]))


LINES_AT_MOST = {"1110": 3, "1120": 20}
"""Of one request, of a private person and of a legal one."""


def requests_refused(lines: Iterable[Line]) -> dict[str, str]:
    """Transfers whose request has too many lines, or another number of lines than it says."""
    refused: dict[str, str] = {}
    together: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        if line.code in LINES_AT_MOST and len(line.more) >= 5:  # noqa: PLR2004  the fields of a request
            together.setdefault((line.code, line.more[3], line.more[4]), []).append(line)
    for (code, multiple, said), asked in together.items():
        count = int(said) if said.isdigit() else 0
        whole = len(asked) % count == 0 if multiple and count else count == 1
        wrong = "R213" if count > LINES_AT_MOST[code] else None if whole else "E617"
        refused |= {line.transfer: wrong for line in asked if wrong}
    return refused


def lines_in(name: Name, content: bytes) -> tuple[str, list[str]]:
    """What is wrong with the whole (E000 when nothing is), and its lines."""
    text = content.decode("latin-1").split("\n")
    if text and text[-1] == "":
        text.pop()
    if not text or text[0].split("|")[:3] != [FIRST, str(name), name.emitter]:
        return "E001", []
    last = text[-1].split("|")
    if last[0] != LAST:
        return "E009", []
    if len(last) != 4 or int(last[3]) != len(text):  # noqa: PLR2004  a footer has four fields
        return "E010", []
    return "E000", text[1:-1]


def file_of(name: Name, lines: list[str], *, counted: int | None = None) -> bytes:
    count = len(lines) + 2 if counted is None else counted
    edge = f"{name.emitter}|{name.stamp}"
    whole = (f"{FIRST}|{name}|{edge}", *lines, f"{LAST}|{edge}|{count:06d}")
    return "".join(f"{line}\n" for line in whole).encode("latin-1")


def answer_to(name: Name, code: str, lines: int, at: datetime, group: str) -> tuple[str, bytes]:
    suffix = ".ACR" if code == "E000" else ".ERR"
    said = stamp(at, group)
    body = f"0000|{name.recipient}|{name.emitter}|{name.stamp}|{said}|{code}|{lines:06d}|\n"
    return f"{name}{suffix}", body.encode()


def transfer_of(receiver: str, donor: str, subscribed: str, msisdn: str) -> str:
    whole = f"{receiver}{donor}{subscribed}{msisdn}"
    return hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest()


def stamp(at: datetime, group: str) -> str:
    return at.astimezone(ZONES[group]).strftime(STAMP)


def instant(text: str, group: str) -> datetime:
    local = datetime.strptime(text, STAMP)  # noqa: DTZ007  the group's zone follows
    return local.replace(tzinfo=ZONES[group]).astimezone(UTC)


def on(day: date, hour: int, minute: int, group: str) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=ZONES[group]).astimezone(UTC)


def session_from(at: datetime, group: str) -> datetime:
    """The first session to start from an instant on, Monday to Friday, holidays out."""
    day = at.astimezone(ZONES[group]).date()
    while True:
        if day.weekday() < _SATURDAY and day not in _CLOSED:
            for hour in SESSIONS:
                start = on(day, hour, 0, group)
                if start >= at:
                    return start
        day += timedelta(days=1)


def sunday_from(at: datetime, group: str) -> datetime:
    """The weekly synchronisation: Sunday, from ten in the evening."""
    day = at.astimezone(ZONES[group]).date()
    day += timedelta(days=(6 - day.weekday()) % 7)
    return on(day, 22, 30, group)
