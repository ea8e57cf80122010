"""The pack's report: what was found, on what clause and evidence it rests, what people decided, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from review.pack.clips import WHOLE, Clip, Span
from review.pack.contents import Concern, Contents
from review.pack.paper import ALARM, INK, LINK, QUIET, Cell, Paper
from review.pack.texts import say, word
from review.plain import clock, moment

UNSURE = 0.5  # as on the call's page


def write(contents: Contents, clips: Mapping[Span, Clip], hashes: Mapping[str, str], trouble: str) -> bytes:
    """The PDF. hashes: sha256 of the pack's other files. trouble: why there is no sound, empty where there is."""
    c, language = contents, contents.wanted.language
    t = partial(say, language=language)
    paper = Paper(
        f"{t('title')} {c.call_id}", t("foot", call=c.call_id, sha=c.row.sha256[:16]), language, c.made_at
    )  # fmt: skip
    paper.heading(t("title"), top=True)
    paper.paragraph(t("unmasked" if c.wanted.unmasked else "masked"), 9, ALARM if c.wanted.unmasked else QUIET)
    paper.heading(t("about"))
    paper.facts(_about(c))
    if trouble:
        paper.facts([(t("no_sound"), trouble)])
    paper.heading(t("concerns"))
    for number, concern in enumerate(c.concerns, 1):
        _concern(paper, c, number, concern, clips)
    paper.heading(t("sum"))
    for line in c.record["arithmetic"]:
        paper.paragraph(line, 8.5)
    paper.heading(t("trail"))
    _trail(paper, c)
    paper.heading(t("transcript"))
    _transcript(paper, c)
    paper.heading(t("audit"))
    paper.paragraph(t("audit_note", end=c.chain_end or "—"), 8.5, QUIET)
    for line in c.audit:
        cells = (Cell(14, str(line["number"]), 8, QUIET), Cell(36, line["at"][:19], 8), Cell(28, line["actor"], 8))
        paper.row([*cells, Cell(26, line["action"], 8), Cell(paper.epw - 104, line["details"], 7.5, QUIET)], ruled=True)
    paper.heading(t("files"))
    paper.paragraph(t("files_note"), 8.5, QUIET)
    for name, digest in hashes.items():
        paper.row([Cell(62, name, 8), Cell(paper.epw - 62, digest, 7.5, QUIET)], ruled=True)
    _models(paper, c)
    return bytes(paper.output())


def _about(c: Contents) -> list[tuple[str, str]]:
    language, row, record = c.wanted.language, c.row, c.record
    t = partial(say, language=language)
    agent = " ".join(dict.fromkeys(filter(None, (row.agent, record["agent_name"]))))
    human = f"{c.counted.score:.1f}" if c.counted and c.counted.score is not None else ""
    if c.counted:
        human = f"{human} · {c.counted.reviewer_name} · {moment(c.counted.at)}".lstrip(" ·")
    score = "—" if record["score"] is None else f"{record['score']:.1f} {record['grade'] or ''}"
    case, form = "", record["rubric"]
    if c.case:
        kind, status = word("case_kind", c.case.kind, language), word("case_state", c.case.status, language)
        case = t("case_line", number=c.case.number, kind=kind, status=status, due=moment(c.case.due_at))
    return [
        (t("call"), c.call_id),
        (t("recording"), row.sha256),
        (t("agent"), agent),
        (t("team"), row.team or ""),
        (t("phone"), c.phone or ""),
        (t("scenario"), word("scenario", row.scenario, language)),
        (t("started"), row.started_at.strftime("%Y-%m-%d %H:%M") if row.started_at else ""),
        (t("duration"), clock(row.duration)),
        (t("form"), f"{c.rubric.name.in_(language) if c.rubric else form['id']} {form['version']}"),
        (t("form_hash"), form["hash"]),
        (t("machine_score"), score + (f" · {t('fatal')}" if row.fatal else "")),
        (t("human_score"), human or t("not_reviewed")),
        (t("case"), case),
        (t("disposition"), word("case_disposition", c.case.disposition, language) if c.case else ""),
        (t("made"), f"{moment(c.made_at)} · {c.made_by}"),
        (t("reason"), c.wanted.reason),
    ]


