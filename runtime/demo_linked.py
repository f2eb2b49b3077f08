"""Sites of one order of the demo that wait for each other, and for one that never comes."""

from runtime.demo_sites import FORM, answer, comes, lies, site
from runtime.demo_stories import Beside, Expected, Scenario

LINKED = (
    Scenario(
        name="a central site that works last, its branch waits",
        provider="technicophone",
        documents=FORM,
        site=site("rue des Saules", "ftth", after=[3]),
        misbehaviour=lies("rue des Saules", "deployed"),
        beside=(
            Beside(
                site=site("rue des Sureaux", "ftth", central=True),
                misbehaviour=lies("rue des Sureaux", "deployed"),
                outcome="delivered",
                served_on="2027-02-04",
                says=("lines 1, 3",),
            ),
            Beside(
                site=site("rue des Tamaris", "ftth"),
                misbehaviour=lies("rue des Tamaris", "not-deployed"),
                outcome="refused",
                says=("orange, ftth: not deployed (FIBER_NOT_DEPLOYED_IN_BUILDING)",),
            ),
        ),
        moves=(
            answer("lines-before", "skip", "one branch less", line=1),
            *comes("2027-02-01", 1),
            *comes("2027-02-04", 2),
        ),
        expected=Expected(
            outcome="delivered",
            order="partly",
            served_on="2027-02-04",
            in_turn=(2, 1),
            facts=("LineBeforeEnded", "LinesLeft", "VisitKept", "LinesAwaited", "LineBeforeServed"),
            fees=(),
            says=(
                "line 3, ended without service (refused)",
                "line 3, without: one branch less",
                "Monday 1 February 2027, in the morning",
                "line 2, awaited until",
                "line 2, in service",
            ),
            because="only being put into service waits (ours): visited on 1 February, in service "
            "after the central site's, on 4 February",
        ),
    ),
)
