"""A published version cannot change unseen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from form_parts import item, section, written

from scoring.errors import RubricError
from scoring.publication import REGISTER, publish, retire
from scoring.rubric_file import load_rubric

DAY = date(2026, 12, 1)


def put(path: Path, points: float = 5, **keys: str) -> None:
    path.write_text(written(section("a", item("alpha", points)), **keys), encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    put(tmp_path / "form.yaml")
    publish(load_rubric(tmp_path / "form.yaml"), tmp_path, approver="李娜", reason="first", on=DAY)
    return tmp_path / "form.yaml"


def test_a_form_is_drafted_published_and_retired(file: Path) -> None:
    rubric = load_rubric(file)
    assert rubric.status == "published"
    assert rubric.publication is not None
    assert (rubric.publication.approver, rubric.publication.on, rubric.publication.reason) == ("李娜", DAY, "first")
    retire(rubric, file.parent, approver="李娜", reason="replaced", on=DAY)
    assert load_rubric(file).status == "retired"
    assert load_rubric(file).hash == rubric.hash


def test_publishing_again_keeps_the_first_approval(file: Path) -> None:
    before = (file.parent / REGISTER).read_text()
    assert publish(load_rubric(file), file.parent, approver="王", reason="again", on=DAY).published.approver == "李娜"
    assert (file.parent / REGISTER).read_text() == before


def test_a_changed_published_version_is_refused_until_it_gets_a_new_version(file: Path) -> None:
    put(file, points=6)
    with pytest.raises(RubricError, match="new `version:`") as caught:
        load_rubric(file)
    assert "published on 2026-12-01 and has been changed" in caught.value.message
    put(file, points=6, version="2")
    assert load_rubric(file).status == "draft"
    publish(load_rubric(file), file.parent, approver="王", reason="more weight", on=DAY)
    put(file, points=5)
    assert load_rubric(file).status == "published"


def test_layout_and_the_stated_status_are_no_change(file: Path) -> None:
    file.write_text("# a comment\n" + file.read_text(), encoding="utf-8")
    assert load_rubric(file).status == "published"
    put(file, status="draft")
    assert load_rubric(file).status == "published"


def test_what_cannot_be_is_refused(file: Path) -> None:
    put(file, version="2")
    draft = load_rubric(file)
    with pytest.raises(RubricError, match="is not published"):
        retire(draft, file.parent, approver="x", reason="y", on=DAY)
    for approver, reason in (("", "y"), ("  ", "y"), ("x", ""), ("x", "y" * 3000)):
        with pytest.raises(RubricError, match="must be given"):
            publish(draft, file.parent, approver=approver, reason=reason, on=DAY)
    put(file)
    retire(load_rubric(file), file.parent, approver="x", reason="y", on=DAY)
    with pytest.raises(RubricError, match="was retired"):
        publish(load_rubric(file), file.parent, approver="x", reason="y", on=DAY)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 2}', '{"versions": [{}]}', "[" * 100_000])
def test_a_damaged_register_is_told(file: Path, text: str) -> None:
    (file.parent / REGISTER).write_text(text)
    with pytest.raises(RubricError, match="restore it"):
        load_rubric(file)


def test_nobody_signs_for_himself_in_the_file(file: Path) -> None:
    file.write_text(file.read_text().replace("{", '{"publication": {"approver": "x"},', 1))
    with pytest.raises(RubricError, match=r"form.yaml:\d+: publication is kept by callqa"):
        load_rubric(file)
