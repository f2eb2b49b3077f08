"""How a customer is told: the form the contract admits, by the address there is (decision 8)."""

from domain import order_file
from domain.contract_questions import Contract
from domain.notices import Effect
from domain.order_file import Came, Channel
from domain.parsed import BadValueError
from domain.said import Said

_EMAILS = frozenset({"email", "email-with-receipt", "electronic"})
WITH_RECEIPT = "email-with-receipt"


def channel_for(contract: Contract, *, has_address: bool, can_send: bool) -> tuple[Channel, Said]:
    """The channel, and why that one."""
    forms = contract.choices("notice.channels")
    source = contract.source("notice.channels")
    by_contract = f" ({source})" if forms and source else ""
    why_not = _why_no_email(contract, has_address=has_address, can_send=can_send)
    if why_not is None:
        because = Said(
            fr=f"par courriel, à l'adresse donnée avec la commande{by_contract}",
            en=f"by email, to the address given with the order{by_contract}",
        )
        return Channel.EMAIL, because
    if "registered-letter" in forms:
        because = Said(
            fr=f"par lettre recommandée{by_contract} : {why_not.fr}",
            en=f"by registered letter{by_contract}: {why_not.en}",
        )
        return Channel.REGISTERED_LETTER, because
    return Channel.LETTER, Said(fr=f"par lettre : {why_not.fr}", en=f"by letter: {why_not.en}")


def _why_no_email(contract: Contract, *, has_address: bool, can_send: bool) -> Said | None:
    forms = contract.choices("notice.channels")
    never = contract.choice("notice.email-effective") == "never"
    if never or (forms and _EMAILS.isdisjoint(forms)):
        return Said(fr="le contrat n'admet pas le courriel", en="the contract takes no email")
    if not has_address:
        return Said(
            fr="la commande ne donne pas d'adresse électronique",
            en="the order gives no email address",
        )
    if not can_send:
        return Said(
            fr="aucun envoi de courriels n'est configuré", en="no sending of emails is set up"
        )
    return None


def wants_receipt(contract: Contract) -> bool:
    """Whether the contract's own form of an email asks for its acknowledgement."""
    forms = contract.choices("notice.channels")
    return WITH_RECEIPT in forms and "email" not in forms


def effect_of(contract: Contract, channel: Channel, came: Came) -> Effect | None:
    """None while the date is missing that the contract counts from."""
    try:
        on, rule = order_file.taking_effect(contract, channel, came)
    except BadValueError:
        return None
    return Effect(on=on, rule=rule)
