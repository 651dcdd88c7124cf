"""How fast is text read into facts? Run: `python bench/reading.py [documents]`. Prints figures beside targets; asserts nothing.

Documents are generated, all different, the same every run. Three questions: megabytes a second of UTF-8 in one process;
whether time grows with length and no faster; how far the pipeline is from one bare pass of every pattern over the same text.
"""

from __future__ import annotations

import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from banggiao.reading import read, rules

DOCUMENTS = 5_000
ROUNDS = 3
TARGET_RATE, TARGET_GROWTH, TARGET_BARE = 1.0, 1.15, 3.0
# Per cent of the documents for the bare pass, which is slow.
BARE_SHARE = 5

_BODIES = (
    "Bộ A",
    "Bộ Ngoại giao",
    "Bộ Công Thương",
    "Cục C",
    "Sở Ngoại vụ",
    "UBND tỉnh",
    "Đại sứ quán",
    "Thương vụ",
    "các bộ, ngành, địa phương",
)
_PEOPLE = ("Lê Văn Mẫu", "Trần Thị Thử", "Phạm Minh Ví", "Nguyễn Giả Định", "Đỗ Quang Dụ", "Hoàng Thu Tập")
_TITLES = ("Bộ trưởng Bộ Ngoại giao", "Thứ trưởng", "Phó Thủ tướng", "Đại sứ", "Chủ tịch UBND tỉnh", "Vụ trưởng")
_STATES = (
    "Nhật Bản",
    "Hàn Quốc",
    "Pháp",
    "Brazil",
    "Ai Cập",
    "Ấn Độ",
    "Kazakhstan",
    "Canada",
    "UAE",
    "Lào",
    "Campuchia",
    "Chile",
    "Ba Lan",
    "Nam Phi",
)
_BLOCS = ("ASEAN", "EU", "MERCOSUR", "GCC", "EFTA", "Liên hợp quốc", "BRICS")
_GOODS = ("gạo", "cà phê", "thủy sản", "chanh leo", "dệt may", "đồ gỗ", "thép", "linh kiện điện tử", "sầu riêng", "hạt điều")
_FIELDS = (
    "thương mại",
    "đầu tư",
    "năng lượng tái tạo",
    "khoa học công nghệ",
    "du lịch",
    "lao động",
    "chuyển đổi số",
    "nông nghiệp",
    "logistics",
    "bán dẫn",
)
_DEEDS = (
    "thúc đẩy",
    "mở rộng",
    "tháo gỡ vướng mắc trong",
    "đổi mới",
    "tăng cường",
    "triển khai hiệu quả",
    "kết nối",
    "nâng cao chất lượng",
)
_FAULTS = ("còn chậm", "chưa tương xứng với tiềm năng", "còn manh mún", "chưa theo kịp yêu cầu", "còn thiếu nguồn lực")
_LAWS = ("Nghị quyết 59-NQ/TW", "Chỉ thị số 15-CT/TW", "Nghị quyết 71/NQ-CP", "Quyết định 493/QĐ-TTg", "Công điện số 47/CĐ-TTg")
_BARRIERS = ("thẻ vàng IUU", "thuế chống bán phá giá", "hạn ngạch thuế quan", "rào cản kỹ thuật")
_MARKS = (
    ("Một là,", "Hai là,", "Ba là,"),
    ("Thứ nhất,", "Thứ hai,", "Thứ ba,"),
    ("1.", "2.", "3."),
    ("a)", "b)", "c)"),
    ("-", "-", "-"),
)

_TEMPLATES = (
    "Ngày {day}, tại Hà Nội, {title} {person} chủ trì hội nghị về {field} với {state}.",
    "Trong năm {year}, {body} đã {deed} {field}, ký kết {n} thỏa thuận hợp tác với {state}.",
    "Kim ngạch {good} sang {state} đạt {n},{digit} tỷ USD, tăng {share}% so với cùng kỳ.",
    "Hai bên nhất trí {deed} {field} và sớm hoàn tất đàm phán FTA Việt Nam - {bloc}.",
    "Tuy nhiên, việc triển khai các cam kết về {field} {fault}; {good} vẫn chịu {barrier}.",
    "{title} {person} đề nghị {body} {deed} {field}, báo cáo trước ngày {day}.",
    "Triển khai {law}, {body} phối hợp với {other} {deed} {field} tại {state}.",
    "Theo {title} {person}, thị trường {state} có nhu cầu lớn về {good} và nhiều hàng khác.",
    "Các doanh nghiệp {state} quan tâm tới {field} và dự kiến sang khảo sát vào tháng {month}.",
    "Phía {state} cam kết tạo thuận lợi cho {good} của Việt Nam trong năm {year}.",
)


