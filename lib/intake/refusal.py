"""What the child process says when a file can't be read; the parent turns it into a `CannotContinue`."""


class Refusal(Exception):
    """A file that is refused: what is wrong with it and what the person can do."""

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
