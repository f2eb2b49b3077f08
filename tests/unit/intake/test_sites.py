"""Orders of accesses as they come in: terms and gates, or every mistake in a sentence."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from domain.access_facts import Locator, Technology, Use
from domain.contract_profiles import Profile
from domain.contract_resolution import Shelf
from domain.copper_closures import OrderKind
from domain.identity import order_stream
from domain.orders import OrderReceived
from domain.port_in_facts import GateKind, HostNetwork
from intake.faults import OrderRefusedError
from intake.orders import OrderIntake, Submission
from intake.requests import SITES_MAX, OrderRequest
from tests.fakes.keys import FakeSubjectKeys, fake_hash
from tests.fakes.ledger import FakeLedger
from tests.porting import ORDER_ID, RULES, STORY, body, paris, shelf
from tests.sites import (
    ADDRESS,
    LYON_9,
    SOCKET,
    ordered_sites,
    site,
    site_reader,
    site_terms,
    sites_body,
    sites_request,
    terms_of,
)

ORANGE, SFR, BOUYGUES = HostNetwork.ORANGE, HostNetwork.SFR, HostNetwork.BOUYGUES


def _problems(*sites: dict[str, Any], **changes: Any) -> dict[str, str]:  # noqa: ANN401  any JSON
    with pytest.raises(OrderRefusedError) as refused:
        ordered_sites("technicophone", *sites, **changes)
    return {problem.pointer: problem.sentence for problem in refused.value.problems}


def test_until_when_a_refusal_is_told_comes_with_the_order() -> None:
    # fifteen days of Saturday 9 January 2027: the end of the 24th (000:429); ours two jours ouvrés
    # before, the end of Thursday 21
    to_tell = site_terms("oksio").refusal_told

    assert to_tell is not None
    assert (to_tell.by, to_tell.source) == (paris("2027-01-25T00:00:00"), "000:429")
    assert to_tell.ask_at == paris("2027-01-22T00:00:00")
    assert site_terms("technicophone").refusal_told is None


def test_from_when_the_customer_may_leave_comes_with_the_order_where_it_counts_from_there() -> None:
    # twelve weeks of Saturday 9 January 2027 (000:430)
    right = site_terms("oksio").may_leave

    assert right is not None
    assert (right.since, right.source) == (paris("2027-04-04T00:00:00"), "000:430")
    assert site_terms("technicophone").may_leave is None


def test_a_site_is_read_into_what_was_ordered_for_it() -> None:
    terms = site_terms(
        wanted=["ftth", "sdsl"],
        down_kbps=100_000,
        prices={"access_fee": "150.00", "monthly": 49.9, "term_months": 36, "installation": "180"},
        uses=["broadband", "alarm"],
        known=["ineligible-analogue-line"],
        coaxial_metres=31,
        keeps=["04 78 00 00 01"],
        wish="2027-02-15",
    )

    assert (terms.number, terms.site.commune, terms.site.locator) == (1, LYON_9, Locator.SOCKET)
    assert (terms.site.address.reveal(), terms.site.name and terms.site.name.reveal()) == (
        ADDRESS,
        SOCKET,
    )
    assert terms.wanted == (Technology.FTTH, Technology.SDSL)
    assert (str(terms.prices.access_fee), str(terms.prices.monthly)) == ("150.00", "49.9")
    assert (terms.prices.term_months, str(terms.prices.installation)) == (36, "180")
    assert terms.down_kbps == 100_000
    assert terms.uses == (Use.BROADBAND, Use.ALARM)
    assert (terms.known, terms.coaxial_metres) == (("ineligible-analogue-line",), 31)
    assert [kept.reveal() for kept in terms.keeps] == ["0478000001"]
    assert (str(terms.wished), terms.asked_at, terms.lot) == ("2027-02-15", STORY, None)
    assert (terms.pin.provider, terms.pin.service) == ("technicophone", "internet")


def test_every_mistake_of_every_field_is_named_at_once() -> None:
    problems = _problems(
        site(
            commune="69009 Lyon",
            socket="PTO?",
            line_number="0612345678",
            building="IMB/69389/C/01AB",
            wanted=["ftth", "ftth"],
            operators=["sfr", "sfr"],
            uses=["alarm", "alarm"],
            known=["outside-dsl-coverage", "outside-dsl-coverage"],
            keeps=["0478000001", "0612345678", "12"],
            wish="2027-01-08",
        ),
        site(commune="97411", socket="01 45 67 89 01"),
        documents=[{"name": "passport", "on": "2027-01-08"}],
        customer={"unpaid_since": "2027-02-01"},
    )

    assert {pointer: sentence[:34] for pointer, sentence in problems.items()} == {
        "/customer/unpaid_since": "This day has not come yet: give th",
        "/documents/0/name": "technicophone asks for no such pap",
        "/sites/0/commune": "'69009 Lyon' is no INSEE commune c",
        "/sites/0/socket": "'PTO?' is no PTO reference: it is ",
        "/sites/0/line_number": "The site is named by its socket al",
        "/sites/0/building": "The site is named by its socket al",
        "/sites/0/wanted": "'ftth' is here 2 times: leave one ",
        "/sites/0/operators": "'sfr' is here 2 times: leave one o",
        "/sites/0/uses": "'alarm' is here 2 times: leave one",
        "/sites/0/known": "'outside-dsl-coverage' is here 2 t",
        "/sites/0/keeps/1": "'0612345678' is a mobile number, a",
        "/sites/0/keeps/2": "'12' does not start with 0 and is ",
        "/sites/0/wish": "This day is over: wish one from 20",
        "/sites/1/commune": "This commune is overseas, and tech",
        "/sites/1/socket": "'01 45 67 89 01' is a telephone nu",
    }


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"address": "-"}, "address", "Write the address"),
        ({"commune": "75008"}, "commune", "it is not the postal code"),
        ({"commune": "69000"}, "commune", "it is not the postal code"),
        ({"commune": "97209"}, "commune", "technicophone's contract is metropolitan (decision 2)"),
        ({"socket": "OO1"}, "socket", "copy it from the label on the socket"),
        ({"socket": None, "line_number": "0912345678"}, "line_number", "names no installation"),
        ({"socket": None, "line_number": "0140"}, "line_number", "has 4 digits"),
        ({"wish": "2027-01-08"}, "wish", "This day is over: wish one from 2027-01-09 on."),
        ({"keeps": ["0800123456"]}, "keeps/0", "a line carries fixed ones"),
        ({"keeps": ["0478000001", "+33 4 78 00 00 01"]}, "keeps/1", "is kept on line 1 already"),
    ],
)
def test_each_mistake_says_what_to_write_instead(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    (problem,) = _problems(site(**changes)).items()

    assert problem[0] == f"/sites/0/{field}"
    assert sentence in problem[1]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({}, {"socket": "oo 1234 5678", "address": "Ailleurs"}, "socket"),
        (
            {"socket": None, "line_number": "0478000001"},
            {"socket": None, "line_number": "+33 4 78 00 00 01"},
            "line_number",
        ),
        ({"socket": None}, {"socket": None, "address": ADDRESS.upper()}, "address"),
        (
            {"socket": None, "building": "IMB-1"},
            {"socket": None, "address": "12, rue des tanneurs - batiment B / 69009 LYON"},
            "address",
        ),
    ],
    ids=["socket", "line", "address", "building"],
)
def test_one_site_ordered_twice_is_told_which_line_has_it(
    first: dict[str, Any], second: dict[str, Any], field: str
) -> None:
    (problem,) = _problems(site(**first), site(**second)).items()

    assert problem[0] == f"/sites/1/{field}"
    assert problem[1].startswith("This site is on line 1 already: leave one of them")


def test_two_sockets_of_one_address_are_two_sites() -> None:
    first, second = ordered_sites("technicophone", site(), site(socket="OO-1234-5679"))

    assert terms_of(first).site_digest != terms_of(second).site_digest


@pytest.mark.parametrize("alone", [{"socket": None}, {"socket": None, "building": "IMB/1"}])
def test_a_socket_and_its_address_are_one_site_named_two_ways(alone: dict[str, Any]) -> None:
    named_first = _problems(site(), site(**alone))
    named_last = _problems(site(**alone), site())

    assert list(named_first) == list(named_last) == ["/sites/1/address"]
    assert named_first["/sites/1/address"] == (
        "This site is on line 1 already: leave one of them, or name the socket or the line of each."
    )


def test_another_floor_is_another_site() -> None:
    first, second = ordered_sites(
        "technicophone",
        site(socket=None, address="12 rue des Tanneurs, 2e étage, 69009 Lyon"),
        site(socket=None, address="12 rue des Tanneurs, 3e étage, 69009 Lyon"),
    )

    assert terms_of(first).site_digest != terms_of(second).site_digest


def test_a_site_that_is_named_bears_the_digest_of_its_address_too() -> None:
    by_socket, by_address = site_terms(), site_terms(socket=None)

    assert by_socket.address_digest == by_address.site_digest
    assert by_address.address_digest is None


def test_one_address_in_two_communes_is_two_sites() -> None:
    here, there = ordered_sites(
        "technicophone", site(socket=None), site(socket=None, commune="69388")
    )

    assert terms_of(here).site_digest != terms_of(there).site_digest


def test_a_site_has_the_same_digest_in_every_order_however_it_is_written() -> None:
    written = site_terms(), site_terms(socket="oo 12345678", address="Elsewhere")

    assert written[0].site_digest == written[1].site_digest
    assert SOCKET not in written[0].site_digest


def test_an_order_says_what_is_ordered_and_how_files_name_its_address() -> None:
    said = site_terms(kind="move", address_key="69389_7340_00012")
    silent = site_terms()

    assert (said.kind, said.ordered) == (OrderKind.MOVE, OrderKind.MOVE)
    assert said.site.address_key is not None
    assert said.site.address_key.reveal() == "69389_7340_00012"
    assert (silent.kind, silent.ordered) == (None, OrderKind.NEW_LINE)
    assert silent.site.address_key is None


def test_a_number_is_kept_on_one_line_only() -> None:
    twice = site(keeps=["0478000001"]), site(socket="OO-1", keeps=["0478000001"])

    problems = _problems(twice[0], {**twice[1], "socket": "OO-1234-5679"})

    assert list(problems) == ["/sites/1/keeps/0"]


# whom it is asked of


def test_every_operator_there_is_an_interface_with_is_asked_in_a_fixed_order() -> None:
    (two,) = site_reader(BOUYGUES, ORANGE).read(sites_request(), order_id=ORDER_ID, now=STORY)

    assert site_terms().candidates == (ORANGE, SFR, BOUYGUES)
    assert terms_of(two).candidates == (ORANGE, BOUYGUES)


@pytest.mark.parametrize(
    ("provider", "source"), [("oksio", "000:389"), ("technicophone", "002:2198-2199")]
)
def test_an_operator_that_is_named_is_a_wish_and_the_others_are_asked_after_it(
    provider: str, source: str
) -> None:
    (line,) = ordered_sites(provider, site(operators=["bouygues"]))

    assert terms_of(line).candidates == (BOUYGUES, ORANGE, SFR)
    assert any(source in said.en and "bouygues first is a wish" in said.en for said in line.stated)


def _chosen_by_the_customer(profile: Profile) -> Profile:
    entry = profile.entries.get("operators.chosen-by")
    if entry is None:
        return profile
    said = entry.current.value.model_copy(update={"value": "customer"})
    entry = entry.model_copy(
        update={"readings": (entry.current.model_copy(update={"value": said}),)}
    )
    return profile.model_copy(update={"entries": {**profile.entries, "operators.chosen-by": entry}})


def test_where_a_contract_has_the_customer_choose_no_other_operator_is_asked() -> None:
    changed = tuple(_chosen_by_the_customer(profile) for profile in shelf().profiles)
    theirs = Shelf(shelf().catalogue, changed)
    reader = replace(site_reader(), rules=replace(RULES, shelf=lambda: theirs))
    asked = sites_request("technicophone", site(operators=["bouygues", "sfr"]))

    (line,) = reader.read(asked, order_id=ORDER_ID, now=STORY)

    assert terms_of(line).candidates == (BOUYGUES, SFR)
    assert any("the customer chooses the operators: bouygues, sfr" in s.en for s in line.stated)


def test_an_operator_without_an_interface_is_refused() -> None:
    asked = sites_request("technicophone", site(operators=["sfr"]))

    with pytest.raises(OrderRefusedError, match="no interface with sfr yet: say one of orange"):
        site_reader(ORANGE).read(asked, order_id=ORDER_ID, now=STORY)


# what it waits for


def test_dsl_waits_for_its_written_mandate_and_fibre_does_not() -> None:
    papers = [{"name": "signed-order-form", "on": "2027-01-08"}]

    fibre, copper = ordered_sites(
        "technicophone",
        site(),
        site(socket=None, line_number="0478000001", wanted=["sdsl"]),
        documents=[*papers, {"name": "order-payment", "on": "2027-01-08"}],
    )

    assert [gate.kind for gate in fibre.gates] == []
    assert [gate.kind for gate in copper.gates] == [GateKind.MANDATE]


def test_a_guarantee_that_was_asked_for_is_waited_for() -> None:
    (line,) = ordered_sites("technicophone", deposit_asked=True)

    assert [gate.kind for gate in line.gates] == [GateKind.DEPOSIT]


def test_a_large_order_keeps_its_sites_in_lots() -> None:
    many = [site(socket=f"OO-1234-{n:04d}") for n in range(101)]

    lines = ordered_sites("technicophone", *many)

    assert [terms_of(line).lot for line in lines][99:] == [1, 2]


# which list an order has


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        (sites_body(sites=[]), "sites", "An order of internet has sites: one is required"),
        (sites_body(lines=body()["lines"]), "lines", "An order of internet has no lines"),
        (body(sites=[site()]), "sites", "has no sites: say which service"),
        (body(deposit_asked=True), "deposit_asked", "No guarantee is asked for a mobile order"),
        (sites_body(sites=[site()] * (SITES_MAX + 1)), "sites", "at most 200 items"),
    ],
    ids=["no site", "lines", "sites of a mobile order", "guarantee", "too many"],
)
def test_an_order_has_the_list_of_its_service(
    asked: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        OrderRequest.model_validate(asked)

    (error,) = refused.value.errors()
    assert error["loc"] == (field,)
    assert sentence in error["msg"]


def test_a_service_the_provider_does_not_have_is_a_sentence() -> None:
    asked = sites_request(service="data")

    with pytest.raises(OrderRefusedError) as refused:
        site_reader().read(asked, order_id=ORDER_ID, now=STORY)

    (problem,) = refused.value.problems
    assert problem.pointer == "/service"
    assert problem.sentence == "technicophone has no data: say one of mobile, internet."


def test_a_mobile_order_is_compared_as_it_was_before_there_were_accesses() -> None:
    """What was accepted then is retried with the same words, and is the same order."""
    written = OrderRequest.model_validate(body()).as_written

    assert written.startswith('{"reference":"R-1","provider":"axantis","service":"mobile"')
    assert "sites" not in written
    assert "deposit" not in written
    assert '"sites":[{' in sites_request().as_written


def test_the_order_shown_in_the_documentation_is_taken() -> None:
    page = (Path(__file__).parents[3] / "docs" / "site-orders.md").read_text("utf-8")
    shown = page.partition("```json\n")[2].partition("```")[0]

    (line,) = site_reader().read(
        OrderRequest.model_validate_json(shown), order_id=ORDER_ID, now=STORY
    )

    assert terms_of(line).site.locator is Locator.SOCKET
    assert [gate.kind for gate in line.gates] == [GateKind.MANDATE]


async def test_a_retry_is_the_same_order_even_once_its_day_is_over() -> None:
    ledger = FakeLedger(FakeSubjectKeys())
    intake = OrderIntake(ledger=ledger, keyed_hash=fake_hash(), lines=site_reader())
    asked = sites_request("technicophone", site(wish="2027-01-20"))

    first, again = [
        await intake.submit(
            Submission(
                request=asked,
                client="crm",
                actor="crm",
                idempotency_key="k-1",
                business_now=STORY + timedelta(days=days),
            )
        )
        for days in (0, 60)
    ]

    assert (again.order_id, first.repeated, again.repeated) == (first.order_id, False, True)
    (received,) = await ledger.read(order_stream(first.order_id))
    assert isinstance(received.event, OrderReceived)
    assert received.event.service == "internet"
    assert received.event.under.service == "internet"
