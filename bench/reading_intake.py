"""How fast are files opened to canonical text? Run: `python bench/reading_intake.py`. Prints per format; asserts nothing."""

from __future__ import annotations

import io
import random
import statistics
import time

import typst
from docx import Document

from banggiao.reading.intake import open_bytes

FILES = 300
ROUNDS = 5
# Files a second in one process: what keeps a folder of a thousand files under half a minute.
TARGETS = {"txt": 500.0, "html": 50.0, "docx": 100.0, "pdf": 100.0}

_SUBJECTS = ("Hai bên", "Bộ A", "Tỉnh X", "Nhóm công tác", "Đoàn doanh nghiệp", "Cơ quan kiểm dịch", "Thứ trưởng")
_ACTIONS = ("nhất trí mở rộng", "đề nghị rà soát", "thống nhất lịch trao đổi về", "báo cáo kết quả", "tháo gỡ vướng mắc trong")
_OBJECTS = (
    "thương mại nông sản",
    "hợp tác năng lượng",
    "vận tải biển",
    "đầu tư công nghệ",
    "lao động và du lịch",
    "kết nối đường sắt",
)


def main() -> None:
    """Open generated files of each format, several rounds, and print target, figure, ratio and spread."""
    print(f"{'format':<6} {'target/s':>9} {'figure/s':>9} {'ratio':>6} {'spread':>7} {'MB/s':>7}")
    texts = [_text(random.Random(number)) for number in range(FILES)]
    for kind, make in (("txt", _txt), ("html", _html), ("docx", _docx), ("pdf", _pdf)):
        files = [(make(text), f"{number}.{kind}") for number, text in enumerate(texts)]
        size = sum(len(data) for data, _ in files)
        rates = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            for data, name in files:
                open_bytes(data, name)
            rates.append(len(files) / (time.perf_counter() - started))
        figure, target = statistics.median(rates), TARGETS[kind]
        spread = (max(rates) - min(rates)) / figure
        print(
            f"{kind:<6} {target:>9.0f} {figure:>9.0f} {figure / target:>6.2f} {spread:>7.0%} {size / FILES * figure / 1e6:>7.2f}"
        )


def _text(dice: random.Random) -> list[str]:
    return [" ".join(_sentence(dice) for _ in range(dice.randint(3, 6))) for _ in range(dice.randint(12, 24))]


def _sentence(dice: random.Random) -> str:
    day, share = dice.randint(1, 28), dice.randint(10, 999) / 10
    return (
        f"{dice.choice(_SUBJECTS)} {dice.choice(_ACTIONS)} {dice.choice(_OBJECTS)}, ngày {day}/7, đạt {share} triệu USD.".replace(
            "  ", " "
        )
    )


def _txt(text: list[str]) -> bytes:
    return "\n\n".join(text).encode()


def _html(text: list[str]) -> bytes:
    menu = "".join(f'<li><a href="/{number}">Mục {number}</a></li>' for number in range(40))
    body = "".join(f"<p>{part}</p>" for part in text)
    return (
        f"<!DOCTYPE html><html><head><title>{text[0][:60]}</title><style>p {{ margin: 0 }}</style></head>"
        f"<body><nav><ul>{menu}</ul></nav><div class=content><h1>{text[0][:60]}</h1>{body}</div>"
        f"<div><ul>{menu}</ul></div><script>var a = 1;</script></body></html>"
    ).encode()


def _docx(text: list[str]) -> bytes:
    document = Document()
    for part in text:
        document.add_paragraph(part)
    table = document.add_table(rows=5, cols=3)
    for row in table.rows:
        row.cells[0].text, row.cells[1].text = text[0][:20], text[1][:20]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf(text: list[str]) -> bytes:
    source = '#set page(numbering: "1")\n' + "\n\n".join(text)
    return bytes(typst.compile(source.encode(), ignore_system_fonts=True))


if __name__ == "__main__":
    main()
