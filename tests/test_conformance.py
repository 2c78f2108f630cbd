"""The page on conformance: made anew it is the same, and what it says of others has a ground."""

import tomllib

from docs.conformance import DIFFERENCES, HERE, PAGE, WAYS, page, verdict


def test_the_page_is_what_the_program_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "stale: run python -m docs.conformance"


def test_everything_said_of_a_tool_names_a_known_tool_and_how_it_is_known() -> None:
    told = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))
    assert len(told["probe"]) == 8
    for probe in told["probe"]:
        assert len(probe["says"]) >= 3, probe["name"]
        assert probe["source"]
        for tool, says, how in probe["says"]:
            assert tool in told["tools"], tool
            assert says
            assert how in WAYS, how


def test_a_tie_and_a_gap_neither_add_nor_break() -> None:
    """What the page must say of the two series that part the tools: a run of eight, counted over the tie or the gap."""
    tie, gap, *_ = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))["probe"]
    for probe in (tie, gap):
        assert verdict(probe, "shift8").startswith("shift (8 points); 16 useful points, longest run 8")


def test_every_difference_says_whose_what_and_why() -> None:
    assert all(whose and they and ours for whose, they, ours in DIFFERENCES)
