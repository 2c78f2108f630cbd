"""The words that headers use for what a column is. English, with the common Spanish ones."""

import re

ABOVE = " | "
"""Parts what stands in one row of a header from what stands under it: "2024-25 | Sep", "9/1 | Present"."""


def _whole(*alternatives: str) -> re.Pattern[str]:
    """Fits a header that is one of these."""
    return re.compile("|".join(alternatives))


def _holding(*alternatives: str) -> re.Pattern[str]:
    """Fits a header that holds one of these as a word."""
    return re.compile(r".*(?:\b(?:" + "|".join(alternatives) + r")\b).*")


ID_WORD = r"(?:id|ids|code|cd|number|num|nbr|no|key|#|dbn|urn)"
SCHOOL_WORD = r"(?:school|sch|campus|building|bldg|site|organi[sz]ation|org|institution|escuela|centro|plantel)"
DISTRICT_WORD = (
    r"(?:district|dist|lea|county|borough|network|region|system|division|trust|authority|la|cluster|boces|distrito)"
)

SCHOOL_ID = _whole(
    rf"{SCHOOL_WORD} ?{ID_WORD}",
    "dbn",
    "urn",
    "ncessch",
    "nces(?: school)?(?: id)?",
    "beds(?: code)?",
    "cds(?: code)?",
    "unit ?id",
)
OTHER_ID = _whole(rf"(?:loc|location) ?{ID_WORD}", "id", "code", "sys sch")
SCHOOL_NAME = _whole(
    rf"{SCHOOL_WORD}s?(?: ?name)?",
    rf"name of {SCHOOL_WORD}",
    "nombre(?: de la escuela)?",
    "common name",
    "location(?: name)?",
    "name",
    "entity(?: name)?",
)
DISTRICT_ID = _whole(rf"{DISTRICT_WORD} ?{ID_WORD}", "(?:new |old )?la code")
DISTRICT = _whole(rf"(?:{SCHOOL_WORD} )?{DISTRICT_WORD}(?: ?name)?", rf"name of {DISTRICT_WORD}")
DATE = _holding(
    "dates?",
    "weeks?",
    "wk",
    "months?",
    "years?",
    "yr",
    "period",
    "time ?frame",
    "day",
    "term",
    "quarter",
    "semester",
    "fecha",
    "semana",
    "mes",
    "ymd",
    "timestamp",
)
DATE_OF_OBSERVATION = _holding(
    "attn",
    "attendance",
    "observation",
    "observed",
    "obs",
    "survey",
    "test",
    "week",
    "school",
    "meeting",
    "event",
    "start",
    "of",
)
DATE_OF_PAPERWORK = _holding(
    "file",
    "updated?",
    "report(?:ed|ing)?",
    "load(?:ed)?",
    "created",
    "modified",
    "export",
    "extract",
    "entered",
    "entry",
    "upload",
    "print",
    "timestamp",
    "due",
)
MEASURE = _whole(
    "measures?", "measure name", "indicators?", "metrics?", "variable", "kpi", "statistic", "medida", "indicador"
)
CATEGORY = _whole(
    "category",
    "categories",
    "(?:student )?(?:sub)?group (?:type|category)",
    "demographic category",
    "dimension",
    "breakdown(?: topic)?",
)
GROUP = _whole(
    "(?:student )?(?:sub)?groups?(?: name)?",
    "demographics?",
    "grades?(?: levels?)?",
    "gender",
    "sex",
    "race",
    "ethnicity",
    "race ethnicity",
    "(?:education )?phase",
    "cohort",
    "grado",
    "grupo",
)
ASKS_GROUP = re.compile(
    r".*\b(?:what|which|your|cu[aá]l|tu)\b.*\b(grade|gender|race|ethnicity|race ethnicity|grado|g[eé]nero)\b.*"
)
"""A question of a survey that asks for a student group."""
DENOMINATOR = _holding(
    "denominators?",
    "den",
    "denom",
    "enrolled",
    "enroll?ment",
    "out of",
    "planned",
    "scheduled",
    "answered",
    "total",
    "students",
    "graders",
    "pupils",
    "roster",
    "class size",
    "possible",
    "eligible",
    "expected",
    "membership",
    "population",
    "denominador",
    "matricula",
)
NUMERATOR = _holding(
    "numerators?",
    "num",
    "present",
    "attended",
    "met",
    "yes",
    "on ?track",
    "on ?time",
    "absent",
    "with",
    "passed",
    "passing",
    "proficient",
    "responded",
    "completed",
    "held",
    "made",
    "numerador",
)
STRONG_NUMERATOR = _holding("numerators?", "num", "numerador")
STRONG_DENOMINATOR = _holding("denominators?", "den", "denom", "denominador")
SHARE_WORDS = ("pct", "percent", "percentage", "perc", "rate", "share", "proportion", "porcentaje", "tasa")
PERCENT_SIGN = r".*(?<!\d)%.*"
"""A sign that says the unit; the one in “80% or more of the day” is a part of the name."""
SAYS_SHARE = re.compile(rf"{PERCENT_SIGN}|{_holding(*SHARE_WORDS).pattern}")
OTHER_VALUES = ("values?", "ratio", "score", "average", "mean", "median", "valor")
VALUE = re.compile(rf"{PERCENT_SIGN}|{_holding(*SHARE_WORDS, *OTHER_VALUES).pattern}")
OFTEN_SHARE = (
    "attendance",
    "attn",
    "asistencia",
    r"absen\w*",
    r"ausen\w*",
    "inasistencias?",
    r"chronic\w*",
    r"proficien\w*",
    "on ?track",
    "graduation",
    "graduated",
)
PERCENT = re.compile(rf"{PERCENT_SIGN}|{_holding(*SHARE_WORDS, *OFTEN_SHARE).pattern}")
"""A share, or something that is usually told as one."""
COUNT = _holding(
    "counts?", "number of", "no of", "incidents", "enroll?ment", "students", "cases", "contacts", "meetings", "held"
)
HOURS, MINUTES = _holding("hours?", "hrs?", "horas?"), _holding("minutes?", "mins?", "minutos?")
NO_VALUE = _holding(
    "code",
    "ids?",
    "zip",
    "phone",
    "fax",
    "email",
    "url",
    "link",
    "address",
    "lat",
    "latitude",
    "longitude",
    "lon",
    "row",
    "index",
    "check",
    "notes?",
    "comments?",
    "change pct",
    "rank",
    "version",
    "fips",
    "flag",
)
STUDENT_WORD = "(?:student|stu|pupil|learner|alumno|estudiante)"
STUDENT = _whole(
    rf"{STUDENT_WORD} ?(?:ids?|number|no|num|#|name|first name|last name|e ?mail|dob|birth\w*|nombre)",
    "(?:first|last|middle|given|family) name",
    "surname",
    "apellidos?",
    "dob",
    "birth ?date",
    "date of birth",
    "birthday",
    "fecha de nacimiento",
    "ssn",
    "social security(?: number)?",
    "(?:parent|guardian|mother|father)s? (?:name|e ?mail|phone)",
    "nombre del alumno",
    "name of student",
    "student",
    "(?:your |preferred )?(?:full name|first and last name)",
    "your (?:first |last )?name",
    "e ?mail(?: address)?",
    "correo(?: electr[oó]nico)?",
    "user ?name",
)
WEAK_STUDENT = _whole(
    "student",
    "(?:student|stu|pupil) ?(?:number|no|num|#)",
    "e ?mail(?: address)?",
    "full name",
    "user ?name",
    "correo.*",
)
"""Words that may also head a column of counts; they need the content on their side."""

