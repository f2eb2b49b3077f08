"""Which tests decide that an access starts, and what rate the contract guarantees.

Dedicated fibre is guaranteed « à 90-95% » (002:2423), both ends kept as readings; the rate of the
others is indicative (002:2255-2258). No text names the tests: which ones decide is ours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from domain.access_clauses import asks, is_about, ours, silence, sourced
from domain.access_facts import Technology
from domain.contract_questions import Contract
from domain.contract_values import PercentValue
from domain.said import Said, joined
from domain.works_facts import Test, TestResult

_RATE = "commissioning.rate"


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """What was ordered, as the tests are held against it."""

    technology: Technology
    down_kbps: int
    up_kbps: int


@dataclass(frozen=True, kw_only=True)
class RateReading:
    """One way to read the guarantee, for one direction."""

    test: Test
    name: str
    in_force: bool
    least_kbps: Decimal
    reached: bool
    said: Said


@dataclass(frozen=True, kw_only=True)
class Commissioning:
    """What the tests come to: without `passed` it is no start."""

    passed: bool
    failed: tuple[Test, ...]
    missing: tuple[Test, ...]
    rates: tuple[RateReading, ...]
    said: tuple[Said, ...]

    @property
    def because(self) -> Said:
        return joined(self.said)


def deciding_tests(contract: Contract, technology: Technology) -> tuple[Test, ...]:
    """Those without which an access does not start; calls decide too, where they were tried."""
    return (Test.SYNCHRONISATION, *(_BOTH_WAYS if _is_guaranteed(contract, technology) else ()))


def judge_tests(
    contract: Contract, ordered: Ordered, results: Iterable[TestResult]
) -> Commissioning:
    """A test that was taken again counts as it came out last."""
    last = {result.test: result for result in results}
    guaranteed = _is_guaranteed(contract, ordered.technology)
    rates = tuple(_rates(contract, ordered, last)) if guaranteed else ()
    below = {one.test for one in rates if one.in_force and not one.reached}
    needed = deciding_tests(contract, ordered.technology)
    missing = tuple(one for one in needed if not _is_told(last.get(one)))
    failed = tuple(
        one
        for one, result in last.items()
        if one in below or (one in _BY_THEIR_WORD and not result.passed)
    )
    return Commissioning(
        passed=not failed and not missing,
        failed=failed,
        missing=missing,
        rates=rates,
        said=tuple(_said(contract, ordered.technology, rates, failed=failed, missing=missing)),
    )


def _is_guaranteed(contract: Contract, technology: Technology) -> bool:
    """A guarantee that names no access is for all of them."""
    written = asks(contract, _RATE) and bool(contract.readings(_RATE))
    return written and is_about(contract, "commissioning.rate-of", technology)


def _is_told(result: TestResult | None) -> bool:
    """A rate that nobody measured shows nothing."""
    if result is None:
        return False
    return result.test not in _BOTH_WAYS or result.measured is not None


def _rates(
    contract: Contract, ordered: Ordered, last: dict[Test, TestResult]
) -> Iterator[RateReading]:
    entry = contract.shelf.answer(contract.pin, _RATE).entry
    wanted = {Test.THROUGHPUT_DOWN: ordered.down_kbps, Test.THROUGHPUT_UP: ordered.up_kbps}
    for test, kbps in wanted.items():
        result = last.get(test)
        if entry is None or result is None or result.measured is None:
            continue
        for reading in entry.readings:
            percent = cast("PercentValue", reading.value).percent
            least = kbps * percent / 100
            what, held = _WAYS[test], _HELD[reading.name == entry.in_force]
            said = Said(
                fr=f"{what.fr} : {result.measured} kbit/s, au moins {least} attendus, "
                f"{percent} % de {kbps}{held.fr}",
                en=f"{what.en}: {result.measured} kbit/s, at least {least} are due, {percent} % "
                f"of {kbps}{held.en}",
            )
            yield RateReading(
                test=test,
                name=reading.name,
                in_force=reading.name == entry.in_force,
                least_kbps=least,
                reached=result.measured >= least,
                said=sourced(said, str(reading.source)),
            )


def _said(
    contract: Contract,
    technology: Technology,
    rates: tuple[RateReading, ...],
    *,
    failed: tuple[Test, ...],
    missing: tuple[Test, ...],
) -> Iterator[Said]:
    yield _tests_said(contract)
    yield from (one.said for one in rates)
    if not _is_guaranteed(contract, technology):
        yield _indicative(contract, technology)
    for one in failed:
        yield Said(fr=f"échec : {_NAMES[one].fr}", en=f"failed: {_NAMES[one].en}")
    for one in missing:
        yield Said(fr=f"non mesuré : {_NAMES[one].fr}", en=f"not measured: {_NAMES[one].en}")
    yield ours(_STARTS if not failed and not missing else _NO_START)


def _tests_said(contract: Contract) -> Said:
    question = "commissioning.tests"
    if asks(contract, question) and contract.choice(question) == "provider-standard":
        return sourced(_STANDARD, contract.source(question))
    return silence(_NO_TESTS)


def _indicative(contract: Contract, technology: Technology) -> Said:
    question = "commissioning.indicative-of"
    if asks(contract, question) and technology in contract.choices(question):
        return sourced(_INDICATIVE, contract.source(question))
    return silence(_NO_RATE)


_BOTH_WAYS = (Test.THROUGHPUT_DOWN, Test.THROUGHPUT_UP)
_BY_THEIR_WORD = frozenset({Test.SYNCHRONISATION, Test.CALL_IN, Test.CALL_OUT})
"""Loss has no threshold in any text, and a rate that is not guaranteed none either."""
_WAYS = {
    Test.THROUGHPUT_DOWN: Said(fr="débit descendant", en="rate down"),
    Test.THROUGHPUT_UP: Said(fr="débit montant", en="rate up"),
}
_NAMES = {
    **_WAYS,
    Test.SYNCHRONISATION: Said(fr="synchronisation", en="synchronisation"),
    Test.CALL_IN: Said(fr="appel entrant", en="call in"),
    Test.CALL_OUT: Said(fr="appel sortant", en="call out"),
}
_HELD = {
    True: Said(fr="", en=""),
    False: Said(fr=", lecture conservée", en=", a reading that is kept"),
}
_STANDARD = Said(
    fr="tests standard du prestataire, sans qu'aucun soit nommé",
    en="the provider's standard tests, none of them named",
)
_NO_TESTS = Said(fr="aucun test avant la mise en service", en="no test before service")
_INDICATIVE = Said(
    fr="débit indicatif, ni garanti ni symétrique",
    en="the rate is indicative, neither guaranteed nor symmetric",
)
_NO_RATE = Said(
    fr="aucun débit garanti pour cet accès, il n'arrête rien",
    en="no rate is guaranteed for this access, and none holds it up",
)
_STARTS = Said(
    fr="les tests qui décident sont bons : le service peut commencer",
    en="the tests that decide are good: service may start",
)
_NO_START = Said(fr="ce n'est pas une mise en service", en="it is no start of service")
