"""The contract profiles in use: those shipped, or a folder of the user's own."""

from functools import lru_cache
from pathlib import Path

from adapters.contract_files.checks import Seeds, faults_of
from adapters.contract_files.reader import Library, read_library, read_order_form
from adapters.yaml_lines import Fault
from domain.contract_profiles import Profile
from domain.contract_resolution import Shelf
from runtime.errors import BadInputError
from runtime.settings import Settings
from runtime.today import today

SHIPPED = Path(__file__).parents[1] / "contracts"


def contracts_folder(settings: Settings) -> Path:
    return settings.contracts or SHIPPED


def open_library(folder: Path) -> Library:
    if not folder.is_dir():
        raise BadInputError(
            f"{folder} is no folder of contracts; give the one that holds terms/ and a folder for "
            "each provider"
        )
    return read_library(folder)


def open_shelf(folder: Path) -> Shelf:
    """Profiles to work with: none of them may have a fault. Read again only when a file changed."""
    files = sorted(folder.glob("*/*.yaml"))
    return _shelf_of(folder, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _shelf_of(folder: Path, files: tuple[tuple[Path, int], ...]) -> Shelf:
    del files  # what the answer depends on, besides the folder's name
    library = open_library(folder)
    faults = faults_of(library, today=today())
    if faults:
        raise BadInputError(
            f"{folder} has {len(faults)} faults, the first: {faults[0]}; see 'raccord contracts "
            "check'"
        )
    return library.shelf


def order_form(path: Path, shelf: Shelf) -> Profile:
    profile, faults = read_order_form(path, shelf.catalogue)
    if profile is None or faults:
        raise BadInputError(f"{faults[0]}; an order form is written like a profile")
    return profile


def check(folder: Path, seeds: Path | None) -> tuple[Fault, ...]:
    library = open_library(folder)
    if seeds is None:
        return faults_of(library, today=today())
    if not seeds.is_dir():
        raise BadInputError(f"{seeds} is no folder of texts; give the one that holds 000_... on")
    return (*faults_of(library, today=today()), *Seeds(seeds).faults(library))
