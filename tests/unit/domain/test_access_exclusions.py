"""What each contract leaves out by name; every ground with the line it stands at."""

from datetime import UTC, date, datetime

import pytest

from domain.access_exclusions import (
    Exclusion,
    LineFacts,
    exclusions,
    line_facts,
    refusal_to_tell,
    refusal_told_by,
    telling_of_failure,
)
from domain.access_facts import Barrier, Reason, Technology
from tests.access_contracts import data, internet, signed_under


def _having(*traits: Exclusion) -> LineFacts:
    return LineFacts(traits=frozenset(traits))


@pytest.mark.parametrize(
    ("ground", "said"),
    [
        # 000:387
        (Exclusion.OUTSIDE_DSL_COVERAGE, "site outside the DSL coverage"),
        # 000:388-389
        (
            Exclusion.NOT_VALIDATED_BY_OPERATOR,
            "telephone installation not validated by the operator",
        ),
        # 000:392-393
        (Exclusion.METALLIC_CONTINUITY_BROKEN, "not metallic from end to end"),
        # 000:394
        (
            Exclusion.SIGNAL_PROCESSING_EQUIPMENT,
            "equipment on the line that treats its signals",
        ),
        # 000:395
        (
            Exclusion.AUTOMATIC_SUB_DISTRIBUTION,
            "line connected to an automatic sub-distribution frame",
        ),
        # 000:396
        (Exclusion.LINE_GROUP, "line that is one of a group"),
        # 000:397
        (
            Exclusion.NON_PERMANENT_TERMINAL,
            "terminal installation that is not permanent or not fixed",
        ),
        # 000:398-399
        (Exclusion.PUBLIC_USE, "line of a service for public use"),
        # 000:400-401
        (
            Exclusion.EXTERNAL_SUPPLEMENTARY_LINES,
            "external supplementary line of a terminal installation",
        ),
    ],
)
def test_oksio_takes_no_line_of_these_for_dsl(ground: Exclusion, said: str) -> None:
    (found,) = exclusions(data(), Technology.SDSL, _having(ground))

    assert (found.exclusion, found.source) == (ground, "000:387-401")
    assert found.said.en == f"{said} (000:387-401)"
    assert exclusions(data(), Technology.DEDICATED_FIBRE, _having(ground)) == ()


@pytest.mark.parametrize("service", ["vga", "sip"])
@pytest.mark.parametrize(
    "ground",
    [
        Exclusion.INCUMBENT_INTERNAL_POST,  # 000:1280, 000:1439
        Exclusion.TECHNICAL_GROUP_BODY_LINE,  # 000:1281, 000:1440
        Exclusion.ORDER_IN_FLIGHT,  # 000:1282, 000:1441
        Exclusion.TEMPORARY_ACCESS,  # 000:1283, 000:1442
        Exclusion.PAYPHONE,  # 000:1284, 000:1443
        Exclusion.NUMERIS_T2,  # 000:1285, 000:1444
        Exclusion.NUMERIS_DUO,
        Exclusion.NUMERIS_COMMERCE,
        Exclusion.NUMERIS_ITOO,
    ],
)
def test_oksio_takes_over_no_line_of_these(service: str, ground: Exclusion) -> None:
    sources = {"vga": "000:1277-1286", "sip": "000:1436-1445"}
    (found,) = exclusions(signed_under("oksio", service), None, _having(ground))

    assert (found.exclusion, found.source) == (ground, sources[service])
    assert sources[service] in found.said.fr


@pytest.mark.parametrize(
    "ground",
    [
        Exclusion.INCUMBENT_INTERNAL_POST,  # 002:1181-1182
        Exclusion.TECHNICAL_GROUP_BODY_LINE,  # 002:1184
        Exclusion.ACCESS_BEING_CHANGED,  # 002:1186-1187
        Exclusion.BROADBAND_ORDER_PENDING,  # 002:1189-1190
        Exclusion.TEMPORARY_ACCESS,  # 002:1192
        Exclusion.PAYPHONE,  # 002:1194
        Exclusion.D_CHANNEL,  # 002:1196
    ],
)
def test_technicophone_takes_over_no_access_of_these(ground: Exclusion) -> None:
    (found,) = exclusions(signed_under("technicophone", "vga"), None, _having(ground))

    assert (found.exclusion, found.source) == (ground, "002:1179-1196")


