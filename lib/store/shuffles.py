"""An order of schools that nobody can work out from the address."""

from collections.abc import Iterable
from hashlib import sha256

from lib.store.database import Database


def shuffled(database: Database, network: int, schools: Iterable[int], seed: int) -> list[int]:
    """The schools in the random order that `seed` names: the same at every call, on every page and computer.

    Salted with the moment in which the network was made, which no page shows: who knows the seed and the schools
    still can't tell which school stands where.
    """
    [(salt,)] = database.rows("select created::text from network where id = ?", [network])
    return sorted(schools, key=lambda school: sha256(f"{salt}:{seed}:{school}".encode()).digest())
