"""How long a stage usually takes: in working hours, by the lines that have left it."""

import math
from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.durations import Duration, Unit
from domain.orders import LineKind
from domain.policies import (
    STAGE_SAMPLES,
    STAGE_SAMPLES_MIN,
    STAGE_USUAL_PERCENT,
    USUAL_HOURS,
)
from domain.reckoning import Reckoning
from domain.said import Said


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageKey(_Value):
    """Whose time it is: a stage of a kind of line, under a contract, with an operator."""

    kind: LineKind
    stage: str
    provider: str
    whom: str
    """The operator the stage waits for: the donor's code, or the host network."""
    what: str = ""
    """What it does, where that makes another time of it: the technology of a site."""

    @property
    def name(self) -> str:
        whose = f"{self.kind}/{self.stage}/{self.provider}/{self.whom}"
        return f"{whose}/{self.what}" if self.what else whose


class StageTimes(_Value):
    """The last lines that left a stage, each with the working hours it had stood there.

    What somebody's decision was awaited meanwhile is part of it.
    """

    key: StageKey
    hours: tuple[int, ...] = ()

    def with_one_more(self, hours: int) -> "StageTimes":
        return self.model_copy(update={"hours": (*self.hours, hours)[-STAGE_SAMPLES:]})


class Usual(_Value):
    """A figure, and where it comes from."""

    hours: int
    lines: int
    """How many lines it was measured on; none where it is a default of ours."""

    @property
    def duration(self) -> Duration:
        return Duration(amount=self.hours, unit=Unit.WORKING_HOUR)

    @property
    def said(self) -> Said:
        length = self.duration.said
        if self.lines:
            return Said(
                fr=f"{length.fr} au plus pour {STAGE_USUAL_PERCENT} % des {self.lines} dernières "
                "lignes",
                en=f"{length.en} at most for {STAGE_USUAL_PERCENT} % of the last {self.lines} "
                "lines",
            )
        return Said(
            fr=f"{length.fr}, valeur de la maison (moins de {STAGE_SAMPLES_MIN} lignes mesurées)",
            en=f"{length.en}, a default of ours (fewer than {STAGE_SAMPLES_MIN} lines measured)",
        )


class UsualTimes(_Value):
    """What has been measured, by the name of its key."""

    measured: Mapping[str, StageTimes] = {}

    def of(self, key: StageKey) -> Usual:
        """Measured where enough lines have left the stage; otherwise a default of ours."""
        hours = sorted(times.hours) if (times := self.measured.get(key.name)) else []
        if len(hours) < STAGE_SAMPLES_MIN:
            return Usual(hours=USUAL_HOURS[key.stage], lines=0)
        place = math.ceil(len(hours) * STAGE_USUAL_PERCENT / 100)
        return Usual(hours=hours[place - 1], lines=len(hours))


def working_hours(reckoning: Reckoning, since: datetime, until: datetime) -> int:
    """Each hour begun counts."""
    return math.ceil(reckoning.count(since, max(since, until), Unit.WORKING_HOUR))
