"""By email where the contract admits one and there is an address; else a letter, and why."""

import pytest

from domain.contract_questions import Contract
from domain.notice_channels import channel_for, effect_of, wants_receipt
from domain.order_file import Came, Channel
from tests.porting import RULES, day, ordered_line


def contract(provider: str) -> Contract:
    line = {"host": None} if provider == "oksio" else {}
    return RULES.contract(ordered_line(provider, line=line).terms.pin)


class _Answers(Contract):
    """A contract that says what no shipped one does."""

    def choices(self, question: str) -> tuple[str, ...]:
        return ("registered-letter",) if question == "notice.channels" else ()


class _Never(Contract):
    def choice(self, question: str) -> str | None:
        return "never" if question == "notice.email-effective" else None


def other(kind: type[Contract]) -> Contract:
    known = contract("axantis")
    return kind(shelf=known.shelf, pin=known.pin, calendar=known.calendar)


@pytest.mark.parametrize(
    ("provider", "has_address", "can_send", "channel", "why"),
    [
        ("axantis", True, True, Channel.EMAIL, "by email, to the address given with the order"),
        ("axantis", False, True, Channel.LETTER, "by letter: the order gives no email address"),
        ("onecom", True, False, Channel.LETTER, "by letter: no sending of emails is set up"),
        (
            "technicophone",
            True,
            True,
            Channel.EMAIL,
            "by email, to the address given with the order (002:96-113)",
        ),
        (
            "technicophone",
            False,
            True,
            Channel.REGISTERED_LETTER,
            "by registered letter (002:96-113): the order gives no email address",
        ),
        (
            "oksio",
            False,
            True,
            Channel.REGISTERED_LETTER,
            "by registered letter (000:235-242): the order gives no email address",
        ),
    ],
)
def test_the_channel_is_the_contracts_and_says_why(
    provider: str, *, has_address: bool, can_send: bool, channel: Channel, why: str
) -> None:
    chosen, because = channel_for(contract(provider), has_address=has_address, can_send=can_send)

    assert (chosen, because.en) == (channel, why)


@pytest.mark.parametrize("kind", [_Answers, _Never])
def test_a_contract_that_takes_no_email_gets_a_letter(kind: type[Contract]) -> None:
    chosen, because = channel_for(other(kind), has_address=True, can_send=True)

    assert chosen is not Channel.EMAIL
    assert because.en.endswith("the contract takes no email")


def test_a_receipt_is_asked_for_where_the_contracts_email_has_one() -> None:
    assert wants_receipt(contract("technicophone"))  # 002:95-97, « email avec AR »
    assert not wants_receipt(contract("oksio"))
    assert not wants_receipt(contract("axantis"))


@pytest.mark.parametrize(
    ("provider", "channel", "came", "on"),
    [
        # 002:103, « jour de sa transmission »
        ("technicophone", Channel.EMAIL, Came(sent_on=day("2027-01-08")), "2027-01-08"),
        ("axantis", Channel.EMAIL, Came(sent_on=day("2027-01-08")), "2027-01-08"),
        # 000:124-125, « réception dudit avis »
        (
            "oksio",
            Channel.REGISTERED_LETTER,
            Came(sent_on=day("2027-01-04"), presented_on=day("2027-01-06")),
            None,
        ),
        (
            "oksio",
            Channel.REGISTERED_LETTER,
            Came(sent_on=day("2027-01-04"), received_on=day("2027-01-07")),
            "2027-01-07",
        ),
        # 002:107-109, « date de première présentation »
        (
            "technicophone",
            Channel.REGISTERED_LETTER,
            Came(sent_on=day("2027-01-04"), presented_on=day("2027-01-06")),
            "2027-01-06",
        ),
        ("axantis", Channel.LETTER, Came(sent_on=day("2027-01-04")), None),
    ],
)
def test_a_notice_counts_from_the_day_of_decision_8(
    provider: str, channel: Channel, came: Came, on: str | None
) -> None:
    effect = effect_of(contract(provider), channel, came)

    assert (None if effect is None else effect.on) == (None if on is None else day(on))
