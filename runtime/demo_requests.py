"""The sample orders of the demo, as they are posted."""

from runtime.demo_scenarios import HELD, SIGNED, Json, Scenario, rio

SERVICES = {"technicophone": "internet", "oksio": "data"}
"""Of fixed accesses."""


def request(scenario: Scenario) -> Json:
    """The order as it is posted."""
    if scenario.site:
        service, sites = SERVICES[scenario.provider], [scenario.site]
        return {**_order(scenario), "service": service, "sites": sites}
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
