"""What the Temporal UI shows of a process: columns, and in words what is awaited until when."""

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from activities.differences import DifferenceProgress
    from activities.indemnities import IndemnityProgress
    from activities.line_progress import LineProgress
    from activities.orders import OrderProgress
    from activities.reverse_ports import ReverseProgress
    from domain.differences import DifferenceId
    from domain.said import moment_said
    from workflows import search_attributes


def show(progress: LineProgress, *, but: LineProgress | None = None) -> None:
    """`but` what was shown before."""
    already = () if but is None else _columns(but)
    workflow.upsert_search_attributes(
        [column for column in _columns(progress) if column not in already]
    )
    workflow.set_current_details(details_of(progress))


def _columns(progress: LineProgress) -> tuple[SearchAttributeUpdate[Any], ...]:
    return (
        search_attributes.STAGE.value_set(progress.stage),
        search_attributes.PROVIDER.value_set(progress.provider),
        search_attributes.OPERATOR.value_set(progress.host),
        search_attributes.VERSION.value_set(progress.version),
        search_attributes.ATTENTION.value_set(bool(progress.attentions)),
        search_attributes.DUE.value_set(due)
        if (due := progress.shown_until or progress.until)
        else search_attributes.DUE.value_unset(),
    )


def details_of(progress: LineProgress) -> str:
    """Short lines of Markdown: tables have no borders there."""
    lines = [f"**Stage** {progress.stage}" + (f", {progress.outcome}" if progress.outcome else "")]
    awaited = progress.shown_awaited or progress.awaited
    until = progress.shown_until or progress.until
    if awaited and until:
        lines.append(f"**Awaited** {awaited.en}")
        lines.append(f"**Until** {moment_said(until).en} (business time)")
    if progress.may_decide:
        lines.append("### Waiting for a person")
        lines += [f"- {choice}" for choice in progress.may_decide]
        first = progress.may_decide[0].partition(": ")[2].partition(",")[0]
        lines.append(
            "Send the update `decide` with one JSON object, such as "
            f'`{{"decision": "{first}", "reason": "…"}}`, or use `raccord order decide`.'
        )
    return "\n\n".join(lines)


def show_order(progress: OrderProgress) -> None:
    workflow.upsert_search_attributes(
        [
            search_attributes.STAGE.value_set(progress.stage),
            search_attributes.PROVIDER.value_set(progress.provider),
            search_attributes.VERSION.value_set(progress.version),
        ]
    )
    outcome = f", {progress.outcome}" if progress.outcome else ""
    followed = "\n\n".join(
        (
            *(f"- line `{line}`" for line in progress.open_lines),
            *(f"- lot {lot}" for lot in progress.open_lots),
        )
    )
    workflow.set_current_details(f"Order **{progress.stage}**{outcome}\n\n{followed}".strip())


def show_indemnity(progress: IndemnityProgress) -> None:
    workflow.upsert_search_attributes(
        [
            search_attributes.STAGE.value_set(progress.stage),
            search_attributes.PROVIDER.value_set(progress.provider),
            search_attributes.VERSION.value_set(progress.version),
            search_attributes.ATTENTION.value_set(bool(progress.attentions)),
            search_attributes.DUE.value_set(progress.until)
            if progress.until
            else search_attributes.DUE.value_unset(),
        ]
    )
    ended = f", {progress.outcome}" if progress.outcome else ""
    lines = [
        f"**Indemnity** {progress.head}, {progress.stage}{ended}",
        f"line `{progress.line_id}`",
    ]
    if progress.awaited and progress.until:
        lines.append(f"**Awaited** {progress.awaited.en}")
        lines.append(f"**Until** {moment_said(progress.until).en} (business time)")
    if progress.attentions:
        lines.append("Answer it with `raccord indemnity decide`.")
    workflow.set_current_details("\n\n".join(lines))


def show_difference(difference_id: DifferenceId, progress: DifferenceProgress) -> None:
    until = progress.shown_until or progress.until
    workflow.upsert_search_attributes(
        [
            search_attributes.STAGE.value_set(progress.stage),
            search_attributes.PROVIDER.value_set(progress.provider),
            search_attributes.OPERATOR.value_set(progress.host),
            search_attributes.VERSION.value_set(progress.version),
            search_attributes.ATTENTION.value_set(progress.stage == "open"),
            search_attributes.DUE.value_set(until)
            if until
            else search_attributes.DUE.value_unset(),
        ]
    )
    lines = [f"**Difference** {progress.kind}, {progress.stage}", f"line `{progress.line_id}`"]
    if until:
        lines.append(f"**Until** {moment_said(until).en} (business time)")
    if progress.stage == "open":
        lines.append(f"Decide it with `raccord reconcile decide {difference_id} …`.")
    workflow.set_current_details("\n\n".join(lines))


def show_reverse_port(progress: ReverseProgress) -> None:
    workflow.upsert_search_attributes(
        [
            search_attributes.STAGE.value_set(progress.stage),
            search_attributes.PROVIDER.value_set(progress.provider),
            search_attributes.OPERATOR.value_set(progress.host),
            search_attributes.VERSION.value_set(progress.version),
            search_attributes.ATTENTION.value_set(bool(progress.attentions)),
            search_attributes.DUE.value_set(progress.until)
            if progress.until
            else search_attributes.DUE.value_unset(),
        ]
    )
    ended = f", {progress.outcome}" if progress.outcome else ""
    lines = [f"**Reverse port** {progress.stage}{ended}", f"line `{progress.line_id}`"]
    if progress.awaited and progress.until:
        lines.append(f"**Awaited** {progress.awaited.en}")
        lines.append(f"**Until** {moment_said(progress.until).en} (business time)")
    if progress.attentions:
        lines.append("Answer it with `raccord reverse decide`.")
    workflow.set_current_details("\n\n".join(lines))
