"""Check that the wheel holds the package alone, and the sdist its sources alone."""

import sys
import tarfile
import zipfile
from pathlib import Path

#: What may stand at the top of the sdist.
SOURCES = {
    "skanon",
    "tests",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "pyproject.toml",
    "PKG-INFO",
    ".gitignore",  # hatchling always adds it
}


def only(pattern: str, folder: Path) -> Path:
    """Return the one file that matches."""
    (found,) = folder.glob(pattern)
    return found


def check_wheel(path: Path) -> None:
    """Raise unless the wheel holds skanon, typed, and its metadata."""
    names = zipfile.ZipFile(path).namelist()
    strange = [n for n in names if not n.startswith(("skanon/", "skanon-"))]
    strange += [n for n in names if n.startswith("skanon/") and not _is_ours(n)]
    if strange or "skanon/py.typed" not in names:
        raise SystemExit(f"The wheel must hold skanon and py.typed alone: {strange}")


def _is_ours(name: str) -> bool:
    return "__pycache__" not in name and not name.endswith((".pyc", ".so"))


def check_sdist(path: Path) -> None:
    """Raise if the sdist holds more than the project's own sources."""
    with tarfile.open(path) as archive:
        members = archive.getmembers()
    strange = [m.name for m in members if m.name.split("/")[1] not in SOURCES]
    strange += [m.name for m in members if m.issym() or m.islnk()]
    if strange:
        raise SystemExit(f"The sdist holds what it should not: {strange}")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    check_wheel(only("*.whl", folder))
    check_sdist(only("*.tar.gz", folder))
    print("The wheel and the sdist hold what they should.")
