"""A new workbook (xlsx, xlsm, xlsb) with a password, kept encrypted inside the old container.

Source: Microsoft, [MS-OFFCRYPTO] 2.3.4. Keys and ciphers are those of msoffcrypto; the description of the encryption is
read here, because it comes from a stranger.
"""

import io
import re
import struct
from base64 import b64decode

from msoffcrypto.method.ecma376_agile import ECMA376Agile
from msoffcrypto.method.ecma376_standard import ECMA376Standard

from lib.intake.compound import Compound
from lib.intake.limits import DANGER, UNREADABLE
from lib.intake.refusal import LockedAnotherWay, Refusal

ZIP = b"PK\x03\x04"
HASHES = {"SHA1", "SHA256", "SHA384", "SHA512"}
MOST_TURNS = 250_000
"""How often a password may be hashed: Excel and LibreOffice write 100,000; 250,000 take half a second, twice where the
password is wrong."""
MOST_DESCRIPTION = 40_000
"""Bytes that describe the encryption: Excel writes about 1,000."""
AES_KINDS = (0x660E, 0x660F, 0x6610)


def is_locked(container: Compound) -> bool:
    return "EncryptedPackage" in container and "EncryptionInfo" in container


def opened(container: Compound, password: str) -> bytes | None:
    """The workbook, or None where the password is another one. Raises `ValueError`, `struct.error` for damaged ones.

    A right password is known by the zip archive that comes out of it.
    """
    description, package = container.stream("EncryptionInfo"), container.stream("EncryptedPackage")
    if len(description) > MOST_DESCRIPTION:
        raise Refusal(DANGER.format(what="a very long description of its encryption"), UNREADABLE)
    major, minor = struct.unpack_from("<HH", description)
    if (major, minor) == (4, 4):
        found = _agile(description[8:].decode("utf-8"), package, password)
    elif major in (2, 3, 4) and minor == 2:
        found = _standard(description, package, password)
    else:
        raise LockedAnotherWay
    return found if found.startswith(ZIP) else None


def _agile(description: str, package: bytes, password: str) -> bytes:
    """Excel 2010 and later ([MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15)."""
    data, key = _attributes(description, "keyData", "saltValue"), _attributes(description, "encryptedKey", "spinCount")
    if {data["hashAlgorithm"], key["hashAlgorithm"]} - HASHES or data["cipherChaining"] != "ChainingModeCBC":
        raise LockedAnotherWay
    turns = int(key["spinCount"])
    if turns > MOST_TURNS:
        raise Refusal(DANGER.format(what=f"a password that is hashed {turns:,} times"), UNREADABLE)
    secret = ECMA376Agile.makekey_from_password(
        password,
        b64decode(key["saltValue"]),
        key["hashAlgorithm"],
        b64decode(key["encryptedKeyValue"]),
        turns,
        int(key["keyBits"]),
    )
    secret = secret[: int(data["keyBits"]) // 8]
    return ECMA376Agile.decrypt(secret, b64decode(data["saltValue"]), data["hashAlgorithm"], io.BytesIO(package))


def _attributes(description: str, tag: str, having: str) -> dict[str, str]:
    """The attributes of the first element of this name that has this one; raises ValueError where one is missing.

    A key that belongs to a certificate has the same name as the password's and no `spinCount`.
    """
    found = re.search(rf"<(?:\w+:)?{tag}\s([^>]*\b{having}=[^>]*)>", description)
    if not found:
        raise ValueError(f"no {tag}")
    return _Attributes(re.findall(r"""(\w+)\s*=\s*["']([^"']*)["']""", found.group(1)))


class _Attributes(dict[str, str]):
    def __missing__(self, name: str) -> str:
        raise ValueError(f"no {name}")


def _standard(description: bytes, package: bytes, password: str) -> bytes:
    """Excel 2007 ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9)."""
    size = struct.unpack_from("<I", description, 8)[0]
    kind, hashed, key_bits, provider = struct.unpack_from("<IIII", description, 12 + 8)
    if kind not in AES_KINDS:
        raise LockedAnotherWay
    salt_size, salt = struct.unpack_from("<I16s", description, 12 + size)
    key = ECMA376Standard.makekey_from_password(password, kind, hashed, provider, key_bits, salt_size, salt)
    return ECMA376Standard.decrypt(key, io.BytesIO(package))