SKIPPED_SHEET = _holding(
    "summary",
    "instructions?",
    "read ?me",
    "notes?",
    "definitions?",
    "drop ?downs?",
    "lists?",
    "lookups?",
    "overview",
    "dashboard",
    "charts?",
    "contents",
    "cover(?: page)?",
    "key",
    "glossary",
    "(?:data )?dictionary",
    "about",
    "how to",
    "guide",
    "template",
    "settings",
    "resumen",
    "instrucciones",
)
GENERIC_SHEET = re.compile(
    r"(?:sheet|hoja|data|table|tabelle|feuil|blad|export|results?|report|grid|tidy|main|raw|roster|list|students?"
    r"|years?|months?|weeks?|quarters?|terms?|weekly|monthly|daily|form responses|responses|input|entry)? ?\d*"
)
WIDE = r"(?:city|state|district|network|county|system|nation|region)[ -]?wide"
AREA = (
    rf"(?:{WIDE}|all|grand|general|overall|state|district|distrito|network|red|city|county|region(?:al)?|national"
    r"|group|system|school|schools|campus|site|building|class|cohort|team|program|public|elementary|middle|high|primary"
    r"|secondary|students|pupils|enroll?ment|enrolled|number|row|column|year|ytd|[#%])"
)
ADDED = r"(?:(?:sub[ -]?)?totals?|totales|averages?|avg|promedio)"
MIDDLE = r"(?:means?|medians?|media|sum)"
OF_WHAT = r"\.?(?:\s*[:(,].*|\s+(?:[–—-]|(?:for|of|in|across|by|de|del|por|para)\b).*|(?:\s+\d[\d/–-]*)+)?"
TOTAL = re.compile(
    rf"(?:{AREA}[ -]+)*{ADDED}(?:[ -]+{AREA})*{OF_WHAT}"
    rf"|.* (?:state|grand|district|network|county|region|overall) {ADDED}"
    rf"|(?:{AREA} )*{MIDDLE}(?: of .*)?"
    rf"|(?:{WIDE}|overall|network)(?:\s*[:(].*)?"
    r"|(?:ytd|year[ -]to[ -]date)\b.*"
    r"|(?:all (?:schools|school systems|systems|districts|sites|campuses|counties)|todas las escuelas)\b.*",
    re.IGNORECASE,
)
"""Words of a row that adds up or averages other rows, and no other words but what it is of."""
GOAL = re.compile(
    rf"(?:(?:{AREA}|annual|our|sy|\d[\d/–-]*)[ -]+)*(?:goals?|targets?|benchmarks?|aims?|metas?|objetivos?)"
    r"(?: ?%)?(?:\s*[:(].*|\s+\d.*)?",
    re.IGNORECASE,
)
"""What is aimed at, in a row or a column beside what was observed."""
COMPARISON = re.compile(
    r"(?:difference|variance|change|gap|max(?:imum)?|min(?:imum)?|range|std\.? ?(?:dev(?:iation)?)?|standard deviation"
    r"|(?:#|no\.?|number|count)(?: of)? schools?(?: \w+)?|schools reporting|diferencia)"
    r"(?:\s*[:(].*|\s+(?:from|to|vs\.?|since|in)\b.*)?",
    re.IGNORECASE,
)
"""A row that compares or counts the rows above it."""
PERHAPS_TOTAL = re.compile(
    rf"(?:all school|overall|{WIDE}|{ADDED}|means?|medians?)\b.*|.*\b(?:sub)?{ADDED}", re.IGNORECASE
)
"""A word of a total with others beside it: the name of a school, or a total."""
LEVEL = re.compile(
    r"(?:national|regional|region|state|district|county|country|province|network)(?: level)?", re.IGNORECASE
)
"""Levels above the school, in a row that names no school."""
UP = _holding(
    "attendance",
    "attn",
    "asistencia",
    "present",
    "on ?track",
    r"graduat\w*",
    r"proficien\w*",
    "passing",
    "passed",
    "completion",
    "know what to do",
    r"belong\w*",
)
DOWN = _holding(
    r"absen\w*",
    r"ausen\w*",
    "inasistencias?",
    r"truan\w*",
    r"suspen\w*",
    "discipline",
    "incidents?",
    "d or f",
    "d f",
    "ds and fs",
    "failing",
    "failures?",
    "dropouts?",
    r"tard\w*",
    "expulsions?",
)