def main() -> None:
    """Measure and print; the number of documents may be given."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    documents = [document(random.Random(number)) for number in range(count)]
    size = sum(len(text.encode()) for text in documents) / 1e6
    assert len(set(documents)) == count, "documents must differ"
    print(f"machine: {platform.machine()}, {platform.python_implementation()} {platform.python_version()}, {platform.system()}")
    print(f"{count} documents, {size:.1f} MB; one process, {ROUNDS} rounds\n")
    print(f"{'question':<34} {'target':>8} {'figure':>8} {'ratio':>6} {'spread':>7}")
    read(documents[0].encode(), "warm-up.txt")

    # What is read is let go, as `read --jsonl` does: a heap of results would measure the garbage collector.
    times = _rounds(lambda: sum(len(read(text.encode(), "bench.txt").facts) for text in documents))
    _row("MB/s", TARGET_RATE, [size / seconds for seconds in times], more=True)

    base = "\n\n".join(documents[:20])
    doubled = [_best(partial(read, text.encode(), "bench.txt")) for text in (base, base * 2, base * 4)]
    _row("time of 2n against 2 x time of n", TARGET_GROWTH, [doubled[1] / doubled[0] / 2])
    _row("time of 4n against 4 x time of n", TARGET_GROWTH, [doubled[2] / doubled[0] / 4])

    share = documents[:: 100 // BARE_SHARE]
    whole = _rounds(lambda: sum(len(read(text.encode(), "bench.txt").facts) for text in share))
    bare = _rounds(lambda: _bare(share))
    _row("pipeline against one bare pass", TARGET_BARE, [a / b for a, b in zip(whole, bare, strict=True)])


def document(source: random.Random) -> str:
    """A document of two to nine kilobytes: title, byline, paragraphs, a list of tasks, junk around it."""
    lines = [f"{_p(source, _BODIES)} {_p(source, _DEEDS)} {_p(source, _FIELDS)} với {_p(source, _STATES)}", ""]
    lines += [
        f"{_p(source, _PEOPLE)} {source.randint(0, 23):02d}:{source.randint(0, 59):02d} | {_day(source)}/{_year(source)}",
        "",
    ]
    for _ in range(source.randint(5, 14)):
        lines += [" ".join(_sentence(source) for _ in range(source.randint(1, 4))), ""]
        if source.random() < 0.15:
            lines += [f"Toàn cảnh hội nghị với {_p(source, _STATES)}. (Ảnh: {_p(source, _PEOPLE)})", ""]
    lines += [f"{_p(source, _TITLES)} yêu cầu {_p(source, _BODIES)} làm tốt {source.randint(2, 9)} nhiệm vụ:", ""]
    for mark in source.choice(_MARKS):
        lines += [
            f"{mark} {_p(source, _DEEDS)} {_p(source, _FIELDS)} tại {_p(source, _STATES)}, hoàn thành trước ngày {_day(source)};",
            "",
        ]
    lines += [f"Nguồn: https://tin.example/{source.randint(10**6, 10**7)}.htm", f"Bình luận ({source.randint(0, 9)})"]
    return "\n".join(lines)


def _bare(texts: Sequence[str]) -> int:
    """Every pattern of the package once over every text, and nothing else."""
    found = 0
    patterns = [rule.pattern for rule in rules.all_rules()]
    for text in texts:
        seen = rules.shadow(text)
        for pattern in patterns:
            for _match in pattern.finditer(seen):
                found += 1
    return found


def _rounds(work: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def _best(work: Callable[[], object]) -> float:
    return min(_rounds(work))


def _row(question: str, target: float, figures: list[float], *, more: bool = False) -> None:
    figure = statistics.median(figures)
    ratio = figure / target if more else target / figure
    spread = max(figures) - min(figures)
    print(f"{question:<34} {target:>8.2f} {figure:>8.2f} {ratio:>6.2f} {spread:>7.2f}")


def _sentence(source: random.Random) -> str:
    return _p(source, _TEMPLATES).format(
        day=_day(source),
        year=_year(source),
        month=source.randint(1, 12),
        n=source.randint(2, 480),
        digit=source.randint(0, 9),
        share=source.randint(1, 40),
        title=_p(source, _TITLES),
        person=_p(source, _PEOPLE),
        body=_p(source, _BODIES),
        other=_p(source, _BODIES),
        deed=_p(source, _DEEDS),
        field=_p(source, _FIELDS),
        state=_p(source, _STATES),
        bloc=_p(source, _BLOCS),
        good=_p(source, _GOODS),
        fault=_p(source, _FAULTS),
        law=_p(source, _LAWS),
        barrier=_p(source, _BARRIERS),
    )


def _p(source: random.Random, values: Sequence[str]) -> str:
    return source.choice(values)


def _day(source: random.Random) -> str:
    return f"{source.randint(1, 28)}/{source.randint(1, 12)}"


def _year(source: random.Random) -> int:
    return source.randint(2021, 2027)


if __name__ == "__main__":
    main()