def test_a_ground_of_one_contract_is_none_of_another() -> None:
    in_numeris = _having(Exclusion.NUMERIS_DUO, Exclusion.LINE_GROUP)

    assert exclusions(signed_under("technicophone", "vga"), None, in_numeris) == ()
    assert exclusions(internet(), Technology.ADSL, in_numeris) == ()
    assert exclusions(signed_under("technicophone", "sip-trunk"), None, in_numeris) == ()


def test_technicophone_does_not_reach_every_place_nor_every_line_with_dsl() -> None:
    # 002:2223-2227
    both = _having(Exclusion.OUTSIDE_DSL_COVERAGE, Exclusion.INELIGIBLE_ANALOGUE_LINE)
    found = exclusions(internet(), Technology.VDSL, both)

    assert [one.exclusion for one in found] == [
        Exclusion.OUTSIDE_DSL_COVERAGE,
        Exclusion.INELIGIBLE_ANALOGUE_LINE,
    ]
    assert {one.source for one in found} == {"002:2224-2227"}


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (None, []),
        (30, []),
        (31, ["coaxial socket 31 m from where the network comes in, 30 m at most (002:2318-2321)"]),
    ],
)
def test_a_coaxial_socket_lies_at_thirty_metres_at_most(
    metres: int | None, said: list[str]
) -> None:
    # « une distance maximale de 30 mètres linéaires » (002:2315-2321)
    found = exclusions(internet(), Technology.SHARED_FIBRE, LineFacts(coaxial_metres=metres))

    assert [one.said.en for one in found] == said
    assert {one.exclusion for one in found} <= {Exclusion.COAXIAL_SOCKET_TOO_FAR}


def test_the_distance_is_asked_of_coaxial_cable_only_and_where_a_contract_has_it() -> None:
    far = LineFacts(coaxial_metres=400)

    assert exclusions(internet(), Technology.FTTH, far) == ()
    assert exclusions(data(), Technology.SHARED_FIBRE, far) == ()


@pytest.mark.parametrize("technology", [Technology.MOBILE_RADIO, Technology.MICROWAVE])
def test_wireless_is_had_in_its_covered_zone_only(technology: Technology) -> None:
    # « dans les zones couvertes » (002:2307-2309)
    outside = _having(Exclusion.OUTSIDE_WIRELESS_COVERAGE)
    (found,) = exclusions(internet(), technology, outside)

    assert (found.exclusion, found.source) == (
        Exclusion.OUTSIDE_WIRELESS_COVERAGE,
        "002:2308-2309",
    )
    assert exclusions(internet(), Technology.FTTH, outside) == ()
    assert exclusions(internet(), technology, LineFacts()) == ()
    assert exclusions(data(), technology, outside) == ()


def test_a_coaxial_cable_with_no_length_in_its_contract_is_never_too_long() -> None:
    class _NoLength:
        shelf, pin = internet().shelf, internet().pin

        def number(self, _question: str) -> None:
            return None

        def choices(self, _question: str) -> tuple[str, ...]:
            return ()

    far = LineFacts(coaxial_metres=400)

    assert exclusions(_NoLength(), Technology.SHARED_FIBRE, far) == ()  # type: ignore[arg-type]  # what is asked of it is there


