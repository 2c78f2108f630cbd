"""Workbooks with a password, locked for the tests as Excel does it. Sources: [MS-OFFCRYPTO] 2.3, [MS-XLS] 2.2.10."""

import io
import struct
from base64 import b64encode
from hashlib import md5, sha1

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.method import rc4, rc4_cryptoapi
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from lib.intake.compound import Compound
from lib.intake.protected_old_workbook import BOUND_SHEET, NEVER_ENCRYPTED, records
from tests.intake.other_formats import Rows, compound, container, record, xls_of

SALT, VERIFIER = bytes(range(16)), bytes(range(100, 116))


def agile(data: bytes, password: str) -> bytes:
    """As Excel 2013 and later: AES-256 and SHA-512."""
    info, key = ECMA376Agile.generate_encryption_parameters(password)
    package = ECMA376Agile.encrypt_payload(io.BytesIO(data), info.encryptedKey, key, info.keyData.saltValue)
    return package_of(ECMA376Agile.get_encryption_information(info, package, key), package)


def agile_of_2010(data: bytes, password: str) -> bytes:
    """As Excel 2010: AES-128 and SHA-1, whose 20 bytes are fewer than two blocks ([MS-OFFCRYPTO] 2.3.4.11 to .15)."""
    turned = sha1(SALT + password.encode("utf-16-le")).digest()
    for turn in range(100_000):
        turned = sha1(struct.pack("<I", turn) + turned).digest()
    for_key = sha1(turned + bytes.fromhex("146e0be7abacd0d6")).digest()[:16]
    secret = bytes(range(50, 66))
    said = (
        '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
        'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password" '
        'xmlns:c="http://schemas.microsoft.com/office/2006/keyEncryptor/certificate"><keyData saltSize="16" '
        'blockSize="16" keyBits="128" hashSize="20" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
        f'hashAlgorithm="SHA1" saltValue="{_said(VERIFIER)}"/><keyEncryptors><keyEncryptor>'
        '<c:encryptedKey X509Certificate="eA=="/>'
        '</keyEncryptor><keyEncryptor><p:encryptedKey spinCount="100000" saltSize="16" blockSize="16" keyBits="128" '
        f'hashAlgorithm="SHA1" saltValue="{_said(SALT)}" encryptedKeyValue="{_said(_cbc(for_key, SALT, secret))}"/>'
        "</keyEncryptor></keyEncryptors></encryption>"
    )
    package = struct.pack("<Q", len(data))
    for number, start in enumerate(range(0, len(data), 4096)):
        piece = data[start : start + 4096]
        vector = sha1(VERIFIER + struct.pack("<I", number)).digest()[:16]
        package += _cbc(secret, vector, piece + bytes(-len(piece) % 16))
    return package_of(struct.pack("<HHI", 4, 4, 0x40) + said.encode(), package)


def _said(value: bytes) -> str:
    return b64encode(value).decode()


def _cbc(key: bytes, vector: bytes, data: bytes) -> bytes:
    machine = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return machine.update(data) + machine.finalize()


def standard(data: bytes, password: str) -> bytes:
    """As Excel 2007: AES-128 and SHA-1."""
    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 24, 0, 0) + name
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 24, 128, 16, SALT)
    hashed = _aes(key, sha1(VERIFIER).digest().ljust(32, b"\0"))
    info = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header
    info += struct.pack("<I16s16sI", 16, SALT, _aes(key, VERIFIER), 20) + hashed
    package = struct.pack("<Q", len(data)) + _aes(key, data + bytes(-len(data) % 16))
    return package_of(info, package)


def package_of(info: bytes, package: bytes) -> bytes:
    return container({"EncryptedPackage": package.ljust(4104, b"\0"), "EncryptionInfo": info})


def _aes(key: bytes, data: bytes) -> bytes:
    machine = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return machine.update(data) + machine.finalize()


def xls_rc4(rows: Rows, password: str) -> bytes:
    key = rc4._makekey(password, SALT, 0)
    both = _rc4(key, VERIFIER + md5(VERIFIER).digest())
    file_pass = struct.pack("<HHH", 1, 1, 1) + SALT + both
    return _locked(rows, file_pass, lambda data, block: _rc4(rc4._makekey(password, SALT, block), data))


def xls_rc4_of_windows(rows: Rows, password: str, bits: int = 128) -> bytes:
    key = rc4_cryptoapi._makekey(password, SALT, bits, 0)
    header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + "Provider\0".encode("utf-16-le")
    both = _rc4(key, VERIFIER + sha1(VERIFIER).digest())
    file_pass = struct.pack("<HHHII", 1, 4, 2, 4, len(header)) + header
    file_pass += struct.pack("<I16s16sI20s", 16, SALT, both[:16], 20, both[16:])
    return _locked(rows, file_pass, lambda data, block: _rc4(rc4_cryptoapi._makekey(password, SALT, bits, block), data))


def _rc4(key: bytes, data: bytes) -> bytes:
    return Cipher(ARC4(key), mode=None).encryptor().update(data)


def _locked(rows: Rows, file_pass: bytes, cipher: object) -> bytes:
    stream = _with_file_pass(rows, file_pass)
    blocks = [cipher(stream[n : n + 1024], n // 1024) for n in range(0, len(stream), 1024)]  # type: ignore[operator]
    encrypted, locked = b"".join(blocks), bytearray(stream)
    for kind, start, end in records(stream):
        if kind not in NEVER_ENCRYPTED:
            first = start + 4 * (kind == BOUND_SHEET)
            locked[first:end] = encrypted[first:end]
    return compound("Workbook", bytes(locked))


def xls_xor(rows: Rows, password: str) -> bytes:
    key, mask = DocumentXOR.create_xor_key_method1(password), DocumentXOR.create_xor_array_method1(password)
    stream = _with_file_pass(rows, struct.pack("<HHH", 0, key, _verifier(password)))
    locked = bytearray(stream)
    for kind, start, end in records(stream):
        for place in range(start + 4 * (kind == BOUND_SHEET), end if kind not in NEVER_ENCRYPTED else start):
            byte = stream[place]
            locked[place] = ((byte << 5 | byte >> 3) & 0xFF) ^ mask[(place + end - start) % 16]
    return compound("Workbook", bytes(locked))


def _verifier(password: str) -> int:
    return next(number for number in range(1 << 16) if DocumentXOR.verifypw(password, number))


def _with_file_pass(rows: Rows, file_pass: bytes) -> bytes:
    """The stream of a plain workbook with this record behind its first; the sheet begins that much later."""
    plain = Compound(xls_of(rows))
    stream = plain.stream("Workbook").rstrip(b"\0")
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    added = record(0x002F, file_pass)
    changed = bytearray(stream[:first] + added + stream[first:] + bytes(3))
    place = first + len(added) + 4
    struct.pack_into("<I", changed, place, struct.unpack_from("<I", changed, place)[0] + len(added))
    return bytes(changed)
