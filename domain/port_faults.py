"""Who answers for a refused port, by the code it was refused with and what came after.

The grounds are the exchange's (porting-and-access § 2.6); who answers for each is a reading of
ours, and a code that does not say goes to a person.
"""

from enum import StrEnum

from domain.exchange_codes import CodeFamily, code_of
from domain.said import Said


class Fault(StrEnum):
    """What a donor's code says about who was wrong."""

    OURS = "ours"
    """The request was ours to make well: its date, its form, its size."""
    DATA = "data"
    """What was asked with was wrong, says the donor: what is accepted in the end settles it."""
    UNSAID = "unsaid"
    """The code does not say who caused what it names."""


_OURS = frozenset({"R211", "R212", "R213", "R215"})
_DATA = frozenset({"R123", "R210", "R221", "R222", "R340"})
NUMBER_ENDED = frozenset({"R322", "R323", "C003"})
"""The number had been terminated: ended so, it may be lost."""


def fault_of(code: str) -> Fault:
    known = code_of(code)
    if known.family in {CodeFamily.SYNTAX, CodeFamily.FUNCTION} or known.code in _OURS:
        return Fault.OURS
    return Fault.DATA if known.code in _DATA else Fault.UNSAID


def refusal_said(code: str) -> Said:
    meaning = code_of(code).meaning
    return Said(
        fr=f"le donneur a répondu {code} : {meaning.fr}",
        en=f"the donor answered {code}: {meaning.en}",
    )
