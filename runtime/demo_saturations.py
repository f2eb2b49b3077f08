"""Sites of the demo where nothing is left: at once, later, after a quote, or not at all."""

from runtime.demo_sites import DSL, OKSIO, answer, comes, lies, paper, site
from runtime.demo_stories import Beside, Expected, Scenario

QUOTE = "quote:Tirage=1800.00;Pose=640.00"
QUOTED = "Tirage 1800.00 €, Pose 640.00 €, 2440.00 € HT (002:2280-2281)"
"""Its last day is ten calendar days from the one its notice takes effect, which is another one on a
slow machine."""

SATURATIONS = (
    Scenario(
        name="SDSL, desaturated later, the fee agreed to",
        provider="technicophone",
        documents=DSL,
        site=site("rue des Bleuets", "sdsl"),
        misbehaviour=lies(
            "rue des Bleuets",
            *("deployed", "saturated:deferred", "saturated-since:0", "desaturate-days:10"),
        ),
        moves=(paper("fee-consent", "fee-consent"), *comes("2027-02-08")),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-08",
            facts=("SaturationFound", "FeeOwed", "FeeConsented", "Desaturated"),
            fees=(("desaturation", "750.00"),),
            says=(
                "thought to be over by",
                "(002:2264)",
                "flat fee of a desaturation: 750.00 € HT, beside the access fee (002:2274)",
            ),
            because="about six weeks (002:2264), 750 € without VAT (002:2274), consent first (C22)",
        ),
    ),
    Scenario(
        name="ADSL, desaturated at the first visit, nobody asked",
        provider="technicophone",
        documents=DSL,
        site=site("rue des Capucines", "adsl"),
        misbehaviour=lies("rue des Capucines", "deployed", "saturated:first-visit"),
        moves=comes("2027-02-01"),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-01",
            facts=("SaturationFound", "FeeOwed"),
            fees=(),
            says=(
                "of which the contract does not tell the customer (002:2263-2278)",
                "flat fee of a desaturation: 750.00 € HT, beside the access fee (002:2274)",
                "not chargeable without consent on record (C22)",
            ),
            because="the customer is not told (002:2265): nothing is charged without consent (C22)",
        ),
    ),
    Scenario(
        name="VDSL, an exceptional desaturation left without an answer",
        provider="technicophone",
        documents=DSL,
        site=site("rue des Dahlias", "vdsl"),
        misbehaviour=lies("rue des Dahlias", "deployed", "saturated:exceptional", QUOTE),
        expected=Expected(
            outcome="cancelled",
            order="cancelled",
            facts=("QuoteGiven", "QuoteRefused"),
            fees=(),
            says=(
                QUOTED,
                "an email takes effect the day it is sent (002:103)",
                "left without an answer (002:2280-2281)",
                "undiscounted access fee: 150.00 € HT (002:2281-2283)",
                "fee for making the quote, at cost (002:2281-2283)",
            ),
            because="ten calendar days, and silence cancels (002:2280-2283); the access fee of "
            "150.00 € and the quote's are shown, not charged (decision 13)",
        ),
    ),
    Scenario(
        name="three saturations: a quote agreed to, one refused, a fibre without a rule",
        provider="technicophone",
        documents=DSL,
        site=site("rue des Pensées", "sdsl"),
        misbehaviour=lies(
            "rue des Pensées", "deployed", "saturated:exceptional", QUOTE, "desaturate-days:3"
        ),
        beside=(
            Beside(
                site=site("rue des Pervenches", "sdsl"),
                misbehaviour=lies("rue des Pervenches", "deployed", "saturated:exceptional", QUOTE),
                outcome="cancelled",
                says=(
                    QUOTED,
                    "undiscounted access fee: 150.00 € HT (002:2281-2283)",
                ),
            ),
            Beside(
                site=site("rue des Primevères", "ftth"),
                misbehaviour=lies("rue des Primevères", "deployed", "saturated:deferred"),
                outcome="refused",
                says=(
                    "its clause about desaturation is for DSL",
                    "(decision 40); no fee for a desaturation is owed",
                ),
            ),
        ),
        moves=(
            answer("quote", "agree", "signed", line=1),
            answer("quote", "refuse", "too dear", line=2),
            answer("not-desaturated", "end", "it cannot be had", line=3),
            *comes("2027-02-03", 1),
        ),
        expected=Expected(
            outcome="delivered",
            order="partly",
            served_on="2027-02-03",
            facts=("SaturationFound", "QuoteGiven", "QuoteAccepted", "Desaturated"),
            fees=(),
            says=(QUOTED,),
            because="a quote takes the place of the flat fee (002:2277-2283); fibre has no rule "
            "(decision 40)",
        ),
    ),
    Scenario(
        name="OKSIO, an SDSL and a fibre put off by a saturation",
        provider="oksio",
        documents=OKSIO,
        site=site("rue des Orchidées", "sdsl"),
        misbehaviour=lies(
            "rue des Orchidées",
            *("deployed", "saturated:deferred", "saturated-since:0", "desaturate-days:8"),
        ),
        beside=(
            Beside(
                site=site("rue des Roses", "ftth"),
                misbehaviour=lies(
                    "rue des Roses",
                    *("deployed", "saturated:deferred", "saturated-since:0", "desaturate-days:8"),
                ),
                outcome="delivered",
                says=("no rule of desaturation for fibre (decision 40)",),
            ),
        ),
        moves=comes("2027-02-05", 1, 2),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-05",
            facts=("SaturationFound", "Desaturated"),
            fees=(),
            says=(
                "delivery is put off until the desaturation is done (000:405-408)",
                "the customer is to be told by",
                "(000:406-407)",
                "desaturation paid by the customer, at no price of the contract: at cost",
            ),
            because="put off by as much, at the customer's cost, at no stated price (000:405-408): "
            "said, and not charged",
        ),
    ),
)
