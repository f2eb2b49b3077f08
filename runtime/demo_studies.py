"""Sites of the demo that are studied: what a study changes, what binds, what takes consent."""

from runtime.demo_sites import FAST, FORM, NO_CHARGE, OKSIO, answer, comes, lies, site
from runtime.demo_stories import Beside, Expected, Scenario

STUDIES = (
    Scenario(
        name="dedicated fibre, readjusted by its study",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Eglantiers", "dedicated-fibre"),
        misbehaviour=lies(
            "rue des Eglantiers",
            *("deployed", "study-fee:250.00", "lead:45", "study-lead:60", "study-days:4", FAST),
        ),
        moves=comes("2027-02-02"),
        expected=Expected(
            outcome="delivered",
            served_on="2027-02-02",
            facts=("StudyHeard", "ChangesBinding"),
            fees=(),
            says=(
                "feasibility study, once the order form is signed (002:2326-2331)",
                "access fee: +250.00 € HT; without the customer's consent (002:2331)",
                "60 jours ouvrés instead of 45; without the customer's consent (002:2415-2419)",
            ),
            because="studied after signature (002:2326-2331), readjusted without consent",
        ),
    ),
    Scenario(
        name="dedicated fibre, a quote for works agreed to, another refused",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Fougères", "dedicated-fibre"),
        misbehaviour=lies(
            "rue des Fougères",
            *("deployed", "study-works", "quote:Tranchée=4200.00;Fourreau=310.50", "study-days:3"),
            FAST,
        ),
        beside=(
            Beside(
                site=site("rue des Fusains", "dedicated-fibre"),
                misbehaviour=lies(
                    "rue des Fusains",
                    *("deployed", "study-works", "quote:Tranchée=9800.00", "study-days:3"),
                ),
                outcome="cancelled",
                says=("9800.00 € HT (002:2348-2349)", "at cost (002:2349-2350)"),
            ),
        ),
        moves=(
            answer("quote", "agree", "signed", line=1),
            answer("quote", "refuse", "too dear", line=2),
            *comes("2027-02-02", 1),
        ),
        expected=Expected(
            outcome="delivered",
            order="partly",
            served_on="2027-02-02",
            facts=("StudyHeard", "QuoteGiven", "QuoteAccepted"),
            fees=(),
            says=("Tranchée 4200.00 €, Fourreau 310.50 €, 4510.50 € HT (002:2348-2349)",),
            because="refused, it costs what the operator claims (002:2348-2350), shown and not "
            "charged (decision 13)",
        ),
    ),
    Scenario(
        name="a leased line, the study says no",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Genêts", "leased-line"),
        misbehaviour=lies("rue des Genêts", "deployed", "study-negative:GC-7", "study-days:3"),
        moves=(answer("study-refused", "end", "no other way"),),
        expected=Expected(
            outcome="refused",
            order="refused",
            facts=("StudyHeard",),
            fees=(),
            says=("the study says no (GC-7)",),
            because=NO_CHARGE,
        ),
    ),
    Scenario(
        name="OKSIO, a study that takes consent, and one that asks for another order",
        provider="oksio",
        documents=OKSIO,
        site=site("rue des Houx", "dedicated-fibre"),
        misbehaviour=lies(
            "rue des Houx",
            *("deployed", "study-fee:250.00", "lead:45", "study-lead:60", "study-days:2"),
        ),
        beside=(
            Beside(
                site=site("rue des Lierres", "leased-line"),
                misbehaviour=lies(
                    "rue des Lierres", "deployed", "study-redefine:GC-2", "study-days:2"
                ),
                outcome="refused",
                says=("the study asks for another order (GC-2)",),
            ),
        ),
        moves=(
            answer("study-changes", "agree", "signed", line=1),
            answer("study-refused", "end", "a new order follows", line=2),
            *comes("2027-02-02", 1),
        ),
        expected=Expected(
            outcome="delivered",
            order="partly",
            served_on="2027-02-02",
            facts=("StudyHeard", "ChangesBinding"),
            fees=(),
            says=(
                "the operator wants to study the site first",
                "the provider may refuse the order after the study (000:52-54)",
                "access fee: +250.00 € HT; with the customer's consent (the contract is silent",
                "60 jours ouvrés instead of 45; with the customer's consent",
                "agreed to by the customer",
            ),
            because="refused or to be defined anew (000:52-54); silence binds nobody (ours)",
        ),
    ),
)
