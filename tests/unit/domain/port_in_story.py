"""One port told in test words: what was decided, which facts came of it, where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from domain import port_in
from domain import port_in_commands as told
from domain.attention import DecisionKind
from domain.event import Event
from domain.identity import step_command
from domain.orders import OrderedLine
from domain.port_dates import PortPlan
from domain.port_in_facts import PortEvent, Step
from domain.port_in_states import Going, NotOpened, PortState, evolve
from domain.port_moments import commit_at, next_reminder
from domain.port_planning import Wish, plan_port
from domain.port_rules import confirmers_of
from domain.said import Said
from tests.porting import RULES, STORY, ordered_line

ANSWER_WAIT = timedelta(days=2)
WHY = Said(fr="un motif", en="a reason")
Facts = tuple[Event, ...]


@dataclass
class Story:
    """`given` facts come of real commands: no state a port cannot be in."""

    provider: str = "axantis"
    changes: dict[str, Any] = field(default_factory=dict)
    now: datetime = STORY
    state: PortState = field(default_factory=NotOpened)
    facts: list[Event] = field(default_factory=list)

    @property
    def line(self) -> OrderedLine:
        return ordered_line(self.provider, **self.changes)

    @property
    def going(self) -> Going:
        assert isinstance(self.state, Going)
        return self.state

    def tell(self, kind: type[told.PortCommand], **fields: Any) -> Facts:  # noqa: ANN401
        """Decide a command and take its facts in."""
        facts = self.would(kind, **fields)
        for event in facts:
            assert isinstance(event, PortEvent)
            self.state = evolve(self.state, event)
        self.facts += facts
        return facts

    def would(self, kind: type[told.PortCommand], **fields: Any) -> Facts:  # noqa: ANN401
        command = kind(decided_at=self.now, answer_by=self.now + ANSWER_WAIT, **fields)
        return port_in.decide(command, self.state)  # type: ignore[arg-type]  # any of the union

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.facts]

    # the way of a port, stage by stage

    def opened(self) -> "Story":
        line = self.line
        self.tell(told.OpenPort, terms=line.terms, gates=line.gates, stated=line.stated)
        return self

    def claimed(self) -> "Story":
        self.opened().tell(told.NoteNumberClaimed)
        return self

    def gathered(self) -> "Story":
        self.claimed().tell(told.LookAtGates)
        return self

    def planned(self) -> "Story":
        self.gathered().plan()
        return self

    def plan(self) -> Facts:
        state = self.going
        terms = state.terms
        wish = Wish(
            asked_at=self.now,
            wished=state.wished,
            sim=terms.sim,
            line_ready=state.ready is not None,
            documents=state.documents,
        )
        planned = plan_port(RULES.calendar_for(terms), RULES.contract(terms.pin), wish)
        return self.tell(told.SettleDates, **vars(planned))

    def ask(self, step: Step, *, until: datetime | None = None) -> Facts:
        epoch = self.going.epoch(step)
        key = str(step_command(self.going.terms.line_id, step=step, epoch=epoch))
        until = until or self.now + timedelta(days=1)
        return self.tell(told.AskOperator, step=step, key=key, epoch=epoch, until=until)

    def prepared(self) -> "Story":
        self.planned().ask(Step.PREPARE_LINE)
        self.tell(told.HearTook, step=Step.PREPARE_LINE, reference="OR-1")
        self.report(told.ReportLineReady, ready_at=self.now, host_line="OL-1")
        return self

    def requested(self) -> "Story":
        self.prepared()
        assert self.going.planned is not None
        self.now = self.going.planned.plan.send_at
        self.ask(Step.SEND_REQUEST)
        self.tell(told.HearTook, step=Step.SEND_REQUEST, reference="T-1")
        return self

    def report(self, kind: type[told.Report], **fields: Any) -> Facts:  # noqa: ANN401
        return self.tell(kind, source="test", message_key="m-1", **fields)

    def accepted(self) -> "Story":
        self.requested().accept()
        return self

    def accept(self) -> Facts:
        calendar = RULES.calendar_for(self.going.terms)
        plan: PortPlan = getattr(self.going.planned, "plan")  # noqa: B009  once there is one
        final = commit_at(calendar, plan, self.now)
        return self.report(told.ReportAccepted, accepted_at=self.now, commit_at=final)

    def committed(self) -> "Story":
        self.accepted().commit()
        return self

    def ticketed(self) -> "Story":
        """The porting ticket was sent, and nobody has said yet that it arrived."""
        self.accepted()
        self.now = getattr(self.going, "accepted").commit_at  # noqa: B009  of a stage
        self.ask(Step.COMMIT_PORT)
        return self

    def commit(self) -> Facts:
        self.now = getattr(self.going, "accepted").commit_at  # noqa: B009  of a stage
        self.ask(Step.COMMIT_PORT)
        terms = self.going.terms
        return self.tell(told.CommitPort, reference="T-2", confirmers=confirmers_of(terms))

    def switched(self) -> "Story":
        self.committed()
        assert self.going.planned is not None
        self.now = self.going.planned.switch_from
        self.tell(told.HearActive, suspended=False)
        self.ask(Step.SWITCH_LINE)
        self.report(
            told.ReportSwitched,
            outage_from=self.now,
            outage_to=self.now + timedelta(minutes=45),
            sim_activated_at=self.now,
            settled_at=self.now + timedelta(hours=2),
            judged=(WHY,),
            too_long=False,
        )
        return self

    def verified(self) -> "Story":
        self.switched().tell(told.HearWorking, reference="T-3")
        return self

    # what people do

    def decide(self, decision: DecisionKind, **fields: Any) -> Facts:  # noqa: ANN401
        return self.tell(told.TakeDecision, **_decision(decision, self.now, fields))

    def would_decide(self, decision: DecisionKind, **fields: Any) -> Facts:  # noqa: ANN401
        return self.would(told.TakeDecision, **_decision(decision, self.now, fields))

    def cancel(self, **fields: Any) -> Facts:  # noqa: ANN401
        asked = {
            "by": "the customer",
            "needs": None,
            "needs_agreement": False,
            "needs_until": self.now + timedelta(days=7),
            "cost": (WHY,),
            "keeps_number": False,
        }
        return self.tell(told.RequestCancellation, **{**asked, **fields})

    def pass_time(self, until: datetime | None = None, *, replaces: bool = False) -> Facts:
        if until is not None:
            self.now = until
        remind = next_reminder(RULES.calendar_for(self.going.terms), self.now)
        return self.tell(told.PassTime, remind_until=remind, replaces=replaces)

    def refused(self, code: str = "R123") -> "Story":
        self.requested().report(told.ReportRefused, code=code, refused_at=self.now)
        return self

    @property
    def waits_for(self) -> Sequence[str]:
        return [attention.code for attention in self.going.attentions]


def _decision(decision: DecisionKind, now: datetime, fields: dict[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "code": None,
        "reason": "because",
        "by": "a colleague",
        "today": now.date(),
        "replaces": False,
        "keeps_number": False,
    }
    return {"decision": decision, **usual, **fields}


def day(text: str) -> date:
    return date.fromisoformat(text)
