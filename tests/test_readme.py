"""What the documents show is there, what is generated in them is fresh."""

import re

import pytest

from tests.readme import README, between, parts

ROOT = README.parent
PATH = re.compile(r"`(\w+(?:/\w+)*(?:\.py|/))`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("name", parts())
def test_a_generated_part_is_what_make_docs_would_write(name: str) -> None:
    found = between(name).search(README.read_text(encoding="utf-8"))
    assert found
    assert found[0].split() == parts()[name].split()  # argparse breaks lines as it likes


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_pictures_and_links_lead_somewhere(name: str) -> None:
    links = [link for link in LINK.findall((ROOT / name).read_text("utf-8")) if "://" not in link]
    files = [link.partition("#")[0] for link in links if not link.startswith("#")]
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_every_path_that_the_guide_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(PATH.findall(text))
    places = (ROOT, ROOT / "mlops_tui")
    assert [path for path in named if not any((place / path).exists() for place in places)] == []
    assert len(named) > 50


def test_a_link_within_the_readme_names_a_heading() -> None:
    text = README.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert [link for link in LINK.findall(text) if link[0] == "#" and link[1:] not in anchors] == []


def test_the_readme_shows_every_picture_that_is_taken() -> None:
    text = README.read_text(encoding="utf-8")
    taken = sorted(picture.name for picture in ROOT.glob("screenshots/*.png"))
    assert [name for name in taken if name not in text] == []
