"""Whether a line will be there on the day that was promised: the words of it, for any kind of line.

A kind of line brings its own course (where it stands, what was promised) and its own reckoning of
when it will be there; what follows from the two days is the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import cast

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.attention import Turn
from domain.explanations import Explanation
from domain.said import Said, day_said, moment_said
from domain.stage_times import Usual


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Waits(StrEnum):
    """Whom a line waits for."""

    CUSTOMER = "customer"
    DONOR = "donor"
    HOST = "host"
    US = "us"
    """A step of ours, at its session or at once."""
    PERSON = "person"
    """Somebody's decision."""


class Verdict(StrEnum):
    NOTHING_PROMISED = "nothing-promised"
    """No day was chosen or told, or what was promised is given up: it cannot be late."""
    SAFE = "safe"
    """Expected on the promised day, or before."""
    AT_RISK = "at-risk"
    """Expected after the promised day, which is still ahead."""
    LATE = "late"
    """The promised day is over, and the line is not there."""
    KEPT = "kept"
    """There on the promised day, or before."""
    DELIVERED_LATE = "delivered-late"
    """There, after the promised day."""


JEOPARDY = (Verdict.AT_RISK, Verdict.LATE)


class Promised(_Value):
    """The day the customer chose or was told, and where that stands."""

    on: date
    said: Said
    source: str
    """The clause, or the fact, that says it."""


class Question(_Value):
    """What a person is asked about a line, as far as its dates depend on it."""

    code: str
    since: AwareDatetime
    until: AwareDatetime
    turn: Turn
    blocks: bool


class Course(_Value):
    """Where a line stands, as far as its promise goes: kept with its brief, nothing personal."""

    promised: Promised | None
    settled_on: date | None
    """The day it is planned for, if every step is taken in its time."""
    delivered_at: AwareDatetime | None
    given_up: bool
    """It ends without what was promised, or is asked to; what is owed is an indemnity's matter."""
    stage: str
    since: AwareDatetime
    """When it came to this stage."""
    estimated: bool
    """How long this stage lasts is reckoned: no date says when it ends."""
    due: AwareDatetime | None
    """When its own next step is due, whatever people are asked."""
    question: Question | None
    planned_at: AwareDatetime | None = None
    """When the day it is planned for was settled last."""
    next_try: AwareDatetime | None = None
    """Of a step that failed, as its row has it: nothing is done before."""

    @property
    def blocked(self) -> bool:
        return self.question is not None and self.question.blocks

    def overdue(self, now: datetime) -> bool:
        return self.due is not None and self.due < now

    def steady(self, now: datetime) -> bool:
        """Planned for the promised day or before, nothing asked, nothing overdue: by the facts."""
        if self.promised is None or self.settled_on is None:
            return False
        in_time = self.settled_on <= self.promised.on
        return in_time and not self.blocked and not self.overdue(now)


class Cause(_Value):
    """Why it is not expected in time. Two with the same mark are the same cause."""

    code: str
    """What a person is asked, or `overdue`, `planned-later`, `too-little-time`."""
    waits_for: Waits
    whom: str
    """The operator it is about: a code or a host network; empty where it is about none."""
    since: AwareDatetime
    reason: str = ""
    """The operator's own code, where it gave one."""

    @property
    def mark(self) -> str:
        return f"{self.code} {self.whom} {self.since.astimezone(UTC).isoformat()}"

    @property
    def said(self) -> Said:
        named = ", ".join(one for one in (self.whom, self.reason) if one)
        whom = f" ({named})" if named else ""
        waited, since = _WAITED[self.waits_for], moment_said(self.since)
        about = _ABOUT.get(self.code, Said(fr=self.code, en=self.code))
        return Said(
            fr=f"{about.fr}{whom}, depuis le {since.fr} ; attendu : {waited.fr}",
            en=f"{about.en}{whom}, since {since.en}; awaited: {waited.en}",
        )


