"""What is wrong with files of copper closures: names nobody has, places that close twice."""

from collections.abc import Iterator, Mapping

from domain.copper_closures import Closure, CopperFile, Exemption, Postponement

Place = tuple[str | int, ...]
FaultOf = tuple[str, Place, str]
"""The file, the place in it, and what is wrong."""


def copper_faults(files: Mapping[str, CopperFile]) -> Iterator[FaultOf]:
    """Names are shared by all files: one may put off what another closes."""
    closures: dict[str, Closure] = {}
    places: dict[tuple[str | None, str | None], str] = {}
    for file, place, closure in _closures(files):
        if closure.name in closures:
            yield file, place, f"{closure.name}: the name comes twice; give each its own"
        closures.setdefault(closure.name, closure)
        known = places.setdefault(closure.place, closure.name)
        if known != closure.name:
            yield file, place, f"{closure.name}: {known} closes that place; write a postponement"
    for file, place, exemption in _exceptions(files):
        yield from ((file, place, what) for what in _of_exception(exemption, closures))
    for file, place, postponement in _postponements(files):
        yield from ((file, place, what) for what in _of_postponement(postponement, closures))


def _closures(files: Mapping[str, CopperFile]) -> Iterator[tuple[str, Place, Closure]]:
    for file, content in files.items():
        for n, closure in enumerate(content.closures):
            yield file, ("closures", n), closure


def _exceptions(files: Mapping[str, CopperFile]) -> Iterator[tuple[str, Place, Exemption]]:
    for file, content in files.items():
        for n, exemption in enumerate(content.exceptions):
            yield file, ("exceptions", n), exemption


def _postponements(files: Mapping[str, CopperFile]) -> Iterator[tuple[str, Place, Postponement]]:
    for file, content in files.items():
        for n, postponement in enumerate(content.postponements):
            yield file, ("postponements", n), postponement


def _of_exception(exemption: Exemption, closures: Mapping[str, Closure]) -> Iterator[str]:
    if exemption.of is not None and exemption.of not in closures:
        yield f"{exemption.name}: {_nobody(exemption.of, closures)}"
        return
    of = closures.get(exemption.of or "")
    if of is not None and not set(exemption.kinds) & set(of.kinds):
        yield f"{exemption.name}: {of.name} closes none of its kinds; leave the exception out"
    if of is not None and of.commercial is None:
        yield f"{exemption.name}: {of.name} has no commercial closure to be an exception to"


def _of_postponement(one: Postponement, closures: Mapping[str, Closure]) -> Iterator[str]:
    closure = closures.get(one.of)
    if closure is None:
        yield f"{one.name}: {_nobody(one.of, closures)}"
        return
    dates = (
        ("commercial", one.commercial, closure.commercial),
        ("technical", one.technical, closure.technical),
    )
    for what, new, old in dates:
        if new is not None and old is None:
            yield f"{one.name}: {one.of} has no {what} closure to put off"
        if new is not None and old is not None and new <= old:
            yield f"{one.name}: {new} does not put off {old}; correct {one.of} instead"


def _nobody(name: str, closures: Mapping[str, Closure]) -> str:
    return f"no closure is called {name}; write one of {', '.join(closures) or 'none yet'}"
