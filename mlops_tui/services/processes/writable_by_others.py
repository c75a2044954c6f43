"""Tells whether other users could change what is in a folder."""

import os
import stat
from pathlib import Path


def other_writers(path: Path) -> str:
    """Return which other user could replace a path, empty where none could.

    Looked at is the path with all that it lies in, where it is named and where that leads. A folder
    that all may write is harmless further up if nobody may take away what others have put there.
    """
    named = Path(os.path.normpath(path.absolute()))
    for start in dict.fromkeys((named, Path(os.path.realpath(named)))):
        for place in (start, *start.parents):
            if reason := _writers(place, may_be_shared=place not in (start, start.parent)):
                return reason
    return ""


def _writers(place: Path, *, may_be_shared: bool) -> str:
    try:
        found = place.lstat()
    except OSError as error:
        return f"{place} cannot be looked at ({error.strerror})"
    if found.st_uid not in (0, os.getuid()):
        return f"{place} belongs to {_user(found.st_uid)}"
    is_shared = found.st_mode & stat.S_ISVTX and may_be_shared
    if stat.S_ISLNK(found.st_mode) or is_shared:
        return ""
    if found.st_mode & stat.S_IWOTH:
        return f"others can write in {place}"
    if found.st_mode & stat.S_IWGRP and not _is_private(found.st_gid):
        return f"a group can write in {place}"
    return ""


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _is_private(group: int) -> bool:
    """Return whether a group has no member but the person, or root."""
    import grp
    import pwd

    try:
        found = grp.getgrgid(group)
        own = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return False
    others = [each for each in pwd.getpwall() if each.pw_gid == group and each.pw_uid != 0]
    members = {*found.gr_mem, *(each.pw_name for each in others)}
    return members <= {own, "root"}
