"""Runs schemathesis over the whole API, as two people who must not see each other's things.

Arguments: the program `packshot-server`, and how many examples an operation gets. Fails on a server error, an answer that the
document does not describe, or an object of somebody else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from pathlib import Path
from typing import Any

PASSWORD = "correct horse battery"
# These end the session of the person who calls them, or move the time of everybody.
LEFT_OUT = r"/v1/test/|/v1/sessions/\{id\}|/v1/account/close|/v1/account/password"
MANY = "1000000"


class Service:
    """A service of its own, which ends with this program."""

    def __init__(self, program: str) -> None:
        limits = [f"--limit-{name}={MANY}" for name in ("address", "account", "costly")]
        command = [program, "--ephemeral", "--test-clock", *limits]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        told = json.loads(self.process.stdout.readline())
        self.url, self.operator, self.mail = told["url"], told["admin_token"], Path(told["mail"])

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        headers = {"content-type": "application/json", "idempotency-key": uuid.uuid4().hex}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def person(self, name: str) -> str:
        """The access token of somebody with an organisation that has room for others."""
        email = f"{name}@example.org"
        self.ask("POST", "/v1/accounts", {"email": email, "password": PASSWORD, "age": 30})
        self.ask("POST", "/v1/test/clock", {"advance": 0})
        mails = [path.read_text().replace("=\n", "") for path in sorted(self.mail.glob("*.eml"))]
        code = next(re.findall(r"psm_\S+", mail)[0] for mail in mails if f"To: {email}" in mail)
        self.ask("POST", "/v1/accounts/confirm", {"token": code})
        token: str = self.ask("POST", "/v1/sessions", {"email": email, "password": PASSWORD})["access_token"]
        organisation = self.ask("GET", "/v1/organisations", token=token)["items"][0]["id"]
        path = f"/v1/admin/organisations/{organisation}/plan"
        self.ask("POST", path, {"plan": "paid"}, self.operator)
        return token


def main() -> int:
    program, examples = sys.argv[1:]
    service = Service(program)
    names = ["anna", "ben"]
    tokens = [(name, f"Bearer {service.person(name)}") for name in names]
    auth = [{"name": name, "fixedHeaders": [{"name": "Authorization", "value": token}]} for name, token in tokens]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "auth.json").write_text(json.dumps({"auth": auth}))
        # A body may fit the schema and still be refused: an address that is taken, a hold without credits.
        settings = [
            "[auth.wfc]",
            'path = "auth.json"',
            f"peers = {json.dumps(names)}",
            "[checks.positive_data_acceptance]",
            'expected-statuses = ["2xx", 401, 402, 403, 404, 409, 422]',
        ]
        Path(folder, "schemathesis.toml").write_text("\n".join(settings) + "\n")
        words = ["run", f"{service.url}/v1/openapi.json", "-c", "all", "-n", examples, "--no-color"]
        tool = Path(sys.executable).with_name("schemathesis")
        run = subprocess.run([tool, *words, "--exclude-path-regex", LEFT_OUT], cwd=folder, capture_output=True, text=True)
    sys.stdout.write(run.stdout + run.stderr)
    assert service.process.stdin
    service.process.stdin.close()
    ended = service.process.wait()
    return run.returncode or ended


if __name__ == "__main__":
    sys.exit(main())
