"""What the child process says when a file can't be read; the parent turns it into a `CannotContinue`."""


class Refusal(Exception):
    """A file that is refused: what is wrong with it and what the person can do."""

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


class Locked(Refusal):
    """A file that opens only with a password."""


class LockedAnotherWay(Refusal):
    """A file with a password that is locked in a way that isn't known here."""

    def __init__(self) -> None:
        super().__init__(
            "The workbook is locked in an unusual way.", "Open it in Excel, and save a copy without a password."
        )
