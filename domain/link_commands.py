"""What an access is told about the lines of its order that it waits for, or that wait for it."""

from pydantic import AwareDatetime

from domain.access_commands import AccessCommand, Report
from domain.port_in_facts import Outcome


class AwaitLines(AccessCommand):
    """Nothing is missing any more but another line."""

    until: AwareDatetime


class TellLines(AccessCommand):
    """It is in service: whoever waits for it is to hear of it."""


class ReportLineServed(Report):
    line: int
    started_at: AwareDatetime


class ReportLineEnded(Report):
    line: int
    outcome: Outcome


LinkReport = ReportLineServed | ReportLineEnded
LinkCommand = AwaitLines | TellLines | LinkReport