_WAITED = {
    Waits.CUSTOMER: Said(fr="le client", en="the customer"),
    Waits.DONOR: Said(fr="l'opérateur donneur", en="the donor"),
    Waits.HOST: Said(fr="l'opérateur hôte", en="the host"),
    Waits.US: Said(fr="nous", en="us"),
    Waits.PERSON: Said(fr="la décision d'une personne", en="a person's decision"),
}
_ABOUT = {
    "overdue": Said(fr="étape en retard", en="a step is overdue"),
    "planned-later": Said(
        fr="prévue après le jour annoncé", en="planned later than the promised day"
    ),
    "works-later": Said(
        fr="fin des travaux après le jour annoncé",
        en="the works end after the promised day",
    ),
    "too-little-time": Said(
        fr="trop peu de temps pour ce qui reste", en="too little time for what is left"
    ),
    "gates": Said(fr="pièces manquantes", en="papers missing"),
    "donor-silent": Said(fr="donneur silencieux", en="donor silent"),
    "donor-refused": Said(fr="refus du donneur", en="refused by the donor"),
    "eligibility-lost": Said(
        fr="accord retiré par le donneur", en="agreement taken back by the donor"
    ),
    "operator-silent": Said(fr="opérateur silencieux", en="operator silent"),
    "operator-refused": Said(fr="refus de l'opérateur", en="refused by the operator"),
    "reactivation": Said(
        fr="numéro à réactiver par le donneur", en="number to be activated again by the donor"
    ),
    "number-inactive": Said(fr="numéro inactif chez le donneur", en="number inactive at the donor"),
    "fleet": Said(fr="feu vert attendu pour ce donneur", en="go-ahead awaited for this donor"),
    "date": Said(fr="jour devenu impossible", en="a day that can no longer be"),
    "day-missed": Said(fr="jour manqué", en="the day was missed"),
    "presence": Said(fr="présence à confirmer", en="presence to be confirmed"),
    "number-taken": Said(
        fr="numéro pris par une autre commande", en="the number is taken by another order"
    ),
    "line-not-working": Said(fr="ligne qui ne fonctionne pas", en="the line does not work"),
    "nothing-moves": Said(fr="rien ne bouge", en="nothing moves"),
    "held": Said(fr="suspendue à la demande", en="suspended on request"),
    "site-taken": Said(
        fr="site pris par une autre commande", en="the site is taken by another order"
    ),
    "answer-by-hand": Said(
        fr="opérateur sans interface, à interroger", en="an operator without an interface to ask"
    ),
    "eligibility-unsure": Said(
        fr="aucune offre, sans réponse certaine", en="no offer, and no certain answer"
    ),
    "cuts": Said(fr="accord attendu sur ce qui est coupé", en="consent awaited to what is cut"),
    "study-refused": Said(fr="étude négative ou à redéfinir", en="the study says no, or otherwise"),
    "study-changes": Said(
        fr="accord attendu sur ce que l'étude change",
        en="consent awaited to what the study changes",
    ),
    "quote": Said(fr="devis sans réponse", en="a quote without an answer"),
    "not-desaturated": Said(
        fr="saturé, sans désaturation au contrat",
        en="saturated, and no desaturation in the contract",
    ),
    "copper-closing": Said(
        fr="cuivre fermé avant la livraison", en="copper closes before delivery"
    ),
    "wrong-overwriting": Said(
        fr="ligne d'un autre client, à vérifier", en="another customer's line, to be looked at"
    ),
    "amendment-agreement": Said(
        fr="accord attendu sur une modification", en="agreement awaited to an amendment"
    ),
    "visit-slots": Said(fr="créneau de visite à choisir", en="a slot of a visit to be chosen"),
    "no-visit-slots": Said(fr="aucun créneau de visite", en="no slot for a visit"),
    "visit-told-late": Said(
        fr="l'opérateur dit autre chose d'une visite",
        en="the operator tells another end of a visit",
    ),
    "visit-unwanted": Said(
        fr="une visite que personne n'attend plus", en="a visit nobody waits for any more"
    ),
    "visit-unreported": Said(fr="rien n'est dit d'une visite", en="nothing is said of a visit"),
    "lines-before": Said(
        fr="d'autres lignes de la commande d'abord", en="other lines of its order come first"
    ),
    "site-not-ready": Said(fr="site pas prêt", en="the site is not ready"),
    "field-failure": Said(fr="échec sur le terrain", en="a failure in the field"),
    "tests-failed": Said(fr="tests en échec", en="the tests failed"),
    "supply-withdrawn": Said(
        fr="service support retiré par l'opérateur", en="supply withdrawn by the operator"
    ),
}


