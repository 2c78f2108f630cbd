"""CSV and its relatives: encoding, separator and decimal comma are found, and rows stay where they are."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lib.intake.refusal import Refusal

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 200_000
LONGEST_LINK = 1_000
"""Characters of a file that is a link and nothing else."""
LONGEST_CELL = 131_072
"""Characters in one cell; a longer one is a file that isn't a table (Python's csv module has the same limit)."""
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DECIMAL_COMMA = re.compile(r"[-+]?\d{1,3}(?:\.?\d{3})*,\d+\s*%?")
DECIMAL_POINT = re.compile(r"[-+]?\d{1,3}(?:,?\d{3})*\.\d+\s*%?")
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Delimited:
    """The text of a delimited file and how it is written. `skipped_lines` is 1 where a `sep=` line was."""

    text: str
    encoding: str
    bom: bool
    separator: str
    decimal: str
    skipped_lines: int


def understand(data: bytes) -> Delimited:
    """How a delimited file is written. Raises `Refusal` for bytes that are no text."""
    text, encoding, bom = decode(data)
    refuse_what_is_no_text(text)
    separator, skipped = _named_separator(text)
    separator = separator or find_separator(text[:SAMPLE_CHARACTERS])
    decimal = find_decimal(text[:SAMPLE_CHARACTERS], separator)
    return Delimited(text, encoding, bom, separator, decimal, skipped)


def decode(data: bytes) -> tuple[str, str, bool]:
    """Text, name of the encoding, and whether a byte order mark was there.

    >>> decode("Café".encode("cp1252"))
    ('Café', 'cp1252', False)
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding), encoding, True
    wide = _wide_encoding(data)
    if wide:
        return _decoded(data, wide), wide, False
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        return _decoded(data, "cp1252"), "cp1252", False


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal(
            "The letters of this file are in an encoding that can't be told.", "Save it as “CSV UTF-8” and try again."
        ) from None


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark shows as a zero in (nearly) every second byte."""
    sample = data[:4096]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def refuse_what_is_no_text(text: str) -> None:
    start = text[:4096].lstrip().lower()
    if not start:
        raise Refusal("The file is empty.", "Choose a file with a header row and rows below it.")
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise Refusal(
            f"Line {line} holds a NUL character, so the file is damaged.",
            "Save it again from the program it came from.",
        )
    odd = sum(1 for letter in start if ord(letter) < 32 and letter not in "\t\r\n\x0b\x0c")
    if odd > 0.01 * len(start):
        raise Refusal("This is not a spreadsheet.", "Choose a CSV or Excel file.")
    if start.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise Refusal("This is a web page or XML file, not a spreadsheet.", "Open it in Excel and save it as xlsx.")
    if "https://docs.google.com/" in start and len(text) < LONGEST_LINK:
        raise Refusal("This is a link to a Google sheet, not the sheet.", "There, choose File, Download, Excel.")
    if start.startswith("mime-version:"):
        raise Refusal("This is a saved web page or e-mail, not a spreadsheet.", "Copy its table into Excel.")
    if start.startswith(("{", "[")) and text.rstrip().endswith(("}", "]")):
        raise Refusal("This is a JSON file, not a spreadsheet.", "Choose a CSV or Excel file.")


def _named_separator(text: str) -> tuple[str, int]:
    """Excel writes `sep=;` on a line of its own before the table."""
    found = SEPARATOR_LINE.match(text)
    return (found.group(1), 1) if found else ("", 0)


def find_separator(sample: str) -> str:
    """The separator that cuts the sample into the most even rows.

    >>> find_separator("week;rate\\n1;1,5\\n2;2,5\\n")
    ';'
    """
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        score = _evenness(sample, separator)
        if score > best_score:
            best, best_score = separator, score
    return best


def _evenness(sample: str, separator: str) -> float:
    """Cells per row of the commonest width, times the share of rows that have it; 0 for one cell a row."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row][:500]
    except csv.Error:
        return 0.0
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0
    width, rows = max(wide.items(), key=lambda item: item[0] * item[1])
    return (width - 1) ** 0.5 * rows / len(widths)


def find_decimal(sample: str, separator: str) -> str:
    """ "," where the cells of the sample are written with a decimal comma, else "."."""
    if separator == ",":
        quoted = [cell for row in _sample_rows(sample, separator) for cell in row if "," in cell]
        points = sum(
            1 for row in _sample_rows(sample, separator) for cell in row if DECIMAL_POINT.fullmatch(cell.strip())
        )
        commas = sum(1 for cell in quoted if re.fullmatch(r"[-+]?\d+,\d{1,2}\s*%?", cell.strip()))
        return "," if commas > points and commas > 2 else "."
    cells = [cell.strip() for row in _sample_rows(sample, separator) for cell in row]
    commas = sum(1 for cell in cells if DECIMAL_COMMA.fullmatch(cell))
    points = sum(1 for cell in cells if DECIMAL_POINT.fullmatch(cell))
    return "," if commas > points else "."


def _sample_rows(sample: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
    except csv.Error:
        return []


def rows_of(delimited: Delimited) -> Iterator[list[str]]:
    """Every row in order, blank lines as empty rows, so that row numbers are those a spreadsheet shows.

    A `sep=` line is no row: Excel doesn't show it.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = io.StringIO(delimited.text, newline="")
    reader = csv.reader(lines, delimiter=delimited.separator, strict=True)
    try:
        yield from islice(reader, delimited.skipped_lines, None)
    except csv.Error as error:
        raise _quote_refusal(reader.line_num, str(error)) from None


def _quote_refusal(line: int, said: str) -> Refusal:
    if "field larger" in said:
        return Refusal(
            f"A cell near line {line} is longer than {LONGEST_CELL:,} characters.", "Check the quotation marks."
        )
    if "unexpected end" in said:
        return Refusal("A quotation mark is opened and never closed, so rows would be lost.", "Close it or remove it.")
    return Refusal(f"Near line {line} a quotation mark stands inside a cell.", 'Double it ("") or remove it.')
