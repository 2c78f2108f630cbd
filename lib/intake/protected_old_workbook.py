"""An old workbook (xls) with a password: its records are encrypted one by one, their heads are not.

Source: Microsoft, [MS-XLS] 2.2.10 and 2.4.117, [MS-OFFCRYPTO] 2.3.5 to 2.3.7. Keys and ciphers are those of
msoffcrypto; its own way through the records is not used, since it puts the opened file on the disk.
"""

import io
import struct
from collections.abc import Iterator

from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from lib.intake.compound import Compound
from lib.intake.refusal import LockedAnotherWay

STREAM = "Workbook"
FILE_PASS, BOUND_SHEET, END = 0x002F, 0x0085, 0x000A
NEVER_ENCRYPTED = {0x0809, FILE_PASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138}
"""BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead ([MS-XLS] 2.2.10)."""
PLACE_OF_SHEET = 4
"""Bytes at the start of a BoundSheet8 record that are never encrypted."""
BLOCK = 1024
"""Bytes of the stream that one RC4 key is for."""
LONGEST_PASSWORD = 15
"""Characters of a password that XOR obfuscation looks at."""
TURNED = bytes((byte << 3 | byte >> 5) & 0xFF for byte in range(256))


def is_locked(container: Compound) -> bool:
    return STREAM in container and _file_pass(container.stream(STREAM)) is not None


def opened(container: Compound, password: str) -> bytes | None:
    """The workbook, or None where the password is another one. Raises `ValueError`, `struct.error` for damaged ones."""
    stream = container.stream(STREAM)
    found = _clear(stream, _file_pass(stream) or b"", password)
    return None if found is None else container.with_stream(STREAM, found)


def _file_pass(stream: bytes) -> bytes | None:
    """What the record holds that says how the workbook is encrypted; None where there is none."""
    for kind, start, end in records(stream):
        if kind == FILE_PASS:
            return stream[start:end]
        if kind == END:
            return None
    return None


def records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Number of each record, and where what it holds begins and ends."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, min(place + 4 + size, len(stream))
        place += 4 + size


def _clear(stream: bytes, file_pass: bytes, password: str) -> bytes | None:
    method, major, minor = struct.unpack_from("<HHH", file_pass)
    if method == 0:
        return _without_xor(stream, file_pass, password[:LONGEST_PASSWORD])
    if (method, major, minor) == (1, 1, 1):
        return _without_rc4(stream, file_pass, password)
    if method == 1 and major in (2, 3, 4) and minor == 2:
        return _without_rc4_of_windows(stream, file_pass, password)
    raise LockedAnotherWay


def _without_rc4(stream: bytes, file_pass: bytes, password: str) -> bytes | None:
    salt, verifier, hashed = struct.unpack_from("<16s16s16s", file_pass, 6)
    if not DocumentRC4.verifypw(password, salt, verifier, hashed):
        return None
    return _put_together(stream, DocumentRC4.decrypt(password, salt, io.BytesIO(stream), BLOCK).getvalue())


def _without_rc4_of_windows(stream: bytes, file_pass: bytes, password: str) -> bytes | None:
    """RC4 CryptoAPI; a key size of 0 means 40 bits."""
    size = struct.unpack_from("<I", file_pass, 10)[0]
    bits = struct.unpack_from("<I", file_pass, 14 + 16)[0] or 40
    salt, verifier, hashed = struct.unpack_from("<16s16s4x20s", file_pass, 14 + size + 4)
    if not DocumentRC4CryptoAPI.verifypw(password, salt, bits, verifier, hashed):
        return None
    return _put_together(
        stream, DocumentRC4CryptoAPI.decrypt(password, salt, bits, io.BytesIO(stream), BLOCK).getvalue()
    )


def _put_together(stream: bytes, decrypted: bytes) -> bytes:
    """RC4 runs through heads and records alike: what was never encrypted is taken from the stream as it was."""
    clear = bytearray(stream)
    for kind, start, end in records(stream):
        if kind not in NEVER_ENCRYPTED:
            first = start + PLACE_OF_SHEET if kind == BOUND_SHEET else start
            clear[first:end] = decrypted[first:end]
    return _without_file_pass(clear)


def _without_xor(stream: bytes, file_pass: bytes, password: str) -> bytes | None:
    """The mask begins anew in each record, at the place where the record ends ([MS-XLS] 2.2.10)."""
    letters = password.encode("cp1252", "replace").decode("latin-1")
    if not DocumentXOR.verifypw(letters, struct.unpack_from("<H", file_pass, 4)[0]):
        return None
    mask, clear = bytes(DocumentXOR.create_xor_array_method1(letters)), bytearray(stream)
    for kind, start, end in records(stream):
        if kind not in NEVER_ENCRYPTED:
            skipped = PLACE_OF_SHEET if kind == BOUND_SHEET else 0
            first = start + skipped
            clear[first:end] = _unmasked(stream[first:end], mask, (end + skipped) % len(mask))
    return _without_file_pass(clear)


def _unmasked(data: bytes, mask: bytes, turn: int) -> bytes:
    long_mask = (mask[turn:] + mask * (len(data) // len(mask) + 1))[: len(data)]
    both = int.from_bytes(data, "little") ^ int.from_bytes(long_mask, "little")
    return both.to_bytes(len(data), "little").translate(TURNED)


def _without_file_pass(clear: bytearray) -> bytes:
    """The record that says there is a password becomes one that says nothing."""
    start = next(start for kind, start, _ in records(bytes(clear)) if kind == FILE_PASS)
    clear[start - 4 : start - 2] = bytes(2)
    return bytes(clear)
