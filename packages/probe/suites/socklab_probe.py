"""A pytest plugin of one file: fails a test with the smallest cut of its bytes that breaks a server.

Copy it beside your tests, and load it in conftest.py: pytest_plugins = ["socklab_probe"]

    def test_survives_any_segmentation(survives):
        survives(run="python3 server.py {port}", framing="u32be", request=b"\\0\\0\\0\\5hello")

It needs Python 3.8 and Node.js. The probe is `npx --yes @socklab/probe`; the option --socklab-probe or the variable SOCKLAB_PROBE
is another command for it, such as `npx --yes @socklab/probe@1.2.3` or `/opt/bin/socklab-probe`.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess

import pytest

DEFAULT_COMMAND = "npx --yes @socklab/probe"
MAX_REQUEST_BYTES = 32768
STOP_SECONDS = 10


class BreaksAtACut(AssertionError):
    """The server answers otherwise, or not at all, where its bytes are cut or joined. `report` is the whole report."""

    def __init__(self, message, report):
        super().__init__(message)
        self.report = report


class NotConfirmed(AssertionError):
    """No fault was seen, but the server may have read the pieces in one go, or trials are missing: nothing is proven. `report` as above."""

    def __init__(self, message, report):
        super().__init__(message)
        self.report = report


class NothingLearnt(RuntimeError):
    """The uncut request has no stable answer, or the probe could not run: this says nothing about segmentation."""


def probe(*, command=None, unconfirmed=False, **options):
    """Probes a server, and returns the report, the JSON of `--json` as a dict.

    Options are those of `probe`, with `_` for `-`: max_time="1m" is --max-time 1m, True gives the option without a value, a list
    repeats it. Bytes are sent as they are. `unconfirmed` accepts trials that no kernel's table confirms: on macOS, in other hosts.
    Raises BreaksAtACut, NotConfirmed or NothingLearnt.
    """
    __tracebackhide__ = True
    command = shlex.split(command or os.environ.get("SOCKLAB_PROBE") or DEFAULT_COMMAND)
    code, stdout, stderr = _run([*command, "probe", "--json", *_words(options)])
    try:
        report = json.loads(stdout)
        outcome = report["outcome"]
    except (ValueError, KeyError):
        raise NothingLearnt(f"{shlex.join(command)} ended with code {code} and without a report\n{stderr.strip()}") from None
    if outcome == "pass" or (outcome == "unconfirmed" and unconfirmed):
        return report
    message = _text(report, shlex.join(command))
    if outcome == "fail":
        raise BreaksAtACut(message, report)
    if outcome == "unconfirmed":
        raise NotConfirmed(message, report)
    raise NothingLearnt(message)


def pytest_addoption(parser):
    parser.addoption("--socklab-probe", metavar="COMMAND", help=f"the command of the probe (default: $SOCKLAB_PROBE, or {DEFAULT_COMMAND})")


@pytest.fixture
def survives(request):
    """A function with the parameters of `probe`: fails the test unless the server survives."""

    def check(**options):
        __tracebackhide__ = True
        return probe(**{"command": request.config.getoption("--socklab-probe"), **options})

    return check


def _words(options):
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is True:
                yield flag
            elif each is not None and each is not False:
                # In one word: a value may begin with a hyphen.
                yield f"{flag}={_value(each)}"


def _value(value):
    if not isinstance(value, (bytes, bytearray)):
        return str(value)
    if len(value) > MAX_REQUEST_BYTES:
        raise ValueError(f"{len(value)} bytes are too many for a command line, limit {MAX_REQUEST_BYTES}: give the name of a file")
    return "hex:" + value.hex()


def _run(words):
    program = shutil.which(words[0])
    if program is None:
        raise NothingLearnt(f"{words[0]} is not installed: it comes with Node.js, or set SOCKLAB_PROBE to the command of the probe")
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([program, *words[1:]], **streams, encoding="utf-8", errors="replace", start_new_session=True) as process:
        try:
            stdout, stderr = process.communicate()
        except BaseException:
            # Once, and with patience: it ends the server that it has started.
            _end(process, signal.SIGTERM)
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                _end(process, getattr(signal, "SIGKILL", signal.SIGTERM))
            raise
    return process.returncode, stdout, stderr


def _end(process, number):
    """With all that it has started: npx hands no signal on to the probe."""
    if not hasattr(os, "killpg"):
        return process.terminate()
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def _text(report, command):
    totals = report["totals"]
    counts = ", ".join(f"{totals[kind]} {kind}" for kind in ("pass", "fail", "unconfirmed", "flaky"))
    lines = [f"{report['outcome'].upper()}  {report['target']}: {counts}"]
    if report["control"]["kind"] != "ok":
        lines.append(report["control"].get("detail", "the uncut request failed"))
    elif report["outcome"] == "unconfirmed":
        lines.append("no fault was seen, but the server may have read the pieces in one go, or trials are missing")
    if "diagnosis" in report:
        lines.append(f"likely bug: {report['diagnosis']['bug']} ({report['diagnosis']['confidence']})")
        lines.append(f"  {report['diagnosis']['sentence']}")
    if report["cases"]:
        lines += ["", *_case(min(report["cases"], key=_size), command)]
    return "\n".join(lines)


def _size(case):
    """A case that was shrunk has few cuts."""
    return case.get("shrunk", case)["trial"]["pieces"] + (0 if "shrunk" in case else 0.5)


def _case(case, command):
    failure = case.get("verdict", {}).get("failure", case["kind"])
    yield f"{case['trial']['id']}  {failure}: {case['detail']}"
    yield from case["where"]
    yield from case["dump"].split("\n")
    yield f"expected  {_excerpt(case['expected'])}"
    yield f"received  {_excerpt(case['received'])}"
    if "replay" in case:
        yield "replay    " + " ".join([command, *case["replay"].split(" ")[1:]])


def _excerpt(excerpt):
    shown = ascii(bytes.fromhex(excerpt["hex"])[:60])[1:]
    return "nothing" if excerpt["totalBytes"] == 0 else f"{shown} ({excerpt['totalBytes']} bytes, from {excerpt['offset']})"
