"""Numbers of bytes as people read them."""

KILO = 1_000


def bytes_size(count: float) -> str:
    """Return a number of bytes in its largest unit."""
    if count < KILO:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB"):
        count /= KILO
        if count < KILO:
            return f"{count:.1f} {unit}"
    return f"{count / KILO:.1f} TB"
