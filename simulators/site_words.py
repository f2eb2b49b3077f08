"""The words a site is told by: what stands in its way, what is there, what a study finds.

    deployed                    nothing stands in the way, however far it is
    only:ftth,vdsl              anything else is not deployed
    not-deployed, not-yet, no-pair, too-long, full, not-connectable, incompatible, closed,
    uncertain, service-down, unknown-site
                                why it cannot be served; `:ftth,vdsl` says which technologies
                                (none: all; no-pair, too-long and closed: copper)
    code:XYZ                    likewise, in a code nobody knows; `code:XYZ:ftth`
    length:4800                 of the copper line, in metres: it slows or rules out
    rate:8000/800               at most, in kbit/s down and up
    lead:30                     its usual time to deliver, in working days
    use:broadband,alarm         what is on the pair or socket already (also telephone,
                                carrier-selection)
    study, no-study             whether it wants to study the site first
    study-days:4                how long that takes, in working days
    study-negative:CODE         it cannot be done; study-redefine:CODE: not as it was ordered
    study-technology:sdsl       it can be done so
    study-lead:45               in so many working days
    study-fee:-150.00           for so much more or less
    study-works                 for a quote
    quote:Trench=900.00;Mast=50 what a quote says, item by item
    pairs:1, ports:0, cells:2   what its box has; whoever shares the text shares the box
    saturated:KIND              nothing is left in its box; KIND is first-visit, deferred,
                                exceptional (with a quote), customer (at the customer's), or
                                several of them: customer+exceptional
    saturated-since:12          what caused it was so many days ago
    desaturate-days:10          how long it takes to add what is missing
    withdrawn:20:CODE           so many days after it was kept, the operator takes it back
    overwritten:3:CODE          keeping it cuts another customer off, whose line it is (`use:`); so
                                many days after, that comes out
    works-days:20               its works take so many working days (else by technology)
    built                       nothing is to be built
    visit, no-visit             whether somebody has to come (else not where a socket is named, and
                                not for mobile radio)
    works:late=5=CODE           its works take so many working days more than was thought
    works:failed=no-permit      they stop for that; `works:late=5+failed=XYZ` is both, the latter in
                                a code of its own
    technicians:1               how many can come in one half-day of its commune (else 0 to 3)
    visit:failed=no-access      somebody comes, and cannot do it; `visit:missed=CODE`: nobody comes
    visit:moved=3=CODE          the operator moves it so many working days later first;
                                `visit:moved=3+moved=2` moves it twice, and then it is kept
    tests:slow=40               what is measured is so many per cent of the rate; also `loss=2.5` of
                                what is sent, `no-sync`, `no-call-in`, `no-call-out`, joined by +

They are pinned to a text that an address, a name or a commune contains, for one operator or for all
(`is`), or drawn by chance (`HOST.site`). The first of a kind counts, the longest text first.
"""

import re

COPPER = ("adsl", "vdsl", "sdsl", "bundled-pairs")
RADIO = ("mobile-radio", "microwave")
TECHNOLOGIES = (
    *COPPER,
    *RADIO,
    "ftth",
    "shared-fibre",
    "dedicated-fibre",
    "leased-line",
)
BARRIERS = (
    "not-deployed",
    "not-yet",
    "no-pair",
    "too-long",
    "full",
    "not-connectable",
    "incompatible",
    "closed",
    "uncertain",
    "service-down",
    "unknown-site",
)
OF_COPPER = frozenset({"no-pair", "too-long", "closed"})
FAILURES = (
    "box-full",
    "box-not-found",
    "wrong-route",
    "no-continuity",
    "too-long",
    "customer-absent",
    "no-access",
    "site-not-ready",
    "no-permit",
    "material-missing",
)
"""What goes wrong on the way to a site or at it; anything else is a code of its own."""
HOSTS = frozenset({"is", "orange", "sfr", "bouygues"})
"""Under what words of a site stand: for all operators, or for one."""

_TECHNOLOGY = f"(?:{'|'.join(TECHNOLOGIES)})"
_SOME = f"{_TECHNOLOGY}(?:,{_TECHNOLOGY})*"
_CODE = r"[!-9;-~]{1,60}"
_USE = "(?:broadband|telephone|carrier-selection|alarm)"
_KIND = "(?:first-visit|deferred|exceptional|customer)"
_EUROS = r"[0-9]{1,7}(?:\.[0-9]{2})?"
_DAYS = "[0-9]{1,3}"
_OWN = "[A-Z0-9][A-Z0-9_-]{0,59}"
_FAILED = f"failed=(?:{'|'.join(FAILURES)}|{_OWN})"
_LATE = rf"late={_DAYS}(?:={_OWN})?"
_MOVED = rf"moved={_DAYS}(?:={_OWN})?"
_MISSED = f"missed(?:={_OWN})?"
_TEST = rf"(?:slow={_DAYS}|loss=[0-9]{{1,2}}(?:\.[0-9])?|no-sync|no-call-in|no-call-out)"
_GRAMMAR = re.compile(
    "|".join(
        (
            "deployed|study|no-study|study-works",
            f"only:{_SOME}",
            f"(?:{'|'.join(BARRIERS)})(?::{_SOME})?",
            f"code:{_CODE}(?::{_SOME})?",
            "length:[0-9]{1,5}",
            "rate:[1-9][0-9]{0,7}(?:/[1-9][0-9]{0,7})?",
            f"(?:lead|study-days|study-lead|saturated-since|desaturate-days):{_DAYS}",
            f"use:{_USE}(?:,{_USE})*",
            f"study-(?:negative|redefine)(?::{_CODE})?",
            f"study-technology:{_TECHNOLOGY}",
            f"study-fee:-?{_EUROS}",
            f"quote:[^=;]+={_EUROS}(?:;[^=;]+={_EUROS})*",
            f"(?:pairs|ports|cells):{_DAYS}",
            rf"saturated:{_KIND}(?:\+{_KIND})*",
            f"(?:withdrawn|overwritten):{_DAYS}(?::{_CODE})?",
            "built|visit|no-visit",
            f"(?:works-days|technicians):{_DAYS}",
            rf"works:(?:{_LATE}|{_FAILED}|{_LATE}\+{_FAILED})",
            rf"visit:(?:{_MOVED}\+)*(?:{_MOVED}|{_FAILED}|{_MISSED})",
            rf"tests:{_TEST}(?:\+{_TEST})*",
        )
    )
)


def is_word(text: str) -> bool:
    return _GRAMMAR.fullmatch(text) is not None


def scope(word: str, detail: str) -> tuple[str, ...]:
    """The technologies that something stands in the way of."""
    if detail:
        return tuple(detail.split(","))
    return COPPER if word in OF_COPPER else TECHNOLOGIES
