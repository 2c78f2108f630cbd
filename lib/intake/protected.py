"""A workbook with a password, opened with it: bytes in, the bytes of the same workbook without a password out.

Runs in the child process, before any other look at the file; nothing of it is written to the disk.
Source: Microsoft, [MS-OFFCRYPTO].
"""

import struct

from lib.intake import protected_old_workbook, protected_package
from lib.intake.compound import Compound
from lib.intake.limits import UNREADABLE
from lib.intake.refusal import Locked, Refusal

DEFAULT_PASSWORD = "VelvetSweatshop"
"""What Excel encrypts with, and opens without asking, where only the structure is protected ([MS-OFFCRYPTO] 2.1.6)."""


def opened(data: bytes, password: str) -> bytes:
    """The workbook without its password; as it is, where it has none. `password` is "" where none was given.

    Raises `Locked` where the password is missing or wrong, `Refusal` where the file is damaged or locked another way.
    """
    container = Compound(data)
    rooms = (protected_package, protected_old_workbook)
    room = next((room for room in rooms if room.is_locked(container)), None)
    if room is None:
        return data
    try:
        for tried in filter(None, dict.fromkeys([password, DEFAULT_PASSWORD])):
            if found := room.opened(container, tried):
                return found
    except (ValueError, struct.error):
        raise Refusal("The workbook is damaged or cut short.", UNREADABLE) from None
    if password:
        raise Locked("This password does not open the workbook.", "Check capital letters and spaces, and try again.")
    raise Locked("The workbook has a password.", "Give its password, or save a copy without one.")
