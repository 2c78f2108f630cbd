"""Problems a person can fix: values that say where, what and how to fix it.

A bug is never turned into one of these.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what a person gave, in plain words.

    >>> str(Problem("Oct, cell C14", "“abc” is not a number.", "Type a number or clear the cell."))
    'Oct, cell C14: “abc” is not a number. Type a number or clear the cell.'
    """

    where: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        said = f"{self.where}: {self.what}" if self.where else self.what
        return f"{said} {self.fix}".rstrip()


class CannotContinue(Exception):
    """What was asked can't be done; carries the problems that stand in the way."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


class PasswordNeeded(CannotContinue):
    """A file that opens only with a password: none was given, or it was not the right one."""
