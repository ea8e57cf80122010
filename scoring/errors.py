"""Everything callqa refuses, in one tree; each message names what is wrong and what to do about it.

CallqaError
├── UsageError            bad arguments or settings: nothing was started
│   ├── RubricError       a rubric file is wrong (file, line, key, what is allowed)
│   ├── MetadataError     a metadata table or its mapping is wrong
│   ├── VocabularyError   a business vocabulary file is wrong (file, line)
│   └── OutputError       the output folder or ledger cannot be written
├── WeightsError          model weights are missing or not the ones expected
└── RecordingError        one recording cannot be inspected: the others go on
    ├── UnreadableAudio   not audio, truncated, empty, no permission
    └── UnfitAudio        audio, but not a call: too short, too long, too many channels
"""

from __future__ import annotations


class CallqaError(Exception):
    """Base of all errors a person may meet. `remedy` says what that person can do."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} -> {self.remedy}" if self.remedy else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the default pickling would drop the keyword.
        return (_rebuild, (type(self), self.message, self.remedy))


def _rebuild(kind: type[CallqaError], message: str, remedy: str) -> CallqaError:
    return kind(message, remedy=remedy)


class UsageError(CallqaError):
    """Bad arguments or settings."""


class RubricError(UsageError):
    """A rubric file is wrong."""


class MetadataError(UsageError):
    """A metadata table, its mapping or the file-name pattern is wrong."""


class VocabularyError(UsageError):
    """A business vocabulary file is wrong."""


class OutputError(UsageError):
    """The output folder or the ledger cannot be written."""


class WeightsError(CallqaError):
    """Model weights are missing or differ from the expected checksum."""


class RecordingError(CallqaError):
    """One recording cannot be inspected."""


class UnreadableAudio(RecordingError):
    """The file is not audio, or is truncated, empty or not permitted."""


class UnfitAudio(RecordingError):
    """The file is audio, but no call that can be inspected."""
