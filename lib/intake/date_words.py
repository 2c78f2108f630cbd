"""What days, months and parts of a school year are called."""

import re

MONTH_NAMES = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sept", "sep", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, 1) for name in names}
SEASONS = {"fall": 0, "autumn": 0, "winter": 4, "spring": 5, "summer": 10, "boy": 0, "moy": 5, "eoy": 9}
"""Months after the start of the school year; the last three are its beginning, middle and end."""
SCHOOL_QUARTERS = (0, 2, 5, 7)
"""Months after the start of the school year in which quarter 1 to 4 begins, for a year of four nine-week quarters."""
SEMESTERS, TRIMESTERS, SIX_WEEKS = (0, 5), (0, 3, 7), (0, 2, 3, 5, 6, 8)
"""Months after the start of the school year, likewise."""
PARTS_OF_YEAR = {
    "semester": ("term", SEMESTERS),
    "sem": ("term", SEMESTERS),
    "semestre": ("term", SEMESTERS),
    "s": ("term", SEMESTERS),
    "trimester": ("term", TRIMESTERS),
    "tri": ("term", TRIMESTERS),
    "trimestre": ("term", TRIMESTERS),
    "term": ("term", SCHOOL_QUARTERS),
    "t": ("term", SCHOOL_QUARTERS),
    "quarter": ("quarter", SCHOOL_QUARTERS),
    "marking period": ("quarter", SIX_WEEKS),
    "mp": ("quarter", SIX_WEEKS),
    "six weeks": ("quarter", SIX_WEEKS),
    "bimestre": ("quarter", SCHOOL_QUARTERS),
    "9 weeks": ("quarter", SCHOOL_QUARTERS),
    "nine weeks": ("quarter", SCHOOL_QUARTERS),
}
"""What the parts of a school year are called, and in which month of it each begins, about."""
MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BESIDE_DAY = re.compile(rf"{WEEKDAY},? +(?=\d{{1,2}}[/.-])|(?<=\d),? +\(?{WEEKDAY}\)?$", re.IGNORECASE)
"""The day of the week before or after a date in numbers."""
WEEKDAY_BEFORE = rf"(?:{WEEKDAY},?\s+)?"
TWO_DIGIT_YEARS = range(15, 41)
"""Two digits that may be a year where they could be something else."""
NUMBERED_WEEK = re.compile(r"(?:week|wk|w|semana|sem)\.? ?#?([1-9]\d?)")
MOST_WEEKS = 6
"""In a month, the first and the last in part."""
