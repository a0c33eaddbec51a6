"""orders.csv, as owners write it and get it wrong."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.money import Money
from bot.errors import ImportRefused
from bot.shop.csv_orders import parse_orders, phone_digits

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = "order_number,placed_at,paid_at,shipped_at,signed_at,completed_at,buyer_name,phone,currency,line,sku,title,quantity,paid,category"
GOOD = "A-1001,2026-11-01 12:30,2026-11-01 12:31,,,,林小满,12000004821,CNY,1,HP-PRO,耳机,1,399.00,electronics"


def problems(*rows: str, header: str = HEADER) -> list[str]:
    return [str(problem) for problem in parse_orders("\n".join((header, *rows)), SHANGHAI, "CNY").problems]


def refusal(text: str) -> str:
    with pytest.raises(ImportRefused) as caught:
        parse_orders(text, SHANGHAI, "CNY")
    return str(caught.value)


def test_an_order_is_read_whole() -> None:
    rows = [HEADER, GOOD, "A-1001,,,,,,,,,2,LM,台灯,2,169.5,"]
    (order,) = parse_orders("\n".join(rows), SHANGHAI, "CNY").orders
    assert (order.number, order.buyer_name, order.phone, order.currency) == (
        "A-1001",
        "林小满",
        "12000004821",
        "CNY",
    )
    assert order.placed_at == datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    assert order.signed_at is None
    assert [(line.number, line.title, line.quantity, line.paid.minor) for line in order.lines] == [
        (1, "耳机", 1, 39900),
        (2, "台灯", 2, 16950),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_marks_and_line_ends_are_found_out(delimiter: str, start: str, end: str) -> None:
    text = start + end.join((HEADER, GOOD)).replace(",", delimiter) + end
    assert len(parse_orders(text, SHANGHAI, "CNY").orders) == 1


@pytest.mark.parametrize(("header", "cell"), [("", ""), (",currency", ",")])
def test_an_order_that_does_not_say_its_currency_has_the_shops(header: str, cell: str) -> None:
    text = f"order_number,placed_at,title,paid{header}\n1001,2026-11-01 09:05,Lamp,399{cell}\n"
    for currency in ("CNY", "EUR"):
        parsed = parse_orders(text, SHANGHAI, currency)
        assert parsed.problems == ()
        assert (parsed.orders[0].currency, parsed.orders[0].paid.currency) == (currency, currency)


def test_of_two_headers_for_one_column_the_better_known_is_taken() -> None:
    text = (
        "订单编号,买家会员名,收货人姓名,联系电话,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,买家实际支付金额\n"
        "1001,zs88,张三,057112345678,'13800008000,2026-11-01 09:05:00,2026-11-01 09:06:00,耳机,1,399.00\n"
    )
    parsed = parse_orders(text, SHANGHAI, "CNY")
    assert parsed.problems == ()
    assert (parsed.orders[0].buyer_name, parsed.orders[0].phone) == ("张三", "13800008000")
    assert parsed.ignored == ("买家会员名", "联系电话")


def test_chinese_headers_as_marketplaces_export_them() -> None:
    text = "订单编号,订单创建时间,订单付款时间,收货人姓名,联系手机,币种,宝贝标题,数量,买家实际支付金额,订单备注\n1001,2026/11/1 9:05,,张三,138****8000,CNY,耳机,1,399,快点\n"
    parsed = parse_orders(text, SHANGHAI, "CNY")
    assert parsed.problems == ()
    assert parsed.ignored == ("订单备注",)
    (order,) = parsed.orders
    assert order.placed_at == datetime(2026, 11, 1, 1, 5, tzinfo=UTC)
    assert order.phone == "8000"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "399.00",
            "$399",
            "row 2, paid: '$399' is marked $, but the order is in CNY; correct the column currency",
        ),
        ("399.00", "399 EUR", "row 2, paid: '399 EUR' is marked EUR, but the order is in CNY"),
        ("399.00", "399 kg", "row 2, paid: '399 kg' is not an amount; write it like 59.90 or 1,299.00"),
        (
            "399.00",
            "¥-5",
            "row 2, paid: '¥-5' is not an amount; write it like 59.90 or 1,299.00, without a minus",
        ),
        ("399.00", "¥", "row 2, paid: '¥' is not an amount"),
        (
            "399.00",
            '"12,50"',
            "row 2, paid: '12,50' is not an amount; write 12.50 if the comma parts the decimals",
        ),
        (
            "399.00",
            '"1.299,00"',
            "'1.299,00' is not an amount; write 1299.00 if the comma parts the decimals",
        ),
        ("399.00", '"12,99.00"', "row 2, paid: '12,99.00' is not an amount"),
        ("399.00", '"0,399"', "row 2, paid: '0,399' is not an amount"),
        ("399.00", "1.299", "row 2, paid: '1.299' has more decimals than CNY has"),
        ("399.00", "1e3", "row 2, paid: '1e3' is not an amount"),
        ("399.00", "-5", "row 2, paid: '-5' is not an amount"),
        ("399.00", "NaN", "row 2, paid: 'NaN' is not an amount"),
        ("399.00", "", "row 2, paid: '' is not an amount"),
        ("399.00", "３９９", "row 2, paid: '３９９' is not an amount"),
        ("399.00", "1_000", "row 2, paid: '1_000' is not an amount"),
        ("399.00", "9" * 30, "is not an amount"),
        (
            "399.00",
            "399.001",
            "row 2, paid: '399.001' has more decimals than CNY has; round it as it was paid",
        ),
        ("CNY", "RMB", "row 2, currency: 'RMB' is not an ISO 4217 code; write CNY"),
        ("CNY", "cny", "row 2, currency: 'cny' is not an ISO 4217 code; write CNY"),
        ("CNY", "XXQ", "row 2, currency: 'XXQ' is not an ISO 4217 code; write CNY, USD, EUR or the like"),
        (
            "2026-11-01 12:30,",
            "yesterday,",
            "row 2, placed_at: 'yesterday' is not a time; write it like 2026-11-01 12:30",
        ),
        (
            "2026-11-01 12:30,",
            "11/1/2026 12:30,",
            "row 2, placed_at: '11/1/2026 12:30' is not a time; write it",
        ),
        ("2026-11-01 12:30,", "2026年13月1日,", "row 2, placed_at: '2026年13月1日' is not a time"),
        ("2026-11-01 12:30,", "2026年11月,", "is not a time"),
        ("2026-11-01 12:30,", "-3d 14:20,", "row 2, placed_at: '-3d 14:20' is not a time"),
        ("2026-11-01 12:30,", "2026-02-30 12:30,", "is not a time"),
        ("2026-11-01 12:30,", "0001-01-01T00:00:00+14:00,", "is not a time"),
        ("2026-11-01 12:30,", ",", "row 2, placed_at: '' is empty; write it like 2026-11-01 12:30"),
        (
            "2026-11-01 12:31",
            "2026-10-01 12:31",
            "row 2, paid_at: '2026-10-01 12:31' is before the order was placed",
        ),
        ("A-1001", "1.23457E+17", "was shortened by the spreadsheet; format the column as text"),
        ("A-1001", "A 1001", "row 2, order_number: 'A 1001' is not such a number; use up to 32 letters A-Z"),
        ("A-1001", "", "row 2, order_number: '' is empty"),
        ("A-1001", "7" * 33, "is not such a number"),
        ("A-1001", "订单1", "is not such a number"),
        ("A-1001", "=1+1", "is not such a number"),
        ("耳机", "", "row 2, title: '' is empty; fill it in"),
        ("耳机", "x" * 201, "row 2, title: '" + "x" * 39 + "…' is longer than 200 characters"),
        ("耳机", "a\u202eb", "holds characters that can't be shown"),
        ("耳机", "a\x00b", "row 2, title: 'a\\x00b' holds characters that can't be shown"),
        (",1,399", ",0,399", "row 2, quantity: '0' is not a count"),
        (",1,399", ",1.5,399", "row 2, quantity: '1.5' is not a count"),
        ("12000004821", "call me", "row 2, phone: 'call me' is not a phone number"),
        ("electronics", "electronics,oops", "row 2: 'oops' is one cell too many for the header"),
    ],
)
def test_a_wrong_cell_is_named_with_its_mend(old: str, new: str, complaint: str) -> None:
    found = problems(GOOD.replace(old, new, 1))
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("written", "currency", "paid"),
    [
        ('"1,299.00"', "CNY", 129900),
        ('"1,299"', "CNY", 129900),
        ('"1,234,567.8"', "CNY", 123456780),
        ("¥59.9", "CNY", 5990),
        ('"￥1,299.00"', "CNY", 129900),
        ("¥ 59.9", "CNY", 5990),
        ("19.9元", "CNY", 1990),
        ("19.9 元", "CNY", 1990),
        ("人民币19.9元", "CNY", 1990),
        ("RMB 19.9", "CNY", 1990),
        ("cny19.90", "CNY", 1990),
        ('"=""59.90"""', "CNY", 5990),
        ("$32.00", "USD", 3200),
        ("HK$32", "HKD", 3200),
        ("32.00 €", "EUR", 3200),
        ('"¥12,000"', "JPY", 12000),
        ('"1,299.500"', "KWD", 1299500),
    ],
)
def test_amounts_as_shops_and_spreadsheets_write_them(written: str, currency: str, paid: int) -> None:
    row = GOOD.replace("399.00", written).replace("CNY", currency)
    parsed = parse_orders(f"{HEADER}\n{row}\n", SHANGHAI, "CNY")
    assert parsed.problems == ()
    assert parsed.orders[0].paid == Money(paid, currency)


