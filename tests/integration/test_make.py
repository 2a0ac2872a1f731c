"""What `make` does around the programs it starts; those are stand-ins here that write down how they were called."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALONE = "tests/integration/test_rolling_update.py"
SIDE_BY_SIDE = f"--ignore=tests/e2e --ignore={ALONE} -n 2 --dist loadfile"
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def make(folder: Path, *arguments: str, path: str = "") -> tuple[int, str, list[str]]:
    """Exit status, what was said, and the calls; `path`: where programs are looked for first."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # these tests' own make
    env["PATH"] = f"{path}:{env['PATH']}"
    done = subprocess.run(["make", *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    calls = folder / "calls"
    return done.returncode, done.stdout + done.stderr, calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout whose preparations only write down their names; `failing` holds the name of what fails."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    calls, failing = tmp_path / "calls", tmp_path / "failing"
    failing.write_text("nothing")
    prepare = f"""
import sys
print(*sys.argv[1:], file=open({str(calls)!r}, "a"))
sys.exit(sys.argv[1] == open({str(failing)!r}).read())
"""
    script(tmp_path / "requirements" / "prepare.py", prepare)
    pytest_ = f"#!/bin/sh\necho \"pytest $*\" >> '{calls}'\n! grep -q pytest '{failing}'\n"
    script(tmp_path / ".venv" / "bin" / "pytest", pytest_)
    script(tmp_path / ".tools" / "chrome", "/nowhere/chromium")
    return tmp_path


@pytest.mark.parametrize("failing", ["nothing", "pytest", "pwa-test"])
def test_the_apps_tests_run_even_if_the_backends_fail_and_either_fails_the_whole(folder: Path, failing: str) -> None:
    (folder / "failing").write_text(failing)
    status, said, calls = make(folder, "test", "ARGS=-k x", f"PYTHON={sys.executable}")
    assert calls == ["dev pwa browser", "pytest -k x", "pwa-test"], said
    assert (status == 0) is (failing == "nothing")
    (folder / "calls").unlink()
    status, said, calls = make(folder, "test", f"PYTHON={sys.executable}")
    assert calls == ["dev pwa browser", f"pytest {SIDE_BY_SIDE}", f"pytest {ALONE} tests/e2e", "pwa-test"], said
    assert (status == 0) is (failing == "nothing")


@pytest.fixture
def pythons(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout is a repository; 3.12 is there, 3.11 and 3.13 are not."""
    (folder / ".gitignore").write_text("calls\nfailing\n")
    git = ["git", "-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "--no-gpg-sign", "-m", "All"]):
        subprocess.run([*git, *words], cwd=folder, check=True)
    found = tmp_path_factory.mktemp("pythons")
    script(found / "python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for name in ("python3.11", "python3.13"):
        script(found / name, "#!/bin/sh\nexit 127\n")
    return found


@pytest.mark.parametrize("failing", ["nothing", "run", "pytest"])
def test_each_python_that_is_here_gets_a_clone_and_the_others_a_word(
    folder: Path, pythons: Path, tmp_path_factory: pytest.TempPathFactory, failing: str
) -> None:
    (folder / "failing").write_text(failing)
    clones = tmp_path_factory.mktemp("clones")
    status, said, calls = make(folder, "test-pythons", "ARGS=-k x", f"TMPDIR={clones}", path=str(pythons))
    expected = ["run", "dev modules", "pytest --ignore=tests/e2e -k x"]
    assert calls == (["run"] if failing == "run" else expected), said
    assert "python3.11 is not here: skipped" in said and "python3.13 is not here: skipped" in said
    assert (status == 0) is (failing == "nothing") and ("python3.12 fails" in said) is (failing != "nothing")
    assert list(clones.iterdir()) == []


def test_no_python_at_all_is_no_success(folder: Path, pythons: Path) -> None:
    shutil.copy(pythons / "python3.11", pythons / "python3.12")
    status, said, calls = make(folder, "test-pythons", path=str(pythons))
    assert (status, calls) == (2, []) and "none of python3.11 python3.12 python3.13 is here" in said
