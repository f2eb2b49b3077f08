"""The rules orders are read and run under: profiles, closed days, published numbers."""

from domain.port_in_facts import HostNetwork
from domain.port_rules import PortRules
from intake.lines import LineReader, Numbering
from ledger.sealing import KeyedHash
from runtime.contracts import contracts_folder, open_shelf
from runtime.home import Home
from runtime.reference import Reference
from runtime.settings import Settings

CONNECTED = frozenset({HostNetwork.ORANGE})
"""The host networks there is an adapter for."""


def port_rules(settings: Settings) -> PortRules:
    """Read again only when a file changed: profiles may be edited while orders run."""
    folder = contracts_folder(settings)
    reference = Reference(Home(settings.home).reference)
    return PortRules(shelf=lambda: open_shelf(folder), changes=reference.calendar_changes)


def line_reader(settings: Settings, keyed_hash: KeyedHash) -> LineReader:
    reference = Reference(Home(settings.home).reference)
    return LineReader(
        rules=port_rules(settings),
        numbering=Numbering(blocks=reference.blocks, prefixes=reference.rio_directory),
        keyed_hash=keyed_hash,
        connected=CONNECTED,
    )
