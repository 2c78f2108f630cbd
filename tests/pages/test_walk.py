"""Somebody who tries everything, in no order: whatever is chosen, typed, pressed or brought in, no page breaks."""

import random
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lib.wording.texts import speak
from tests.hostile_names import NAMES
from tests.pages.conftest import ROOT, Person

PAGES = re.findall(r"st\.Page\(\s*\"(pages/\w+/\w+\.py)\"", (ROOT / "app.py").read_text(encoding="utf-8"))
SAMPLES = sorted(path for path in (ROOT / "sample_data").iterdir() if path.suffix in (".xlsx", ".csv"))
ODD_FILES = [
    ("empty.csv", b""),
    ("noise.xlsx", bytes(range(256)) * 20),
    ("one.csv", b"School,Rate\nA,1\n"),
    ("hostile.csv", "\n".join(["school,date,present,enrolled", *(f'"{n}",2025-09-01,1,2' for n in "abc")]).encode()),
]
ADDRESS = {
    "network": ["1", "2", "99", "x"],
    "measure": ["1", "3", "-1", "999999", "a"],
    "school": ["1", "5", "0", "77777"],
    "group": ["0", "1", "4", "500"],
    "rules": ["ihi", "nhs", "nothing"],
    "middle": ["8", "-3", "-1"],
    "first": ["2025-01-01", "1066-10-14", "soon"],
    "last": ["2024-09-01", "2030-01-01"],
    "period": ["month", "day", "century"],
    "page": ["2", "-5", "400"],
    "search": ["high", NAMES[0], "%"],
    "state": ["shift", "nowhere"],
    "by": ["group", "measure", "luck"],
    "order": ["size", "value"],
    "seed": ["7", "-1"],
    "as_of": ["2025-01-01", "1999-01-01", "2999-01-01"],
    "zoom": ["1", "maybe"],
    "idea": ["Check-in calls", "Nothing like this"],
    "process": ["5", "a"],
    "asks": ["visits", "prizes"],
    "context": ["sizes", "nowhere"],
    "where": ["small", "%0A"],
}
"""Links that somebody may have kept, mistyped or made up."""
STEPS = 50
OFTEN = 0.15
"""How often a step goes to another page instead of touching something on this one."""

Touch = Callable[[Any, random.Random], str]


class Walk:
    """One tab and its steps; `steps` is what to read when a page has broken."""

    def __init__(self, person: Person, seed: int) -> None:
        self.app, self.chance, self.steps = person.app, random.Random(seed), [f"seed {seed}"]

    def begin(self) -> None:
        for name in self.chance.sample(sorted(ADDRESS), self.chance.randrange(4)):
            self.app.query_params[name] = self.chance.choice(ADDRESS[name])
            self.steps.append(f"address {name}={self.app.query_params[name]}")
        self.app.run()
        self.check()

    def step(self) -> None:
        touchable = [(kind, element) for kind in TOUCHES for element in self.app.get(kind) if not self.is_off(element)]
        if not touchable or self.chance.random() < OFTEN:
            page = self.chance.choice(PAGES)
            self.steps.append(f"open {page}")
            self.app.switch_page(page).run()
        else:
            kind = self.chance.choice(sorted({kind for kind, _ in touchable}))
            element = self.chance.choice([element for one, element in touchable if one == kind])
            done = TOUCHES[kind](element, self.chance)
            self.steps.append(f"{kind} “{str(getattr(element, 'label', ''))[:60]}”: {done[:80]}")
            self.app.run()
        self.check()

    @staticmethod
    def is_off(element: Any) -> bool:
        return bool(getattr(element, "disabled", False))

    def check(self) -> None:
        """AppTest says the options of select boxes anew, in the language of this thread: it must be the page's."""
        state = self.app.session_state  # has no `get`
        speak(state["language"] if "language" in state else "en")  # noqa: SIM401
        broken = [f"{error.message}\n{error.stack_trace}" for error in self.app.exception]
        assert not broken, "\n".join([*self.steps, *map(str, broken)])


def press(button: Any, chance: random.Random) -> str:
    button.click()
    return "pressed"


def choose(box: Any, chance: random.Random) -> str:
    """AppTest can't take an option whose words, said again by the box, become other words; it is left alone."""
    before = box.value
    if not box.options:
        return "nothing to choose"
    option = chance.choice(list(box.options))
    box.set_value(option)
    try:
        box.index  # noqa: B018
    except ValueError:
        box.set_value(before)
        return "left alone"
    return str(option)


def choose_some(box: Any, chance: random.Random) -> str:
    chosen = chance.sample(list(box.options), min(len(box.options), chance.randrange(4)))
    box.set_value(chosen)
    return str(chosen)


def choose_one_of_group(group: Any, chance: random.Random) -> str:
    chosen = chance.choice(list(group.options))
    group.set_value([chosen] if isinstance(group.value, list) else chosen)
    return str(chosen)


def write(box: Any, chance: random.Random) -> str:
    box.set_value(chance.choice([*NAMES, "", "High", box.value or ""])[:300])
    return str(box.value)


def turn(switch: Any, chance: random.Random) -> str:
    switch.set_value(not switch.value)
    return "turned"


def count(box: Any, chance: random.Random) -> str:
    low, high = box.min if box.min is not None else 0, box.max if box.max is not None else 100
    box.set_value(chance.choice([low, high, low + (high - low) // 2]))
    return str(box.value)


def choose_day(box: Any, chance: random.Random) -> str:
    if isinstance(box.value, tuple | list):
        return "a span is left as it is"
    days = (box.max - box.min).days
    empty = [] if box.proto.default else [None]  # one that begins with a day can't be emptied in the browser
    box.set_value(chance.choice([box.min + timedelta(days=chance.randrange(days + 1)), box.min, box.max, *empty]))
    return str(box.value)


def bring(uploader: Any, chance: random.Random) -> str:
    files = [*ODD_FILES, *((path.name, path.read_bytes()) for path in SAMPLES)]
    name, data = chance.choice(files)
    uploader.set_value((name, data, "text/csv"))
    return str(name)


TOUCHES: dict[str, Touch] = {
    "button": press,
    "selectbox": choose,
    "radio": choose,
    "multiselect": choose_some,
    "button_group": choose_one_of_group,
    "text_input": write,
    "text_area": write,
    "toggle": turn,
    "checkbox": turn,
    "number_input": count,
    "date_input": choose_day,
    "file_uploader": bring,
}
LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 2 + 1000 // STEPS)]


@pytest.mark.parametrize("seed", [0, 1, *LONG])
def test_no_page_breaks_on_a_random_walk(person: Person, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    walk = Walk(person, seed)
    walk.begin()
    for _ in range(STEPS):
        walk.step()


def test_every_page_of_the_menu_is_walked() -> None:
    assert {Path(page).stem for page in PAGES} >= {"network", "run_chart", "present", "spreadsheet"}
    assert all((ROOT / page).exists() for page in PAGES)
