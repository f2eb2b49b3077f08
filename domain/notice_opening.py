"""What a customer is told between the works and the service: tests that failed, other sites of the
order that come first, and the right to leave once it takes too long.

Another site is named by its place in the order: its address is personal, and no word of a cause is.
"""

from collections.abc import Mapping
from datetime import date
from typing import cast

from domain import delay_facts as delays
from domain import link_facts as links
from domain import works_attention, works_rules
from domain import works_facts as fields
from domain.access_links import LINES
from domain.access_stages import Access, Served
from domain.attention import Attention
from domain.notice_around import Around, Told
from domain.notice_words import placed
from domain.notices import NoticePurpose
from domain.parsed import BadValueError
from domain.port_in_facts import Outcome
from domain.said import Said, day_said, joined
from domain.works_facts import Test

OPENING_FACTS: Mapping[NoticePurpose, frozenset[str]] = {
    NoticePurpose.SITE_TESTS_FAILED: frozenset({"why", "cost", "next"}),
    NoticePurpose.SITE_WAITS: frozenset({"what", "until", "next"}),
    NoticePurpose.SITE_MAY_LEAVE: frozenset({"since", "how", "cost"}),
}


def asked_told(attention: Attention, state: Access, around: Around) -> Told | None:
    """What a person is asked about, and the customer is told of."""
    if attention.code == works_attention.TESTS:
        return _tests(state, around)
    if attention.code == LINES:
        return _overdue(state, around)
    return None


# tests that failed


def _tests(state: Access, around: Around) -> Told | None:
    """What fails once more in the same way on the same day is told once."""
    failed = [one for one in around.before if isinstance(one, fields.Commissioned)]
    day_and_why = [(_day(one, state, around), _why(one, state, around)) for one in failed]
    if not failed or day_and_why[-1] in day_and_why[:-1]:
        return None
    early = _may_be_billed_early(state, around)
    words = {"why": day_and_why[-1][1], "cost": _TESTS_FREE if early else _NOT_BILLED}
    return NoticePurpose.SITE_TESTS_FAILED, {**words, "next": _AGAIN}


def _may_be_billed_early(state: Access, around: Around) -> bool:
    """Under a contract that cannot be read as it was pinned, nothing is said of it."""
    try:
        return any(works_rules.billed_before(around.rules, state))
    except BadValueError:
        return True


def _day(tested: fields.Commissioned, state: Access, around: Around) -> date:
    return around.on_site(state).instant_of(tested.tested_at).date()


def _why(tested: fields.Commissioned, state: Access, around: Around) -> Said:
    """As they were judged; under a contract that cannot be read as it was pinned, as the operator
    told them. By telephone nobody names them."""
    try:
        found = works_rules.tests_judged(around.rules, cast("Served", state), tested.tests)
        failed, missing = found.failed, found.missing
    except BadValueError:
        failed, missing = tuple(one.test for one in tested.tests if not one.passed), ()
    said = [FAILED_TESTS[one] for one in failed]
    if tested.tests:
        said += [_not_measured(one) for one in missing]
    return joined(said) if said else _BY_TELEPHONE


def _not_measured(test: Test) -> Said:
    what = _MEASURED[test]
    return Said(fr=f"n'a pas été mesuré : {what.fr}", en=f"it was not measured: {what.en}")


FAILED_TESTS: Mapping[Test, Said] = {
    Test.SYNCHRONISATION: Said(
        fr="la liaison ne s'établit pas", en="the connection does not come up"
    ),
    Test.THROUGHPUT_DOWN: Said(
        fr="le débit en réception est trop faible", en="data comes in too slowly"
    ),
    Test.THROUGHPUT_UP: Said(
        fr="le débit en émission est trop faible", en="data goes out too slowly"
    ),
    Test.LOSS: Said(fr="des données se perdent", en="data is lost on the way"),
    Test.CALL_IN: Said(fr="les appels entrants n'arrivent pas", en="calls do not come in"),
    Test.CALL_OUT: Said(fr="les appels sortants n'aboutissent pas", en="calls do not go out"),
}
_MEASURED: Mapping[Test, Said] = {
    Test.SYNCHRONISATION: Said(fr="si la liaison s'établit", en="whether the connection comes up"),
    Test.THROUGHPUT_DOWN: Said(fr="le débit en réception", en="how fast data comes in"),
    Test.THROUGHPUT_UP: Said(fr="le débit en émission", en="how fast data goes out"),
}
"""Those without which it does not start."""
_BY_TELEPHONE = Said(
    fr="l'opérateur dit qu'il ne fonctionne pas encore",
    en="the operator says that it does not work yet",
)
_TESTS_FREE = Said(
    fr="rien ne vous est facturé pour ces tests", en="you are charged nothing for these tests"
)
_NOT_BILLED = Said(
    fr="rien ne vous est facturé pour ces tests, et votre abonnement ne commence pas avant que "
    "l'accès fonctionne",
    en="you are charged nothing for these tests, and your monthly fee does not start before the "
    "access works",
)
_AGAIN = Said(
    fr="les tests sont refaits, ou un technicien revient : dans ce cas, nous vous proposons des "
    "créneaux",
    en="it is tested again, or a technician comes once more: in that case we offer you slots",
)


# other sites that come first


