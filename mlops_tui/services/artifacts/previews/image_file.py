"""A look at a picture."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.artifacts.preview import ImagePreview, Preview

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")

MOST_PIXELS = 50_000_000
"""A picture of more is not unpacked: a small file may claim any size."""

PAPER = (255, 255, 255)
"""What is seen through a transparent picture; plots are drawn for a page."""


def preview(path: str, file: Path, room: tuple[int, int]) -> Preview:
    """Return the picture with at most ``room`` cells, a cell having two pixels, one below another.

    Drawing those with half blocks is what every terminal can do, within tmux too. Finer ways
    (Kitty, sixel) need a question to the terminal whose answer comes among the keys.
    """
    from PIL import Image, UnidentifiedImageError

    size = file.stat().st_size
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as image:
                return _shrunk(path, size, image, room)
    except Image.DecompressionBombError:
        remark = "The picture claims too many pixels; it is not unpacked."
    except UnidentifiedImageError:
        remark = f"This is no picture that can be shown ({', '.join(FORMATS)})."
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        remark = f"The picture is damaged: {str(error)[:200].rstrip('.') or 'its end is missing'}."
    return Preview(path=path, size=size, remark=remark)


def _shrunk(path: str, size: int, image: "Image", room: tuple[int, int]) -> Preview:
    from PIL import Image

    width, height = image.size
    words = f"{image.format}, {width:,} × {height:,} pixels"  # noqa: RUF001 - the sign for a size
    if width * height > MOST_PIXELS:
        return Preview(path=path, size=size, remark=f"{words}: too many to be unpacked.")
    columns, lines = max(1, room[0]), max(1, room[1])
    if getattr(image, "is_animated", False):
        image.seek(0)
        words += ", animated, the first frame"
    image.draft("RGB", (columns, lines * 2))
    pixels = _resizable(image)
    pixels.thumbnail((columns, lines * 2), Image.Resampling.LANCZOS)
    pixels = _opaque(pixels)
    return ImagePreview(
        path=path,
        size=size,
        remark=f"{words}.",
        width=pixels.width,
        height=pixels.height,
        pixels=pixels.tobytes(),
    )


def _resizable(image: "Image") -> "Image":
    """Return the picture in a mode whose pixels can be mixed."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGB", "L", "RGBA"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _opaque(image: "Image") -> "Image":
    from PIL import Image

    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, (*PAPER, 255))
    return Image.alpha_composite(paper, image).convert("RGB")