class StageLeft(_Value):
    """One stage that is left: until when it is reckoned to last, and why."""

    stage: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    usual: Usual | None
    """None where a date of the exchange, or somebody's deadline, says when it ends."""
    said: Said
    explanation: Explanation | None = None


class Outlook(_Value):
    """What was promised, what is left, what is expected, and what follows from it."""

    verdict: Verdict
    promised: Promised | None
    expected_on: date | None
    days_late: int
    """Between the promised day and the expected one; none where it is expected in time."""
    cause: Cause | None
    left: tuple[StageLeft, ...]
    because: tuple[Said, ...]


class Expected(_Value):
    """When a line is expected, by what is left of it."""

    on: date
    left: tuple[StageLeft, ...]


def without_promise(course: Course) -> Outlook:
    why = _GIVEN_UP if course.given_up else _NOT_PROMISED
    return Outlook(
        verdict=Verdict.NOTHING_PROMISED,
        promised=None,
        expected_on=None,
        days_late=0,
        cause=None,
        left=(),
        because=(why,),
    )


def when_delivered(promised: Promised, on: date) -> Outlook:
    late = max((on - promised.on).days, 0)
    verdict = Verdict.DELIVERED_LATE if late else Verdict.KEPT
    there = Said(fr=f"en service le {day_said(on).fr}", en=f"there on {day_said(on).en}")
    return Outlook(
        verdict=verdict,
        promised=promised,
        expected_on=on,
        days_late=late,
        cause=None,
        left=(),
        because=(_promise_said(promised), there),
    )


def judged(promised: Promised, expected: Expected, cause: Cause, *, today: date) -> Outlook:
    """The verdict follows from three days: promised, expected, and the one it is."""
    if today > promised.on:
        verdict = Verdict.LATE
    else:
        verdict = Verdict.AT_RISK if expected.on > promised.on else Verdict.SAFE
    return Outlook(
        verdict=verdict,
        promised=promised,
        expected_on=expected.on,
        days_late=max((expected.on - promised.on).days, 0),
        cause=cause if verdict in JEOPARDY else None,
        left=expected.left,
        because=(
            _promise_said(promised),
            *(left.said for left in expected.left),
            Said(
                fr=f"attendu le {day_said(expected.on).fr}",
                en=f"expected on {day_said(expected.on).en}",
            ),
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Whom a line waits for where it stands, and whom what it asks is about."""

    waits_for: Waits
    whom: str
    asked_about: str


def cause_of(
    course: Course, waiting: Waiting, now: datetime, local: Callable[[datetime], datetime]
) -> Cause:
    """What holds it, in this order: a question, a step overdue, a later plan, too little time."""
    question, waits, whom = course.question, waiting.waits_for, waiting.whom
    if question is not None:
        theirs = question.turn is Turn.CUSTOMER
        return Cause(
            code=question.code,
            waits_for=Waits.CUSTOMER if theirs else Waits.PERSON,
            whom="" if theirs else waiting.asked_about,
            since=local(question.since),
        )
    if course.due is not None and course.overdue(now):
        return Cause(code="overdue", waits_for=waits, whom=whom, since=local(course.due))
    promised, settled = cast("Promised", course.promised), course.settled_on
    if settled is not None and settled > promised.on and course.planned_at is not None:
        return Cause(code="planned-later", waits_for=waits, whom="", since=local(course.planned_at))
    return Cause(code="too-little-time", waits_for=waits, whom=whom, since=local(course.since))


def _promise_said(promised: Promised) -> Said:
    return Said(
        fr=f"annoncé pour le {day_said(promised.on).fr} : {promised.said.fr} ({promised.source})",
        en=f"promised for {day_said(promised.on).en}: {promised.said.en} ({promised.source})",
    )


_NOT_PROMISED = Said(
    fr="aucun jour n'a été choisi ni planifié : rien n'est annoncé encore",
    en="no day was chosen or told: nothing is promised yet",
)
_GIVEN_UP = Said(
    fr="la ligne finit sans ce qui était annoncé, ou son annulation est demandée",
    en="the line ends without what was promised, or is asked to be cancelled",
)
