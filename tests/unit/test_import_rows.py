from collections.abc import Callable
from pathlib import Path

import pytest

from os_events.commands.importing.rows import (
    Row,
    UnknownColumnError,
    UnreadableFileError,
    read_file,
)

Written = Callable[[bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: bytes) -> Path:
        path = tmp_path / "ordens.csv"
        path.write_bytes(content)
        return path

    return write


def reference(row: Row) -> str | None:
    return row.cells["OS"] or None


def test_a_file_is_read_in_its_own_encoding_and_by_its_own_delimiter(written: Written) -> None:
    path = written("OS;Situação\n7;Não há peça\n".encode("latin-1"))

    file = read_file(path, "latin-1", ";")

    assert file.rows == [Row(2, {"OS": "7", "Situação": "Não há peça"}, whole=True)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(written: Written) -> None:
    path = written(b"\xef\xbb\xbfOS,Status\n7,Aberto\n")

    assert read_file(path, "utf-8", ",").columns == ("OS", "Status")


def test_a_row_that_goes_over_several_lines_is_named_by_the_first(written: Written) -> None:
    path = written(b'OS,Laudo\n7,"queimou\na placa"\n8,ok\n')

    assert [row.line for row in read_file(path, "utf-8", ",").rows] == [2, 4]


def test_a_row_with_a_cell_too_few_is_known_for_it(written: Written) -> None:
    path = written(b"OS,Status\n7\n")

    assert read_file(path, "utf-8", ",").rows == [Row(2, {"OS": "7", "Status": ""}, whole=False)]


def test_rows_of_one_record_are_gathered_wherever_they_are(written: Written) -> None:
    path = written(b"OS,Status\n7,a\n8,b\n7,c\n,d\n")

    records = read_file(path, "utf-8", ",").records(reference)

    gathered = [(record.reference, [row.line for row in record.rows]) for record in records]
    assert gathered == [("7", [2, 4]), ("8", [3]), (None, [5])]


def test_a_column_that_is_not_there_is_named_with_those_that_are(written: Written) -> None:
    file = read_file(written(b"OS,Status\n"), "utf-8", ",")

    with pytest.raises(UnknownColumnError, match="not in the file: Valor"):
        file.need(["OS", "Valor"])


@pytest.mark.parametrize("content", [b"", b"OS\n\xff\n", b'OS\n"7\n'])
def test_what_is_no_table_in_that_encoding_is_refused(written: Written, content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_file(written(content), "utf-8", ",")


def test_an_encoding_that_does_not_exist_is_refused(written: Written) -> None:
    with pytest.raises(UnreadableFileError, match="latin-x"):
        read_file(written(b"OS\n7\n"), "latin-x", ",")


def test_columns_of_one_name_are_refused_and_none_is_passed_over(written: Written) -> None:
    with pytest.raises(UnreadableFileError, match="two columns are called Telefone"):
        read_file(written(b"OS,Telefone,Telefone\n7,1,2\n"), "utf-8", ",")
