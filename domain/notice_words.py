"""Words of notices that numbers and sites share, and how a clause's place is kept from them."""

import re
from collections.abc import Iterable

from domain.port_in_facts import GateKind
from domain.said import Said, joined

_ONE = r"(?:[0-9]{3}:[0-9]+(?:-[0-9]+)?|d[eé]cision [0-9]+|C22)"
_PLACE = re.compile(rf" \(({_ONE}(?:, {_ONE})*)\)")
_BRACKET = re.compile(r" \([^()]*\)")
_CLAUSE = re.compile(r"[0-9]{3}:[0-9]+(?:-[0-9]+)?")


def plain(said: Said) -> Said:
    """Without the place of a clause, or of a decision, in our own numbering."""
    return Said(fr=_PLACE.sub("", said.fr), en=_PLACE.sub("", said.en))


def unsourced(said: Said) -> Said:
    """Of words whose brackets hold nothing but what they stand on: without any of them, a default
    of ours like a clause."""
    return Said(fr=_BRACKET.sub("", said.fr), en=_BRACKET.sub("", said.en))


def clauses(said: Iterable[Said]) -> tuple[str, ...]:
    """Which clauses it stands on, each once."""
    places = (place for one in said for place in _CLAUSE.findall(one.fr))
    return tuple(dict.fromkeys(places))


def placed(said: Said, reasons: Iterable[Said]) -> Said:
    """With the clauses of what led to it, which are not told: they are kept beside the text."""
    places = ", ".join(clauses(reasons))
    if not places:
        return said
    return Said(fr=f"{said.fr} ({places})", en=f"{said.en} ({places})")


def papers_said(kinds: Iterable[str]) -> Said:
    """What a customer is asked for, gate by gate."""
    return joined(OF_A_GATE[GateKind(kind)] for kind in kinds if kind in OF_A_GATE)


OF_A_GATE = {
    GateKind.RIO: Said(
        fr="le RIO du numéro (appelez le 3179 depuis la ligne)",
        en="the RIO of the number (call 3179 from the line)",
    ),
    GateKind.MANDATE: Said(fr="le mandat signé", en="the signed mandate"),
    GateKind.IDENTITY: Said(
        fr="le justificatif d'identité du titulaire", en="the holder's proof of identity"
    ),
    GateKind.DOSSIER: Said(
        fr="les pièces demandées par le contrat", en="the papers the contract asks for"
    ),
    GateKind.WITHDRAWAL: Said(
        fr="votre demande expresse de commencer avant la fin du délai de rétractation",
        en="your express request to start before the right of withdrawal has run out",
    ),
    GateKind.ARREARS: Said(
        fr="le règlement des factures en retard", en="payment of the invoices that are late"
    ),
    GateKind.PAYMENT: Said(
        fr="le règlement de ce qui est dû à la commande", en="payment of what is due with the order"
    ),
    GateKind.DEPOSIT: Said(
        fr="la garantie qui vous a été demandée", en="the guarantee you were asked for"
    ),
    GateKind.PRESENCE: Said(
        fr="votre confirmation que vous serez en France le jour du portage",
        en="your word that you will be in France on the port day",
    ),
}
