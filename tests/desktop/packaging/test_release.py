"""What a release writes, and what it refuses."""

from __future__ import annotations

import dataclasses
import datetime
import tomllib
from xml.etree import ElementTree

import pytest

from desktop.packaging.release import ReleaseError, Texts, released

DAY = datetime.date(2027, 1, 31)


@pytest.fixture
def texts() -> Texts:
    """Those of this tree."""
    return Texts.read()


def test_every_file_names_the_version(texts: Texts) -> None:
    made = released(texts, "98.7.6", DAY)
    assert tomllib.loads(made.project)["project"]["version"] == "98.7.6"
    assert "## Unreleased\n\n## 98.7.6 - 2027-01-31\n\n### Added\n" in made.changelog
    [first, *_] = ElementTree.fromstring(made.metainfo).iter("release")
    assert first.attrib == {"version": "98.7.6", "date": "2027-01-31"}
    assert tomllib.loads(made.project)["project"]["dependencies"] == tomllib.loads(texts.project)["project"]["dependencies"]


def test_the_next_release_stands_above_it(texts: Texts) -> None:
    first = released(texts, "98.7.6", DAY)
    with pytest.raises(ReleaseError, match="nothing that is unreleased"):
        released(first, "98.7.7", DAY)
    news = first.changelog.replace("## Unreleased\n", "## Unreleased\n\n### Added\n\n- More.\n")
    second = released(dataclasses.replace(first, changelog=news), "98.10.0", DAY)
    assert second.changelog.index("## 98.10.0") < second.changelog.index("## 98.7.6")
    found = [release.attrib["version"] for release in ElementTree.fromstring(second.metainfo).iter("release")]
    assert found == ["98.10.0", "98.7.6"]
    with pytest.raises(ReleaseError, match=r"does not come after 98\.10\.0"):
        released(dataclasses.replace(second, changelog=news + second.changelog), "98.9.0", DAY)


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3rc1", "next"])
def test_what_is_no_version_is_refused(texts: Texts, version: str) -> None:
    with pytest.raises(ReleaseError, match="is no version"):
        released(texts, version, DAY)
