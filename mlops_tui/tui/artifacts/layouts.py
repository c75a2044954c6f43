"""How the looks into files are drawn, one file for each kind."""

from collections.abc import Callable, Sequence

from mlops_tui.tui.kit.line_widget import Piece

Lines = Sequence[list[Piece]]

Layout = Callable[[int], Lines]
"""Lays a preview out on lines of so many cells."""
