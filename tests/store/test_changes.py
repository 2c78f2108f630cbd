"""What an upload changed is told by what stood before it; what is undone doesn't count as before."""

import pytest

from lib.store import changes, definitions, undo, uploads
from tests.store.conftest import new_upload


def week(day, present, school="A1"):
    return (school, f"School {school}", "", f"2025-09-{day:02}", present, 20, present / 20)


def test_every_upload_is_listed_newest_first(database, network, save):
    save([week(1, 18)], file="one.csv")
    second = save([week(8, 18)], file="two.csv")
    undo.undo(database, network, second, "Ana", "x")
    found = changes.uploads(database, network)
    assert [(one.file, one.kept, one.undone, one.sheets) for one in found] == [
        ("two.csv", 1, True, ("Data",)),
        ("one.csv", 1, False, ("Data",)),
    ]
    assert changes.uploads(database, definitions.add_network(database, "Another")) == []
    assert changes.about(database, second).who == "test"
    assert changes.about(database, 99) is None


def test_new_changed_vanished_and_unchanged_are_told_apart(database, network, save):
    save([week(1, 18), week(8, 17), week(15, 16), week(15, 10, "B1")])
    number = save([week(1, 18), week(8, 19), week(22, 20), week(22, 11, "C1")])
    assert changes.counts(database, number) == {
        "new": 2,
        "changed": 1,
        "emptied": 0,
        "vanished": 1,
        "unchanged": 1,
    }
    [changed] = changes.changes(database, number, "changed", 10).to_dict("records")
    assert (changed["numerator_before"], changed["numerator"], changed["row"]) == (17, 19, 3)
    [vanished] = changes.changes(database, number, "vanished", 10).to_dict("records")
    assert (str(vanished["date"]), vanished["numerator_before"]) == ("2025-09-15", 16)
    assert len(changes.changes(database, number, "new", 1)) == 1


def test_the_counts_are_those_that_were_shown_before_saving(database, network, save):
    save([week(1, 18), week(8, 17), week(15, 16)])
    upload = new_upload(network, [week(1, 18), week(8, 19), week(22, 20)])
    shown = uploads.difference(database, upload)
    found = changes.counts(database, uploads.save(database, upload))
    assert found == {"emptied": 0} | {
        name: getattr(shown, name) for name in ("new", "changed", "vanished", "unchanged")
    }


@pytest.mark.parametrize("undone", [False, True])
def test_an_undone_upload_is_not_before(database, network, save, undone):
    save([week(1, 10)])
    second = save([week(1, 15)])
    third = save([week(1, 15)])
    save([week(1, 3)])
    if undone:
        undo.undo(database, network, second, "Ana", "x")
    assert changes.counts(database, third)["unchanged"] == (0 if undone else 1)
    assert changes.counts(database, third)["changed"] == (1 if undone else 0)


def test_refused_cells_and_left_out_rows_come_in_the_files_order(database, network, save):
    number = save([week(1, 18)])
    with database.writing() as cursor:
        for cell in ("B9", "A1"):
            cursor.execute(
                "insert into refused_cell values (?, 'Oct', ?, 'x', 'No number.', 'Type one.')", [number, cell]
            )
        cursor.execute("insert into left_out_row values (?, 'Oct', 7, 'a note')", [number])
    assert changes.refused(database, number)["cell"].tolist() == ["B9", "A1"]
    assert changes.left_out(database, number)["row"].tolist() == [7]


def test_an_emptied_value_is_told_apart_from_one_that_is_not_in_the_file(database, save):
    ash, later = ("A1", "Ash", "", "2025-09-01", 18, 20, 0.9), ("A1", "Ash", "", "2025-09-08", 18, 20, 0.9)
    save([ash, later, ("A1", "Ash", "", "2025-09-05", 1, 2, 0.5)])
    number = save([later], emptied=[(*ash[:4], None, None, None), ("A1", "Ash", "", "2025-09-04", None, None, None)])
    found = changes.counts(database, number)
    assert found == {"new": 0, "changed": 0, "emptied": 1, "vanished": 1, "unchanged": 2}
    [row] = changes.changes(database, number, "emptied", 10)[["value", "value_before"]].to_dict("records")
    assert (row["value_before"], str(row["value"])) == (0.9, "nan")
    again = save([ash])
    assert changes.counts(database, again)["new"] == 1
