"""What Orange tells of fixed accesses: each thing, and each bad one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.orange import access_mapping as mapping
from adapters.orange.access_mapping import TOLD_FIELDS, notification_of, told_of
from adapters.orange.gateway import read_notification
from adapters.orange.messages import (
    Element,
    Token,
    UnreadableDocumentError,
    envelope,
    read_envelope,
)
from domain.access_facts import (
    Barrier,
    Offer,
    Quote,
    QuoteKind,
    QuoteLine,
    Reason,
    StudyResult,
    Technology,
    Use,
    Verdict,
)
from domain.access_told import (
    AccessReleasedTold,
    DesaturatedTold,
    EligibilityTold,
    OverwrittenTold,
    PutBackTold,
    ReservedTold,
    SaturatedTold,
    StudyTold,
    SupplyWithdrawnTold,
)
from domain.operators import (
    ChangeRefusedTold,
    StepRefusedTold,
    Told,
    WithdrawnTold,
)
from domain.port_in_facts import HostNetwork
from tests.dialects import orange_errors

TOKEN = Token(username="raccord", password="p")
AT = "2027-01-10T00:00:00+01:00"
MOMENT = datetime(2027, 1, 9, 23, 0, tzinfo=UTC)
LINE = "00000000-0000-0000-0000-000000000001"
COMMON = {"notificationId": "n", "orderKey": "key-0", "customerReference": LINE, "at": AT}
OFFER = {
    "technology": "FTTH",
    "downKbps": "1000000",
    "upKbps": "700000",
    "leadDays": "12",
    "study": "false",
}


def part(name: str, *parts: Element, **fields: str) -> Element:
    return Element(name=name, fields=fields, parts=parts)


def quote(*amounts: str, reference: str = "Q-1") -> Element:
    lines = (part("line", label="Tranchée", amount=amount) for amount in amounts)
    return part("quote", *lines, reference=reference)


def notification(event: str, *parts: Element, **fields: str) -> Element:
    return Element(
        name="AccessNotification", fields={**COMMON, "event": event, **fields}, parts=parts
    )


def saturated(*parts: Element, **fields: str) -> Element:
    where = {"saturatedSince": AT, "saturatedAt": "NETWORK", "remedy": "DEFERRED"}
    return notification("SATURATED", *parts, **{**where, **fields})


# what it tells

READ: list[tuple[Element, Told]] = [
    (
        notification(
            "ELIGIBILITY",
            part(
                "offers",
                part("offer", **OFFER),
                part("offer", **OFFER | {"pairs": "4", "study": "true"}),
            ),
            part(
                "barriers",
                part("barrier", technology="VDSL2", code="TOO_MUCH_ATTENUATION"),
                part("barrier", technology="LL", code="Z-4711"),
            ),
            uses="BROADBAND ANALOGUE_VOICE CARRIER_SELECTION ALARM",
        ),
        EligibilityTold(
            key="key-0",
            operator=HostNetwork.ORANGE,
            offers=(
                Offer(
                    operator=HostNetwork.ORANGE,
                    technology=Technology.FTTH,
                    down_kbps=1_000_000,
                    up_kbps=700_000,
                    lead_days=12,
                ),
                Offer(
                    operator=HostNetwork.ORANGE,
                    technology=Technology.FTTH,
                    down_kbps=1_000_000,
                    up_kbps=700_000,
                    lead_days=12,
                    study=True,
                    pairs=4,
                ),
            ),
            barriers=(
                Barrier(
                    technology=Technology.VDSL,
                    reason=Reason.TOO_LONG,
                    code="TOO_MUCH_ATTENUATION",
                ),
                Barrier(technology=Technology.LEASED_LINE, reason=Reason.OTHER, code="Z-4711"),
            ),
            uses=tuple(Use),
            checked_at=MOMENT,
        ),
    ),
    (
        notification("ELIGIBILITY"),
        EligibilityTold(
            key="key-0",
            operator=HostNetwork.ORANGE,
            offers=(),
            barriers=(),
            uses=(),
            checked_at=MOMENT,
        ),
    ),
    (
        notification("STUDIED", verdict="FEASIBLE"),
        StudyTold(key="key-0", result=StudyResult(verdict=Verdict.POSITIVE), studied_at=MOMENT),
    ),
    (
        notification(
            "STUDIED",
            quote("900.00", "50.50"),
            verdict="TO_REDEFINE",
            code="Z1",
            technology="FH",
            leadDays="45",
            feeChange="-150.00",
        ),
        StudyTold(
            key="key-0",
            result=StudyResult(
                verdict=Verdict.REDEFINE,
                code="Z1",
                technology=Technology.MICROWAVE,
                lead_days=45,
                fee_change=Decimal("-150.00"),
                quote=Quote(
                    kind=QuoteKind.WORKS,
                    reference="Q-1",
                    lines=(
                        QuoteLine(what="Tranchée", euros=Decimal("900.00")),
                        QuoteLine(what="Tranchée", euros=Decimal("50.50")),
                    ),
                ),
            ),
            studied_at=MOMENT,
        ),
    ),
    (
        notification("RESERVED", accessReference="OL-S1"),
        ReservedTold(key="key-0", reference="OL-S1", reserved_at=MOMENT),
    ),
    (
        saturated(),
        SaturatedTold(
            key="key-0", event_at=MOMENT, at_customer=False, at_first_visit=False, quote=None
        ),
    ),
    (
        saturated(saturatedAt="CUSTOMER", remedy="FIRST_VISIT"),
        SaturatedTold(
            key="key-0", event_at=MOMENT, at_customer=True, at_first_visit=True, quote=None
        ),
    ),
    (
        saturated(quote("1180.00"), remedy="QUOTE"),
        SaturatedTold(
            key="key-0",
            event_at=MOMENT,
            at_customer=False,
            at_first_visit=False,
            quote=Quote(
                kind=QuoteKind.DESATURATION,
                reference="Q-1",
                lines=(QuoteLine(what="Tranchée", euros=Decimal("1180.00")),),
            ),
        ),
    ),
    (notification("DESATURATED"), DesaturatedTold(key="key-0", done_at=MOMENT)),
    (notification("RELEASED"), AccessReleasedTold(key="key-0", released_at=MOMENT)),
    (
        notification("SUPPLY_WITHDRAWN", code="GONE"),
        SupplyWithdrawnTold(code="GONE", told_at=MOMENT),
    ),
    (
        notification("WRONG_OVERWRITING", code="WRONG_LINE"),
        OverwrittenTold(code="WRONG_LINE", told_at=MOMENT),
    ),
    (notification("PUT_BACK"), PutBackTold(key="key-0", put_back_at=MOMENT)),
    (
        notification("WITHDRAWN", withdrawnKey="key-1"),
        WithdrawnTold(key="key-1", withdrawn_at=MOMENT),
    ),
    (
        notification("REJECTED", effect="WITHDRAW", code="E1"),
        ChangeRefusedTold(key="key-0", code="E1", refused_at=MOMENT),
    ),
    *(
        (
            notification("REJECTED", effect=effect, code="E1"),
            StepRefusedTold(step=step, key="key-0", code="E1", refused_at=MOMENT),
        )
        for step, effect in mapping.EFFECTS.items()
    ),
]


@pytest.mark.parametrize(("element", "told"), READ)
def test_each_thing_that_is_told_becomes_one_of_our_words(element: Element, told: Told) -> None:
    document = envelope(element, TOKEN)

    assert orange_errors(document) == []
    assert read_notification(document.decode()) == told


@pytest.mark.parametrize(("element", "told"), READ)
def test_what_is_looked_up_reads_as_if_it_had_been_told(element: Element, told: Told) -> None:
    status = Element(
        name="OrderStatusResult",
        fields={"state": "DONE", "reference": "R", **element.fields},
        parts=element.parts,
    )

    found = notification_of(status, "key-0")

    assert orange_errors(envelope(status, TOKEN)) == []
    assert found is not None
    assert told_of(found) == told
    assert set(found.fields) <= set(TOLD_FIELDS)


@pytest.mark.parametrize("state", ["UNKNOWN", "PENDING"])
def test_nothing_is_found_of_what_is_not_done(state: str) -> None:
    fields = {**COMMON, "event": "DESATURATED"}

    assert notification_of(part("OrderStatusResult", state=state, **fields), "key-0") is None
    assert notification_of(part("OrderStatusResult", state="DONE", **fields), "another") is None


def offer(**fields: str) -> Element:
    return notification("ELIGIBILITY", part("offers", part("offer", **OFFER | fields)))


@pytest.mark.parametrize(
    ("element", "why"),
    [
        (notification("DANCED"), "no such event"),
        (notification(""), "AccessNotification has no event"),
        (notification("READY", hostLine="OL-1"), "no such event"),
        (notification("DESATURATED", at="soon"), "at is no instant"),
        (notification("DESATURATED", at="2027-01-10T00:00:00"), "at has no offset"),
        (notification("DESATURATED", at="1970-01-01T00:00:00Z"), "at is in no year of ours"),
        (notification("RESERVED"), "has no accessReference"),
        (notification("RESERVED", accessReference="two words"), "accessReference is no word"),
        (notification("ELIGIBILITY", orderKey=""), "has no orderKey"),
        (notification("ELIGIBILITY", uses="TEA"), "no such use"),
        (offer(technology="FIBER"), "no such technology"),
        (offer(technology=""), "offer has no technology"),
        (offer(downKbps="0"), "downKbps is no number from 1"),
        (offer(downKbps="fast"), "downKbps is no number"),
        (offer(downKbps="9" * 11), "downKbps is no number"),
        (offer(downKbps="²"), "downKbps is no number"),
        (offer(upKbps="-1"), "upKbps is no number"),
        (offer(upKbps=""), "offer has no upKbps"),
        (offer(leadDays="1000"), "leadDays is no number from 0 to 999"),
        (offer(study="perhaps"), "no such study"),
        (offer(pairs="0"), "pairs is no number from 1 to 64"),
        (offer(pairs=""), "offer has no pairs"),
        (notification("ELIGIBILITY", part("offers", part("dance", x="y"))), "offers are of offer"),
        (
            notification("ELIGIBILITY", part("barriers", part("barrier", technology="LL"))),
            "barrier has no code",
        ),
        (notification("STUDIED"), "has no verdict"),
        (notification("STUDIED", verdict="PERHAPS"), "no such verdict"),
        (notification("STUDIED", verdict="FEASIBLE", technology="TEA"), "no such technology"),
        (notification("STUDIED", verdict="FEASIBLE", leadDays="soon"), "leadDays is no number"),
        (notification("STUDIED", verdict="FEASIBLE", feeChange="150"), "feeChange is no sum"),
        (notification("STUDIED", verdict="FEASIBLE", feeChange="NaN"), "feeChange is no sum"),
        (notification("STUDIED", quote(), verdict="FEASIBLE"), "a quote has items"),
        (notification("STUDIED", quote("-1.00"), verdict="FEASIBLE"), "amount is no sum"),
        (notification("STUDIED", quote("1"), verdict="FEASIBLE"), "amount is no sum"),
        (
            notification("STUDIED", quote("1.00", reference=""), verdict="FEASIBLE"),
            "quote has no reference",
        ),
        (
            notification(
                "STUDIED",
                part("quote", part("line", label="x" * 201, amount="1.00"), reference="Q"),
                verdict="FEASIBLE",
            ),
            "label has more than 200",
        ),
        (saturated(saturatedAt="MOON"), "no such saturatedAt"),
        (saturated(saturatedSince=""), "has no saturatedSince"),
        (saturated(remedy="PRAYER"), "no such remedy"),
        (saturated(remedy="QUOTE"), "a quote and its remedy go together"),
        (saturated(quote("1.00")), "a quote and its remedy go together"),
        (notification("SUPPLY_WITHDRAWN"), "has no code"),
        (notification("WRONG_OVERWRITING"), "has no code"),
        (notification("WITHDRAWN"), "has no withdrawnKey"),
        (notification("REJECTED", effect="PREPARE", code="x"), "no such effect"),
        (notification("REJECTED", effect="CHECK"), "has no code"),
    ],
)
def test_what_is_missing_or_wrong_is_named(element: Element, why: str) -> None:
    with pytest.raises(UnreadableDocumentError, match=why):
        told_of(element)


def test_parts_of_parts_end_somewhere() -> None:
    deep = part("line", label="x")
    for _ in range(5):
        deep = part("quote", deep)

    with pytest.raises(UnreadableDocumentError, match="parts of parts"):
        read_envelope(envelope(notification("STUDIED", deep), TOKEN))


@given(
    element=st.sampled_from([element for element, _ in READ]),
    start=st.integers(0, 1400),
    length=st.integers(0, 40),
    instead=st.text(max_size=8) | st.sampled_from(["\x00", "<a>", "<o:line>", "\ud800"]),
)
def test_what_was_tampered_with_is_read_or_unreadable(
    element: Element, start: int, length: int, instead: str
) -> None:
    body = envelope(element, TOKEN).decode()

    told = read_notification(body[:start] + instead + body[start + length :])

    assert told is not None
