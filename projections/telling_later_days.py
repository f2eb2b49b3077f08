"""What is said of a later day the customer asked for, and of a right to leave."""

from domain import delay_facts as delays
from domain.access_clauses import dated
from domain.event import Event
from domain.said import Said
from projections.telling_access import one_of


def told_of_later_days(event: Event) -> Said | None:
    """None where it is about something else."""
    said: tuple[Said, ...] = ()
    match event:
        case delays.CustomerDelayAgreed(day=day, because=because):
            said = (dated(_DELAYED, day), because)
        case delays.CustomerDelayMissed(because=because):
            said = (because,)
        case delays.RightToLeaveArose(said=readings):
            said = readings
        case delays.ServiceDayAwaited(day=day):
            said = (dated(_NOT_BEFORE, day),)
        case delays.ServiceDayCome(day=day):
            said = (dated(_MAY_BEGIN, day),)
    return one_of(said)


_DELAYED = Said(fr="à la demande du client, pour le", en="as the customer asked, for")
_NOT_BEFORE = Said(
    fr="voulu par le client, ouvert à partir du", en="as the customer wants it, opened from"
)
_MAY_BEGIN = Said(fr="peut être ouvert, voulu pour le", en="may be opened, wanted for")
