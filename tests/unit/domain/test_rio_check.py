import pytest

from domain.number_blocks import BlockDirectory, NumberBlock
from domain.numbers import FrenchNumber
from domain.policies import FixedKeyPolicy
from domain.rio import RIO, key_of
from domain.rio_check import Weight, check_rio
from domain.rio_prefixes import Holder, RioDirectory, Unresolved, holders_anywhere
from domain.territories import Territory

OURS = RioDirectory()
FULL = RioDirectory(fixed={"F0": Holder(name="Orange")}, fixed_is_complete=True)


def codes(rio: str, number: str, **options: object) -> list[str]:
    verdict = check_rio(
        RIO.parse(rio),
        FrenchNumber.parse(number),
        directory=OURS,
        **options,  # type: ignore[arg-type]  # the one option there is
    )
    return [f"{finding.weight}:{finding.code}" for finding in verdict.findings]


def test_a_right_mobile_rio_is_accepted_and_names_its_donor() -> None:
    verdict = check_rio(RIO.parse("01PEROY4P4TR"), FrenchNumber.parse("0612345678"), directory=OURS)

    assert verdict.accepted
    assert [f.said.en for f in verdict.findings] == [
        "the key binds this RIO to this number",
        "donor: Orange",
    ]


def test_the_neighbours_rio_is_refused() -> None:
    verdict = check_rio(RIO.parse("01PEROY4P4TR"), FrenchNumber.parse("0612345679"), directory=OURS)

    assert not verdict.accepted
    assert "character 10 of the number: 8, not 9" in verdict.findings[0].said.en


def test_a_rio_nothing_explains_is_to_be_asked_for_again() -> None:
    verdict = check_rio(RIO.parse("01PAAAAAAAAA"), FrenchNumber.parse("0612345678"), directory=OURS)

    assert "slip" not in verdict.findings[0].said.en
    assert "3179" in verdict.findings[0].said.fr


@pytest.mark.parametrize(
    ("rio", "number"),
    [
        ("F0PEROY4P4TR", "0612345678"),
        ("01PEROY4P4TR", "0176210010"),
        ("01PEROY4P4TR", "0892123456"),
        ("F0PEROY4P4TR", "07001234567890"),
    ],
)
def test_a_rio_of_the_other_kind_of_number_is_refused(rio: str, number: str) -> None:
    assert codes(rio, number) == ["refusal:wrong-medium"]


def test_a_short_number_has_no_rio() -> None:
    assert codes("F0PEROY4P4TR", "3900") == ["refusal:no-rio"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (FixedKeyPolicy.OFF, ["note:operator"]),
        (FixedKeyPolicy.WARN, ["warning:key-wrong", "note:operator"]),
        (FixedKeyPolicy.BLOCK, ["refusal:key-wrong", "note:operator"]),
    ],
)
def test_a_wrong_fixed_key_does_what_the_policy_says(
    policy: FixedKeyPolicy, expected: list[str]
) -> None:
    assert codes("F0PEROY4P4TR", "0176210010", fixed_key=policy) == expected


def test_a_wrong_fixed_key_is_a_warning_unless_asked_otherwise() -> None:
    assert codes("F0PEROY4P4TR", "0176210010")[0] == "warning:key-wrong"


def test_a_right_fixed_key_is_said_to_be_right() -> None:
    prefix = "F01EROY4P"

    assert codes(prefix + key_of(prefix, "0892123456"), "0892123456") == [
        "note:key-right",
        "note:operator",
    ]


