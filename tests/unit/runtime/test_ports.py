import pytest

from runtime.errors import UnavailableError
from runtime.ports import PortWish, choose_ports, is_free, listening_socket, port_wishes
from runtime.settings import load_settings
from tests.unit.runtime.test_settings import OWN


def _wish(name: str, configured: int | None = None) -> PortWish:
    return PortWish(name=name, setting=f"RACCORD_{name.upper()}_PORT", configured=configured)


def test_free_ports_are_chosen_and_differ() -> None:
    chosen = choose_ports(tuple(_wish(name) for name in "abcdef"), {})

    assert len(set(chosen.values())) == 6
    assert all(is_free(port) for port in chosen.values())


def test_a_stack_keeps_the_ports_it_had() -> None:
    first = choose_ports((_wish("api"), _wish("ui")), {})

    assert choose_ports((_wish("api"), _wish("ui")), first) == first


def test_a_kept_port_that_is_taken_meanwhile_is_replaced(occupied: int) -> None:
    chosen = choose_ports((_wish("api"),), {"api": occupied})

    assert chosen["api"] != occupied


def test_a_configured_port_that_is_taken_is_named_with_its_setting(occupied: int) -> None:
    with pytest.raises(UnavailableError) as refused:
        choose_ports((_wish("api", occupied),), {})

    assert f"port {occupied} is already taken" in str(refused.value)
    assert "RACCORD_API_PORT" in str(refused.value)
    with pytest.raises(UnavailableError, match="RACCORD_API_PORT"):
        listening_socket("127.0.0.1", occupied, "RACCORD_API_PORT")


def test_one_port_cannot_serve_twice() -> None:
    free = choose_ports((_wish("any"),), {})["any"]

    with pytest.raises(UnavailableError, match="given twice"):
        choose_ports((_wish("api", free), _wish("ui", free)), {})


def test_parts_of_ones_own_need_no_port() -> None:
    embedded = {wish.name for wish in port_wishes(load_settings({}))}
    own = load_settings({**OWN, "TEMPORAL_ADDRESS": "temporal:7233"})

    assert embedded == {
        "api",
        "exchange",
        "mail",
        "postgres",
        "simulators",
        "temporal",
        "temporal-ui",
    }
    assert {wish.name for wish in port_wishes(own)} == {"api", "exchange", "mail", "simulators"}


@pytest.mark.parametrize(
    "real",
    [
        {"RACCORD_SFR_URL": "https://sfr.example", "RACCORD_SFR_SECRET": "s"},
        {"RACCORD_SMTP_URL": "smtp://mail.example", "RACCORD_SMTP_FROM": "a@b.fr"},
    ],
)
def test_where_anything_is_real_no_mail_goes_to_a_simulated_server(real: dict[str, str]) -> None:
    wished = {wish.name for wish in port_wishes(load_settings(real))}

    assert "mail" not in wished
