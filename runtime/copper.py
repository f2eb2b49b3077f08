"""The copper closures in use: those shipped, and a folder of the operator's own beside them."""

from functools import lru_cache
from pathlib import Path

from adapters.copper_files.reader import CopperFolder, read_closures
from domain.copper_closures import Closures
from runtime.errors import BadInputError

SHIPPED = Path(__file__).parents[1] / "copper"


def open_copper(own: Path | None) -> CopperFolder:
    """What can be read of it, and every fault."""
    if own is None:
        return read_closures(SHIPPED)
    if not own.is_dir():
        raise BadInputError(
            f"{own} is no folder of copper closures; name one in RACCORD_COPPER, or unset it for "
            "those shipped (docs/reference-data.md)"
        )
    return read_closures(SHIPPED, own)


def open_closures(own: Path | None) -> Closures:
    """Closures to work with: none may have a fault. Read again only when a file changed."""
    folders = (SHIPPED,) if own is None else (SHIPPED, own)
    files = sorted(file for folder in folders for file in folder.glob("*.y*ml"))
    return _closures_of(own, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _closures_of(own: Path | None, files: tuple[tuple[Path, int], ...]) -> Closures:
    del files  # what the answer depends on, besides the folder's name
    read = open_copper(own)
    if read.faults:
        raise BadInputError(
            f"{own or SHIPPED} has {len(read.faults)} faults, the first: {read.faults[0]}; correct "
            "it there (docs/reference-data.md)"
        )
    return read.closures
