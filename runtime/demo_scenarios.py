"""The sample orders of the demo: what is sent in, who misbehaves, what a colleague decides, and how
each must end, with the line that says so. The figures are literals: nothing here reckons.

The story begins on Saturday 9 January 2027 at 0:00 in Paris, so that the sessions of the week carry
what was asked for in the weekend.
"""

from datetime import UTC, datetime

from domain.rio import key_of
from runtime.demo_stories import Expected, Json, Move, Owed, Scenario

STORY = datetime(2027, 1, 8, 23, 0, tzinfo=UTC)
SIGNED = "2027-01-08"
JD_PLUS_2 = "two jours ouvrés after the session that carries it (porting-and-access § 2.5)"
STAYS = "the customer stays with the donor (porting-and-access § 2.6)"


def rio(number: str, prefix: str = "02E") -> str:
    whole = f"{prefix}4AB{number[-3:]}"
    return whole + key_of(whole, number)


def held(*names: str) -> tuple[Json, ...]:
    return tuple({"name": name, "on": SIGNED} for name in names)


DOSSIER = ("contract-copies", "three-last-invoices", "termination-letter", "porting-form")
HELD = {
    "oksio": held("identity", *DOSSIER),
    "onecom": held("mandate", "presence"),
    "axantis": held("mandate", "identity"),
    "nexis": held("mandate", "identity"),
    "technicophone": held("mandate", "presence"),
}


QUICK = (
    Scenario(
        name="a card, nothing in the way",
        is_meddled_with=True,
        provider="axantis",
        number="0612345601",
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            service_started_at="2027-01-15T09:15:00+01:00",
            because=f"the card within two jours ouvrés (ours), then {JD_PLUS_2}",
        ),
    ),
    Scenario(
        name="an eSIM, the reply lost, told twice",
        provider="onecom",
        number="0612345602",
        line={"sim": "esim", "host": "bouygues"},
        misbehaviour={"prepare": ["lose-reply"], "switch": ["twice"]},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-14",
            service_started_at="2027-01-14T09:15:00+01:00",
            because=f"an eSIM within one jour ouvré (ours), then {JD_PLUS_2}",
        ),
    ),
    Scenario(
        name="the same number ordered twice",
        provider="nexis",
        number="0612345601",
        after="a card, nothing in the way",
        moves=(Move(on="number-taken", decide={"decision": "cancel", "reason": "a double"}),),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            because="one open port for a number (000:925)",
        ),
    ),
    Scenario(
        name="the donor refuses: terminated outside the request",
        provider="technicophone",
        number="0612345603",
        misbehaviour={"donor": ["R322"]},
        moves=(Move(on="donor-refused", decide={"decision": "end", "reason": "it is lost"}),),
        expected=Expected(
            outcome="refused", order="refused", facts=("LineReleased",), because=STAYS
        ),
    ),
    Scenario(
        name="donor and receiver are one operator",
        provider="axantis",
        number="0612345604",
        line={"rio": rio("0612345604", "01E")},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            service_started_at="2027-01-15T09:15:00+01:00",
            because="an internal transfer has no tickets (decision 21)",
        ),
    ),
    Scenario(
        name="cancelled before the request has left",
        provider="axantis",
        number="0612345605",
        moves=(Move(on="waiting", cancels=True),),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("CancellationAsked", "LineReleased"),
            because="before the request is sent it is ours alone (decision 24)",
        ),
    ),
)

