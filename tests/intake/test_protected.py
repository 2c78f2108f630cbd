"""Workbooks with a password open with it and with nothing else; hostile ones end in seconds; no password is kept."""

import hashlib
import io
import re
import struct
import time
from collections.abc import Callable

import pytest
from msoffcrypto.format.xls97 import Xls97File

from lib.intake import read
from lib.intake.compound import Compound
from lib.intake.protected import opened
from lib.problems import CannotContinue, PasswordNeeded
from tests.intake import locking
from tests.intake.making import xlsx_of
from tests.intake.other_formats import Rows, compound, record, xls_of, xlsb_of, zipped

ROWS = [["School", "2025-09-01", "2025-09-08"], ["Birch High", 90, 91.5], ["Ash Grove", 70.25, 71]]
LONG = [["School", "2025-09-01"], *([f"School {n}", n] for n in range(300))]
SLOWEST_SECONDS = 10  # usually under two; the machine may be busy


def agile(rows: Rows, password: str) -> bytes:
    return locking.agile(xlsx_of({"Data": rows}), password)


def agile_binary(rows: Rows, password: str) -> bytes:
    return locking.agile(xlsb_of(rows), password)


def agile_of_2010(rows: Rows, password: str) -> bytes:
    return locking.agile_of_2010(xlsx_of({"Data": rows}), password)


def standard(rows: Rows, password: str) -> bytes:
    return locking.standard(xlsx_of({"Data": rows}), password)


def short_keys(rows: Rows, password: str) -> bytes:
    return locking.xls_rc4_of_windows(rows, password, bits=40)


WAYS: list[Callable[[Rows, str], bytes]] = [
    agile,
    agile_binary,
    agile_of_2010,
    standard,
    locking.xls_rc4,
    locking.xls_rc4_of_windows,
    short_keys,
    locking.xls_xor,
]


@pytest.mark.parametrize("lock", WAYS)
@pytest.mark.parametrize("rows", [ROWS, LONG], ids=["short", "long"])
def test_the_password_opens_the_workbook(lock: Callable[[Rows, str], bytes], rows: Rows) -> None:
    data = lock(rows, "Schule 12")
    workbook = read(data, "file", "Schule 12")
    [sheet] = workbook.sheets
    plain = [[str(cell) for cell in row] for row in rows]
    assert [sheet.row(number) for number in range(1, sheet.n_rows + 1)] == plain
    assert workbook.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("lock", WAYS)
@pytest.mark.parametrize(
    ("given", "said"),
    [("", "has a password. Give its password, or save a copy without one"), ("schule 12", "does not open")],
)
def test_without_the_password_it_is_asked_for(lock: Callable[[Rows, str], bytes], given: str, said: str) -> None:
    with pytest.raises(PasswordNeeded, match=said) as raised:
        read(lock(ROWS, "Schule 12"), "file", given)
    assert given == "" or given not in str(raised.value)


@pytest.mark.parametrize("lock", [locking.xls_rc4, locking.xls_rc4_of_windows, locking.xls_xor])
def test_the_records_of_an_old_workbook_are_those_that_msoffcrypto_finds(lock: Callable[[Rows, str], bytes]) -> None:
    data, peers = lock(LONG, "Schule 12"), io.BytesIO()
    book = Xls97File(io.BytesIO(data))
    book.load_key("Schule 12")
    book.decrypt(peers)
    ours = Compound(opened(data, "Schule 12")).stream("Workbook")
    theirs = Compound(peers.getvalue()).stream("Workbook")
    behind_file_pass = 200
    assert ours[behind_file_pass:] == theirs[behind_file_pass:]


@pytest.mark.parametrize("lock", [agile, locking.xls_rc4])
def test_what_excel_opens_without_asking_is_opened(lock: Callable[[Rows, str], bytes]) -> None:
    assert read(lock(ROWS, "VelvetSweatshop"), "file").sheets[0].row(2)[0] == "Birch High"


def test_a_password_for_a_workbook_without_one_does_no_harm() -> None:
    assert read(xlsx_of({"Data": ROWS}), "file.xlsx", "Schule 12").sheets[0].row(2)[0] == "Birch High"


def with_description(change: Callable[[bytes], bytes]) -> bytes:
    locked = Compound(agile(ROWS, "a"))
    return locking.package_of(change(locked.stream("EncryptionInfo")), locked.stream("EncryptedPackage"))


def many_turns() -> bytes:
    return with_description(lambda said: said.replace(b'spinCount="100000"', b'spinCount="10000000"'))


def most_turns() -> bytes:
    return with_description(lambda said: said.replace(b'spinCount="100000"', b'spinCount="250000"'))


def unknown_hash() -> bytes:
    return with_description(lambda said: said.replace(b"SHA512", b"WHIRL1"))


def unknown_version() -> bytes:
    return with_description(lambda said: struct.pack("<HH", 4, 3) + said[4:])


def no_key() -> bytes:
    return with_description(lambda said: re.sub(b"saltValue", b"saltValeu", said))


def no_number() -> bytes:
    return with_description(lambda said: said.replace(b'spinCount="100000"', b'spinCount="1e5"'))


def long_description() -> bytes:
    return with_description(lambda said: said + b" " * 45_000)


def cut_package() -> bytes:
    locked = Compound(agile(ROWS, "a"))
    return locking.package_of(locked.stream("EncryptionInfo"), locked.stream("EncryptedPackage")[:-3])


def no_description() -> bytes:
    return compound("EncryptionInfo", bytes(5000))


def unknown_cipher_of_xls() -> bytes:
    return compound("Workbook", record(0x002F, struct.pack("<HHH", 7, 1, 1)) + bytes(60))


def cut_file_pass() -> bytes:
    return compound("Workbook", record(0x002F, struct.pack("<HHH", 1, 1, 1)) + record(0x000A, b""))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (many_turns, "hashed 10,000,000 times"),
        (most_turns, "does not open"),
        (unknown_hash, "unusual way"),
        (unknown_version, "unusual way"),
        (no_key, "damaged"),
        (no_number, "damaged"),
        (long_description, "very long description"),
        (cut_package, "damaged"),
        (no_description, "another kind of Office file"),
        (unknown_cipher_of_xls, "unusual way"),
        (cut_file_pass, "damaged"),
    ],
)
def test_a_hostile_locked_workbook_is_refused_quickly(make: Callable[[], bytes], said: str) -> None:
    data = make()
    start = time.monotonic()
    with pytest.raises(CannotContinue, match=said):
        read(data, "file.xlsx", "b")
    assert time.monotonic() - start < SLOWEST_SECONDS


def test_what_was_locked_is_looked_at_like_any_other_file() -> None:
    with pytest.raises(CannotContinue, match="not a spreadsheet"):
        read(locking.agile(zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "a"), "file", "a")


def test_the_password_is_on_no_list_of_processes_and_in_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    started: list[object] = []
    real = subprocess.Popen

    def start(*arguments: object, **options: object) -> object:
        started.append((arguments, options))
        return real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("lib.intake.reader.subprocess.Popen", start)
    read(agile(ROWS, "Schule 12"), "file.xlsx", "Schule 12")
    assert started and "Schule 12" not in repr(started)


def test_a_changed_stream_of_a_small_container_goes_back_to_its_place() -> None:
    container = Compound(xls_of(ROWS))
    changed = bytes(reversed(container.stream("Workbook")))
    assert Compound(container.with_stream("Workbook", changed)).stream("Workbook") == changed
