"""Why a cell is refused and what the person can do about it."""

from enum import IntEnum


class Why(IntEnum):
    NOTHING = 0
    NO_NUMBER = 1
    EXCEL_ERROR = 2
    WITHOUT_VALUE = 3
    A_DATE = 4
    OVER_100 = 5
    OVER_1 = 6
    NEGATIVE = 7
    ABOVE_DENOMINATOR = 8
    DENOMINATOR_ZERO = 9
    NO_DENOMINATOR = 10
    NO_SCHOOL = 11
    NO_DATE = 12
    DATE_UNREADABLE = 13
    DATE_UNDECIDED = 14
    DATE_IN_FUTURE = 15
    NO_MEASURE = 16
    TWO_VALUES = 17
    ODD_ZERO = 18
    LIKE_A_FRACTION = 19
    DATE_APART = 20
    NO_ANSWER_OF_SCALE = 21
    MARKED = 22


TEXTS: dict[Why, tuple[str, str]] = {
    Why.NO_NUMBER: ("“{value}” is not a number.", "Type a number, or clear the cell."),
    Why.MARKED: (
        "“{value}” is a number with a mark beside it.",
        "Take the mark away if the number holds, and write a note at that point; else clear the cell.",
    ),
    Why.EXCEL_ERROR: ("The cell shows the error {value}.", "Mend the formula, or clear the cell."),
    Why.WITHOUT_VALUE: (
        "The cell is a formula without a value.",
        "Open the workbook in Excel, let it calculate, and save it again.",
    ),
    Why.A_DATE: (
        "“{value}” is a date where a number should be.",
        "If Excel made a date of a fraction such as 9/12, choose that dates are fractions, or type it again as text.",
    ),
    Why.OVER_100: ("{value} is more than 100 %.", "Correct the cell."),
    Why.OVER_1: (
        "{value} is more than 1, and this column is a fraction of 1.",
        "If the column is in percent, choose percent; else correct the cell.",
    ),
    Why.NEGATIVE: ("{value} is less than 0.", "Correct the cell."),
    Why.ABOVE_DENOMINATOR: (
        "{numerator:,.10g} of {denominator:,.10g} is more than 100 %.",
        "Correct the numerator or the denominator.",
    ),
    Why.DENOMINATOR_ZERO: ("The denominator is 0.", "Correct it, or clear both cells if nobody was counted."),
    Why.NO_DENOMINATOR: ("There is a numerator but no denominator.", "Type the denominator, or clear both cells."),
    Why.NO_SCHOOL: ("The row says no school.", "Type the school in this row."),
    Why.NO_DATE: ("The row has no date.", "Type the date in this row."),
    Why.DATE_UNREADABLE: ("“{value}” can't be read as a date.", "Type it as 2025-09-30."),
    Why.DATE_UNDECIDED: (
        "“{value}” is a period whose year or order is not known.",
        "Say the school year, the first week, or whether the day or the month comes first.",
    ),
    Why.DATE_IN_FUTURE: ("“{value}” lies in the future.", "Correct the date."),
    Why.NO_MEASURE: ("The row says no measure.", "Type the measure in this row."),
    Why.ODD_ZERO: (
        "{value} where no other value is below {others}: it may mean “not collected”.",
        "Clear the cell if nothing was counted. If it is a true zero, choose that zeros are counted.",
    ),
    Why.LIKE_A_FRACTION: (
        "{value} looks like a fraction of 1 among values in percent.",
        "Type it in percent as the others, with “%” where they have it.",
    ),
    Why.DATE_APART: (
        "“{value}” is more than a year away from every other date.",
        "Correct the year, or bring these rows in as a file of their own.",
    ),
    Why.NO_ANSWER_OF_SCALE: (
        "The cell is none of the answers or marks that are counted.",
        "Correct the cell, or clear it.",
    ),
    Why.TWO_VALUES: (
        "There are different values for one school, group and date: also in {others}.",
        "Keep one of them and clear the others.",
    ),
}


def reason_and_fix(why: int, value: str, numerator: float, denominator: float, others: str) -> tuple[str, str]:
    """
    >>> reason_and_fix(Why.OVER_100, "105.7", 0, 0, "")[0]
    '105.7 is more than 100 %.'
    """
    reason, fix = TEXTS[Why(why)]
    return reason.format(value=value, numerator=numerator, denominator=denominator, others=others), fix