def test_a_comma_that_may_part_thousands_or_decimals_is_asked_about() -> None:
    found = problems(GOOD.replace("399.00", '"1,299"').replace("CNY", "KWD"))
    assert found == ["row 2, paid: '1,299' may be 1299 or 1.299; write it without the comma"]


@pytest.mark.parametrize(
    "written",
    [
        "2026年11月1日 12:30", "2026年11月01日 12:30:00", "2026年11月1日12:30", "2026 年 11 月 1 日 12：30", "2026年11月1日 12时30分",
        "2026年11月1日12点30分0秒", "2026/11/1 12:30", "2026/11/01 12:30:00", "2026.11.1 12:30", '"=""2026-11-01 12:30"""',
    ],
)  # fmt: skip
def test_times_as_shops_and_spreadsheets_write_them(written: str) -> None:
    text = f"{HEADER}\n{GOOD.replace('2026-11-01 12:30,', f'{written},')}\n"
    (order,) = parse_orders(text, SHANGHAI, "CNY").orders
    assert order.placed_at == datetime(2026, 11, 1, 4, 30, tzinfo=UTC)


def test_a_day_alone_begins_at_midnight() -> None:
    text = f"{HEADER}\n{GOOD.replace('2026-11-01 12:30,', '2026年11月1日,')}\n"
    (order,) = parse_orders(text, SHANGHAI, "CNY").orders
    assert order.placed_at == datetime(2026, 10, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "guarded", ['="11223344"', '"=""11223344"""', "'11223344", '="11223344"\t', '\t="11223344"']
)
def test_a_number_guarded_as_text_is_the_number(guarded: str) -> None:
    header = HEADER.replace("order_number", '="订单编号"')
    parsed = parse_orders(f"{header}\n{GOOD.replace('A-1001', guarded)}\n", SHANGHAI, "CNY")
    assert parsed.problems == ()
    assert parsed.orders[0].number == "11223344"