@pytest.mark.parametrize(
    ("code", "number", "name"),
    [
        # porting-and-access § 1.4: the same code names another operator in another group
        ("01", "0612345678", "Orange"),
        ("02", "0612345678", "SFR"),
        ("03", "0612345678", "Bouygues Telecom"),
        ("04", "0612345678", "Free Mobile"),
        ("01", "0690123456", "Orange Caraïbe"),
        ("02", "0696100152", "Digicel"),
        ("03", "0694123456", "SFR Caraïbe (Outremer Telecom)"),
        ("04", "0690123456", "Dauphin Telecom"),
        ("05", "0690123456", "UTS Caraïbe"),
        ("06", "0690123456", "Free Caraïbe"),
    ],
)
def test_a_mobile_code_names_an_operator_within_its_exchange(
    code: str, number: str, name: str
) -> None:
    holder = OURS.holder_of(RIO.parse(f"{code}EABCDEFAAA"), FrenchNumber.parse(number))

    assert isinstance(holder, Holder)
    assert holder.name == name


@pytest.mark.parametrize("number", ["0692123456", "0612345678"])
def test_a_mobile_code_nobody_published_is_said_to_be_unknown(number: str) -> None:
    unknown = OURS.holder_of(RIO.parse("99EABCDEFAAA"), FrenchNumber.parse(number))

    assert isinstance(unknown, Unresolved)
    assert not unknown.refuse
    assert "not public" in unknown.said.en


@pytest.mark.parametrize("number", [None, "0708401234"])
def test_a_mobile_code_needs_the_exchange_of_its_number(number: str | None) -> None:
    line = None if number is None else FrenchNumber.parse(number)

    unknown = OURS.holder_of(RIO.parse("01EABCDEFAAA"), line)

    assert isinstance(unknown, Unresolved)
    assert "exchange group" in unknown.said.en
    assert unknown.said.fr


def test_a_mobile_code_without_its_number_names_one_operator_per_exchange() -> None:
    found = {group: holder.name for group, holder in holders_anywhere(RIO.parse("04EABCDEFAAA"))}

    assert found == {"GPM": "Free Mobile", "GPMAG": "Dauphin Telecom"}


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("F0", "Orange"), ("F1", "SFR"), ("F4", "Bouygues Telecom"), ("I9", "Sewan")],
)
def test_the_main_fixed_prefixes_are_known_without_a_file(prefix: str, name: str) -> None:
    holder = OURS.holder_of(RIO.parse(f"{prefix}1ABCDEFAAA"), None)

    assert isinstance(holder, Holder)
    assert holder.name == name


def test_an_unknown_fixed_prefix_is_refused_only_by_the_full_list() -> None:
    rio, number = RIO.parse("ZY1ABCDEFAAA"), FrenchNumber.parse("0176210010")

    short = check_rio(rio, number, directory=OURS)
    full = check_rio(rio, number, directory=FULL)

    assert short.accepted
    assert "load the regulator's MAJRIO file" in short.findings[-1].said.en
    assert not full.accepted
    assert full.findings[-1].weight is Weight.REFUSAL


def block(first: str, last: str, territory: Territory | None) -> NumberBlock:
    return NumberBlock(
        first=first,
        last=last,
        holder="TEST",
        territory_said="",
        territory=territory,
        since=None,
    )


BLOCKS = BlockDirectory(
    (
        block("0712000000", "0712009999", Territory.MAYOTTE),
        block("0712010000", "0712019999", None),
        block("07120100000000", "07120199999999", None),
    )
)


def test_the_published_block_decides_where_a_number_belongs() -> None:
    placed = BLOCKS.placed(FrenchNumber.parse("0712005000"))

    assert placed.territory is Territory.MAYOTTE


@pytest.mark.parametrize("number", ["0712015000", "0712020000", "0611111111", "0799999999"])
def test_where_no_block_says_so_the_numbering_plan_decides(number: str) -> None:
    line = FrenchNumber.parse(number)

    assert BLOCKS.placed(line) == line
    assert BlockDirectory().block_of(line) is None


def test_a_block_of_another_length_is_not_taken_for_ours() -> None:
    found = BLOCKS.block_of(FrenchNumber.parse("0712015000"))

    assert found is not None
    assert found.first == "0712010000"
