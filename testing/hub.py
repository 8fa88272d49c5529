"""A stand-in of the Hugging Face Hub on this machine, for the real client to talk to.

It speaks what the client needs to make a repo, to commit files and to fetch them: the paths and
headers are the Hub's. Repos live in memory; whoever holds ``TOKEN`` may write to "me".
"""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import pytest

TOKEN = "hf_" + "m" * 34
BINARY = (".keras", ".tflite", ".h5", ".png", ".jpg", ".webp")
"""Names that the Hub keeps as large files."""

Files = dict[str, bytes]


@dataclass
class Repo:
    """A repo: its commits in order, each with all files that it holds."""

    settings: dict[str, Any]
    commits: dict[str, Files] = field(default_factory=dict)

    def files(self, revision: str) -> Files | None:
        """Return a revision's files, or None if there is no such revision."""
        if revision == "main":
            return next(reversed(self.commits.values()), {})
        return self.commits.get(revision)


@dataclass
class Hub:
    """What the stand-in holds, what it was asked, and how it fails.

    Attributes:
        repos: By kind and name, such as "models/me/mnist-cnn".
        large: Large files that were uploaded, by sha256.
        requests: Method and path of every request, in order.
        fault: What goes wrong: "500" answers so to everything, "hang" never answers,
            "corrupt" delivers other bytes of the same length, "full" takes no commit, and "plan"
            makes Spaces for who pays alone.
        role: What ``TOKEN`` may do: "write" or "read".
    """

    address: str = ""
    repos: dict[str, Repo] = field(default_factory=dict)
    large: Files = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    fault: str = ""
    role: str = "write"

    def commit(self, name: str, files: Files) -> str:
        """Add files to a repo as its next commit and return the commit's id."""
        repo = self.repos.setdefault(name, Repo({}))
        files = (repo.files("main") or {}) | files
        revision = hashlib.sha1(repr((len(repo.commits), files)).encode()).hexdigest()  # noqa: S324 (git's own)
        repo.commits[revision] = files
        return revision


class RefusalError(Exception):
    """An answer that is an error, with the code that the client looks for."""

    def __init__(self, status: int, code: str = "") -> None:
        self.status, self.code = status, code


class Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    hub: Hub
    routes: ClassVar[list[tuple[str, str]]] = [
        ("POST /api/repos/create", "create"),
        ("GET /api/whoami-v2", "tell_owner"),
        ("POST /api/validate-yaml", "validate"),
        (r"POST /api/(\w+)/([\w.-]+/[\w.-]+)/preupload/main", "preupload"),
        (r"POST /(?:\w+/)?[\w.-]+/[\w.-]+\.git/info/lfs/objects/batch", "batch"),
        (r"PUT /large/(\w+)", "upload"),
        (r"POST /verify", "validate"),
        (r"POST /api/(\w+)/([\w.-]+/[\w.-]+)/commit/main", "add_commit"),
        (r"GET /api/(\w+)/([\w.-]+/[\w.-]+)/revision/(\w+)", "info"),
        (r"GET /api/(\w+)/([\w.-]+/[\w.-]+)/tree/(\w+)\?.*", "list_files"),
        (r"(?:HEAD|GET) /large/(\w+)", "deliver_large"),
        (r"(?:HEAD|GET) /([\w.-]+/[\w.-]+)/resolve/(\w+)/(.+)", "deliver"),
    ]

    def answer(self) -> None:
        """Find the route of a request and answer it."""
        line = f"{self.command} {unquote(self.path)}"
        self.hub.requests.append(line)
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self.hub.fault == "500":
                raise RefusalError(500)
            while self.hub.fault == "hang":
                time.sleep(0.05)
            for pattern, name in self.routes:
                if match := re.fullmatch(pattern, line):
                    route: Callable[..., None] = getattr(self, name)
                    return route(*match.groups())
            raise RefusalError(404)
        except RefusalError as refusal:
            self.send(refusal.status, b"", {"X-Error-Code": refusal.code})
        except ConnectionError:
            self.close_connection = True  # whoever asked has gone

    do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815 (the names that http.server calls)

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send an answer."""
        self.send_response(status)
        for key, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_json(self, content: Any, status: int = 200) -> None:
        """Send an answer as JSON."""
        self.send(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def log_message(self, format: str, *values: Any) -> None:
        """Keep silent."""

    def authorized(self) -> bool:
        """Tell whether the request carries the token."""
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def find(self, kind: str, name: str) -> Repo:
        """Return a repo that the request may see."""
        repo = self.hub.repos.get(f"{kind}/{name}")
        if repo is None or (repo.settings.get("visibility") == "private" and not self.authorized()):
            raise RefusalError(404 if self.authorized() else 401, "RepoNotFound")
        return repo

    def tell_owner(self) -> None:
        """Tell whose the token is."""
        if not self.authorized():
            raise RefusalError(401)
        token = {
            "type": "access_token",
            "accessToken": {"displayName": "mine", "role": self.hub.role},
        }
        self.send_json({"type": "user", "name": "me", "orgs": [], "auth": token})

    def create(self) -> None:
        """Make a repo."""
        settings = json.loads(self.body)
        if not self.authorized():
            raise RefusalError(401)
        if settings["organization"] != "me":
            raise RefusalError(403)
        if self.hub.fault == "plan" and settings.get("type") == "space":
            raise RefusalError(402)
        name = f"{settings['organization']}/{settings['name']}"
        key = f"{settings.get('type', 'model')}s/{name}"
        status = 409 if key in self.hub.repos else 200
        self.hub.repos.setdefault(key, Repo(settings))
        folder = "" if key.startswith("models/") else key.split("/")[0] + "/"
        self.send_json({"url": f"{self.hub.address}/{folder}{name}", "id": "1"}, status)

    def validate(self, *_: str) -> None:
        """Find nothing wrong."""
        self.send_json({"errors": [], "warnings": []})

    def preupload(self, kind: str, name: str) -> None:
        """Say which files are large, and what is already there."""
        there = self.find(kind, name).files("main") or {}
        files = [
            {
                "path": path,
                "uploadMode": "lfs" if path.endswith(BINARY) else "regular",
                "shouldIgnore": False,
                "oid": identify(path, there[path]) if path in there else None,
            }
            for path in (file["path"] for file in json.loads(self.body)["files"])
        ]
        self.send_json({"files": files})

    def batch(self) -> None:
        """Say where large files go."""
        objects = json.loads(self.body)["objects"]
        for large in objects:
            if large["oid"] not in self.hub.large:
                large["actions"] = {
                    "upload": {"href": f"{self.hub.address}/large/{large['oid']}"},
                    "verify": {"href": f"{self.hub.address}/verify"},
                }
        self.send_json({"transfer": "basic", "objects": objects})

    def upload(self, sha256: str) -> None:
        """Take a large file."""
        if hashlib.sha256(self.body).hexdigest() != sha256:
            raise RefusalError(400)
        self.hub.large[sha256] = self.body
        self.send(200, b"")

    def add_commit(self, kind: str, name: str) -> None:
        """Take a commit."""
        self.find(kind, name)
        if not self.authorized() or self.hub.fault == "full":
            raise RefusalError(403)
        files = {}
        for entry in map(json.loads, self.body.splitlines()):
            value = entry["value"]
            if entry["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif entry["key"] == "lfsFile":
                files[value["path"]] = self.hub.large[value["oid"]]
        revision = self.hub.commit(f"{kind}/{name}", files)
        url = f"{self.hub.address}/{name}/commit/{revision}"
        self.send_json({"success": True, "commitOid": revision, "commitUrl": url})

    def info(self, kind: str, name: str, revision: str) -> None:
        """Describe a repo."""
        repo = self.find(kind, name)
        if repo.files(revision) is None:
            raise RefusalError(404, "RevisionNotFound")
        self.send_json({"id": name, "sha": next(reversed(repo.commits), None), "siblings": []})

    def list_files(self, kind: str, name: str, revision: str) -> None:
        """List the files of a revision."""
        files = self.find(kind, name).files(revision)
        if files is None:
            raise RefusalError(404, "RevisionNotFound")
        listed = [
            {"type": "file", "path": path, "size": len(content), "oid": identify(path, content)}
            for path, content in files.items()
        ]
        self.send_json(listed)

    def deliver(self, name: str, revision: str, path: str) -> None:
        """Deliver a file, or tell where it lies if it is large."""
        files = self.find("models", name).files(revision)
        if files is None:
            raise RefusalError(404, "RevisionNotFound")
        if path not in files:
            raise RefusalError(404, "EntryNotFound")
        etag = identify(path, files[path])
        headers = {"X-Repo-Commit": revision, "ETag": f'"{etag}"'}
        if not path.endswith(BINARY):
            return self.send(200, files[path], headers)
        self.hub.large[etag] = files[path]
        size = str(len(files[path]))
        # large files lie on another host, to which the client must not send its token
        place = {"Location": f"{self.hub.address}/large/{etag}".replace("127.0.0.1", "localhost")}
        linked = {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": size}
        self.send(302, b"", headers | place | linked)

    def deliver_large(self, sha256: str) -> None:
        """Deliver a large file to whoever knows its address."""
        if self.headers.get("Authorization"):
            raise RefusalError(400)
        content = self.hub.large[sha256]
        if self.hub.fault == "corrupt":
            content = bytes(len(content))
        self.send(200, content)


def identify(path: str, content: bytes) -> str:
    """Name a file's content as the Hub does: by sha256 if it is large, else as git does."""
    if path.endswith(BINARY):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324 (git's own)


def write_files(files: Files, folder: Path) -> None:
    """Write what a commit holds into a folder, as whoever clones it has it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@contextmanager
def serve() -> Iterator[Hub]:
    """Run a stand-in until the block is left."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (Answer,), {"hub": hub}))
    hub.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hub
    finally:
        hub.fault = ""  # lets what hangs go
        server.shutdown()
        server.server_close()


def use_hub(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process publish to a stand-in: the client read the environment when imported."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.address)
