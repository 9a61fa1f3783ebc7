"""The rows of a file as text: CSV with commas, semicolons or tabs, and workbooks (.xlsx).

A workbook needs openpyxl, the extra `sheets`. Its first sheet is read; formulas are not worked out,
only the values that were saved with it. Numbers come as the shortest text that gives them back.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.world.table_checks import MAX_BYTES, decoded, records

MOST_UNPACKED = 10 * MAX_BYTES  # a workbook is an archive: a small one may hold gigabytes
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
NEEDS_EXTRA = (
    "{} is a workbook, and reading those needs openpyxl: install the extra (pip install "
    "'demarche[sheets]'), or save the sheet as 'CSV UTF-8'."
)


def read_sheet(path: Path) -> list[tuple[int, list[str]]]:
    """(row as a spreadsheet counts it, cells) of every row that is not blank, the header first."""
    if path.suffix.lower() == ".xlsx":
        return workbook_rows(path)
    return list(records(path, decoded(path)))


def workbook_rows(path: Path) -> list[tuple[int, list[str]]]:
    """The first sheet of a workbook."""
    try:
        import openpyxl
    except ImportError:
        raise UserError(NEEDS_EXTRA.format(path)) from None
    if path.stat().st_size > MAX_BYTES:
        raise UserError(f"{path} is larger than {MAX_BYTES / 1e6:,.0f} MB.")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise UserError(f"{path} unpacks to {unpacked / 1e6:,.0f} MB; at most "
                            f"{MOST_UNPACKED / 1e6:,.0f}. Save the sheet as 'CSV UTF-8'.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    except UserError:
        raise
    except Exception as error:  # whatever a broken archive makes the library raise
        raise UserError(
            f"{path} cannot be read as a workbook ({type(error).__name__}). Save the sheet as "
            "'CSV UTF-8' and try again."
        ) from None
    texts = [(number, [cell_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    return [(number, cells) for number, cells in texts if any(cells)]


def cell_text(value: Any) -> str:
    """A cell of a workbook as text that reads back as the same value."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
