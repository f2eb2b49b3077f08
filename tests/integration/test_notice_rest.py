"""Whoever stops telling customers ends what is under way first: nobody is told twice by a stop."""

import asyncio
from dataclasses import dataclass, field

from pydantic import SecretStr

from adapters.smtp.messenger import SmtpMessenger
from domain.notice_post import Mail, Refused, Taken, Unanswered
from runtime.processes.only import Resting, as_the_only_runner
from runtime.processes.relay import POLL
from tests.conftest import Database
from tests.integration.conftest import SETTINGS, Client
from tests.mail_server import mail_server
from tests.porting import body
from tests.telling import MAIL, STEP, Office


@dataclass
class Halted:
    """Its sending only goes on once the process was told to stop."""

    messenger: SmtpMessenger
    stop: asyncio.Event
    under_way: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "smtp"

    async def send(self, mail: Mail) -> Taken | Refused | Unanswered:
        self.under_way.set()
        await self.stop.wait()
        return await self.messenger.send(mail)


async def test_what_is_under_way_at_a_stop_is_sent_and_noted_before_the_lock_goes(
    api: Client, database: Database
) -> None:
    order, _ = await api.ordered(body(customer=MAIL))
    stop = asyncio.Event()
    settings = SETTINGS.model_copy(update={"database_url": SecretStr(database.url)})
    async with mail_server() as mails:
        office = Office(api, mails)
        halted = Halted(SmtpMessenger(server=mails.server(), step=STEP), stop)
        office.office.messenger = halted
        turns = Resting(turn=office.office.turn, rest=office.office.rest)
        async with asyncio.TaskGroup() as group:
            runner = group.create_task(
                as_the_only_runner("notices", turns, settings=settings, stop=stop, idle=POLL)
            )
            await asyncio.wait_for(halted.under_way.wait(), 20)
            stop.set()
            await runner
            sent_by_then = len(mails.got)
            told = [one["stage"] for one in await office.told(order)]

        assert (sent_by_then, told) == (1, ["in-effect"])
