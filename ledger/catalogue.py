"""Every event the ledger can hold: its name, its current schema, and how older ones are lifted.

A stored row is never rewritten. When an event changes shape, its schema number goes up by one, and
an upcaster from the old number is added here together with a stored example in the tests.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from domain import (
    access_changes,
    amendments,
    attention,
    bulks,
    claims,
    clients,
    corrections,
    delay_facts,
    differences,
    exchange_troubles,
    host_nights,
    jeopardy,
    link_facts,
    lots,
    new_numbers,
    notices,
    order_file,
    orders,
    parked,
    site_claims,
    transfers,
    visit_facts,
)
from domain import access_facts as access
from domain import indemnity_facts as indemnity
from domain import port_in_facts as port
from domain import reverse_port_facts as reverse
from domain import works_facts as works
from domain.event import Event
from domain.message import MessageUnmatched
from domain.personal import PERSONAL_MARKER

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class UnknownEventError(LookupError):
    def __init__(self, *, type_name: str, schema: int) -> None:
        self.type_name = type_name
        self.schema = schema
        super().__init__(
            f"the ledger holds {type_name} in schema {schema}, which this version of Raccord does "
            "not know; run the version that wrote it, or a newer one"
        )


@dataclass(frozen=True)
class EventType:
    """One kind of event; `upcasters[n]` lifts schema n to n + 1, and the last one is current."""

    event: type[Event]
    upcasters: tuple[Upcaster, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.event.__name__

    @property
    def schema(self) -> int:
        return len(self.upcasters) + 1

    @cached_property
    def holds_personal_data(self) -> bool:
        return PERSONAL_MARKER in str(self.event.model_json_schema())

    def upcast(self, data: dict[str, Any], *, schema: int) -> dict[str, Any]:
        for lift in self.upcasters[schema - 1 :]:
            data = lift(data)
        return data


class EventCatalogue:
    def __init__(self, event_types: tuple[EventType, ...]) -> None:
        self._by_name: Mapping[str, EventType] = {kind.name: kind for kind in event_types}

    def __iter__(self) -> Iterator[EventType]:
        return iter(self._by_name.values())

    def named(self, type_name: str, *, schema: int) -> EventType:
        """UnknownEventError for a type, or a schema of it, that another version wrote."""
        try:
            kind = self._by_name[type_name]
        except KeyError as exc:
            raise UnknownEventError(type_name=type_name, schema=schema) from exc
        if not 1 <= schema <= kind.schema:
            raise UnknownEventError(type_name=type_name, schema=schema)
        return kind

    def of(self, event: Event) -> EventType:
        return self._by_name[type(event).__name__]


EVENTS = EventCatalogue(
    tuple(
        EventType(event)
        for event in (
            orders.OrderReceived,
            orders.LineOpened,
            orders.LineEnded,
            orders.LotOpened,
            orders.LotEnded,
            orders.OrderClosed,
            lots.LotReceived,
            order_file.DocumentFiled,
            order_file.NoticeFiled,
            amendments.AmendmentPlanned,
            amendments.AmendmentBegun,
            amendments.AmendmentExecuted,
            amendments.AmendmentWithdrawn,
            amendments.AmendmentLapsed,
            claims.NumberClaimed,
            claims.NumberReleased,
            site_claims.AddressClaimed,
            site_claims.AddressReleased,
            corrections.CorrectionKept,
            corrections.SiteKept,
            corrections.ReservesKept,
            clients.ClientRegistered,
            clients.ClientRightsChanged,
            clients.ClientKeyIssued,
            clients.ClientKeyRevoked,
            attention.AttentionRaised,
            attention.AttentionMoved,
            attention.AttentionCleared,
            attention.DecisionTaken,
            attention.DecisionNotTaken,
            port.PortOpened,
            port.PortNumberClaimed,
            port.GateOpened,
            port.GatesPassed,
            port.PortPlanned,
            port.DataCorrected,
            port.DayChosen,
            port.OperatorAsked,
            port.OperatorTook,
            port.OperatorRefused,
            port.RetryPlanned,
            port.RetryBegun,
            port.LineReady,
            port.DonorReminded,
            port.PortAccepted,
            port.PortRefused,
            port.EligibilityLost,
            port.ReactivationAsked,
            port.DayMissed,
            port.PortReopened,
            port.PortCommitted,
            port.NumberFoundActive,
            port.LineSwitched,
            port.LineVerified,
            port.ConfirmationReceived,
            port.ConfirmationsMissing,
            port.CancellationAsked,
            port.CancellationLapsed,
            port.UndoingBegun,
            port.RequestCancelled,
            port.LineReleased,
            port.StepGivenUp,
            port.MessageSetAside,
            port.PortEnded,
            new_numbers.NewNumberOpened,
            new_numbers.NumberGiven,
            new_numbers.NewNumberEnded,
            access.AccessOpened,
            access.SiteClaimed,
            access.SitesToldApart,
            access.EligibilityFound,
            access.OperatorPassedOver,
            access.EligibilityAskedAgain,
            access.OfferChosen,
            access.DeliveryPlanned,
            access.SiteUnserved,
            access.CutsListed,
            access.CutsAgreed,
            access.NothingInTheWay,
            access.StudyHeard,
            access.ChangesBinding,
            access.QuoteGiven,
            access.QuoteTold,
            access.QuoteAccepted,
            access.QuoteRefused,
            access.AccessReserved,
            access.SaturationFound,
            access.DeliveryPutOff,
            access.FeeOwed,
            access.FeeConsented,
            access.Desaturated,
            access.AccessReady,
            access.ServiceStarted,
            access.SupplierWithdrew,
            access.WrongOverwritingTold,
            access.LinePutBack,
            access.AccessHeld,
            access_changes.AccessAmendmentAsked,
            access_changes.AccessAmendmentLapsed,
            access_changes.AccessAmended,
            works.MilestonePassed,
            works.WorksFinished,
            works.WorksStopped,
            works.LeadFollowed,
            works.VisitsOffered,
            works.VisitChosen,
            works.VisitsAskedAgain,
            works.VisitBooked,
            works.VisitMoved,
            works.VisitLetGo,
            works.VisitReminded,
            works.VisitKept,
            works.VisitFailed,
            works.VisitMissed,
            visit_facts.VisitEndSaid,
            visit_facts.VisitReportCompleted,
            visit_facts.VisitToldLate,
            visit_facts.VisitEndCorrected,
            works.Commissioned,
            works.BillingStarted,
            works.CommitmentStarted,
            works.LatenessJudged,
            works.AcceptanceAsked,
            works.ServiceAccepted,
            works.ReservesLifted,
            delay_facts.CustomerDelayAgreed,
            delay_facts.CustomerDelayMissed,
            delay_facts.RightToLeaveArose,
            delay_facts.ServiceDayAwaited,
            delay_facts.ServiceDayCome,
            link_facts.LinesAwaited,
            link_facts.LineBeforeServed,
            link_facts.LineBeforeEnded,
            link_facts.LinesLeft,
            link_facts.LinesTold,
            works.SiteReadinessAsked,
            works.SiteDescribed,
            works.SiteReady,
            works.SiteNotReady,
            access.AccessTakenUp,
            access.FeesSettled,
            access.AccessEnded,
            works.EquipmentMoved,
            works.EquipmentBilled,
            works.EquipmentAskedBack,
            bulks.BulkBegun,
            bulks.BulkPartBegun,
            bulks.BulkPartAnswered,
            indemnity.IndemnityOpened,
            indemnity.IndemnityDataGiven,
            indemnity.IndemnityAssessed,
            indemnity.IndemnityReversed,
            indemnity.EvidenceHandedOver,
            indemnity.IndemnityRequested,
            indemnity.IndemnityPaid,
            indemnity.IndemnityClosed,
            differences.DifferenceRaised,
            differences.DifferenceSeenAgain,
            differences.DifferenceGone,
            differences.DifferenceWentUp,
            differences.DifferenceSettled,
            differences.HostToBeAskedAgain,
            differences.HostSaidNothing,
            differences.RemedyDecided,
            differences.RemedyTaken,
            differences.RemedyRefused,
            differences.RemedyUnanswered,
            differences.RemedyMissed,
            host_nights.RunAskedFor,
            host_nights.HostReconciled,
            host_nights.HostNotReconciled,
            host_nights.HostAttentionRaised,
            host_nights.HostAttentionWentUp,
            exchange_troubles.ExchangeTroubleRaised,
            exchange_troubles.ExchangeTroubleOver,
            exchange_troubles.ExchangeTroubleSettled,
            jeopardy.LinesAtRisk,
            jeopardy.LinesLate,
            jeopardy.LinesSafe,
            parked.WorkParked,
            parked.ParkedWorkDecided,
            notices.NoticeDue,
            notices.NoticeJoined,
            notices.NoticeComposed,
            notices.NoticeUnanswered,
            notices.NoticeUndelivered,
            notices.NoticeSent,
            notices.NoticeDated,
            notices.NoticeInEffect,
            notices.NoticeSettled,
            transfers.TransferRequested,
            transfers.TransferAccepted,
            transfers.TransferReactivated,
            transfers.TransferRefused,
            transfers.TransferLost,
            transfers.TransferGivenUp,
            transfers.TransferAnnounced,
            transfers.TransferConfirmed,
            transfers.TransferToldOtherwise,
            transfers.TransferSettled,
            transfers.TransferTicketIgnored,
            reverse.ReversePortDemanded,
            reverse.ReversePortAgreed,
            reverse.ReversePortRefused,
            reverse.ReversePortAnnounced,
            reverse.HandBackAsked,
            reverse.HandBackTaken,
            reverse.HandBackRefused,
            reverse.NumberHandedBack,
            reverse.ReverseTicketIgnored,
            reverse.ReversePortClosed,
            reverse.LineHandedBack,
            MessageUnmatched,
        )
    )
)
