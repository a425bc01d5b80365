"""The tour of the README: its commands are run as printed, its answers compared or written anew."""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.programs import running

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
CUT = "--8<--"
CHANGING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b"  # ids, digests
    r"|os-events/[0-9a-f]{16}(\+[0-9a-f]{8}\+\S+)?|[A-Za-z0-9+/]{43}="  # keys, roots
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z?)?"
    r"|\d\d/\d\d/\d{4}( {1,2}\d\d:\d\d)?"
    r'|"position":\d+|posição \d+|\d+ entries'
)


def blocks() -> list[tuple[str, str]]:
    """Give each block of commands, and what the README says it prints."""
    return [(found[1], found[2] or "") for found in BLOCK.finditer(README.read_text("utf-8"))]


def constant(text: str) -> str:
    """Take out what differs from run to run."""
    return CHANGING.sub("…", text).strip()


def answers(port: int, environment: dict[str, str]) -> list[str]:
    """Run all blocks in one shell, as somebody would who copies them; give what each prints."""
    script = "".join(f"{commands}\necho '{CUT}'\n" for commands, _ in blocks())
    with TemporaryDirectory() as folder:
        (Path(folder) / ".venv").symlink_to(Path(sys.executable).parents[1])
        said = subprocess.run(
            ["bash", "-c", script.replace("127.0.0.1:8000", f"127.0.0.1:{port}")],  # noqa: S607
            cwd=folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        ).stdout
    return said.split(f"{CUT}\n")[:-1]


def write() -> None:
    """Put what is printed now into the README."""
    with running() as program:
        printed = iter(answers(program.port, program.environment))

    def filled(found: re.Match[str]) -> str:
        said = next(printed).strip()
        return f"```sh\n{found[1]}```\n" + (f"\n```text\n{said}\n```\n" if said else "")

    README.write_text(BLOCK.sub(filled, README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    write()
