"""The equipment of the demo's sites: brought and put up, or asked back, returned and invoiced."""

from datetime import datetime, timedelta

from runtime.demo_sites import FORM, SLOTS, comes, lies, paper, site
from runtime.demo_stories import Expected, Move, Scenario

RETURN = "equipment-return"


def piece(name: str, to: str, day: str, *, on: str = SLOTS, **more: str) -> Move:
    """Told the day after."""
    over = datetime.fromisoformat(f"{day}T00:00:00+01:00") + timedelta(days=1)
    return Move(on=on, equipment={"name": name, "to": to, "on": day, **more}, not_before=over)


EQUIPMENT = (
    Scenario(
        name="a router delivered with reserves, put up by the visit",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Violettes", "ftth"),
        misbehaviour=lies("rue des Violettes", "deployed"),
        moves=(
            piece("router", "ordered", "2027-01-14"),
            piece("router", "shipped", "2027-01-15"),
            piece("router", "delivered", "2027-01-18", reserves="carton enfoncé, un pied cassé"),
            *comes("2027-02-01"),
        ),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-01",
            facts=("EquipmentMoved", "EquipmentBilled", "VisitKept", "ServiceStarted"),
            fees=(),
            pieces=(("router", "installed", "2027-01-14"), ("fibre-box", "installed", None)),
            says=(
                "router: ordered on Thursday 14 January 2027",
                "equipment billed from the day of its order, Thursday 14 January 2027 (002:2476)",
                "router: shipped on Friday 15 January 2027",
                "router: delivered on Monday 18 January 2027",
                "reserves on the delivery slip",
                "router RTR-",
            ),
            because="billed from the day of its order (002:2476); the visit's report gives it its "
            "number; no text on reserves for it, they are kept as they were written (ours)",
        ),
    ),
    Scenario(
        name="cancelled, one piece of equipment back, another invoiced",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Verveines", "ftth"),
        misbehaviour=lies("rue des Verveines", "deployed"),
        moves=(
            piece("router", "ordered", "2027-01-14"),
            piece("modem", "ordered", "2027-01-14"),
            piece("router", "delivered", "2027-01-18"),
            piece("modem", "delivered", "2027-01-18"),
            Move(
                on=SLOTS,
                cancels=True,
                not_before=datetime.fromisoformat("2027-01-20T08:00:00+01:00"),
            ),
            paper("cancellation-paper", "cancellation-letter"),
            Move(
                on=RETURN,
                equipment={"name": "modem", "to": "invoiced", "euros": "89.00"},
                is_refused=True,
                refusal=("modem may still come back", "10 calendar days after the end (002:2712)"),
            ),
            piece("router", "returned", "2027-01-26", on=RETURN),
            piece("modem", "invoiced", "2027-02-04", on=RETURN, euros="89.00"),
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("EquipmentAskedBack", "EquipmentMoved", "LineReleased"),
            fees=(("equipment", "89.00"),),
            pieces=(("router", "returned", "2027-01-14"), ("modem", "invoiced", "2027-01-14")),
            says=(
                "router: returned on Tuesday 26 January 2027",
                "modem: to be back by",
                "10 calendar days after the end (002:2712)",
                "modem: invoiced on Thursday 4 February 2027",
                "modem not returned, invoiced: 89.00 € HT (002:2713)",
            ),
            because="ten calendar days to send it back, else it is invoiced (002:2711-2713), at "
            "the price its acknowledgement gives (002:348-350); the order's own 1796.40 € or "
            "300.00 € are shown, not charged (decision 13)",
        ),
    ),
)
