"""Names made to harm whatever shows, stores or exports them."""

ELSEWHERE = "http://elsewhere.test/x"
NAMES = [
    f"![x]({ELSEWHERE}.png)",
    f"[click]({ELSEWHERE}) **bold** $a^2$ :red[red] :material/home:",
    f"<img src={ELSEWHERE} onerror=alert(1)>",
    "<script>alert(1)</script></style></svg>",
    f"'\"><svg onload=alert(1)><image href='{ELSEWHERE}'/></svg>",
    "a.b",
    "x[0]",
    "a:Q",
    "datum['x'] || true || '\\",
    '=HYPERLINK("http://elsewhere.test","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "'); drop table school; --",
    "مدرسة \u202egnp.exe",
    "zero\u200bwidth\u200d\ufeff",
    "🏫👩‍🏫 school",
    "long " * 60,
    "<b>&amp;&lt;",
    "{{ 7*7 }} {name} %s ${x}",
    "-",
    "null",
    "line one\nline two\ttab",
    "#VALUE!",
    "`code` | table | ---",
]
"""Markdown, HTML, SVG, Vega's fields and expressions, formulas, SQL, other ways of writing, length, templates."""