def plain(text: str) -> str:
    """A header in lower case, words apart: `ATTN_DATE_YMD`, `schoolName` and `School  name*` become plain words.

    >>> plain("ATTN_DATE_YMD"), plain("schoolName"), plain("% Chronically Absent*")
    ('attn date ymd', 'school name', '% chronically absent')
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[^\w#%]+|_", " ", text.lower()).split())


def knows(header: str) -> bool:
    """Whether a header says plainly what its column is."""
    words = plain(header)
    schools = (SCHOOL_ID, SCHOOL_NAME, DISTRICT_ID, DISTRICT)
    others = (DATE, MEASURE, CATEGORY, GROUP, STRONG_NUMERATOR, STRONG_DENOMINATOR)
    return any(pattern.fullmatch(words) for pattern in (*schools, *others))


def says_value(header: str) -> bool:
    """Whether a header says that its column holds numbers of something."""
    words = plain(header)
    return words in ("#", "n") or any(
        pattern.fullmatch(words) for pattern in (VALUE, PERCENT, COUNT, NUMERATOR, DENOMINATOR)
    )


def readable(header: str) -> str:
    """A header as a measure's name: words apart, first letter large.

    >>> readable("ATTN_PCT"), readable("% Chronically Absent*"), readable("D/F grades")
    ('Attn pct', 'Chronically Absent', 'D/F grades')
    """
    text = " ".join(re.sub(r"[_|]+", " ", header).split()).strip(" *%:–—-")
    if "_" in header and (text.isupper() or text.islower()):
        text = text.lower()
    return text[:1].upper() + text[1:]
