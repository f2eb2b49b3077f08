"""Where equipment is, told after the end of its access: no process runs, so its verb is taken here.

The same verb under the same key, so the same rules, the same sentences, and one fact however often
it is told.
"""

from dataclasses import dataclass
from datetime import datetime

from activities.access_people import AccessPeople
from activities.lines import LineStep
from domain.identity import LineId
from workflows.deliver_access import equipment_step
from workflows.messages import EquipmentRequest, Ruled, refuse_unless_printable


@dataclass(frozen=True, kw_only=True)
class EquipmentAfterTheEnd:
    people: AccessPeople

    async def move_equipment(
        self, line_id: LineId, request: EquipmentRequest, *, key: str, at: datetime
    ) -> Ruled:
        try:
            refuse_unless_printable(*request.written)
        except ValueError as exc:
            return Ruled(taken=False, why=str(exc), version=0)
        step = equipment_step(LineStep(line_id=line_id, at=at), request, request_id=key)
        ruling = await self.people.move_equipment(step)
        return Ruled(taken=ruling.taken, why=ruling.why, version=ruling.progress.version)
