"""`callqa pack`: the evidence of a call, for a third party."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk_ledger import LedgerOption, desk_at
from flows.commands.inspect import chosen


def pack(
    call: Annotated[str, typer.Argument(help="Call id, file name, or start of the recording's sha256.")],
    out: Annotated[Path, typer.Option(help="The ZIP to write.")],
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Personal data as it was said; needs --reason.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is exported; goes to the audit log and into the pack.")] = "",
    whole: Annotated[bool, typer.Option("--whole", help="With the whole recording.")] = False,
    language: Annotated[str, typer.Option(help="Language of the report: zh or en.")] = "zh",
    recordings: Annotated[
        Path, typer.Option(envvar="CALLQA_RECORDINGS", help="Folder that relative paths of recordings start from.")
    ] = Path(),
    ledger: LedgerOption = "out/callqa.sqlite",
) -> None:
    """Export a call's evidence: report (PDF), clips, transcript, clauses, trail, audit extract, checksums. 证据包。

    Whoever gets it can check it with `sha256sum -c SHA256SUMS`; the manifest's sha256 is in the audit log.

    [bold]Example[/bold]

    callqa pack KF-20260302-0003 --out KF-0003.zip --ledger out/callqa.sqlite
    """
    from review.desk.options import Options
    from review.desk.playable import Shelf
    from review.pack.archive import make
    from review.pack.wanted import Wanted
    from scoring.errors import UsageError
    from store.lookup import queued_named
    from store.staging import staged, writing_to

    wanted = Wanted(chosen("--language", language, ("zh", "en")), whole, unmasked, reason.strip())
    if wanted.unexplained:
        raise UsageError("--unmasked needs a reason", remedy="say by --reason why personal data is exported")
    by = f"command:{getpass.getuser()}"
    with desk_at(ledger) as desk:
        desk.catch_up()
        with desk.reading() as session:
            found, forms = queued_named(session, call), Options().forms(session)
        if len(found) != 1:
            raise UsageError(
                f"{call}: {len(found)} evaluated calls have this name",
                remedy="give the start of the recording's sha256" if found else "inspect it first: callqa inspect",
            )
        row = found[0]
        shelf = Shelf()
        try:
            with writing_to(out.parent), staged(out) as target:
                made = make(
                    desk, row, forms.get(row.rubric_hash), wanted, target, shelf=shelf,
                    recordings=recordings.absolute(), login=by, name=by,
                )  # fmt: skip
        finally:
            shelf.close()
    typer.echo(f"{made.files} files -> {out}  (manifest sha256 {made.manifest})")
