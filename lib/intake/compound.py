"""The old container of Microsoft Office (compound file): streams by name, and nothing else of it.

Source: Microsoft, [MS-CFB].
"""

import struct

from lib.intake.limits import UNREADABLE
from lib.intake.refusal import Refusal

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
"""Numbers of sectors above this are marks such as “end of chain”."""
ENTRY_BYTES = 128
STREAM, ROOT = 2, 5
SMALL_SECTOR = 64


class Compound:
    """Raises `Refusal` where the container is damaged; chains that run in circles are."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            raise _damaged()
        self.data = data
        self.sector = 1 << struct.unpack_from("<H", data, 30)[0]
        if self.sector not in (512, 4096):
            raise _damaged()
        first_directory, self.small_limit, first_small, n_small = struct.unpack_from("<I4xIII", data, 48)
        self.table = self._table()
        directory = self._chain(first_directory)
        self.entries = {
            name: entry for name, entry in map(_entry, _pieces(directory, ENTRY_BYTES)) if entry[0] in (STREAM, ROOT)
        }
        self.small_table = _numbers(self._chain(first_small)) if n_small else ()
        root = next((entry for entry in self.entries.values() if entry[0] == ROOT), None)
        self.small = self._chain(root[1]) if root and root[2] else b""

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def stream(self, name: str) -> bytes:
        _, first, size = self.entries[name]
        whole = self._small_chain(first) if size < self.small_limit else self._chain(first)
        if len(whole) < size:
            raise _damaged()
        return whole[:size]

    def with_stream(self, name: str, stream: bytes) -> bytes:
        """The container with other bytes in the place of one stream, as many as there were."""
        _, first, size = self.entries[name]
        if len(stream) != size:
            raise _damaged()
        is_small = size < self.small_limit
        step, places = (SMALL_SECTOR, self._small_places(first)) if is_small else (self.sector, self._places(first))
        changed = bytearray(self.data)
        for start, place in zip(range(0, size, step), places, strict=False):
            piece = stream[start : start + step]
            changed[place : place + len(piece)] = piece
        return bytes(changed)

    def _places(self, first: int) -> list[int]:
        """Where each sector of a chain begins."""
        return [(number + 1) * self.sector for number in _walk(first, self.table)]

    def _small_places(self, first: int) -> list[int]:
        """Small sectors lie in the sectors of the root's own stream."""
        root = next(entry for entry in self.entries.values() if entry[0] == ROOT)
        sectors, each = self._places(root[1]), self.sector // SMALL_SECTOR
        numbers = _walk(first, self.small_table)
        if max(numbers, default=0) // each >= len(sectors):
            raise _damaged()
        return [sectors[number // each] + number % each * SMALL_SECTOR for number in numbers]

    def _table(self) -> tuple[int, ...]:
        """The next sector of each sector."""
        n_tables, first_more = struct.unpack_from("<I", self.data, 44)[0], struct.unpack_from("<I", self.data, 68)[0]
        places = list(struct.unpack_from("<109I", self.data, 76))
        while first_more < LAST_SECTOR and len(places) < n_tables:
            *more, first_more = _numbers(self._read(first_more))
            places += more
        found: list[int] = []
        for place in places[:n_tables]:
            found += _numbers(self._read(place))
        return tuple(found)

    def _read(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        if number >= LAST_SECTOR or start >= len(self.data):
            raise _damaged()
        return self.data[start : start + self.sector].ljust(self.sector, b"\0")

    def _chain(self, first: int) -> bytes:
        return b"".join(self._read(number) for number in _walk(first, self.table))

    def _small_chain(self, first: int) -> bytes:
        pieces = [self.small[n * SMALL_SECTOR : (n + 1) * SMALL_SECTOR] for n in _walk(first, self.small_table)]
        return b"".join(pieces)


def _walk(number: int, table: tuple[int, ...]) -> list[int]:
    found: list[int] = []
    while number < LAST_SECTOR:
        if number >= len(table) or len(found) > len(table):
            raise _damaged()
        found.append(number)
        number = table[number]
    return found


def _entry(raw: bytes) -> tuple[str, tuple[int, int, int]]:
    """Name of a directory entry; its kind, first sector and size."""
    length = min(struct.unpack_from("<H", raw, 64)[0], 64)
    name = raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
    return name, (raw[66], *struct.unpack_from("<II", raw, 116))


def _pieces(whole: bytes, size: int) -> list[bytes]:
    return [whole[place : place + size] for place in range(0, len(whole) - size + 1, size)]


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _damaged() -> Refusal:
    return Refusal("The workbook is damaged or cut short.", UNREADABLE)
