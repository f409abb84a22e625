"""What build files say of a package, and which files only build."""

import pytest

from core.diagrams.manifests import manifest_line, only_builds
from core.diagrams.wording import readme_line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "x", "description": "Parses every known format."}'),
        ("composer.json", '{"description": "Parses every known format"}'),
        ("pyproject.toml", '[project]\ndescription = "Parses every known format."\n'),
        ("pyproject.toml", '[tool.poetry]\ndescription = "Parses every known format."\n'),
        ("Cargo.toml", '[package]\nname = "x"\ndescription = "Parses every known format."\n'),
        (
            "pom.xml",
            "<p><parent><description>No</description></parent><description>Parses every known format</description></p>",
        ),
    ],
)
def test_the_description_is_read(name, text):
    assert manifest_line("lib/x/", {f"lib/x/{name}"}, lambda _path: text) == "Parses every known format"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "x", "description": "@acme/x"}'),
        ("package.json", '{"description": 3}'),
        ("package.json", "[]"),
        ("package.json", "{ broken"),
        ("pyproject.toml", "tool = 3\nproject = 4"),
        ("pyproject.toml", "= broken"),
        ("pom.xml", "<p/>"),
    ],
)
def test_what_says_nothing_is_passed_over(name, text):
    assert manifest_line("", {name}, lambda _path: text) == ""


@pytest.mark.parametrize(
    "path",
    ["setup.py", "a/vite.config.ts", "rollup.dts.config.js", ".eslintrc.config.cjs", ".github/scripts/x.py", "Gruntfile.js"],
)
def test_files_that_build_are_known_by_name(path):
    assert only_builds(path)


@pytest.mark.parametrize("path", ["app/config.ts", "setup/main.py", "app/config.py", "src/build.py", "a.b/config.js"])
def test_other_files_are_not(path):
    assert not only_builds(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "# Core\n\n> This package is published for typing alone.\n\nIt renders trees of nodes.\n",
            "It renders trees of nodes",
        ),
        (
            "# Core\n\n```js\nconst a = 1\n\nconst b = { render() { return 1 } }\n```\n\nRenders a tree.\n",
            "Renders a tree",
        ),
        ("# Core\n\n**Note: as of 3.2 this is included elsewhere.**\n\nRenders a tree.\n", "Renders a tree"),
        ("# Core\n\n~~~\nnever closed, and so all of it\n\nis code.\n", ""),
        ("Notebooks are rendered here.\n", "Notebooks are rendered here"),
    ],
)
def test_a_readme_is_told_by_its_prose(text, line):
    assert readme_line(text) == line
