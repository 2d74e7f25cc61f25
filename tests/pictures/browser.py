"""A headless Chromium, driven over its debugging pipe: what a page logs, asks for and holds."""

import json
import os
import select
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-pipe",
)

_PATIENCE = 30
"""Seconds."""


class Page:
    """One open page."""

    def __init__(self, send_to: int, read_from: int) -> None:
        self._to, self._from, self._buffer, self._last = send_to, read_from, b"", 0
        self._session, self._loaded = "", False
        self.complaints: list[str] = []
        """What went to the console as a warning or an error, and what was thrown."""
        self.requests: list[str] = []
        """What was asked for, the page itself and what it holds left out."""

    def open(self, file: Path) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=file.as_uri())
        while not self._loaded:
            self._read()

    def value(self, script: str):
        """What a script comes to, promises awaited."""
        result = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def mouse(self, event: str, x: float, y: float, **more: float) -> None:
        self.call("Input.dispatchMouseEvent", type=event, x=x, y=y, **more)

    def call(self, method: str, **params):
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._last:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def _read(self):
        while b"\0" not in self._buffer:
            assert select.select([self._from], [], [], _PATIENCE)[0], "the browser says nothing"
            piece = os.read(self._from, 1 << 20)
            assert piece, "the browser is gone"
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        event = json.loads(message)
        self._note(event.get("method"), event.get("params", {}))
        return event

    def _note(self, method: str | None, params) -> None:
        match method:
            case "Page.loadEventFired":
                self._loaded = True
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] in ("warning", "error", "assert"):
                self.complaints.append(str(params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] in ("warning", "error"):
                self.complaints.append(params["entry"]["text"])
            case "Network.requestWillBeSent":
                url = params["request"]["url"]
                if params.get("type") != "Document" and not url.startswith(("data:", "blob:")):
                    self.requests.append(url)
            case _:
                pass


@contextmanager
def opened(file: Path, profile: Path) -> Generator[Page]:
    """A page in a browser of its own."""
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    command = [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", "--window-size=1300,900"]
    process = subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "bash", *command],
        pass_fds=(to_browser, from_browser),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        page = Page(from_us, to_us)
        page.open(file)
        yield page
    finally:
        process.terminate()
        process.wait(20)
        os.close(from_us)
        os.close(to_us)