@pytest.mark.parametrize(
    ("reason", "technicophone", "oksio"),
    [
        (Reason.NOT_DEPLOYED, "outside-dsl-coverage", "outside-dsl-coverage"),
        (Reason.NOT_YET, "outside-dsl-coverage", "outside-dsl-coverage"),
        (Reason.TOO_LONG, "ineligible-analogue-line", "not-validated-by-operator"),
        (Reason.INCOMPATIBLE, "ineligible-analogue-line", "not-validated-by-operator"),
    ],
)
def test_an_operators_reason_is_told_in_the_contracts_own_words(
    reason: Reason, technicophone: str, oksio: str
) -> None:
    facts = line_facts(
        Technology.ADSL, [Barrier(technology=Technology.ADSL, reason=reason, code="2006")]
    )

    assert [one.exclusion for one in exclusions(internet(), Technology.ADSL, facts)] == [
        technicophone
    ]
    assert [one.exclusion for one in exclusions(data(), Technology.ADSL, facts)] == [oksio]


@pytest.mark.parametrize(
    "reason",
    [
        Reason.SATURATED,
        Reason.NO_PAIR,
        Reason.UNCERTAIN,
        Reason.SERVICE_DOWN,
        Reason.UNKNOWN_SITE,
        Reason.CLOSED,
        Reason.OTHER,
    ],
)
def test_what_is_unknown_or_passes_excludes_nothing(reason: Reason) -> None:
    facts = line_facts(
        Technology.ADSL, [Barrier(technology=Technology.ADSL, reason=reason, code="X")]
    )

    assert facts == LineFacts()
    assert exclusions(internet(), Technology.ADSL, facts) == ()


def test_a_reason_against_one_technology_is_none_against_another() -> None:
    barrier = Barrier(technology=Technology.FTTH, reason=Reason.NOT_DEPLOYED, code="X")
    known = {Exclusion.LINE_GROUP}

    facts = line_facts(Technology.ADSL, [barrier], known=known, coaxial_metres=12)

    assert facts == LineFacts(traits=frozenset(known), coaxial_metres=12)


def test_who_tells_of_a_site_that_is_not_eligible_is_said() -> None:
    assert telling_of_failure(data()).en == (
        "the customer is told that the site is not eligible (000:429)"
    )
    assert "so do we (000:1345-1346)" in telling_of_failure(signed_under("oksio", "vga")).en
    assert telling_of_failure(internet()).fr.startswith("le contrat est muet : ")


def test_oksio_tells_of_a_refusal_or_a_deferral_within_fifteen_days_of_the_order() -> None:
    # « dans les quinze (15) jours suivant sa commande » (000:429-430), calendar days (TIM-08)
    ordered_on = date(2027, 3, 1)

    assert refusal_told_by(data(), ordered_on) == datetime(2027, 3, 16, 23, tzinfo=UTC)
    assert refusal_told_by(internet(), ordered_on) is None


def test_a_person_is_asked_two_working_days_before_a_refusal_is_to_have_been_told() -> None:
    # the last day is Tuesday 16 March (000:429); two jours ouvrés before it is Friday 12 (ours)
    to_tell = refusal_to_tell(data(), date(2027, 3, 1))

    assert to_tell is not None
    assert to_tell.by == datetime(2027, 3, 16, 23, tzinfo=UTC)
    assert to_tell.ask_at == datetime(2027, 3, 12, 23, tzinfo=UTC)
    assert to_tell.source == "000:429"
    assert refusal_to_tell(internet(), date(2027, 3, 1)) is None


def test_every_ground_is_said_in_both_languages() -> None:
    vga = _having(*Exclusion)
    found = [
        *exclusions(data(), Technology.ADSL, vga),
        *exclusions(internet(), Technology.ADSL, vga),
        *exclusions(signed_under("oksio", "vga"), None, vga),
        *exclusions(signed_under("technicophone", "vga"), None, vga),
        *exclusions(internet(), Technology.MICROWAVE, vga),
        *exclusions(internet(), Technology.SHARED_FIBRE, LineFacts(coaxial_metres=31)),
    ]

    assert {one.exclusion for one in found} == set(Exclusion)
    assert all(one.source and one.said.fr != one.said.en for one in found)
