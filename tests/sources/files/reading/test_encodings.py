"""Character encodings: proven, likely, guessed, forced."""

from __future__ import annotations

import codecs

import pytest

from punte.errors import UnreadableFile

from .conftest import Read

ROMANIAN = "Nume,Oraş\nIon Ţurcanu,Bucureşti\nŞtefan Pîrvu,Timişoara\nMădălina Ioniţă,Iaşi\n"
POLISH = "Imię,Miasto\nŁukasz Wiśniewski,Kraków\nŻaneta Źródło,Łódź\n"
CZECH = "Jméno,Město\nŘehoř Šťastný,Plzeň\nŽofie Nováková,Brno\n"
HUNGARIAN = "Név,Város\nŐry Győző,Székesfehérvár\nFűtő Béla,Győr\n"
CROATIAN = "Ime,Grad\nKovačić,Šibenik\nŽeljko Đurić,Požega\n"
FRENCH = "Nom,Ville\nAndré Lefèvre,Besançon\nHélène Gruyère,Orléans\n"
GERMAN = "Name,Stadt\nJürgen Müller,Köln\nGrößmann,Düsseldorf\n"
PORTUGUESE = "Nome,Cidade\nJoão Conceição,São Paulo\nInês Simões,Brasília\n"
SPANISH = "Nombre,Ciudad\nMuñoz,Málaga\nPeña,Coruña\n"
DANISH = "Navn,By\nJørgensen,Århus\nSøren Kjær,Tårnby\n"
PRICES = "Deal,Amount\n“Big” deal – ok,€ 500\nO’Brien,£20\n"
JAPANESE = "名前,都市\n山田太郎,東京\n鈴木花子,大阪\n佐藤さん,なごや\n"
RUSSIAN = "Имя,Город\nИван Петров,Москва\nАнна Сергеевна,Казань\n"


def table_of(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(",")) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(text, "cp1250") for text in (ROMANIAN, POLISH, CZECH, HUNGARIAN, CROATIAN, GERMAN)],
        *[(text, "iso8859_2") for text in (ROMANIAN, POLISH, CZECH, HUNGARIAN, CROATIAN)],
        *[(text, "cp1252") for text in (FRENCH, GERMAN, PORTUGUESE, SPANISH, DANISH, PRICES)],
        *[(text, "latin-1") for text in (FRENCH, GERMAN, PORTUGUESE, SPANISH, DANISH)],
        *[(text, "mac_roman") for text in (FRENCH, GERMAN, SPANISH, DANISH, PRICES)],
        (JAPANESE, "shift_jis"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_old_encodings_are_told_by_the_letters_of_their_languages(read: Read, text: str, encoding: str) -> None:
    table = read(text.encode(encoding))
    assert [tuple(table.header), *table.cells] == table_of(text)
    assert table.report.encoding is not None
    assert table.report.encoding.confidence in ("likely", "guess")


@pytest.mark.parametrize("text", [ROMANIAN, POLISH, FRENCH, JAPANESE, RUSSIAN, PRICES])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_unicode_is_certain(read: Read, text: str, mark: bytes, encoding: str) -> None:
    table = read(mark + text.encode(encoding))
    assert [tuple(table.header), *table.cells] == table_of(text)
    assert table.report.encoding is not None
    assert (table.report.encoding.name, table.report.encoding.confidence) == (encoding, "certain")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_byte_order_mark(read: Read, encoding: str) -> None:
    table = read(ROMANIAN.replace(",", "\t").encode(encoding))
    assert [tuple(table.header), *table.cells] == table_of(ROMANIAN)
    assert table.report.encoding is not None
    assert (table.report.encoding.name, table.report.encoding.confidence) == (encoding, "likely")


def test_letters_in_the_middle_of_a_large_file_decide_its_encoding(read: Read) -> None:
    plain = "1,Ana Pop,Cluj\n" * 100_000
    table = read(("id,name,city\n" + plain + "2,Ştefan Ţurcanu,Iaşi\n" + plain).encode("cp1250"))
    assert table.rows[100_000] == (100_002, "2", "Ştefan Ţurcanu", "Iaşi")
    assert len(table.rows) == 200_001


def test_bytes_that_the_old_encoding_does_not_have_cost_their_row_only(read: Read) -> None:
    table = read(ROMANIAN.encode("cp1250") + b"Ana \x83\x81 Pop,Cluj\n", encoding="cp1250")
    assert [tuple(table.header), *table.cells] == table_of(ROMANIAN)
    assert table.problems == [(5, "bad_encoding")]


def test_a_file_cut_in_the_middle_of_a_character_loses_its_last_row_only(read: Read) -> None:
    table = read("id,city\n1,Cluj\n2,Iași".encode()[:-1] + "ș".encode()[:1])
    assert (table.cells, table.problems) == ([("1", "Cluj")], [(3, "bad_encoding")])


def test_the_encoding_can_be_forced(read: Read) -> None:
    table = read("name\nº\n".encode("cp1252"), encoding="cp1250")
    assert table.cells == [("ş",)]
    assert table.report.encoding is not None
    assert (table.report.encoding.name, table.report.encoding.confidence) == ("cp1250", "certain")


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64"])
def test_an_encoding_that_is_none_is_refused(read: Read, encoding: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read("a\n", encoding=encoding)
    assert str(refused.value) == (
        f'"{encoding}" is not the name of a character encoding. '
        "Use a name such as utf-8, cp1250, cp1252, iso8859-2, utf-16 or mac_roman."
    )