@pytest.mark.parametrize("title", ['="a"&"b"', "'90s lamp", '="', "'"])
def test_what_only_begins_like_a_guard_stays(title: str) -> None:
    quoted = '"' + title.replace('"', '""') + '"'
    (order,) = parse_orders(f"{HEADER}\n{GOOD.replace('耳机', quoted)}\n", SHANGHAI, "CNY").orders
    assert order.lines[0].title == title


def test_a_bad_row_leaves_its_whole_order_out_and_no_other() -> None:
    text = "\n".join(
        (
            HEADER,
            GOOD,
            "",
            GOOD.replace("A-1001", "B-2"),
            "B-2,,,,,,,,,2,,Lamp,1,not money,",
            GOOD.replace("A-1001", "C-3"),
            GOOD.replace("A-1001", "C-3").replace("林小满", "陈立").replace(",1,HP", ",2,HP"),
            GOOD.replace("A-1001", "D-4"),
            GOOD.replace("A-1001", "D-4"),
        )
    )
    parsed = parse_orders(text, SHANGHAI, "CNY")
    assert [order.number for order in parsed.orders] == ["A-1001"]
    assert [str(problem) for problem in parsed.problems] == [
        "row 5, paid: 'not money' is not an amount; write it like 59.90 or 1,299.00, without a minus",
        "row 7, buyer_name: '陈立' differs from row 6; make them the same",
        "row 9, line: '1' stands twice in this order; number the lines 1, 2, 3 …",
    ]


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (
            HEADER.replace("order_number", "order_numbr"),
            "column order_number (or 订单号) is missing; is it 'order_numbr'?",
        ),
        (HEADER.replace("shipped_at", "shiped_at"), "unknown column 'shiped_at'; did you mean shipped_at?"),
        (HEADER.replace("sku", "paid"), "column paid stands there twice"),
        ("", "column order_number (or 订单号) is missing; column placed_at"),
        ("hello world", "row 1 (the header): column order_number"),
    ],
)
def test_a_wrong_header_refuses_the_file(header: str, complaint: str) -> None:
    assert complaint in refusal(f"{header}\n{GOOD}\n")