SLOWER = (
    Scenario(
        name="a chosen day",
        provider="technicophone",
        number="0612345606",
        line={"wish": "2027-01-20", "host": "sfr", "rio": rio("0612345606", "03E")},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-20",
            service_started_at="2027-01-20T09:15:00+01:00",
            because="the day the customer chose, within 60 days (porting-and-access § 2.5)",
        ),
    ),
    Scenario(
        name="a wrong RIO at the donor, corrected",
        provider="nexis",
        number="0612345607",
        line={"wish": "2027-01-21"},
        misbehaviour={"donor": ["R123", "accept"]},
        moves=(
            Move(
                on="donor-refused",
                decide={
                    "decision": "correct",
                    "reason": "read again at 3179",
                    "rio": rio("0612345607", "03E"),
                },
            ),
        ),
        expected=Expected(
            outcome="ported",
            port_day="2027-01-21",
            facts=("PortRefused", "DataCorrected", "PortReopened"),
            because="R123 can be corrected and sent again (porting-and-access § 2.6)",
        ),
    ),
    Scenario(
        name="cancelled within the contract's window",
        provider="nexis",
        number="0612345608",
        line={"wish": "2027-01-22"},
        moves=(Move(on="accepted", cancels=True),),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("RequestCancelled", "LineReleased"),
            because="until two jours ouvrés before the chosen day (004:122)",
        ),
    ),
    Scenario(
        name="asked too late to cancel",
        provider="axantis",
        number="0612345609",
        moves=(Move(on="committed", cancels=True, is_refused=True),),
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            because="nobody can after the porting ticket (decision 24)",
        ),
    ),
    Scenario(
        name="a registered letter confirms the cancellation",
        provider="technicophone",
        number="0612345610",
        line={"wish": "2027-01-27"},
        moves=(
            Move(on="accepted", cancels=True),
            Move(
                on="cancellation-paper",
                decide={
                    "decision": "provide",
                    "reason": "the letter came",
                    "given": {"document": "letter", "on": "2027-01-13"},
                },
            ),
        ),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("CancellationAsked", "RequestCancelled", "LineReleased"),
            because="a letter with acknowledgement confirms it (002:227, decision 9)",
        ),
    ),
    Scenario(
        name="the donor answers three days late",
        provider="nexis",
        number="0612345611",
        line={"wish": "2027-01-25"},
        misbehaviour={"donor": ["accept-late:78"]},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-25",
            facts=("DonorReminded",),
            because="an answer counts however late; the day was still ahead",
        ),
    ),
    Scenario(
        name="the donor takes its agreement back",
        provider="onecom",
        number="0612345612",
        line={"wish": "2027-01-20"},
        misbehaviour={"donor": ["lose:C002"]},
        moves=(
            Move(on="eligibility-lost", decide={"decision": "end", "reason": "it stays there"}),
        ),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("EligibilityLost", "LineReleased"),
            because=STAYS,
        ),
    ),
    Scenario(
        name="one operator never confirms",
        provider="axantis",
        number="0612345613",
        misbehaviour={"confirm": ["without:04"]},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            facts=("ConfirmationsMissing",),
            because="the port goes on without it, and says so (porting-and-access § 2.8.6)",
        ),
    ),
    Scenario(
        name="the mandate comes after the order",
        provider="onecom",
        number="0612345614",
        documents=held("presence"),
        line={"wish": "2027-01-21", "host": "bouygues"},
        moves=(
            Move(
                on="gates",
                decide={
                    "decision": "provide",
                    "reason": "signed",
                    "given": {"document": "mandate", "on": "2027-01-09"},
                },
            ),
        ),
        expected=Expected(
            outcome="ported",
            port_day="2027-01-21",
            facts=("GateOpened",),
            because="a signed mandate before any step (001:164)",
        ),
    ),
    Scenario(
        name="suspended at the donor on the day",
        provider="technicophone",
        number="0612345615",
        line={"host": "sfr", "rio": rio("0612345615", "04E")},
        misbehaviour={"activity": ["suspended"]},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            because="a suspended number is active (2007-0193 § 2.3)",
        ),
    ),
    Scenario(
        name="the switch is done and never told",
        provider="nexis",
        number="0612345616",
        line={"host": "sfr", "rio": rio("0612345616", "01E")},
        misbehaviour={"switch": ["mute"]},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-15",
            service_started_at="2027-01-15T09:15:00+01:00",
            because="what became of it is looked up under its key (design § 1.3)",
        ),
    ),
    Scenario(
        name="switched two days late, asked for and paid",
        provider="onecom",
        number="0612345624",
        line={"sim": "esim", "monthly_ttc": "19.90"},
        misbehaviour={"switch": ["late:54"]},
        owed=Owed(head="delay", amount="7.96", asked_on="2027-01-16"),
        expected=Expected(
            outcome="ported",
            port_day="2027-01-14",
            service_started_at="2027-01-16T15:15:00+01:00",
            facts=("LineSwitched",),
            because="15 and 16 January, a fifth of the monthly price each (001:168): 2/5 of 19.90",
        ),
    ),
    Scenario(
        name="a right of withdrawal first",
        provider="technicophone",
        number="0612345617",
        customer={"headcount": 4, "off_premises": True, "within_main_activity": False},
        expected=Expected(
            outcome="ported",
            port_day="2027-01-29",
            because="14 calendar days from signature, then the card (L221-18, decision 12)",
        ),
    ),
    Scenario(
        name="a RIO that never comes",
        provider="oksio",
        number="0612345618",
        line={"rio": None, "host": "bouygues"},
        expected=Expected(
            outcome="replaced",
            facts=("UndoingBegun",),
            because="15 calendar days (000:1056-1057), then a new number (000:905-906)",
        ),
    ),
    Scenario(
        name="another day while the card travels",
        provider="axantis",
        number="0612345621",
        line={"wish": "2027-01-21"},
        moves=(Move(on="preparing", amends={"lines": [{"line": 1, "wish": "2027-01-27"}]}),),
        expected=Expected(
            outcome="ported",
            port_day="2027-01-27",
            facts=("DayChosen",),
            because="a day may move while the request has not left; no second card is asked for",
        ),
    ),
    Scenario(
        name="papers thirty days before the port",
        provider="oksio",
        number="0612345619",
        line={"host": "sfr", "rio": rio("0612345619", "03E")},
        expected=Expected(
            outcome="ported",
            port_day="2027-02-08",
            service_started_at="2027-02-08T08:30:00+01:00",
            because="thirty days from 8 January end on a Sunday (000:1068-1070); in service when "
            "the SIM is activated (000:1050)",
        ),
    ),
)

SCENARIOS = (*QUICK, *SLOWER)

PARTNERS: tuple[Json, ...] = (
    {"msisdn": "partner:02", "file-out": ["half-written", "repeat", "foreign-ticket"]},
    {"msisdn": "partner:03", "file-out": ["bad-line", "skip"], "file-in": ["ack-twice"]},
    {"msisdn": "partner:04", "file-out": ["wrong-count"], "file-in": ["ack-sunday"]},
)
"""How careless the other operators are with their files: no order ends otherwise for it."""
