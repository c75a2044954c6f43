"""Numbers of bytes as people read them."""

KILO = 1_000


def bytes_size(count: float) -> str:
    """Return a number of bytes in its largest unit."""
    if abs(count) < KILO:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB", "TB", "PB"):
        count /= KILO
        if abs(count) < KILO:
            return f"{count:.1f} {unit}"
    return f"{count / KILO:.4g} EB"
