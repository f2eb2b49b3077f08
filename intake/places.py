"""Where a site is, as it was asked for: what names it, or every mistake."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.access_changes import Place
from domain.access_clauses import asks
from domain.access_exclusions import Exclusion
from domain.access_facts import Locator, Site
from domain.addresses import plain_words
from domain.contract_questions import Contract
from domain.identifiers import Commune, OpticalSocket
from domain.identity import SubjectId
from domain.numbering import NumberKind
from domain.numbers import FrenchNumber, InstallationNumber
from domain.parsed import BadValueError
from domain.personal import Personal
from intake.requests import ToldPlaceRequest
from ledger.sealing import KeyedHash

Refuse = Callable[[str, str], None]
"""The pointer, and the sentence."""


def refuse_repeats(asked: Sequence[str], at: str, refuse: Refuse) -> None:
    for name, times in Counter(asked).items():
        if times > 1:
            refuse(at, f"'{name}' is here {times} times: leave one of them.")


def site_digest(keyed_hash: KeyedHash, name: str) -> str:
    """The same for one site in every order, and nothing can be read from it."""
    return keyed_hash.digest(purpose="site", content=name.encode()).hex()


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

    asked: ToldPlaceRequest
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
        asked = self.asked
        return Place(
            site=site,
            site_digest=address if self.unique is None else digest(self.unique),
            address_digest=None if self.unique is None else address,
            uses=asked.uses,
            known=asked.known,
            coaxial_metres=asked.coaxial_metres,
            kind=asked.kind,
        )


class PlaceReading:
    """One place of one provider's order; each mistake is told where it stands."""

    def __init__(self, contract: Contract, refuse: Refuse) -> None:
        self._contract = contract
        self._tell = refuse
        self._sound = True

    def read(self, asked: ToldPlaceRequest, at: str) -> ReadPlace | None:
        commune = self._commune(asked, at)
        named = self._named(asked, at)
        words = plain_words(asked.address)
        if not words:
            self._refuse(f"{at}/address", "Write the address: number, street, floor, town.")
        refuse_repeats(asked.uses, f"{at}/uses", self._refuse)
        refuse_repeats(asked.known, f"{at}/known", self._refuse)
        self._check_known(asked, at)
        if commune is None or not self._sound:
            return None
        address = f"address/{commune}/{' '.join(words)}"
        return ReadPlace(asked=asked, commune=commune, named=named, address=address)

    def _refuse(self, pointer: str, sentence: str) -> None:
        self._sound = False
        self._tell(pointer, sentence)

    def _commune(self, asked: ToldPlaceRequest, at: str) -> Commune | None:
        """Decision 2: all the contracts are metropolitan."""
        try:
            commune = Commune.parse(asked.commune)
        except BadValueError as exc:
            self._refuse(f"{at}/commune", f"{exc}.")
            return None
        if commune.overseas:
            self._refuse(
                f"{at}/commune",
                f"This commune is overseas, and {self._contract.pin.provider}'s contract is "
                "metropolitan (decision 2): take the site out of the order.",
            )
        return commune

    def _named(self, asked: ToldPlaceRequest, at: str) -> Named | None:
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

    def _check_known(self, asked: ToldPlaceRequest, at: str) -> None:
        """A ground the contract does not have would be said, and leave nothing out."""
        grounds = {*self._contract.choices("eligibility.exclusions")}
        if asks(self._contract, "eligibility.wireless-coverage"):
            grounds.add(Exclusion.OUTSIDE_WIRELESS_COVERAGE)
        for word in asked.known:
            if word not in grounds:
                self._refuse(
                    f"{at}/known",
                    f"{self._contract.pin.provider} leaves out no site for '{word}': say one of "
                    f"{', '.join(sorted(grounds))}, or give coaxial_metres.",
                )

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
