"""What an audio file promises about its own length, read from its container.

The decoder alone cannot tell a short call from a call whose end was lost in a copy: for 16-bit WAV it believes the
file size, for Ogg the last page it finds.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

_STREAMED = (0, 0x7FFFFFFF)  # a recorder that writes to a pipe cannot fill in the size: zero or far too large
_PARTS = 100_000  # a gigabyte of empty parts would keep us reading for minutes; 10 h of 1-second fragments stay below
_FORGED = 16_000_000  # bytes; a file cut inside an honest trailing chunk stays below
_EXACT = {"flac", "matroska", "mov", "w64", "aiff", "caf"}  # their headers count samples or ticks


@dataclass(frozen=True, slots=True)
class Promise:
    """`seconds`: the promised length, None where there is only an estimate. `cut_off`: the end is missing."""

    seconds: float | None
    cut_off: bool


def read_promise(file: BinaryIO, container: str, duration: float | None) -> Promise:
    """The promise of an open `file` of format `container`, whose decoder reports `duration` seconds.

    Leaves the file at its start.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    promise = Promise(duration if container in _EXACT else None, False)
    if container == "wav":
        promise = _wav(file, size)
    elif container == "mov":
        promise = Promise(duration, _mp4_cut_off(file, size))
    elif container == "mp3" and _has_frame_count(file):
        promise = Promise(duration, False)
    elif container == "ogg":
        promise = Promise(None, _ogg_cut_off(file, size))
    file.seek(0)
    return promise


def mp4_cut_off(file: BinaryIO) -> bool:
    """Whether `file` begins as MP4 and lacks its end: without it the decoder cannot even list what is inside."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return file.read(8)[4:] == b"ftyp" and _mp4_cut_off(file, size)


def forged(file: BinaryIO) -> bool:
    """Whether `file` is RIFF with a header part that claims far more bytes than the file has.

    The decoder would allocate and clear them, up to 2 GB, before it finds out.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    riff = file.read(4) in (b"RIFF", b"RIFX", b"RF64")
    found = riff and any(name != b"data" and length > size + _FORGED for name, _, length in _chunks(file, size))
    file.seek(0)
    return found


def _wav(file: BinaryIO, size: int) -> Promise:
    rate = 0  # bytes a second
    for name, at, length in _chunks(file, size):
        if name == b"fmt ":
            rate = int.from_bytes(file.read(12)[8:], _order(file))
            file.seek(at)
        if name == b"data" and rate and _STREAMED[0] < length < _STREAMED[1]:
            return Promise(length / rate, at + length > size)
    return Promise(None, False)


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset and promised length of each chunk of a RIFF file, `file` standing at its content."""
    order, at = _order(file), 12
    for _ in range(_PARTS):
        if at + 8 > size:
            return
        file.seek(at)
        name, length = file.read(4), int.from_bytes(file.read(4), order)
        yield name, at + 8, length
        at += 8 + length + length % 2


def _order(file: BinaryIO) -> Literal["little", "big"]:
    here = file.tell()
    file.seek(0)
    big = file.read(4) == b"RIFX"
    file.seek(here)
    return "big" if big else "little"


def _mp4_cut_off(file: BinaryIO, size: int) -> bool:
    at, names = 0, set()
    for _ in range(_PARTS):
        if at + 8 > size:
            break
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        names.add(name)
        if length == 1:
            length = int.from_bytes(file.read(8), "big")
        at = size if length == 0 else at + max(length, 8)
    return at > size or b"moov" not in names


def _has_frame_count(file: BinaryIO) -> bool:
    """Whether an MP3 carries a Xing, Info or VBRI frame; without one its length is guessed from the first bit rate."""
    head, start = file.read(10), 0
    if head[:3] == b"ID3":
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
    file.seek(start)
    first = file.read(4096)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))


def _ogg_cut_off(file: BinaryIO, size: int) -> bool:
    file.seek(max(0, size - 65_536))  # a page has at most 65 307 bytes
    tail = file.read()
    page = tail.rfind(b"OggS")
    return page < 0 or len(tail) < page + 6 or not tail[page + 5] & 4
