"""Gates against what Whisper makes up: speech that was never spoken must not reach a score."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from scoring.call import Word
from scoring.measures import count_units

LOOPED = 2.4  # compression ratio above which a text repeats itself (Radford et al. 2022, section 4.5)
UNSURE_CLIP = -0.55  # mean log-probability below which a clip is worth a beam search
HOPELESS_CLIP = -1.3  # and below which its words are guesses
SILENT_CLIP = 0.8  # no-speech probability that, with low log-probability, means nothing was said
FASTEST = 11.0  # characters or words a second; nobody speaks faster
WEAKEST = 0.22  # mean word probability below which a stretch is noise

# Sentences Whisper learnt from subtitles and says over music and silence.
_SUBTITLES = re.compile(
    r"thanks? (you )?for watching|please subscribe|subtitles? by|amara\.org|transcri(bed|ption) by|"
    r"字幕(由|提供|志愿|制作)|谢谢(大家)?(的)?(观看|收看|收听)|请不吝点赞|订阅.{0,4}(转发|打赏|频道)|明镜与点点|"
    r"中文字幕|本期视频|感谢观看|优优独播|未经.{0,3}许可.{0,8}转载",
    re.IGNORECASE,
)
_PROMPT = re.compile(r"以下是普通话|客服(电话)?的?(通话)?录音|使用简体|标点符号")
_NOTES = re.compile(r"^[\s♪♫\[\](){}*~.,!?。，！？…-]*$|^[\[(（].{0,30}[\])）]$|♪")
_REPEAT = re.compile(r"(.{2,20}?)\1{4,}")


def loops(text: str) -> bool:
    """Whether a text runs in circles."""
    raw = text.encode()
    if len(raw) > 60 and len(raw) / len(zlib.compress(raw)) > LOOPED:
        return True
    return bool(_REPEAT.search(re.sub(r"[\s,，.。]", "", text)))


def made_up(text: str) -> bool:
    """Whether a stretch is a subtitle phrase, an echo of the prompt, or only notes and marks."""
    return bool(_SUBTITLES.search(text) or _PROMPT.search(text) or _NOTES.search(text.strip()))


def believable(text: str, words: Sequence[Word]) -> bool:
    """Whether a stretch of words could have been spoken."""
    if not words or made_up(text) or loops(text):
        return False
    seconds = max(words[-1].end - words[0].start, 0.05)
    units = count_units(text)
    if units >= 6 and units / seconds > FASTEST:
        return False
    return sum(w.confidence for w in words) / len(words) >= WEAKEST
