"""Every fact the stream of one fixed access can hold."""

from domain.access_changes import AccessAmended, AccessAmendmentAsked, AccessAmendmentLapsed
from domain.access_facts import (
    AccessEnded,
    AccessHeld,
    AccessOpened,
    AccessReady,
    AccessReserved,
    AccessTakenUp,
    ChangesBinding,
    CutsAgreed,
    CutsListed,
    DeliveryPlanned,
    DeliveryPutOff,
    Desaturated,
    EligibilityAskedAgain,
    EligibilityFound,
    FeeConsented,
    FeeOwed,
    FeesSettled,
    LinePutBack,
    NothingInTheWay,
    OfferChosen,
    OperatorPassedOver,
    QuoteAccepted,
    QuoteGiven,
    QuoteRefused,
    QuoteTold,
    SaturationFound,
    ServiceStarted,
    SiteClaimed,
    SitesToldApart,
    SiteUnserved,
    StudyHeard,
    SupplierWithdrew,
    WrongOverwritingTold,
)
from domain.attention import AttentionCleared, AttentionMoved, AttentionRaised, DecisionTaken
from domain.delay_facts import DayEvent, DelayEvent, RightToLeaveArose
from domain.link_facts import LinkEvent
from domain.port_in_facts import (
    CancellationAsked,
    CancellationLapsed,
    GateOpened,
    GatesPassed,
    LineReleased,
    MessageSetAside,
    OperatorAsked,
    OperatorRefused,
    OperatorTook,
    RetryBegun,
    RetryPlanned,
    StepGivenUp,
    UndoingBegun,
)
from domain.visit_facts import (
    VisitEndCorrected,
    VisitEndSaid,
    VisitReportCompleted,
    VisitToldLate,
)
from domain.works_facts import (
    AcceptanceAsked,
    BillingStarted,
    Commissioned,
    CommitmentStarted,
    EquipmentAskedBack,
    EquipmentBilled,
    EquipmentMoved,
    LatenessJudged,
    LeadFollowed,
    MilestonePassed,
    ReservesLifted,
    ServiceAccepted,
    SiteDescribed,
    SiteNotReady,
    SiteReadinessAsked,
    SiteReady,
    VisitBooked,
    VisitChosen,
    VisitFailed,
    VisitKept,
    VisitLetGo,
    VisitMissed,
    VisitMoved,
    VisitReminded,
    VisitsAskedAgain,
    VisitsOffered,
    WorksFinished,
    WorksStopped,
)

WorksEvent = (
    MilestonePassed
    | WorksFinished
    | WorksStopped
    | LeadFollowed
    | VisitsOffered
    | VisitChosen
    | VisitsAskedAgain
    | VisitBooked
    | VisitMoved
    | VisitLetGo
    | VisitReminded
    | VisitKept
    | VisitFailed
    | VisitMissed
    | VisitEndSaid
    | VisitReportCompleted
    | VisitToldLate
    | VisitEndCorrected
    | Commissioned
    | BillingStarted
    | CommitmentStarted
    | LatenessJudged
    | AcceptanceAsked
    | ServiceAccepted
    | ReservesLifted
    | SiteReadinessAsked
    | SiteDescribed
    | SiteReady
    | SiteNotReady
    | EquipmentMoved
    | EquipmentBilled
    | EquipmentAskedBack
)
"""Of works, visits, the opening and the equipment."""

AccessEvent = (
    AccessOpened
    | SiteClaimed
    | SitesToldApart
    | GateOpened
    | GatesPassed
    | OperatorAsked
    | OperatorTook
    | OperatorRefused
    | RetryPlanned
    | RetryBegun
    | EligibilityFound
    | OperatorPassedOver
    | EligibilityAskedAgain
    | OfferChosen
    | SiteUnserved
    | DeliveryPlanned
    | CutsListed
    | CutsAgreed
    | NothingInTheWay
    | StudyHeard
    | ChangesBinding
    | QuoteGiven
    | QuoteTold
    | QuoteAccepted
    | QuoteRefused
    | AccessReserved
    | SaturationFound
    | DeliveryPutOff
    | FeeOwed
    | FeeConsented
    | Desaturated
    | AccessReady
    | ServiceStarted
    | SupplierWithdrew
    | WrongOverwritingTold
    | LinePutBack
    | AccessHeld
    | AccessTakenUp
    | CancellationAsked
    | CancellationLapsed
    | UndoingBegun
    | LineReleased
    | StepGivenUp
    | MessageSetAside
    | FeesSettled
    | AccessEnded
    | AccessAmendmentAsked
    | AccessAmendmentLapsed
    | AccessAmended
    | AttentionRaised
    | AttentionMoved
    | AttentionCleared
    | DecisionTaken
    | DelayEvent
    | RightToLeaveArose
    | DayEvent
    | LinkEvent
    | WorksEvent
)