@pytest.mark.parametrize("tail", ['"unclosed', '"a" b,c'])
def test_what_is_no_csv_refuses_the_file_naming_the_line(tail: str) -> None:
    assert "line 3: is no CSV" in refusal(f"{HEADER}\n{GOOD}\n{tail}")


@pytest.mark.parametrize(
    "cell", ["👩\u200d🍳 apron", "=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-2", "=cmd|'/c calc'!A0"]
)
def test_a_formula_is_just_text_and_an_emoji_too(cell: str) -> None:
    (order,) = parse_orders("\n".join((HEADER, GOOD.replace("耳机", cell))), SHANGHAI, "CNY").orders
    assert order.lines[0].title == cell


def test_quoted_cells_keep_delimiters_and_lose_line_breaks() -> None:
    (order,) = parse_orders(
        "\n".join((HEADER, GOOD.replace("耳机", '"Apron, ""sage""\nlarge"'))), SHANGHAI, "CNY"
    ).orders
    assert order.lines[0].title == 'Apron, "sage" large'


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+86 138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("13800138000", "13800138000"),
        ("+1 202 555 0143", "12025550143"),
        ("138****8000", "8000"),
        ("１３８", ""),
        ("", ""),
    ],
)
def test_phones_are_kept_as_digits(written: str, digits: str) -> None:
    assert phone_digits(written) == digits


@given(some.integers(0, 10**12 - 1), some.sampled_from([("CNY", 2), ("USD", 2), ("JPY", 0), ("KWD", 3)]))
def test_any_amount_is_read_to_the_minor_unit(minor: int, currency: tuple[str, int]) -> None:
    code, places = currency
    written = f"{Decimal(minor).scaleb(-places):f}"
    row = GOOD.replace("399.00", written).replace("CNY", code)
    (order,) = parse_orders(f"{HEADER}\n{row}\n", SHANGHAI, "CNY").orders
    assert order.paid == Money(minor, code)


@given(some.text(max_size=300))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for whole in (text, f"{HEADER}\n{text}", f"{HEADER}\n{GOOD}\n{text}"):
        try:
            parsed = parse_orders(whole, SHANGHAI, "CNY")
        except ImportRefused:
            continue
        assert all(order.placed_at.tzinfo for order in parsed.orders)


@given(some.lists(some.tuples(some.integers(1, 6), some.integers(0, 10**6)), max_size=12), some.randoms())
def test_rows_of_an_order_may_stand_anywhere(lines: list[tuple[int, int]], chance: random.Random) -> None:
    rows = []
    counts: dict[int, int] = {}
    for order, fen in lines:
        counts[order] = counts.get(order, 0) + 1
        rows.append(
            GOOD.replace("A-1001", f"N{order}")
            .replace(",1,HP", f",{counts[order]},HP")
            .replace("399.00", f"{fen}")
        )
    chance.shuffle(rows)
    parsed = parse_orders("\n".join((HEADER, *rows)), SHANGHAI, "CNY")
    assert parsed.problems == ()
    assert {order.number: len(order.lines) for order in parsed.orders} == {
        f"N{n}": c for n, c in counts.items()
    }
    assert sum(order.paid.minor for order in parsed.orders) == 100 * sum(fen for _, fen in lines)