def _concern(paper: Paper, c: Contents, number: int, concern: Concern, clips: Mapping[Span, Clip]) -> None:
    language, a = c.wanted.language, concern.answer
    t = partial(say, language=language)
    paper.room(34)
    tags = [word("severity", concern.severity, language)] if concern.severity else []
    tags += [word("fatal", concern.fatal, language)] if concern.fatal else []
    name = concern.name.in_(language) if concern.name else concern.item
    paper.row([Cell(paper.epw - 62, f"{number}. {name}", 11, strong=True), Cell(62, " · ".join(tags), 9, ALARM)])
    answer = [word("status", a["status"], language)]
    if a["potential"]:
        answer.append(t("points", points=a["points"], potential=a["potential"]))
    if a["confidence"] is not None:
        answer.append(t("confidence", n=a["confidence"]))
    human = word("status", concern.human, language) if concern.human else ""
    paper.facts(
        [
            (t("clause"), concern.source),
            (t("guide"), concern.guide.in_(language) if concern.guide else ""),
            (t("answer"), " · ".join(filter(None, answer))),
            (t("why"), a["why"]),
            (t("person"), human + (f" · {concern.human_reason}" if human and concern.human_reason else "")),
            (t("arithmetic"), concern.arithmetic),
        ]
    )
    seconds = float(c.record["duration"])
    for e in concern.evidence:
        clip = clips.get((e["start"], e["end"]))
        whole = e["end"] - e["start"] >= WHOLE * seconds
        when = t("whole_call") if whole else f"{clock(e['start'])}–{clock(e['end'])}"
        who = word("role", e["role"], language) if e["role"] else ""
        said = f"“{e['quote']}”" if e["quote"] else ""
        where = clip.name if clip else ("" if whole else t("no_clip"))
        cells = (Cell(34, t("evidence"), 9, QUIET), Cell(24, when, 9, LINK), Cell(18, who, 9, QUIET))
        paper.row([*cells, Cell(paper.epw - 118, said, 9), Cell(42, where, 7, QUIET)])
    if not concern.evidence:
        paper.facts([(t("evidence"), t("no_evidence"))])
    paper.ln(3)


def _trail(paper: Paper, c: Contents) -> None:
    language = c.wanted.language
    t = partial(say, language=language)
    wide = paper.epw - 74
    for review in c.reviews:
        score = "" if review["score"] is None else f"{review['score']:.1f}"
        head = " · ".join(filter(None, (word("round", review["round"], language), score, review["comment"])))
        paper.row([Cell(40, review["at"], 8, QUIET), Cell(34, review["by"], 9), Cell(wide, head, 9)])
        for change in review["changed"]:
            machine, person = (word("status", change[side], language) for side in ("machine", "person"))
            text = t("changed", item=_named(c, change["item"]), machine=machine, person=person)
            paper.row([Cell(74, ""), Cell(wide, f"{text} · {change['reason']}", 8.5, QUIET)])
    for step in c.steps:
        by = step["by"] if step["action"] == "changed" else "callqa"
        reason = word("case_kind", step["reason"], language) if step["action"] != "changed" else step["reason"]
        parts = (
            word("case_action", step["action"], language), word("case_kind", step["kind"], language),
            word("case_state", step["status"], language), step["responsible"],
            word("case_disposition", step["disposition"], language), reason if step["action"] != "opened" else "",
        )  # fmt: skip
        cells = (Cell(40, step["at"], 8, QUIET), Cell(34, by, 9))
        paper.row([*cells, Cell(wide, " · ".join(filter(None, parts)), 9)], ruled=True)
    if not c.reviews and not c.steps:
        paper.paragraph(t("no_trail"), 9, QUIET)


def _transcript(paper: Paper, c: Contents) -> None:
    language = c.wanted.language
    for turn in c.record["turns"]:
        who = word("role", turn["role"], language)
        said = turn["text"] + (f" {say('unsure', language)}" if turn["confidence"] < UNSURE else "")
        colour = LINK if turn["role"] == "agent" else INK
        cells = (Cell(16, clock(turn["start"]), 8, QUIET), Cell(20, who, 8.5, colour))
        paper.row([*cells, Cell(paper.epw - 36, said, 9)])


def _models(paper: Paper, c: Contents) -> None:
    models = {**((c.versions["transcript"] or {}).get("models") or {}), **c.versions["evaluation"]["models"]}
    label = say("model", c.wanted.language)
    for name, digest in models.items():
        paper.row([Cell(62, f"{label} {name}", 8), Cell(paper.epw - 62, str(digest), 7.5, QUIET)], ruled=True)


def _named(c: Contents, item: str) -> str:
    known = next((i.name for _, i in c.rubric.items() if i.id == item), None) if c.rubric else None
    return known.in_(c.wanted.language) if known else item
