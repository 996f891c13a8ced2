"""Files as they come out of spreadsheets, old programs and accidents."""

import pytest

from fieldops.common.importing.sheet import FileRefused, Sheet, read_sheet


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [record.cells for record in sheet.records]


def test_reads_a_plain_file() -> None:
    sheet = read_sheet(b"Name,Town\nAda,Leeds\nBert,York\n")
    assert sheet.header.cells == ("Name", "Town")
    assert cells(sheet) == [("Ada", "Leeds"), ("Bert", "York")]
    assert sheet.broken == ()
    assert sheet.remark == ""


def test_a_byte_order_mark_is_not_part_of_the_first_name() -> None:
    assert read_sheet(b"\xef\xbb\xbfName\nAda\n").header.cells == ("Name",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    sheet = read_sheet(end.join(["Name,Town", "Ada,Leeds", "Bert,York"]).encode())
    assert cells(sheet) == [("Ada", "Leeds"), ("Bert", "York")]
    assert [record.line for record in sheet.records] == [2, 3]


def test_windows_1252_is_read_and_remarked_on() -> None:
    sheet = read_sheet(
        "Name\nCafé £ O\N{RIGHT SINGLE QUOTATION MARK}Neill\n".encode("cp1252")
    )
    assert cells(sheet) == [("Café £ O\N{RIGHT SINGLE QUOTATION MARK}Neill",)]
    assert "Windows-1252" in sheet.remark


def test_unicode_text_from_excel_is_read() -> None:
    sheet = read_sheet("Name\tTown\nŁukasz\tYork\n".encode("utf-16"))
    assert cells(sheet) == [("Łukasz", "York")]


def test_a_quoted_break_keeps_the_line_numbers_right() -> None:
    sheet = read_sheet(b'Name,Note\r\nAda,"one\r\ntwo"\r\nBert,three\r\n')
    assert cells(sheet) == [("Ada", "one\r\ntwo"), ("Bert", "three")]
    assert [record.line for record in sheet.records] == [2, 4]


def test_quotation_marks_inside_an_unquoted_value_stand_for_inches() -> None:
    assert cells(read_sheet(b'Name,Size\nPipe 4",1/2"\n')) == [('Pipe 4"', '1/2"')]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_finds_the_separator(delimiter: str) -> None:
    text = f'Name{delimiter}Town\n"a,b;c"{delimiter}York\n'
    assert cells(read_sheet(text.encode())) == [("a,b;c", "York")]


def test_excel_may_declare_the_separator() -> None:
    sheet = read_sheet(b"sep=;\r\nName;Town\r\nAda;York\r\n")
    assert sheet.header.cells == ("Name", "Town")
    assert [record.line for record in sheet.records] == [3]


def test_blank_lines_and_lines_of_commas_are_passed_over() -> None:
    sheet = read_sheet(b"\n,,\nName,Town\n\nAda,York\n , \nBert,Leeds\n,\n")
    assert [(r.line, r.cells[0]) for r in sheet.records] == [(5, "Ada"), (7, "Bert")]


def test_an_open_quotation_mark_costs_its_own_line_only() -> None:
    sheet = read_sheet(
        b'Name,Town\nAda,York\n"Bert,Leeds\nCleo,Otley\n"Dora, D",York\n'
    )
    assert cells(sheet) == [("Ada", "York"), ("Cleo", "Otley"), ("Dora, D", "York")]
    [broken] = sheet.broken
    assert (broken.line, broken.text) == (3, '"Bert,Leeds')


def test_an_open_quotation_mark_before_the_end_of_the_file() -> None:
    sheet = read_sheet(b'Name,Town\n"Bert,Leeds\nCleo,Otley\n')
    assert cells(sheet) == [("Cleo", "Otley")]
    assert [line.reason for line in sheet.broken] == [
        "a quotation mark is opened and never closed"
    ]


def test_what_follows_a_broken_line_and_is_too_short_goes_with_it() -> None:
    text = b'Name,Town,Note\nBert,Leeds,"a "b"\nrest of the note"\nCleo,Otley,x\n'
    sheet = read_sheet(text)
    assert cells(sheet) == [("Cleo", "Otley", "x")]
    assert [line.line for line in sheet.broken] == [2, 3]


def test_a_value_of_endless_length_costs_its_own_line_only() -> None:
    text = f"Name,Town\nAda,{'x' * 200_000}\nBert,York\n"
    sheet = read_sheet(text.encode())
    assert cells(sheet) == [("Bert", "York")]
    assert [(line.line, line.reason) for line in sheet.broken] == [
        (2, "a value is longer than 131,072 characters")
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"\n\n  \n", "The file is empty."),
        (b"PK\x03\x04....", "an Excel workbook or a ZIP archive"),
        (b"\xd0\xcf\x11\xe0....", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"Name\nA\x00da\n", "not a text file"),
        (b"Name\n\x81\x8d\n", "characters cannot be read"),
        (b'"Name,Town\nAda,York\n', "Line 1 cannot be read"),
    ],
)
def test_refuses_what_is_no_csv_file(content: bytes, says: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_sheet(content)
    assert says in refusal.value.message
