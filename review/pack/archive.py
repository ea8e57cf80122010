"""The evidence pack as one ZIP, with the sha256 of every file, so that a third party can check it.

    unzip pack.zip -d pack && cd pack && sha256sum -c SHA256SUMS

The sha256 of manifest.json goes to the audit log: a pack that was altered as a whole does not match it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from review.desk.playable import Shelf, Unplayable
from review.desk.stored import recording_path
from review.desk.texts import say
from review.pack import report
from review.pack.clips import AROUND, clips_of, cut
from review.pack.contents import Contents, gather
from review.pack.wanted import Wanted
from review.plain import clock, plain
from scoring.rubric import Rubric
from store import audit
from store.cells import csv_cell
from store.desk import Desk
from store.desk_tables import QueueRow
from store.filenames import FileNames

PACK_VERSION = 1
# What is not seen on a screen, or turns its reading round, is written by its number: exact and harmless.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was made. name: for a file; manifest: sha256 of its manifest; files: how many it holds."""

    name: str
    manifest: str
    files: int


def make(
    desk: Desk, row: QueueRow, rubric: Rubric | None, wanted: Wanted, target: Path, *, shelf: Shelf, recordings: Path,
    login: str, name: str,
) -> Made:  # fmt: skip
    """Write a call's pack to `target` and note it in the audit log. The caller has asked whether the person may, and
    for the reason. login, name: who exports."""
    contents = gather(desk, row, rubric, wanted, by=name)
    with tempfile.TemporaryDirectory(prefix="callqa-pack-") as folder:
        seconds = float(contents.record["duration"])
        clips = clips_of((e for concern in contents.concerns for e in concern.evidence), seconds)
        trouble, sounds = "", {}
        try:
            found = shelf.find(recording_path(desk, row), row.sha256, recordings)
            sounds = cut(found, clips.values(), contents.covered, Path(folder), whole=wanted.whole)
        except Unplayable as missing:
            clips, trouble = {}, say(missing.key, wanted.language)
        texts = _texts(contents)
        hashes = {name: _sha256(text) for name, text in texts.items()}
        hashes |= {name: _file_sha256(path) for name, path in sounds.items()}
        texts["report.pdf"] = report.write(contents, clips, hashes, trouble)
        hashes["report.pdf"] = _sha256(texts["report.pdf"])
        sizes = {name: len(text) for name, text in texts.items()}
        sizes |= {name: path.stat().st_size for name, path in sounds.items()}
        manifest = _json(_manifest(contents, hashes, sizes, trouble))
        hashes["manifest.json"] = _sha256(manifest)
        texts["manifest.json"] = manifest
        texts["SHA256SUMS"] = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
            for inside in sorted(texts, key=lambda name: (name != "report.pdf", name)):
                pack.writestr(inside, texts[inside])
            for inside, path in sounds.items():
                pack.write(path, inside, zipfile.ZIP_STORED)
    with desk.writing() as session:
        audit.note(
            session, login, "pack.export", row.sha256, call=row.call_id, reason=wanted.reason,
            masked=not wanted.unmasked, whole=wanted.whole, manifest=hashes["manifest.json"],
            evaluation=row.evaluation_key,
        )  # fmt: skip
    day = contents.made_at.astimezone().strftime("%Y%m%d")
    readable = FileNames().of(contents.call_id, row.sha256)
    return Made(f"callqa-evidence-{readable}-{day}.zip", hashes["manifest.json"], len(hashes) + 1)


def _texts(c: Contents) -> dict[str, bytes]:
    """Every file but sound, report and manifest."""
    record = c.record
    turns = [
        (n, clock(t["start"]), t["start"], t["end"], t["role"], t["confidence"], t["text"])
        for n, t in enumerate(record["turns"])
    ]
    kept = {k: v for k, v in record.items() if k not in ("turns", "measures", "audio")}
    clauses = [
        {
            "item": k.item, "name": k.name and k.name.model_dump(), "clause": k.source,
            "asked": k.guide and k.guide.model_dump(), "points": k.most, "critical": k.critical, "fatal": k.fatal,
            "flag": k.severity,
        }
        for k in c.concerns
    ]  # fmt: skip
    return {
        "transcript.csv": _csv(("turn", "clock", "start", "end", "role", "confidence", "text"), turns),
        "evaluation.json": _json(kept),
        "clauses.json": _json({"rubric": record["rubric"], "items": clauses}),
        "trail.json": _json({"reviews": c.reviews, "case": c.steps}),
        "audit.csv": _csv(
            ("number", "at", "actor", "action", "details", "previous", "hash"), (line.values() for line in c.audit)
        ),
    }


def _manifest(c: Contents, hashes: Mapping[str, str], sizes: Mapping[str, int], trouble: str) -> dict[str, Any]:
    return {
        "pack_version": PACK_VERSION,
        "made_at": c.made_at.isoformat(timespec="seconds"),
        "made_by": c.made_by,
        "asked": asdict(c.wanted),
        "software": {"callqa": _version(), "record_version": c.record["record_version"]},
        "call": {"call_id": c.call_id, "recording_sha256": c.row.sha256, "seconds": c.record["duration"]},
        **c.versions,
        "sound": {
            "missing": trouble or None, "seconds_around_evidence": AROUND,
            "silenced": [[round(s, 2), round(e, 2)] for s, e in c.covered],
        },
        "audit": {"lines": len(c.audit), "last_line_of_log": c.chain_end, "masked": not c.wanted.unmasked},
        "files": [{"name": n, "bytes": sizes[n], "sha256": hashes[n]} for n in sorted(hashes)],
    }  # fmt: skip


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """UTF-8 with a byte order mark, for Excel; no cell is a formula, none holds what cannot be seen."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    for row in rows:
        writer.writerow([csv_cell(plain(value)) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return (_UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n").encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version() -> str:
    try:
        return version("callqa")
    except PackageNotFoundError:  # run from a checkout
        return "unknown"
