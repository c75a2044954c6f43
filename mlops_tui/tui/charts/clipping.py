"""What of a line is in view."""

Point = tuple[float, float]


def clipped(start: Point, end: Point) -> tuple[Point, Point] | None:
    """Return the part of a line in the square from 0 to 1 (Liang with Barsky), None without."""
    (x, y), across, up = start, end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for way, room in ((-across, x), (across, 1 - x), (-up, y), (up, 1 - y)):
        if way == 0:
            if room < 0:
                return None
        elif way < 0:
            first = max(first, room / way)
        else:
            last = min(last, room / way)
    if first > last:
        return None
    return (x + first * across, y + first * up), (x + last * across, y + last * up)
