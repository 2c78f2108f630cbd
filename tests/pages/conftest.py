"""Pages as a person meets them: real files in, real words out, without a browser."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Person:
    """Somebody at the app."""

    def __init__(self) -> None:
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)

    def open(self, page: str, **address: object) -> "Person":
        for name, value in address.items():
            self.app.query_params[name] = str(value)
        self.app.switch_page(f"pages/{page}.py").run()
        assert not self.app.exception
        return self

    def text(self) -> str:
        """Everything that is written on the page."""
        kinds = ("markdown", "text", "caption", "error", "warning", "info", "success")
        said = [element.value for kind in kinds for element in getattr(self.app, kind)]
        return "\n".join([*said, *(element.proto.body for element in self.app.get("html"))])

    def charts(self) -> list[tuple[dict[str, object], pd.DataFrame, str]]:
        """Specification, data and alternative text of each chart."""
        return [
            (json.loads(e.proto.spec), pa.ipc.open_stream(e.proto.data.data).read_pandas(), e.proto.alt)
            for e in self.app.get("vega_lite_chart")
        ]

    def upload(self, name: str, data: bytes, kind: str = CSV) -> "Person":
        self.app.get("file_uploader")[0].set_value((name, data, kind)).run()
        assert not self.app.exception
        return self

    def press(self, label: str) -> "Person":
        next(button for button in self.app.button if button.label == label).click().run()
        assert not self.app.exception
        return self

    def start_own(self, name: str) -> "Person":
        """A network of one's own, with nothing in it; its page for a first spreadsheet is open."""
        self.open("bring/spreadsheet")
        next(box for box in self.app.text_input if box.label == "Name of the network").set_value(name)
        return self.press("Start")

    def choose(self, label: str, value: object) -> "Person":
        next(box for box in self.app.selectbox if box.label == label).set_value(value).run()
        assert not self.app.exception
        return self


@pytest.fixture
def person(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("STEPBACK_DATABASE", str(shutil.copy(sample, tmp_path / "own.duckdb")))
    st.cache_resource.clear()
    return Person()
