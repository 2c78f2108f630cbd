"""What student groups are called: grades, genders, races, programs. English, with the common Spanish ones."""

import re

PLAIN_GRADE = (
    r"(?:grade|gr|grado)\.? ?(?:1[0-2]|0?[1-9]|k|pk)|(?:1[0-2]|[1-9])(?:st|nd|rd|th|º|o)? (?:grade(?:rs?)?|grado)"
)
CATEGORIES = {
    "Grade": rf"{PLAIN_GRADE}|g ?(?:1[0-2]|0?[1-9]|k)|1st|2nd|3rd|(?:1[0-2]|[4-9])th|kindergarten|pre-?k"
    r"|freshm[ae]n|sophomores?|juniors?|seniors?",
    "Gender": r"females?|males?|girls|boys|non-?binary|mujeres|hombres|niñas|niños",
    "Race and ethnicity": r"hispanic ?(?:/|or) ?latin[oaxe]|hispanic|latin[oaxe]|asian|white|two or more(?: races)?"
    r"|black or african[- ]american|african[- ]american|black|american indian(?: or alaska native)?|native american"
    r"|native hawaiian(?: or (?:other )?pacific islander)?|pacific islander|filipino|middle eastern|multi-?racial",
    "Student group": r"non-?ells?|ells?|els?|mlls?|english (?:language )?learners?|swds?|sped|special education|iep"
    r"|frp?l|students with(?:out)? disabilities|general education|(?:not )?economically disadvantaged|low[- ]income"
    r"|homeless|migrant|foster(?: care| youth)?|gifted",
}
"""What groups are called, by category."""
NAMES = {
    category: re.compile(rf"(?<![\w-])(?:{words})(?: (?:students?|learners?|pupils?))?(?![\w-])", re.IGNORECASE)
    for category, words in CATEGORIES.items()
}
EVERYBODY = re.compile(
    r"all|all \(.*\)|all (?:students?|pupils?|grades?|groups?|learners?|children|enrolled students)"
    r"|totals?|total (?:population|students?|pupils?)"
    r"|overall|everyone|everybody|school-?wide|district-?wide|todos|todas|todos los (?:estudiantes|alumnos)",
    re.IGNORECASE,
)
"""Words for all students."""
EDGES = " -–—:,()[]/"


def group_in(text: str) -> tuple[str, str, str] | None:
    """Category and name of the one group that a text names at one of its ends, and the rest; a grade may be anywhere.

    >>> group_in("Attendance % Grade 9"), group_in("ELL"), group_in("White Plains")
    (('Grade', 'Grade 9', 'Attendance %'), ('Student group', 'ELL', ''), ('Race and ethnicity', 'White', 'Plains'))
    """
    text = text.replace("_", " ").strip(EDGES)
    for category, pattern in NAMES.items():
        found = [hit for hit in pattern.finditer(text) if _is_at_an_end(hit, text) or _is_plain_grade(hit)]
        if len(found) == 1:
            rest = f"{text[: found[0].start()].strip(EDGES)} {text[found[0].end() :].strip(EDGES)}".strip()
            return category, found[0].group(), _without_link(rest)
    return None


def _is_at_an_end(hit: re.Match[str], text: str) -> bool:
    return hit.start() == 0 or hit.end() == len(text)


def _is_plain_grade(hit: re.Match[str]) -> bool:
    return re.match(PLAIN_GRADE, hit.group(), re.IGNORECASE) is not None


def _without_link(rest: str) -> str:
    """
    >>> _without_link("Attendance for"), _without_link("by grade")
    ('Attendance', 'by grade')
    """
    return re.sub(r" (?:for|of|in|by|among|de|en)$", "", rest, flags=re.IGNORECASE)


def means_everybody(text: str) -> bool:
    """
    >>> means_everybody("All (Excludes Pre-K)"), means_everybody("All other races")
    (True, False)
    """
    return EVERYBODY.fullmatch(text.strip()) is not None


def group_of_tab(name: str) -> tuple[str, str]:
    """Category and name of the group that a tab is called after, both "" for all students.

    >>> group_of_tab("Grade 9"), group_of_tab("All students"), group_of_tab("Newcomers")
    (('Grade', 'Grade 9'), ('', ''), ('', 'Newcomers'))
    """
    found = group_in(name)
    if means_everybody(name):
        return "", ""
    return found[:2] if found and not found[2] else ("", name.strip())
