"""Clients reserve and spend credits while 2 % of SQLite's reads and writes fail; then everything that was confirmed is there.

Argument: the program `packshot-server`. Needs libfiu's `fiu-run` and `fiu-ctrl`.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

CLIENTS = 8
PAIRS = 60
FAULTS = ["posix/io/rw/pread", "posix/io/rw/pwrite", "posix/io/sync/fsync", "posix/io/sync/fdatasync"]


class Service:
    def __init__(self, program: str, data: Path, control: Path | None) -> None:
        words = [program, "--demo", "--data", str(data), "--listen", "127.0.0.1:0"]
        words += [f"--limit-{name}=1000000" for name in ("address", "account", "costly")]
        if control:
            words = ["fiu-run", "-x", "-f", str(control), *words]
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        told = ""
        while "PACKSHOT_API_KEY" not in told:
            line = self.process.stderr.readline()
            assert line, told
            told += line
        self.url = re.findall(r" on (http\S+)", told)[0]
        self.token = re.findall(r"PACKSHOT_API_KEY=(\S+)", told)[0]
        # What else it says must not fill the pipe.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}", "idempotency-key": key}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"null")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def work(service: Service, confirmed: list[tuple[str, int | None]], failures: list[int]) -> None:
    """Holds and captures; a request that fails is sent again a few times, and may stay unanswered."""

    def insist(path: str, body: object) -> Any:
        key = uuid.uuid4().hex
        for _ in range(6):
            status, answer = service.ask("POST", path, body, key)
            if status < 300:
                return answer
            failures.append(status)
        return None

    for _ in range(PAIRS):
        hold = insist("/v1/holds", {"amount": 100})
        if hold is None:
            continue
        confirmed.append((hold["id"], None))
        if insist(f"/v1/holds/{hold['id']}/capture", {"amount": 70}) is not None:
            confirmed[-1] = (hold["id"], 70)


def main() -> int:
    program = sys.argv[1]
    folder = Path(tempfile.mkdtemp())
    data, control = folder / "data", folder / "control"
    service = Service(program, data, control)
    rules = [f"enable_random name={name},probability=0.02" for name in FAULTS]
    commands = [word for rule in rules for word in ("-c", rule)]
    subprocess.run(["fiu-ctrl", "-f", str(control), *commands, str(service.process.pid)], check=True)
    confirmed: list[list[tuple[str, int | None]]] = [[] for _ in range(CLIENTS)]
    failures: list[int] = []
    clients = [threading.Thread(target=work, args=(service, mine, failures)) for mine in confirmed]
    begin = time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = time.monotonic() - begin
    service.process.kill()
    service.process.wait()
    again = Service(program, data, None)
    lost = 0
    holds = [hold for mine in confirmed for hold in mine]
    for hold, captured in holds:
        status, found = again.ask("GET", f"/v1/holds/{hold}")
        if status != 200 or (captured is not None and (found["state"], found["captured"]) != ("captured", captured)):
            lost += 1
            print("lost:", hold, captured, status, found)
    organisation = again.ask("GET", "/v1/organisations")[1]["items"][0]["id"]
    audit = again.ask("GET", f"/v1/admin/organisations/{organisation}/audit")[1]
    again.stop()
    # The service has ended: this is no live database.
    (integrity,) = sqlite3.connect(data / "packshot.db").execute("PRAGMA integrity_check").fetchone()
    shutil.rmtree(folder)
    print(f"{len(holds)} holds were confirmed and {len(failures)} requests failed in {took:.0f} s")
    print(f"lost: {lost}; faults of the journal: {audit['faults']}; integrity: {integrity}")
    return 0 if lost == 0 and not audit["faults"] and integrity == "ok" and failures and holds else 1


if __name__ == "__main__":
    sys.exit(main())
