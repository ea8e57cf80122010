"""`callqa rubric`: every command on rubrics, one file a group of them; a new one is registered here."""

from __future__ import annotations

import typer

from flows.commands import rubric_diff, rubric_explain, rubric_life, rubric_show, rubric_test, rubric_validate

app = typer.Typer(
    no_args_is_help=True, help="Look at, check, explain and publish rubrics. 评分表：查看、检查、解释、发布。"
)
app.command("list")(rubric_show.list_all)
app.command("show")(rubric_show.show)
app.command("schema")(rubric_show.schema)
app.command("validate")(rubric_validate.validate)
app.command("explain")(rubric_explain.explain)
app.command("publish")(rubric_life.publish)
app.command("retire")(rubric_life.retire)
app.command("diff")(rubric_diff.diff)
app.command("test")(rubric_test.try_examples)
