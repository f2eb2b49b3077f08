"""The operator code a host network is known by in each exchange, where a contract names none.

Resellers are not in the exchange themselves (decision 21): until a profile says otherwise, tickets
bear the host's code. A default of ours, from the public references of the RIO prefixes (§ 1.4).
"""

from collections.abc import Mapping

from domain.port_in_facts import HostNetwork
from domain.territories import ExchangeGroup

HOST_CODES: Mapping[tuple[ExchangeGroup, HostNetwork], str] = {
    (ExchangeGroup.GPM, HostNetwork.ORANGE): "01",
    (ExchangeGroup.GPM, HostNetwork.SFR): "02",
    (ExchangeGroup.GPM, HostNetwork.BOUYGUES): "03",
    (ExchangeGroup.GPMAG, HostNetwork.ORANGE): "01",
    (ExchangeGroup.GPMAG, HostNetwork.SFR): "03",
}
