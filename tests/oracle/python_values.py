"""What CPython 3.11 makes of every line of tests/unit/values/cases.txt: python_values.py > .../expected.txt

Run it with CPython 3.11: messages of exceptions differ between versions.
"""
import contextlib
import io
import pathlib
import sys
import warnings

if sys.version_info[:2] != (3, 11):
    sys.exit("python_values.py: messages are those of CPython 3.11")

warnings.simplefilter("ignore")
folder = pathlib.Path(__file__).resolve().parent.parent / "unit" / "values"
setup = (folder / "setup.py").read_text()


def shown(expression):
    names = {"__name__": "cases"}
    exec(compile(setup, "setup.py", "exec"), names)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return repr(eval(expression, names))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for line in (folder / "cases.txt").read_text().splitlines():
    if not line or line.startswith("#"):
        continue
    text = "unknown" if line.startswith("? ") else shown(line)
    if "\n" in text or " at 0x" in text:
        sys.exit(f"python_values.py: no stable text for {line}: {text}")
    print(text)
