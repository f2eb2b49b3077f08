"""What is left of a line, walked through from where it stands: the steps of it, for any kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from domain.explanations import Explanation, explain_addition
from domain.outlooks import Course, StageLeft
from domain.reckoning import Reckoning
from domain.said import Said, moment_said
from domain.stage_times import Usual


@dataclass(kw_only=True)
class Walk:
    """From now on, stage by stage."""

    course: Course
    hours: Reckoning
    """By whose hours a usual time is counted."""
    local: Callable[[datetime], datetime]
    now: datetime
    at: datetime
    explained: bool
    left: list[StageLeft] = field(default_factory=list)

    def for_usual(self, stage: str, usual: Usual, *, since: datetime) -> None:
        """Its usual time from an instant; one that has had its time already may end any moment."""
        hours = self.hours
        ends_at = max(self.at, hours.ends_at(hours.add(since, usual.duration)))
        length, end = usual.said, moment_said(self.local(ends_at))
        said = Said(
            fr=f"{stage} : {length.fr}, jusqu'au {end.fr}",
            en=f"{stage}: {length.en}, until {end.en}",
        )
        why = explain_addition(hours, since, usual.duration) if self.explained else None
        self._go_to(stage, ends_at, said, usual=usual, explanation=why)

    def asked(self) -> None:
        """A decision is reckoned to come when it is awaited; without one, the next try is made."""
        question = self.course.question
        if question is None or not question.blocks:
            self._tried_again()
            return
        ends_at = max(self.at, question.until)
        end = moment_said(self.local(ends_at))
        said = Said(
            fr=f"décision attendue ({question.code}) jusqu'au {end.fr}",
            en=f"a decision awaited ({question.code}) until {end.en}",
        )
        self._go_to(f"decision: {question.code}", ends_at, said)

    def _tried_again(self) -> None:
        if self.course.next_try is not None:
            self.until(self.course.stage, self.course.next_try, _NEXT_TRY)

    def until(self, stage: str, ends_at: datetime, why: Said) -> None:
        """A date that says itself when it ends."""
        ends_at = max(self.at, ends_at)
        end = moment_said(self.local(ends_at))
        said = Said(
            fr=f"{stage} : {why.fr}, {end.fr}",
            en=f"{stage}: {why.en}, {end.en}",
        )
        self._go_to(stage, ends_at, said)

    def _go_to(
        self,
        stage: str,
        ends_at: datetime,
        said: Said,
        *,
        usual: Usual | None = None,
        explanation: Explanation | None = None,
    ) -> None:
        self.left.append(
            StageLeft(
                stage=stage,
                starts_at=self.at,
                ends_at=ends_at,
                usual=usual,
                said=said,
                explanation=explanation,
            )
        )
        self.at = ends_at


_NEXT_TRY = Said(fr="nouvel essai", en="tried again")
