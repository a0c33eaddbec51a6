"""What a data set may look like, and what is said when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bench.dataset import DatasetError, read_examples, read_texts
from tests.bench.conftest import Write


def test_text_and_label_are_read_and_other_columns_are_not(write: Write) -> None:
    path = write("a.csv", [("source", "label", "text"), ("x", "refund", " money, please\nnow ")])
    assert read_examples(path) == (("money, please\nnow", "refund"),)


def test_a_file_saved_by_a_spreadsheet_with_its_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\r\n退款,refund\r\n", encoding="utf-8-sig")
    assert read_examples(path) == (("退款", "refund"),)


def test_out_of_scope_messages_need_no_label(write: Write) -> None:
    assert read_texts(write("oos.csv", [("text",), ("hello",), ("bye",)])) == ("hello", "bye")


def test_a_missing_column_is_named_with_its_file_and_the_columns_that_are_there(write: Write) -> None:
    path = write("a.csv", [("utterance", "label"), ("x", "y")])
    with pytest.raises(DatasetError, match=r"a\.csv:1: there is no column 'text'.*utterance, label"):
        read_examples(path)


@pytest.mark.parametrize("row", [("alone",), ("no label", ""), ("blank", "  ")])
def test_a_row_without_a_label_is_named_with_its_line(write: Write, row: tuple[str, ...]) -> None:
    path = write("a.csv", [("text", "label"), ("fine", "ok"), row])
    with pytest.raises(DatasetError, match=r"a\.csv:3: this row has no label"):
        read_examples(path)


def test_a_row_without_a_text_is_named_with_its_line(write: Write) -> None:
    with pytest.raises(DatasetError, match=r"a\.csv:2: this row has no text"):
        read_examples(write("a.csv", [("text", "label"), ("", "ok")]))


def test_a_file_of_a_header_alone_is_refused(write: Write) -> None:
    with pytest.raises(DatasetError, match=r"a\.csv:1: there is no message"):
        read_examples(write("a.csv", [("text", "label")]))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"a\.csv:1: there is no column 'text'; the columns are: none"):
        read_examples(tmp_path / "a.csv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"gone\.csv can't be read: No such file"):
        read_examples(tmp_path / "gone.csv")


def test_another_encoding_is_refused_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\n退款,refund\n".encode("gb18030"))
    with pytest.raises(DatasetError, match="save the file as UTF-8"):
        read_examples(path)


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text,label\nfine,ok\n"open,ok\n', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"a\.csv: after line 2: unexpected end of data"):
        read_examples(path)
