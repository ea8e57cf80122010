"""What a person can do when the database or the disk refuses."""

from __future__ import annotations

import errno
import sqlite3

_SQLITE = {
    sqlite3.SQLITE_FULL: "free disk space, then run again: nothing is done twice",
    sqlite3.SQLITE_IOERR: "check the disk and its free space, then run again",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable, or name another ledger",
    sqlite3.SQLITE_PERM: "make the file and its folder writable, or name another ledger",
    sqlite3.SQLITE_CANTOPEN: "name a file in a folder you may write to",
    sqlite3.SQLITE_BUSY: "another program holds the ledger for long: close it, then run again",
    sqlite3.SQLITE_LOCKED: "another program holds the ledger for long: close it, then run again",
    sqlite3.SQLITE_NOTADB: "this file is no ledger: name another one",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore a backup, or name a new ledger",
}
# By class (2 characters) or code (5) of SQLSTATE, PostgreSQL manual, appendix A.
_POSTGRES = {
    "53100": "free disk space on the database server, then run again: nothing is done twice",
    "53300": "the server has no connection left: run fewer workers, or raise max_connections",
    "25006": "the database is read-only: name the primary server",
    "28": "check user and password in the ledger's URL",
    "3D": "create that database first",
    "42": "give the user the right to create and write tables",
    "55": "another program holds the ledger for long: close it, then run again",
    "08": "check that the server runs and can be reached, then run again",
    "57": "check that the server runs and can be reached, then run again",
}
_DISK = {
    errno.ENOSPC: "free disk space, then run again",
    errno.EDQUOT: "free disk space of your quota, then run again",
    errno.EFBIG: "raise the limit of file size, or inspect fewer calls at a time",
    errno.EACCES: "choose a folder you may write to",
    errno.EPERM: "choose a folder you may write to",
    errno.EROFS: "choose a folder you may write to",
    errno.ENOENT: "choose a folder that exists and may be written to",
    errno.EEXIST: "choose a folder: a file of that name is in the way",
    errno.ENOTDIR: "choose a folder: a file of that name is in the way",
    errno.EISDIR: "move the folder of that name out of the way",
}


def remedy_for(error: BaseException | None) -> str:
    """What to do about an error of SQLite or PostgreSQL."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, "check the ledger's file and its folder, then run again")
    state = getattr(error, "sqlstate", None)
    if state is None:
        return "check that the server runs and can be reached, and user, password and database of the ledger's URL"
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2], "see the database server's log, then run again")


def is_denied(error: BaseException | None) -> bool:
    """Whether PostgreSQL refused for want of a right, which it calls a programming error."""
    return getattr(error, "sqlstate", None) == "42501"


def disk_remedy(error: OSError) -> str:
    """What to do about an error of the file system."""
    return _DISK.get(error.errno or 0, "check the folder and the disk, then run again")
