"""What desktops are told: the files agree with each other and with the program."""

from __future__ import annotations

import configparser
from pathlib import Path
from xml.etree import ElementTree

from desktop.links import SCHEME
from desktop.packaging.build_deb import SHARED
from desktop.packaging.project import APP, HERE


def _entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(HERE / "codestrata.desktop", "utf-8")
    return parser["Desktop Entry"]


def test_the_program_opens_links_folders_archives_and_bundles() -> None:
    entry = _entry()
    assert entry["Exec"] == "codestrata %u"
    types = entry["MimeType"].rstrip(";").split(";")
    assert f"x-scheme-handler/{SCHEME.removesuffix('://')}" in types
    assert {"inode/directory", "application/zip", "application/x-git-bundle"} <= set(types)


def test_types_of_its_own_are_described() -> None:
    root = ElementTree.parse(HERE / "codestrata-mime.xml").getroot()
    described = {found.attrib["type"] for found in root if found.tag.endswith("mime-type")}
    assert described == {"application/x-git-bundle"}


def test_the_metadata_names_the_entry() -> None:
    root = ElementTree.parse(HERE / f"{APP}.metainfo.xml").getroot()
    assert root.findtext("id") == APP
    assert root.findtext("launchable") == "codestrata.desktop"
    assert root.findtext("provides/binary") == "codestrata"


def test_every_file_of_the_package_is_there() -> None:
    assert [path for path in map(Path, SHARED) if not path.is_file()] == []
