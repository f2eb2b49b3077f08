"""How long sites stood at each stage: measured where what the stage is for was done."""

from datetime import date

from domain import access_commands as told
from domain import access_facts as facts
from domain.access import AnyCommand, decide
from domain.access_stages import AccessState, NotOpened
from domain.access_states import evolve
from domain.event import Event
from domain.port_in_facts import Gate, GateKind, HeldDocument, Step
from domain.works_facts import KeptReport, VisitChosen, VisitKept
from projections.stage_times import Passage
from tests import accesses as of
from tests.accesses import BOTH, SAID, SOON
from tests.unit.projections.test_stage_times import hours, passages
from tests.visits import BOOKED, SLOT


class Told:
    """Commands in turn, and every fact of them."""

    def __init__(self, *gates: Gate) -> None:
        self.state: AccessState = NotOpened()
        self.facts: list[Event] = []
        self.tell(told.OpenAccess(**BOTH, terms=of.site_terms(), gates=gates, stated=()))
        self.tell(told.NoteSiteClaimed(**BOTH))

    def tell(self, *commands: AnyCommand) -> "Told":
        for command in commands:
            self.note(*decide(command, self.state))
        return self

    def note(self, *events: Event) -> "Told":
        for fact in events:
            self.state = evolve(self.state, fact)  # type: ignore[arg-type]  # facts of an access
            self.facts.append(fact)
        return self

    def ask(self, step: Step) -> "Told":
        key = f"{step}-{len(self.facts)}"
        return self.tell(
            told.AskOperator(**BOTH, step=step, key=key, epoch=len(self.facts), until=SOON)
        )

    def chosen(self, *uses: facts.Use, study: bool = False) -> "Told":
        self.tell(told.LookAtGates(**BOTH)).ask(Step.CHECK_ELIGIBILITY)
        self.tell(of.eligibility(self.state, of.offer(), uses=uses), of.chosen(of.offer()))
        return self.tell(of.cuts(study=study))

    @property
    def passages(self) -> list[Passage]:
        return passages(self.facts)

    @property
    def stages(self) -> list[str]:
        return [one.key.stage for one in self.passages]


def test_each_stage_a_site_has_left_is_measured_with_whom_it_waited_for() -> None:
    site = Told().chosen(study=True).ask(Step.STUDY_SITE)
    site.tell(of.studied(site.state, of.study(), of.settled_study())).ask(Step.RESERVE_ACCESS)
    site.tell(of.reserved(site.state)).ask(Step.BUILD_ACCESS)
    site.tell(of.built(site.state))

    found = [(one.key.stage, one.key.whom, one.key.what) for one in site.passages]

    assert found == [
        ("claiming-site", "", ""),
        ("checking-eligibility", "", ""),
        ("studying-site", "orange", "ftth"),
        ("reserving", "orange", "ftth"),
        ("ready-for-works", "orange", "ftth"),
    ]
    assert {one.key.provider for one in site.passages} == {"technicophone"}
    assert hours(site.passages[0]) == 1


def test_papers_and_consents_are_timed_where_some_were_missing() -> None:
    paper = Gate(kind=GateKind.MANDATE, needs=("m",), until=SOON, said=SAID, source="002:2229")
    site = Told(paper).tell(told.LookAtGates(**BOTH))
    given = HeldDocument(name="m", on=date(2027, 1, 8))
    site.tell(of.answer("provide", "gates", documents=(given,))).chosen(facts.Use.TELEPHONE)
    site.tell(of.answer("provide", "cuts", documents=(of.CONSENT,)), of.cuts())

    assert site.stages == [
        "claiming-site",
        "gathering-papers",
        "checking-eligibility",
        "agreeing-cuts",
    ]


def test_a_desaturation_is_timed_where_no_contract_says_how_long_it_takes() -> None:
    stages = []
    for estimate in (None, date(2027, 2, 20)):
        site = Told().chosen().ask(Step.RESERVE_ACCESS)
        settled = of.settled_saturation(estimate=estimate)
        site.tell(of.saturated(site.state, settled)).ask(Step.DESATURATE)
        site.tell(of.desaturated(site.state))
        stages.append(site.stages)

    with_none, with_one = stages
    assert with_none[-1] == "desaturating"
    assert with_one[-1] == "reserving"


def test_a_site_that_is_given_up_says_nothing_of_how_long_its_stage_takes() -> None:
    site = Told().chosen().ask(Step.RESERVE_ACCESS).tell(of.cancellation())

    assert site.stages == ["claiming-site", "checking-eligibility"]


def test_works_slots_visits_and_tests_are_timed_with_the_operator() -> None:
    site = Told().chosen().ask(Step.RESERVE_ACCESS)
    site.tell(of.reserved(site.state)).ask(Step.BUILD_ACCESS)
    site.tell(of.built(site.state, visit=True))
    kept = VisitKept(reference="OV-1", report=KeptReport(done_at=SOON))
    site.note(VisitChosen(slot=SLOT, by="c"), BOOKED, kept).ask(Step.COMMISSION_ACCESS)
    site.tell(of.commissioned(site.state, of.start()))

    assert [(one.key.stage, one.key.whom) for one in site.passages][-4:] == [
        ("ready-for-works", "orange"),
        ("booking-visit", "orange"),
        ("awaiting-visit", "orange"),
        ("commissioning", "orange"),
    ]
