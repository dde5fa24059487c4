"""What is vendored is what the manifest says, and it weighs little."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = json.loads((ROOT / "static/vendor/MANIFEST.json").read_text())
KB = 1024


def weight(*paths: str) -> int:
    return sum(len(gzip.compress((ROOT / path).read_bytes(), 9)) for path in paths)


@pytest.mark.parametrize("entry", MANIFEST["files"], ids=lambda entry: entry["path"])
def test_each_vendored_file_has_its_checksum(entry: dict) -> None:
    assert sha256((ROOT / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_in_the_manifest() -> None:
    folder = ROOT / "static/vendor"
    there = {str(path.relative_to(ROOT)) for path in folder.rglob("*") if path.is_file()}
    assert there == {
        "static/vendor/MANIFEST.json",
        "static/vendor/LICENSES.txt",
        *(
            entry["path"]
            for entry in MANIFEST["files"]
            if entry["path"].startswith("static/vendor")
        ),
    }


def test_the_output_is_built_from_the_present_sources() -> None:
    """Red: run `node scripts/vendor.mjs` and commit what it writes."""
    digest = sha256()
    for path in sorted(
        str(p.relative_to(ROOT)) for p in (ROOT / "static_src").rglob("*") if p.is_file()
    ):
        digest.update(f"{path}\n{sha256((ROOT / path).read_bytes()).hexdigest()}\n".encode())
    assert digest.hexdigest() == MANIFEST["static_src"]


def test_each_package_is_pinned_and_its_licence_is_shipped() -> None:
    pinned = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    licences = (ROOT / "static/vendor/LICENSES.txt").read_text()
    for entry in MANIFEST["files"]:
        for source in entry["from"]:
            assert pinned[source["package"]] == source["version"]
            assert f"{source['package']} {source['version']} ({source['licence']})" in licences


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_the_browser_is_sent_nowhere_else() -> None:
    """No style sheet, script or picture of ours loads anything from another address."""
    files = [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]
    files += (ROOT / "static/img").glob("*.svg")
    for file in files:
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text) == [], file


def test_scripts_need_no_eval() -> None:
    for file in (ROOT / "static/js").glob("*.js"):
        text = file.read_text()
        assert not re.search(
            r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", text
        )


def test_the_style_sheet_is_one_small_file() -> None:
    assert weight("static/css/app.css") <= 20 * KB


def test_scripts_are_small() -> None:
    """On public and form pages 20 KB at most; also all of our own together."""
    everything = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "static/js").glob("*.js"))
    assert weight(*everything) <= 20 * KB
    form_page = [
        "closer",
        "page",
        "auto-save",
        "word-count",
        "presence-bar",
        "local-time",
        "file-drop",
        "login-clock",
    ]
    assert weight(*(f"static/js/{name}.js" for name in form_page)) <= 20 * KB
    assert weight("static/js/closer.js") <= KB


def test_the_css_knows_no_left_and_right() -> None:
    """Our own layer uses logical properties: a right-to-left language needs no second one."""
    for file in (ROOT / "static_src/scss").glob("_*.scss"):
        if file.name == "_bootstrap.scss":
            continue
        found = re.findall(
            r"(?:margin|padding|border)-(?:left|right)|^\s+(?:left|right):"
            r"|(?:text-align|float): (?:left|right)",
            file.read_text(),
            re.MULTILINE,
        )
        assert found == [], file
