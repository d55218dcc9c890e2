"""The repository's own files, and C++ text without comments and strings. Shared by the checks beside it."""
import re
import subprocess
from pathlib import Path

CPP = (".hpp", ".cpp")


class SourceTree:
    """What stands, or is about to stand, in version control below `root`; everything when `root` is no repository."""

    def __init__(self, root):
        self.root = Path(root)
        listed = subprocess.run(["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        if listed.returncode == 0:
            names = listed.stdout.decode().split("\0")[:-1]
        else:
            names = [str(path.relative_to(self.root)) for path in self.root.rglob("*")]
        self.files = sorted(name for name in set(names) if (self.root / name).is_file())

    def matching(self, *suffixes, under=""):
        return [name for name in self.files if name.endswith(suffixes) and name.startswith(under)]

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    def is_text(self, name):
        with open(self.root / name, "rb") as file:
            return b"\0" not in file.read(4096)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


_SKIPPED = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def code_only(text):
    """The text with comments and literals blanked; every other character keeps its place."""
    def blank(match):
        token = match.group(0)
        quote = "" if token.startswith("/") else '"'
        kept = re.sub(r"[^\n]", " ", token)
        return quote + kept[1:-1] + quote if quote and len(kept) > 1 else kept
    return _SKIPPED.sub(blank, text)
