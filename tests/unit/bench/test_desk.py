"""Several processes side by side, as their reports say."""

from bench.desk import FOLLOWED, HELD, Report, desk_of
from bench.measures import Measure


def _report(conditions: str, *measures: Measure, held: tuple[Measure, ...] = ()) -> Report:
    aside = (Measure(name="start 300 lines", unit="/s", ours=20.0),)
    return Report(
        conditions=conditions, sections={FOLLOWED: measures, HELD: held, "A fleet": aside}
    )


def test_the_desk_has_a_row_for_each_measure_and_two_columns_for_each_process() -> None:
    turns = "p50 of a turn"
    port_in = _report(
        "300 orders followed",
        Measure(name=turns, unit="ms", ours=137.04, floor=50.0, floor_name="bare"),
        held=(Measure(name="memory of the worker", unit="MB", ours=147),),
    )
    access = _report(
        "100 orders followed",
        Measure(name="history events of an order", unit="", ours=251, floor=250),
        Measure(name=turns, unit="ms", ours=5, floor=4),
        Measure(name="CPU of an order, api", unit="ms", ours=1140),
    )

    lines = list(desk_of({"port-in": port_in, "access": access}))

    assert lines == [
        "- port-in: 300 orders followed",
        "- access: 100 orders followed",
        "",
        "| measure | port-in | ratio | access | ratio |",
        "| --- | --- | --- | --- | --- |",
        "| p50 of a turn (ms) | 137.0 | 2.74 | 5.00 | 1.25 |",
        "| memory of the worker (MB) | 147.0 | | | |",
        "| history events of an order | | | 251.0 | 1.00 |",
        "| CPU of an order, api (ms) | | | 1,140.0 | |",
    ]


def test_a_report_is_read_as_it_was_written() -> None:
    report = _report(
        "300 orders followed",
        Measure(name="one", unit="ms", ours=2.0, floor=1.0, floor_name="bare"),
        held=(Measure(name="two", unit="MB", ours=1.5),),
    )

    assert Report.of_json(report.to_json()) == report
