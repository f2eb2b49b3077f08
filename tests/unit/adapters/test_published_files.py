import pytest

from adapters.arcep.published_files import (
    PublishedFileError,
    is_number_blocks,
    is_rio_prefixes,
    read_number_blocks,
    read_rio_prefixes,
)
from domain.territories import Territory

PREFIXES = (
    'Ressource;"Code Attributaire";Attributaire;"Date d\'effet (attribution)";"N° décision"\n'
    "F0;FRTE;Orange;01/01/2017;2016-1702\n"
    'F1;SFR0;"Société française du radiotéléphone";26/03/2015;2015-0347\n'
    "\n"
    "ZZ;IPDI;;;\n"
)
BLOCKS = (
    "EZABPQM;Tranche_Debut;Tranche_Fin;Mnémo;Territoire;Date_Attribution\n"
    "0692;0692000000;0692999999;SRR0;La Réunion;01/01/2001\n"
    "0176;176000000;176009999;TEST;Métropole;\n"
    "0700;07000000000000;07000999999999;M2M0;Guadeloupe, Martinique;2012-07-17\n"
    "3900;3900;3900;FRTE;Métropole;\n"
)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
def test_the_regulators_prefixes_are_read_in_either_encoding(encoding: str) -> None:
    content = PREFIXES.encode(encoding)

    holders = read_rio_prefixes(content, source="MAJRIO of April 2026")

    assert is_rio_prefixes(content)
    assert not is_number_blocks(content)
    assert holders["F1"].name == "Société française du radiotéléphone"
    assert holders["F1"].source == "MAJRIO of April 2026"
    assert str(holders["F0"].since) == "2017-01-01"
    assert (holders["ZZ"].name, holders["ZZ"].since) == ("IPDI", None)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_the_regulators_blocks_are_read_and_put_in_order(encoding: str) -> None:
    content = BLOCKS.encode(encoding)

    blocks = read_number_blocks(content)

    assert is_number_blocks(content)
    assert [block.first for block in blocks] == [
        "3900",
        "0176000000",
        "0692000000",
        "07000000000000",
    ]
    assert [block.territory for block in blocks] == [
        Territory.METROPOLE,
        Territory.METROPOLE,
        Territory.REUNION,
        None,
    ]
    assert str(blocks[3].since) == "2012-07-17"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "has headings and no line"),
        ("00;FRTE;Orange;01/01/2017\n", "line 2: '00' is no RIO prefix"),
        ("F0;FRTE;Orange;01/01/2017\nF0;FRTE;Orange;01/01/2017\n", "line 3: prefix F0 comes twice"),
        ("F0;FRTE\n", "line 2: 2 columns where 3 are expected"),
        ("F0;FRTE;Orange;soon\n", "line 2: 'soon' is no date"),
        ('F0;FRTE;"Orange;01/01/2017\nF1;SFR0;SFR;01/01/2017\n', "line 3: "),
        ('F0;FRTE;"Orange\n";01/01/2017\n', "line 3: a quote is not closed"),
    ],
)
def test_a_file_of_prefixes_with_one_bad_line_is_refused_whole(lines: str, sentence: str) -> None:
    content = PREFIXES.partition("\n")[0] + "\n" + lines

    with pytest.raises(PublishedFileError) as refused:
        read_rio_prefixes(content.encode(), source="")

    assert sentence in str(refused.value)
    assert "download the file again" in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "has headings and no line"),
        ("0692;x;0692999999;SRR0;La Réunion;\n", "line 2: 'x' is no number"),
        ("0692;0692999999;0692000000;SRR0;La Réunion;\n", "ends before it starts"),
        ("0692;0692000000;069299999999;SRR0;La Réunion;\n", "ends before it starts"),
    ],
)
def test_a_file_of_blocks_with_one_bad_line_is_refused_whole(lines: str, sentence: str) -> None:
    content = BLOCKS.partition("\n")[0] + "\n" + lines

    with pytest.raises(PublishedFileError) as refused:
        read_number_blocks(content.encode())

    assert sentence in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"a;b;c\n", b"\xff\xfe\x00"])
def test_another_file_is_not_taken_for_one_of_them(content: bytes) -> None:
    assert not is_rio_prefixes(content)
    assert not is_number_blocks(content)
