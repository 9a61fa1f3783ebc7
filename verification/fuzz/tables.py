"""Tables as nobody should send them: of accounts and of known events.

    hostile(dice) -> (what is wrong, the bytes of the file, whether it can never be right)
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

LONG = 10_000_000  # letters of the longest cell
HEAD = "name,kind,market,platform,followers,as_of"
ROWS = (
    "Headquarters,headquarters,Russia,twitter,42000,2016",
    "Mission 1,mission,France,twitter,2600,2016-12",
    "Mission 2,mission,Japan,twitter,1800,2016-12-31",
)
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", '"=HYPERLINK(""x"")"')
MARKUP = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "$\\frac{$", "a$b$c",
          "&amp;", "]]>", "\\textbf{x}", "{{7*7}}", "%s%s", "$_{$^{")  # fmt: skip
EVENTS = "date,topic,markets,severity,foreseeable,lead_days"
EVENT = "2016-02-01,security,world,3,yes,10"
Made = tuple[str, bytes, bool]
Change = Callable[[list[str], Random], Made]


def told(name: str, rows: list[str], must: bool, *, head: str = HEAD, end: str = "\n") -> Made:
    """The bytes of a table."""
    return name, (end.join([head, *rows]) + end).encode("utf-8", "surrogatepass"), must


def with_cell(rows: list[str], column: int, value: str, dice: Random) -> list[str]:
    """One cell of one row replaced."""
    row = dice.randrange(len(rows))
    cells = rows[row].split(",")
    cells[column] = value
    return [*rows[:row], ",".join(cells), *rows[row + 1 :]]


def hostile(dice: Random) -> Made:
    """A table of accounts with one thing that is odd or wrong."""
    return dice.choices(TABLES, WEIGHTS)[0](list(ROWS), dice)


def fine(rows: list[str], dice: Random) -> Made:
    """Nothing wrong, whatever the line ends."""
    return told("fine", rows, False, end=dice.choice(("\n", "\r\n", "\r")))


def byte_order_mark(rows: list[str], dice: Random) -> Made:
    name, content, _ = told("byte order mark", rows, False)
    return name, dice.choice((b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf")) + content, False


def other_encoding(rows: list[str], dice: Random) -> Made:
    rows = with_cell(rows, 0, "Bot\u00e9 \u0416", dice)
    name = dice.choice(("utf-16", "utf-32", "latin-1", "cp1251", "utf-16-le", "shift_jis"))
    text = "\n".join([HEAD, *rows]).encode(name, "replace")
    return f"encoded as {name}", text, True


def delimiter(rows: list[str], dice: Random) -> Made:
    sign = dice.choice((";", "\t", "|", ":", " ", "\x1f"))
    content = "\n".join([HEAD, *rows]).replace(",", sign)
    return f"delimiter {sign!r}", content.encode(), sign not in (";", "\t")


def formula(rows: list[str], dice: Random) -> Made:
    return told("formula in a name", with_cell(rows, 0, dice.choice(FORMULAS), dice), False)


def markup(rows: list[str], dice: Random) -> Made:
    return told("markup in a name", with_cell(rows, 0, dice.choice(MARKUP), dice), False)


def formula_elsewhere(rows: list[str], dice: Random) -> Made:
    column = dice.randrange(1, 6)
    return told("formula", with_cell(rows, column, dice.choice(FORMULAS), dice), True)


def long_cell(rows: list[str], dice: Random) -> Made:
    column = dice.randrange(6)
    return told("long cell", with_cell(rows, column, "9" * LONG, dice), True)


def long_header(rows: list[str], dice: Random) -> Made:
    return told("long header", rows, True, head=HEAD + "," + "x" * dice.choice((300, LONG)))


def nul(rows: list[str], dice: Random) -> Made:
    return told("NUL byte", with_cell(rows, dice.randrange(6), "a\x00b", dice), True)


def control(rows: list[str], dice: Random) -> Made:
    sign = dice.choice(("\x01", "\x1b", "\x7f", "\u0085", "\u2028", "\ue000"))
    return told("control sign in a name", with_cell(rows, 0, f"a{sign}b", dice), True)


def twice(rows: list[str], dice: Random) -> Made:
    return told("name twice", [*rows, dice.choice(rows)], True)


def twice_but_for_form(rows: list[str], dice: Random) -> Made:
    """The same letters composed otherwise are the same name."""
    more = [f"{name},mission,Peru,twitter,5,2016" for name in ("Bot\u00e9", "Bote\u0301")]
    return told("name twice but for its form", [*rows, *more], True)


def number(rows: list[str], dice: Random) -> Made:
    wrong = ("-1", "-5", "1e3", "nan", "inf", "1.5", "1,000", "0x10", "1_000", "9" * 30, "many",
             "\u0661", "\u00bd", "1 000", "--1", "1e999", "4000000000000")  # fmt: skip
    return told("followers", with_cell(rows, 4, dice.choice(wrong), dice), True)


def when(rows: list[str], dice: Random) -> Made:
    wrong = ("2016-13", "2016-02-30x", "16", "yesterday", "01/02/2016", "20160104", "-2016")
    return told("date", with_cell(rows, 5, dice.choice(wrong), dice), True)


def future(rows: list[str], dice: Random) -> Made:
    later = dice.choice(("2999", "9999-12-31", "0000"))
    return told("future date", with_cell(rows, 5, later, dice), False)


def market(rows: list[str], dice: Random) -> Made:
    wrong = ("Atlantis", "", "\u0424\u0440\u0430\u043d\u0446\u0438\u044f", "fr;de")
    value = dice.choice((*wrong, "FRANCE", "France ", "FR"))
    return told("market", with_cell(rows, 2, value, dice), value in wrong)


def platform(rows: list[str], dice: Random) -> Made:
    wrong = ("myspace", "", "twitter;", "twitter;twitter", "none", "none;twitter", "|")
    value = dice.choice((*wrong, "Twitter", "vk"))
    return told("platform", with_cell(rows, 3, value, dice), value in wrong)


def kind(rows: list[str], dice: Random) -> Made:
    wrong = ("embassy", "=mission", "bot", "troll")
    value = dice.choice((*wrong, "Mission", "", "rival"))
    return told("kind", with_cell(rows, 1, value, dice), value in wrong)


def columns(rows: list[str], dice: Random) -> Made:
    head = dice.choice((
        HEAD + ",followers", HEAD.replace("followers", "folowers"), HEAD.replace("market,", ""),
        HEAD + ",", "", ",".join(["x"] * 6), HEAD.replace("name", "NAME"), '"' + HEAD,
        HEAD + ",\u202e", HEAD + "," * 5_000, HEAD + ",_target_", HEAD + ",platforms",
    ))  # fmt: skip
    return told("columns", rows, head != HEAD.replace("name", "NAME"), head=head)


def shape(rows: list[str], dice: Random) -> Made:
    made: tuple[list[str], ...] = (
        [], ["", "", ""], [rows[0] + ",more"], [rows[0].rpartition(",")[0]], ['"open,' + rows[0]],
        ['a"b' + rows[0], 'c""' + rows[1]], [","] * 3,
        [rows[0] + "\n" + rows[1].replace(",", "\n")],
        ["Only a rival,rival,France,twitter,5,2016"], ["#" + rows[0], "//"], [rows[0] + "," * 50],
        ["'" + rows[0] + "'"],
    )  # fmt: skip
    number = dice.randrange(len(made))
    return told(f"shape {number}", list(made[number]), number not in (5, 10))


def many(rows: list[str], dice: Random) -> Made:
    n = dice.choice((255, 256, 1_000, 3_000, 25_000, 66_000))
    more = [f"Mission {k},mission,France,twitter,{k},2016" for k in range(10, n)]
    return told(f"{n} rows", [*rows, *more], n > 20_000)


def binary(rows: list[str], dice: Random) -> Made:
    content = dice.choice((b"", b"PK\x03\x04" + b"x" * 99, b"%PDF-1.4", b"\x80\x04\x95",
                           b"\x1f\x8b\x08", bytes(range(256)),
                           b"\xff" * 999, b"\n" * 9_999, b"\x00" * 99,
                           b"\xef\xbb\xbf", b"PAR1" + b"\x15\x00" * 40))  # fmt: skip
    return "no table", content, True


def noise(rows: list[str], dice: Random) -> Made:
    """A right table of which some bytes are replaced."""
    content = bytearray(told("", rows, False)[1])
    for _ in range(dice.randint(1, 8)):
        content[dice.randrange(len(content))] = dice.randrange(256)
    return "noise", bytes(content), False


TABLES: tuple[Change, ...] = (
    fine, byte_order_mark, other_encoding, delimiter, formula, markup, formula_elsewhere, nul,
    control, twice, twice_but_for_form, number, when, future, market, platform, kind, columns,
    shape, binary, noise, noise, many, long_cell, long_header,
)  # fmt: skip
WEIGHTS = [4] * (len(TABLES) - 3) + [1, 1, 1]


def hostile_calendar(dice: Random) -> Made:
    """A calendar with one thing that is odd or wrong."""
    cells = EVENT.split(",")
    column = dice.randrange(6)
    wrong = (
        ("2016-02-30", "20160201", "tomorrow", "9999-12-31", "", "1e3", "2016-02-01T00:00"),
        ("sport", "", "=security", "_target_", "\u0436", "Security", "security;trade"),
        ("Atlantis", "", "world;world", "France;France", "=world", ";", "fr;de;fr"),
        ("-1", "nan", "inf", "", "1e308", "three", "1,5"),
        ("maybe", "", "2", "True", "y", "=yes", "nan"),
        ("-1", "1e9", "nan", "", "many", "1.5", "99999999999999999999"),
    )[column]
    cells[column] = dice.choice(wrong)
    more = dice.choice(([], [EVENT], ["a,b"], [EVENT + ",x,y"], ["\x00"]))
    rows = [EVENT, ",".join(cells), *more]
    name, content, _ = told("cell", rows, False, head=EVENTS)
    if dice.random() < 0.3:
        text = EVENTS + "\n" + EVENT
        name, content = "file", dice.choice((
            b"", b"\xff\xfe" + text.encode("utf-16-le"), text.encode().replace(b",", b";"),
            EVENTS.encode(), (EVENTS + "\n" + EVENT.replace("security", "9" * LONG)).encode(),
            (text + "\x00").encode(), (EVENTS + ",hour,hour\n" + EVENT).encode(),
            (EVENTS + "\n" + (EVENT + "\n") * 20_000).encode(), b"PK\x03\x04", b"\n\n\n",
            (EVENTS + '\n"' + EVENT).encode(),
            text.replace("world", "w\ud800").encode("utf-8", "surrogatepass"),
        ))  # fmt: skip
    return name, content, False
