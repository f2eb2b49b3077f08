"""A new number on a line, because the old one could not be ported."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.line_progress import LineProgress
    from activities.new_numbers import NewNumberActivities
    from domain.new_numbers import NewNumberStage
    from workflows.line_process import LineProcess, StartLine


@workflow.defn
class NewNumber(LineProcess):
    load = NewNumberActivities.load_new_number
    intend = NewNumberActivities.intend_new_number
    note_answer = NewNumberActivities.note_host_answer
    take_message = NewNumberActivities.take_host_message
    pass_time = NewNumberActivities.pass_time_on_host
    take_decision = NewNumberActivities.decide_new_number

    @workflow.init
    def __init__(self, start: StartLine) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: StartLine) -> LineProgress:
        del start
        await self._take_up()
        while not self._progress.ended:
            await self._have_the_line_ready()
            await self._get_the_number()
            await self._wait_for_what_comes()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._progress

    async def _have_the_line_ready(self) -> None:
        """The one that was ready for the port is kept, if there was one."""
        if self._at(NewNumberStage.AWAITING_LINE):
            await self._asked_and_followed()

    async def _get_the_number(self) -> None:
        if self._at(NewNumberStage.AWAITING_NUMBER):
            await self._asked_and_followed()
