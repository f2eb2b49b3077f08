"""Where a site is, as it was asked for: what names it, or every mistake."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.access_changes import Place
from domain.access_facts import Locator, Site
from domain.addresses import plain_words
from domain.identifiers import Commune, OpticalSocket
from domain.identity import SubjectId
from domain.numbering import NumberKind
from domain.numbers import FrenchNumber, InstallationNumber
from domain.parsed import BadValueError
from domain.personal import Personal
from intake.requests import PlaceRequest

Refuse = Callable[[str, str], None]
"""The pointer, and the sentence."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a site is named by, beside its address; a building names many sites."""

    locator: Locator
    name: str
    field: str
    unique: str | None


@dataclass(frozen=True, kw_only=True)
class ReadPlace:
    """A place that could be read, and what it has in common with itself in another order."""

    asked: PlaceRequest
    commune: Commune
    named: Named | None
    address: str

    @property
    def unique(self) -> str | None:
        """What no other site has; None where it is named by its address or its building."""
        return None if self.named is None else self.named.unique

    @property
    def content(self) -> str:
        return self.asked.model_dump_json()

    def named_by(self, subject: SubjectId, digest: Callable[[str], str]) -> Place:
        """Sealed under its subject, and known again by keyed hashes."""
        named, key, address = self.named, self.asked.address_key, digest(self.address)
        site = Site(
            commune=str(self.commune),
            address=Personal(subject=subject, value=self.asked.address),
            locator=Locator.ADDRESS if named is None else named.locator,
            name=None if named is None else Personal(subject=subject, value=named.name),
            address_key=None if key is None else Personal(subject=subject, value=key),
        )
        if self.unique is None:
            return Place(site=site, site_digest=address)
        return Place(site=site, site_digest=digest(self.unique), address_digest=address)


class PlaceReading:
    """One place of one provider's order; each mistake is told where it stands."""

    def __init__(self, *, provider: str, refuse: Refuse) -> None:
        self._provider = provider
        self._tell = refuse
        self._sound = True

    def read(self, asked: PlaceRequest, at: str) -> ReadPlace | None:
        commune = self._commune(asked, at)
        named = self._named(asked, at)
        words = plain_words(asked.address)
        if not words:
            self._refuse(f"{at}/address", "Write the address: number, street, floor, town.")
        if commune is None or not self._sound:
            return None
        address = f"address/{commune}/{' '.join(words)}"
        return ReadPlace(asked=asked, commune=commune, named=named, address=address)

    def _refuse(self, pointer: str, sentence: str) -> None:
        self._sound = False
        self._tell(pointer, sentence)

    def _commune(self, asked: PlaceRequest, at: str) -> Commune | None:
        """Decision 2: all the contracts are metropolitan."""
        try:
            commune = Commune.parse(asked.commune)
        except BadValueError as exc:
            self._refuse(f"{at}/commune", f"{exc}.")
            return None
        if commune.overseas:
            self._refuse(
                f"{at}/commune",
                f"This commune is overseas, and {self._provider}'s contract is metropolitan "
                "(decision 2): take the site out of the order.",
            )
        return commune

    def _named(self, asked: PlaceRequest, at: str) -> Named | None:
        given = {
            field: text
            for field, text in (
                ("socket", asked.socket),
                ("line_number", asked.line_number),
                ("building", asked.building),
            )
            if text is not None
        }
        read = [self._read_name(field, text, at) for field, text in given.items()]
        fields = list(given)
        for field in fields[1:]:
            self._refuse(
                f"{at}/{field}", f"The site is named by its {fields[0]} already: leave one of them."
            )
        return read[0] if read else None

    def _read_name(self, field: str, text: str, at: str) -> Named | None:
        try:
            return _read_name(field, text)
        except BadValueError as exc:
            self._refuse(f"{at}/{field}", f"{exc}.")
            return None


def _read_name(field: str, text: str) -> Named:
    match field:
        case "socket":
            socket = OpticalSocket.parse(text)
            if _is_telephone(text):
                raise BadValueError(
                    f"'{text}' is a telephone number: give it as the line_number, or copy the "
                    "socket's own from its label, such as OO-1A2B-3C4D"
                )
            unique = f"socket/{socket.compact}"
            return Named(locator=Locator.SOCKET, name=str(socket), field=field, unique=unique)
        case "line_number":
            line = InstallationNumber.parse(text).national
            return Named(locator=Locator.LINE, name=line, field=field, unique=f"line/{line}")
        case _:
            return Named(locator=Locator.BUILDING, name=text, field=field, unique=None)


def _is_telephone(text: str) -> bool:
    """Ten figures pass for a socket's reference, and are hardly ever one."""
    try:
        return FrenchNumber.parse(text).kind is not NumberKind.SHORT
    except BadValueError:
        return False
