"""The sample orders of the demo, as they are posted."""

from runtime.demo_scenarios import HELD, SIGNED, rio
from runtime.demo_stories import Json, Scenario

SERVICES = {"technicophone": "internet", "oksio": "data"}
"""Of fixed accesses."""


def request(scenario: Scenario, *, instead_of: str | None = None) -> Json:
    """The order as it is posted; `instead_of` is the line that could not be served."""
    if scenario.site:
        linked = {} if instead_of is None else {"alternative_to": instead_of}
        sites = [{**scenario.site, **linked}, *(beside.site for beside in scenario.beside)]
        return {**_order(scenario), "service": SERVICES[scenario.provider], "sites": sites}
    line = {
        "msisdn": scenario.number,
        "rio": rio(scenario.number),
        "host": "orange",
        **scenario.line,
    }
    lines = [{name: value for name, value in line.items() if value is not None}]
    return {**_order(scenario), "lines": lines}


def _order(scenario: Scenario) -> Json:
    documents = HELD[scenario.provider] if scenario.documents is None else scenario.documents
    return {
        "reference": f"DEMO-{scenario.name}",
        "provider": scenario.provider,
        "signed_on": SIGNED,
        "customer": {
            "name": "Ateliers du Lac",
            "contact": "Camille Martin, camille@example.fr",
            "email": "camille@example.fr",
            "kind": "company",
            **scenario.customer,
        },
        "documents": list(documents),
    }
