"""The walls that an import contract cannot say."""

import ast
import re
import string
import tomllib
from pathlib import Path

import shuke
from shuke.kit.words import EN, SUBJECTS, ZH_CN
from shuke.kit.words.audit import KINDS

PACKAGE = Path(shuke.__file__).parent
ROOM_FILES = {"__init__", "types", "models", "queries", "facts", "reading", "learning", "rules", "service", "handlers"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_a_rooms_models_are_closed_to_everybody_else() -> None:
    for path in PACKAGE.rglob("*.py"):
        for name in imported(path):
            parts = name.split(".")
            if parts[:2] == ["shuke", "domains"] and len(parts) > 3 and parts[3] == "models":
                room = PACKAGE / "domains" / parts[2]
                assert room in path.parents, f"{path} reaches into the models of {parts[2]}"


def test_every_room_has_the_same_files() -> None:
    for room in (PACKAGE / "domains").iterdir():
        if (room / "__init__.py").is_file():
            assert {path.stem for path in room.glob("*.py")} <= ROOM_FILES, room
            folders = {path.name for path in room.iterdir() if path.is_dir() and path.name != "__pycache__"}
            # a file that outgrew itself, and data
            assert folders <= {"service", "queries", "reading", "learning", "rules", "types", "shipped"}, room


def test_foreign_keys_point_down_the_staircase() -> None:
    contract = tomllib.loads((PACKAGE.parent.parent / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(item["layers"] for item in contract["contracts"] if item["name"] == "Staircase")
    height = {name.strip(" ()"): -place for place, names in enumerate(layers) for name in names.split("|")}
    rooms = {}
    for path in (PACKAGE / "domains").glob("*/models.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                rooms[node.name] = path.parent.name
    for path in (PACKAGE / "domains").glob("*/models.py"):
        for target in re.findall(r'"shuke\.(\w+)"', path.read_text()):
            assert height[rooms[target]] <= height[path.parent.name], f"{path.parent.name} points up to {target}"


def test_the_clock_is_asked_in_one_place_only() -> None:
    for path in PACKAGE.rglob("*.py"):
        if "domains" in path.parts or "api" in path.parts:
            text = path.read_text()
            assert "datetime.now(" not in text and "date.today(" not in text, path


def test_both_languages_say_everything() -> None:
    assert set(ZH_CN) == set(EN)
    for key, words in ZH_CN.items():
        assert placeholders(words) == placeholders(EN[key]), key


def test_a_sentence_stands_under_one_subject_only() -> None:
    keys = [key for subject in SUBJECTS for key in subject.ZH_CN]
    assert len(keys) == len(set(keys)) == len(ZH_CN)


def test_the_audit_has_words_for_every_kind_of_event() -> None:
    """Kinds that are written out where they are recorded: in both languages, as above; see kit/words/audit.py."""
    found = set()
    for path in (PACKAGE / "domains").rglob("*.py"):
        found |= set(re.findall(r'events\.record\(\s*[^,]+,\s*"([a-z_.]+)"', path.read_text()))
    assert "customer.erased" in found
    assert found <= set(KINDS)


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}
