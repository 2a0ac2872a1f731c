"""What `make` does around the programs it starts; those are stand-ins here that write down how they were called."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def make(folder: Path, *arguments: str) -> tuple[int, str, list[str]]:
    """Exit status, what was said, and the calls."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # these tests' own make
    done = subprocess.run(["make", *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    calls = folder / "calls"
    return done.returncode, done.stdout + done.stderr, calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout whose preparations only write down their names; `failing` holds the name of what fails."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    script(
        tmp_path / "requirements" / "prepare.py",
        "import sys\nprint(*sys.argv[1:], file=open('calls', 'a'))\n"
        "sys.exit(sys.argv[1] == open('failing').read())\n",
    )
    script(tmp_path / ".venv" / "bin" / "pytest", '#!/bin/sh\necho "pytest $*" >> calls\n! grep -q pytest failing\n')
    (tmp_path / ".tools").mkdir()
    (tmp_path / ".tools" / "chrome").write_text("/nowhere/chromium")
    return tmp_path


@pytest.mark.parametrize("failing", ["", "pytest", "pwa-test"])
def test_the_apps_tests_run_even_if_the_backends_fail_and_either_fails_the_whole(folder: Path, failing: str) -> None:
    (folder / "failing").write_text(failing)
    status, said, calls = make(folder, "test", "ARGS=-k x", f"PYTHON={sys.executable}")
    assert calls == ["dev pwa browser", "pytest -k x", "pwa-test"], said
    assert (status == 0) is (failing == "")