def awaits(event: links.LinesAwaited, _state: Access, around: Around) -> Told:
    day = day_said(around.last_day(event.until))
    sites = _sites(event.lines)
    words = {
        "what": Said(
            fr=f"en attente de la mise en service d{sites.fr}, prévue avant celle-ci",
            en=f"it waits for {sites.en} to be in service first",
        ),
        "until": Said(fr=f"nous attendons jusqu'au {day.fr}", en=f"we wait until {day.en}"),
        "next": _AS_SOON_AS,
    }
    return NoticePurpose.SITE_WAITS, words


def _overdue(state: Access, around: Around) -> Told | None:
    """One that ended without service is told by that fact."""
    if any(isinstance(one, links.LineBeforeEnded) for one in around.beside):
        return None
    sites = _sites(state.waits_for)
    what = Said(
        fr=f"la mise en service d{sites.fr}, prévue avant celle-ci, n'est pas venue à temps",
        en=f"{sites.en}, to be in service first, did not come into service in time",
    )
    return NoticePurpose.SITE_WAITS, {"what": what, "until": _LONG_ENOUGH, "next": _WAIT_OR_NOT}


def ended_before(event: links.LineBeforeEnded, _state: Access, _around: Around) -> Told:
    site, why = _sites((event.line,)), _ENDED.get(event.outcome, _NOT_SERVED)
    what = Said(
        fr=f"la mise en service d{site.fr}, prévue avant celle-ci, n'aura pas lieu : {why.fr}",
        en=f"{site.en}, to be in service first, will not be: {why.en}",
    )
    return NoticePurpose.SITE_WAITS, {"what": what, "until": _NO_MORE, "next": _WITHOUT_OR_NOT}


def left_out(event: links.LinesLeft, _state: Access, _around: Around) -> Told:
    sites = _sites(event.lines)
    what = Said(
        fr=f"nous n'attendons plus la mise en service d{sites.fr}",
        en=f"we do not wait any more for {sites.en} to be in service",
    )
    return NoticePurpose.SITE_WAITS, {"what": what, "until": _NO_MORE, "next": _GOES_ON}


def served_before(event: links.LineBeforeServed, state: Access, around: Around) -> Told | None:
    """No news to whoever was never told to wait, or waits for others still."""
    waited = any(isinstance(one, _WAITED) for one in around.before)
    if not waited or {*state.waits_for} != {event.line}:
        return None
    site, day = _sites((event.line,)), around.day(event.started_at)
    what = Said(
        fr=f"la mise en service d{site.fr}, prévue avant celle-ci, a eu lieu le {day.fr}",
        en=f"{site.en}, to be in service first, has been so since {day.en}",
    )
    return NoticePurpose.SITE_WAITS, {"what": what, "until": _NO_MORE, "next": _IN_ITS_TURN}


_WAITED = (links.LinesAwaited, links.LineBeforeEnded)


def _sites(lines: tuple[int, ...]) -> Said:
    """After a French « d »: « du site », « des sites »."""
    numbers = ", ".join(str(line) for line in lines)
    if len(lines) == 1:
        return Said(fr=f"u site n° {numbers} de votre commande", en=f"site {numbers} of your order")
    return Said(fr=f"es sites n° {numbers} de votre commande", en=f"sites {numbers} of your order")


_ENDED: Mapping[Outcome, Said] = {
    Outcome.CANCELLED: Said(fr="sa commande est annulée", en="its order is cancelled"),
}
_NOT_SERVED = Said(fr="il ne peut pas être raccordé", en="it cannot be connected")
_NO_MORE = Said(fr="cette attente est finie", en="that wait is over")
_LONG_ENOUGH = Said(
    fr="le temps prévu pour l'attendre est passé", en="the time there was to wait for it is over"
)
_AS_SOON_AS = Said(
    fr="le reste est prêt : ce site est mis en service dès qu'il le peut, sinon nous vous "
    "demandons comment continuer",
    en="all else is ready: this site is put into service as soon as it can be, otherwise we ask "
    "you how to go on",
)
_WAIT_OR_NOT = Said(
    fr="dites-nous ce que vous voulez : attendre encore, mettre ce site en service sans attendre, "
    "ou l'annuler",
    en="tell us what you want: to wait on, to have this site put into service without waiting, or "
    "to cancel it",
)
_WITHOUT_OR_NOT = Said(
    fr="dites-nous ce que vous voulez : continuer sans, ou annuler ce site ; d'ici là, rien de "
    "nouveau n'y est commencé",
    en="tell us what you want: to go on without, or to cancel this site; until then nothing new is "
    "begun there",
)
_GOES_ON = Said(
    fr="la commande de ce site continue sans", en="the order of this site goes on without"
)
_IN_ITS_TURN = Said(
    fr="ce site est mis en service à son tour", en="this site is put into service in its turn"
)


# the right to leave


def may_leave(event: delays.RightToLeaveArose, state: Access, around: Around) -> Told:
    """The clause names neither a form nor a price: a request is enough, which is ours, and silence
    charges nothing. What was done with the customer's consent is another matter."""
    words = {
        "since": placed(around.day(event.since), event.said),
        "how": _ASK,
        "cost": joined((_NO_PRICE, _DONE)) if state.charged else _NO_PRICE,
    }
    return NoticePurpose.SITE_MAY_LEAVE, words


_ASK = Said(
    fr="dites-nous que vous annulez, votre demande suffit",
    en="tell us that you cancel, your request is enough",
)
_NO_PRICE = Said(
    fr="votre contrat ne fixe aucun prix pour cela, et rien n'est facturé pour l'annulation",
    en="your contract names no price for it, and nothing is charged for cancelling",
)
_DONE = Said(
    fr="ce qui a été fait avec votre accord reste dû",
    en="what was done with your consent stays owed",
)
