"""What `import backend.cli` and `sightline --help` must not load, seen in a process of its own.

import-linter cannot tell an import at the top of a module from one inside a function, so this asks the interpreter.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "llama_cpp",
    "textual",
    "rich",
    "numpy",
    "PIL",
    "pillow_heif",
    "cv2",
    "av",
    "onnxruntime",
    "rapidocr",
    "scipy",
    "yaml",
    "torch",
    "huggingface_hub",
    "httpx2",
    "sqlite3",
    "asyncio",
}
REPORT = "import json, sys; print('\\n' + json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def loaded_by(statements: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"{statements}\n{REPORT}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "statements",
    [
        "import backend.cli",
        "from backend.cli import main; main(lambda request: 0, ['--help'])",
        "from backend.cli import main; main(lambda request: 0, ['--version'])",
        "import tui.__main__",
    ],
    ids=["import", "help", "version", "entry"],
)
def test_the_command_line_starts_light(statements: str) -> None:
    assert loaded_by(statements) & HEAVY == set()


def test_asking_does_not_load_llama_cpp_or_the_app_into_the_front() -> None:
    assert loaded_by("import backend.cli.ask, backend.ask") & {"llama_cpp", "textual", "rich"} == set()


def test_plain_mode_does_without_the_app() -> None:
    assert loaded_by("import tui.plain.launch, tui.plain.transcript") & {"llama_cpp", "textual", "rich"} == set()


def test_the_first_frame_does_without_numpy_and_what_reads_answers() -> None:
    """They are imported with the first picture and the first question."""
    late = {"numpy", "backend.ask.claims", "backend.ask.batch", "backend.ask.reading"}
    report = f"import sys; print(sorted({late!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", f"import tui.launch\n{report}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
