"""A fixed access in a few lines of text: who serves it, what it waits for, what it costs."""

from runtime.cli.client import Answer
from runtime.cli.languages import Language
from runtime.cli.works import works_lines


def access_lines(line: Answer, language: Language) -> list[str]:
    """Nothing for a line that is no access."""
    access = line["access"]
    if access is None:
        return []
    shown = [_offered(line["number"], access), *_because(access, language)]
    if access["uses"]:
        shown.append(f"  on it already: {', '.join(access['uses'])}")
    if quote := access["quote"]:
        shown.append(
            f"  quote {quote['reference']}: {quote['total']} € HT, until {quote['until'] or '?'}"
        )
    if saturation := access["saturation"]:
        estimate = saturation["estimate"] or "no estimate"
        shown.append(f"  saturated, {saturation['mode']}: {estimate}")
    if access["waits_for"]:
        shown.append(f"  after line {', '.join(map(str, access['waits_for']))} of the order")
    shown += works_lines(access["works"], language)
    shown += [_piece(one) for one in access["equipment"]]
    return [*shown, *(_owed(fee, language) for fee in access["fees"])]


def _piece(one: Answer) -> str:
    named = one["name"] if one["serial"] is None else f"{one['name']} ({one['serial']})"
    more = [
        "bought" if one["bought"] else None,
        "with reserves" if one["with_reserves"] else None,
        f"{one['monthly']} € HT a month" if one["monthly"] else None,
        f"{one['once']} € HT once" if one["once"] else None,
        f"billed from {one['billed_from']}" if one["billed_from"] else None,
        f"back by {one['back_by']}" if one["back_by"] else None,
        "at the place before" if one["elsewhere"] else None,
    ]
    said = "".join(f", {word}" for word in more if word is not None)
    return f"  {named}: {one['state']} since {one['since']}{said}"


def _offered(number: int | None, access: Answer) -> str:
    offer = access["offer"]
    if offer is None:
        return f"line {number}: wanted {', '.join(access['wanted'])}, no offer chosen"
    rate = f"{offer['down_kbps']}/{offer['up_kbps']} kbit/s"
    return (
        f"line {number}: {offer['operator']}, {offer['technology']}, {rate}, "
        f"{offer['lead_days']} jours ouvrés"
    )


def _because(access: Answer, language: Language) -> list[str]:
    offer = access["offer"] or {"because": []}
    return [f"  {said[language]}" for said in offer["because"]]


def _owed(fee: Answer, language: Language) -> str:
    euros = "no known amount" if fee["euros"] is None else f"{fee['euros']} € {fee['tax']}"
    risk = "" if fee["consented"] else ", not charged without consent"
    return f"  {fee['head']}: {euros}, {fee['said'][language]} ({fee['source']}){risk}"
