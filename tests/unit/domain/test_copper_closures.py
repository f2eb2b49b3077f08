"""What may still be ordered on copper, where and when (decision 44)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.copper_checks import copper_faults
from domain.copper_closures import (
    Closures,
    CopperFile,
    CopperState,
    Judgement,
    OrderKind,
    judge,
    undelivered,
)

SENS, AUXERRE = "89387", "89024"
HOUSE, NEXT_DOOR = "89387_0420_00012", "89387_0420_00014"
SOURCE = "the network's notice"
NATIONAL = {
    "name": "national",
    "commercial": "2026-01-31",
    "kinds": ["new-line", "move"],
    "source": "porting-and-access 5",
    "needs_sign_off": "yes",
}
LOT = {
    "name": "lot-3",
    "commune": SENS,
    "commercial": "2026-11-03",
    "technical": "2027-11-02",
    "source": SOURCE,
}


def _file(**parts: Any) -> CopperFile:  # noqa: ANN401  what a file holds
    return CopperFile.model_validate({"version": "1", **parts})


def _closures(**parts: Any) -> Closures:  # noqa: ANN401  what a file holds
    file = _file(**parts)
    return Closures(
        closures=file.closures, exceptions=file.exceptions, postponements=file.postponements
    )


def _judge(
    closures: Closures,
    day: str,
    kind: OrderKind = OrderKind.NEW_LINE,
    *,
    commune: str = SENS,
    address: str | None = None,
) -> Judgement:
    on = date.fromisoformat(day)
    return judge(closures, commune=commune, address_key=address, on=on, kind=kind)


def test_nothing_new_is_ordered_anywhere_from_the_national_day_on() -> None:
    national = _closures(closures=[NATIONAL])

    before = _judge(national, "2026-01-30")
    after = _judge(national, "2026-01-31")

    assert (before.state, before.may_be_ordered) == (CopperState.OPEN, True)
    assert (after.state, after.may_be_ordered) == (CopperState.CLOSED_TO_ORDERS, False)
    assert after.said.en == (
        "copper is closed to orders of new lines since Saturday 31 January 2026 (national)"
    )
    assert (after.source, after.unsigned, after.technical) == ("porting-and-access 5", True, None)


def test_a_takeover_is_judged_apart_from_new_lines_and_moves() -> None:
    national = _closures(closures=[NATIONAL])

    states = {kind: _judge(national, "2027-03-01", kind).state for kind in OrderKind}

    assert states == {
        OrderKind.NEW_LINE: CopperState.CLOSED_TO_ORDERS,
        OrderKind.TAKEOVER: CopperState.OPEN,
        OrderKind.MOVE: CopperState.CLOSED_TO_ORDERS,
    }


def test_a_closure_that_names_no_kind_closes_all_of_them_in_its_commune_only() -> None:
    lot = _closures(closures=[LOT])

    for kind in OrderKind:
        assert _judge(lot, "2026-11-03", kind).state is CopperState.CLOSED_TO_ORDERS
        assert _judge(lot, "2026-11-03", kind, commune=AUXERRE).state is CopperState.OPEN
    assert _judge(lot, "2026-11-03").unsigned is False


def test_nothing_is_delivered_from_the_technical_closure_on_whatever_it_is() -> None:
    lot = _closures(closures=[LOT])

    for kind in OrderKind:
        last = _judge(lot, "2027-11-01", kind)
        closed = _judge(lot, "2027-11-02", kind)
        assert last.technical == closed.technical == date(2027, 11, 2)
        assert (closed.state, closed.may_be_ordered) == (CopperState.CLOSED, False)
        assert closed.said.fr == (
            "cuivre fermé : rien n'est plus livré depuis le mardi 2 novembre 2027 (lot-3)"
        )


def test_an_order_is_told_from_when_nothing_is_delivered_while_copper_is_still_open() -> None:
    found = _judge(_closures(closures=[LOT]), "2026-11-02")

    assert (found.state, found.technical) == (CopperState.OPEN, date(2027, 11, 2))
    assert found.said.en == (
        "copper is open; nothing is delivered on it from Tuesday 2 November 2027"
    )


def test_an_exception_by_name_is_open_on_its_days_for_its_kinds_and_place() -> None:
    alarms = {
        "name": "alarm-lines",
        "of": "lot-3",
        "commune": SENS,
        "kinds": ["new-line"],
        "since": "2026-11-10",
        "until": "2027-05-31",
        "fr": "les lignes d'alarme",
        "en": "alarm lines",
        "source": "the exception's notice",
    }
    closures = _closures(closures=[LOT], exceptions=[alarms])
    exempt = _judge(closures, "2027-05-31")

    assert (exempt.state, exempt.may_be_ordered) == (CopperState.EXEMPT, True)
    assert exempt.said.en == "copper is closed to orders, but for alarm lines (alarm-lines)"
    assert exempt.source == "the exception's notice"
    assert exempt.technical == date(2027, 11, 2)
    for day in ("2026-11-09", "2027-06-01"):
        assert _judge(closures, day).state is CopperState.CLOSED_TO_ORDERS
    takeover = _judge(closures, "2027-05-31", OrderKind.TAKEOVER)
    assert takeover.state is CopperState.CLOSED_TO_ORDERS
    assert "takeovers" in takeover.said.en


def test_an_exception_to_one_closure_does_not_open_what_another_closes() -> None:
    exception = {
        "name": "of-the-lot",
        "of": "lot-3",
        "kinds": ["new-line"],
        "fr": "x",
        "en": "x",
        "source": SOURCE,
    }
    closures = _closures(closures=[NATIONAL, LOT], exceptions=[exception])
    of_any = _closures(closures=[NATIONAL, LOT], exceptions=[{**exception, "of": None}])

    assert _judge(closures, "2027-03-01").state is CopperState.CLOSED_TO_ORDERS
    assert "(national)" in _judge(closures, "2027-03-01").said.en
    assert _judge(of_any, "2027-03-01").state is CopperState.EXEMPT


def test_no_exception_opens_what_is_closed_for_good() -> None:
    exception = {"name": "ever", "kinds": ["new-line"], "fr": "x", "en": "x", "source": SOURCE}
    closures = _closures(closures=[LOT], exceptions=[exception])

    assert _judge(closures, "2027-11-01").state is CopperState.EXEMPT
    assert _judge(closures, "2027-11-02").state is CopperState.CLOSED


def test_what_is_said_of_an_address_stands_in_place_of_what_is_said_of_its_commune() -> None:
    house = {
        "name": "house",
        "commune": SENS,
        "address": HOUSE,
        "commercial": "2027-06-01",
        "source": SOURCE,
    }
    closures = _closures(closures=[LOT, house])

    assert _judge(closures, "2027-03-01", address=HOUSE).state is CopperState.OPEN
    assert _judge(closures, "2027-03-01", address=NEXT_DOOR).state is CopperState.CLOSED_TO_ORDERS
    assert _judge(closures, "2027-03-01").state is CopperState.CLOSED_TO_ORDERS
    at_home = _judge(_closures(closures=[NATIONAL, LOT, house]), "2027-03-01", address=HOUSE)
    assert "(national)" in at_home.said.en


def test_a_postponement_moves_its_closure_and_is_named() -> None:
    put_off = {"name": "put-off", "of": "lot-3", "technical": "2028-02-01", "source": "a letter"}
    again = {"name": "again", "of": "lot-3", "commercial": "2027-01-04", "source": "another"}
    closures = _closures(closures=[LOT], postponements=[put_off, again])

    assert _judge(closures, "2027-01-03").state is CopperState.OPEN
    shut = _judge(closures, "2027-11-02")
    assert (shut.state, shut.technical) == (CopperState.CLOSED_TO_ORDERS, date(2028, 2, 1))
    assert shut.said.en == (
        "copper is closed to orders of new lines since Monday 4 January 2027 (lot-3, put off: "
        "put-off, again)"
    )
    assert shut.source == "the network's notice, a letter, another"
    assert _judge(closures, "2028-02-01").state is CopperState.CLOSED


def test_a_technical_day_nobody_has_signed_is_told_as_such() -> None:
    closures = _closures(closures=[{**LOT, "commercial": None, "needs_sign_off": True}])

    found = _judge(closures, "2027-11-02")
    gone = undelivered(closures, commune=SENS, address_key=None, on=date(2027, 11, 2))

    assert (found.state, found.unsigned) == (CopperState.CLOSED, True)
    assert gone is not None
    assert (gone.from_day, gone.unsigned) == (date(2027, 11, 2), True)
    assert undelivered(closures, commune=SENS, address_key=None, on=date(2027, 11, 1)) is None


def test_no_closure_known_is_said_to_be_none_known() -> None:
    found = _judge(Closures(), "2027-03-01")

    assert (found.state, found.source, found.unsigned) == (CopperState.OPEN, "", False)
    assert found.said.fr == "aucune fermeture du cuivre connue ici pour cette commande"


DAYS = st.dates(date(2025, 1, 1), date(2031, 1, 1))


@given(commercial=DAYS, wait=st.integers(0, 900), on=DAYS, kind=st.sampled_from(OrderKind))
def test_what_is_closed_for_good_never_opens_again(
    commercial: date, wait: int, on: date, kind: OrderKind
) -> None:
    lot = {
        **LOT,
        "commercial": str(commercial),
        "technical": str(commercial + timedelta(days=wait)),
    }
    closures = _closures(closures=[NATIONAL, lot])
    first = judge(closures, commune=SENS, address_key=None, on=on, kind=kind)
    later = judge(closures, commune=SENS, address_key=None, on=on + timedelta(days=1), kind=kind)
    order = list(CopperState)

    assert order.index(first.state) <= order.index(later.state)
    assert (first.state is CopperState.CLOSED) == (on >= commercial + timedelta(days=wait))


# what is wrong with a file


@pytest.mark.parametrize(
    ("part", "wrong", "what"),
    [
        ("closures", {**LOT, "commercial": None, "technical": None}, "give commercial, technical"),
        ("closures", {**LOT, "technical": "2026-11-02"}, "technical lies before commercial"),
        ("closures", {**LOT, "commune": None, "address": HOUSE}, "an address lies in a commune"),
        ("closures", {**LOT, "commune": "SENS"}, "should match pattern"),
        ("closures", {**LOT, "kinds": []}, "at least 1"),
        (
            "exceptions",
            {
                "name": "x",
                "kinds": ["move"],
                "since": "2027-01-02",
                "until": "2027-01-01",
                "fr": "x",
                "en": "x",
                "source": "x",
            },
            "until lies before since",
        ),
        ("postponements", {"name": "x", "of": "lot-3", "source": "x"}, "give the new commercial"),
    ],
)
def test_a_part_that_cannot_be_is_refused_with_what_to_write(
    part: str, wrong: dict[str, Any], what: str
) -> None:
    with pytest.raises(ValidationError, match=what):
        _file(**{part: [wrong]})


def _faults(**parts: Any) -> list[str]:  # noqa: ANN401  what a file holds
    return [what for _, _, what in copper_faults({"ours.yaml": _file(**parts)})]


def test_a_place_closes_once_and_a_name_is_one_closures() -> None:
    other = {**LOT, "name": "lot-4"}

    assert _faults(closures=[LOT, other]) == [
        "lot-4: lot-3 closes that place; write a postponement"
    ]
    assert _faults(closures=[LOT, {**LOT, "commune": AUXERRE}]) == [
        "lot-3: the name comes twice; give each its own"
    ]
    assert _faults(closures=[NATIONAL, LOT]) == []


def test_an_exception_is_one_to_a_closure_there_is_and_to_what_it_closes() -> None:
    exception = {"name": "e", "kinds": ["takeover"], "fr": "x", "en": "x", "source": "x"}
    only_technical = {**LOT, "name": "t", "commune": AUXERRE, "commercial": None}
    closures = [NATIONAL, LOT, only_technical]

    assert _faults(closures=closures, exceptions=[exception]) == []
    assert _faults(closures=closures, exceptions=[{**exception, "of": "lot-9"}]) == [
        "e: no closure is called lot-9; write one of national, lot-3, t"
    ]
    assert _faults(closures=closures, exceptions=[{**exception, "of": "national"}]) == [
        "e: national closes none of its kinds; leave the exception out"
    ]
    assert _faults(closures=closures, exceptions=[{**exception, "of": "t"}]) == [
        "e: t has no commercial closure to be an exception to"
    ]


def test_a_postponement_puts_off_a_date_there_is() -> None:
    later = {"name": "p", "of": "lot-3", "source": "x"}

    assert _faults(closures=[LOT], postponements=[{**later, "technical": "2027-12-01"}]) == []
    assert _faults(closures=[LOT], postponements=[{**later, "commercial": "2026-11-03"}]) == [
        "p: 2026-11-03 does not put off 2026-11-03; correct lot-3 instead"
    ]
    assert _faults(
        closures=[NATIONAL], postponements=[{**later, "of": "national", "technical": "2028-01-01"}]
    ) == ["p: national has no technical closure to put off"]
    assert _faults(postponements=[{**later, "technical": "2028-01-01"}]) == [
        "p: no closure is called lot-3; write one of none yet"
    ]
