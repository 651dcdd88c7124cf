"""Documents made up for `bench/reading.py`: `document` as dense in facts as real ones, `dense_document` twice as dense.

The same number gives the same document every run. `document` follows what was measured on five real texts and sixteen of our
own (`PYTHONPATH=src python bench/reading_texts.py [texts]` prints the figures of the texts named beside those of both corpora):
its kind is a news story, an official paper or a web page with its links; half of its sentences tell nothing that is read, the
rest tell of deeds, orders, faults, figures, people and partners. Prose is put together from words (`reading_words`), so hardly a
sentence stands twice and pairs of syllables are about as new as they are in real texts: a reader that remembers what it has seen
gains no more here than there.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import reading_words as words

_BODIES = (
    "Bộ A", "Bộ Ngoại giao", "Bộ Công Thương", "Cục C", "Sở Ngoại vụ", "UBND tỉnh", "Đại sứ quán", "Thương vụ",
    "các bộ, ngành, địa phương",
)  # fmt: skip
_TITLES = ("Bộ trưởng Bộ Ngoại giao", "Thứ trưởng", "Phó Thủ tướng", "Đại sứ", "Chủ tịch UBND tỉnh", "Vụ trưởng")
_STATES = (
    "Nhật Bản", "Hàn Quốc", "Pháp", "Brazil", "Ai Cập", "Ấn Độ", "Kazakhstan", "Canada", "UAE", "Lào", "Campuchia",
    "Chile", "Ba Lan", "Nam Phi",
)  # fmt: skip
_BLOCS = ("ASEAN", "EU", "MERCOSUR", "GCC", "EFTA", "Liên hợp quốc", "BRICS")
_SITES = ("Hà Nội", "Đồng Nai", "Cần Thơ", "Hải Phòng", "Lâm Đồng", "Quảng Ninh", "Tây Ninh", "Thái Nguyên", "Sơn La", "Gia Lai")
_CODES = ("EVFTA", "CPTPP", "RCEP", "UKVFTA", "VIFTA", "EVIPA", "VKFTA", "AKFTA")
_GOODS = ("gạo", "cà phê", "thủy sản", "chanh leo", "dệt may", "đồ gỗ", "thép", "linh kiện điện tử", "sầu riêng", "hạt điều")
_FIELDS = (
    "thương mại", "đầu tư", "năng lượng tái tạo", "khoa học công nghệ", "du lịch", "lao động", "chuyển đổi số", "nông nghiệp",
    "logistics", "bán dẫn",
)  # fmt: skip
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
_DENSE = (
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
_DENSE_HEAD = "{title} yêu cầu {body} làm tốt {few} nhiệm vụ:"
# Sentences that tell something, with how often: prose stands around what is told.
_TELLING: dict[str, int] = {
    "Trong năm {year}, {body} đã {deed} {thing} {quality}, {deed} {thing} và {deed} {thing} gắn với {clause}.": 3,
    "{Clause}; {body} và {other} đã {deed} {thing} {quality} theo hướng {deed} {thing}, góp phần để {clause}.": 3,
    "Cùng với đó, {body} đã {deed} {thing} tại {state}, {deed} {thing} {quality} với {n} đối tác, {clause}.": 3,
    "{Clause}, nhờ đó ký kết {n} thỏa thuận về {thing}, trong đó có {code} và các văn kiện về {field}.": 3,
    "{title} {person} đề nghị {body} {deed} {thing}, {deed} {thing} {quality}; {other} chú trọng {field} và {thing}.": 3,
    "Thời gian tới, {body} cần {deed} {thing} {quality}, {deed} {thing} để {clause}; khẩn trương {deed} {thing} tại {site}.": 3,
    "Về {field}, yêu cầu {body} phối hợp với {other} {deed} {thing}, hoàn thành trước ngày {day}, vì {clause}.": 2,
    "Tuy nhiên, việc {deed} {thing} {fault}, {thing} {fault}, {clause}.": 4,
    "Kim ngạch {good} sang {state} đạt {n},{digit} tỷ USD, tăng {share}% so với năm trước, {good} {n} triệu USD, {clause}.": 7,
    "Có khoảng {n} doanh nghiệp và {n} hợp tác xã tham gia, {clause}.": 4,
    "Hai bên trao đổi về {thing} và triển vọng của FTA Việt Nam - {bloc}, {clause}, sau khi {code} có hiệu lực từ năm {year}.": 3,
    "Phía {state} cam kết tạo thuận lợi cho {good} {quality}, {clause}.": 1,
    "{Clause}, nhất là ở {state}, {state} và {site}, nơi {clause}.": 4,
    "Theo {title} {person}, {clause}, {clause} ở {state}.": 2,
    "Ngày {day}, tại {site}, {title} {person} chủ trì hội nghị về {field} với {body}, {clause}.": 2,
    "Thực hiện {law} và Kết luận của {body}, {clause}.": 3,
    "{good} {quality} sang {state} vẫn chịu {barrier}, {clause}.": 3,
}
# Of a hundred sentences of a story or paper so many tell something.
_TOLD = 74
_MENU = ("Thời sự", "Kinh tế", "Xã hội", "Giáo dục", "Thể thao", "Đời sống", "Công nghệ", "Bạn đọc", "Ảnh", "Video", "Liên hệ")


def document(dice: random.Random) -> str:
    """A document of one to twenty kilobytes, as dense in facts as real ones are."""
    return dice.choices((_story, _paper, _web_page), (6, 3, 2))[0](dice)


def dense_document(dice: random.Random) -> str:
    """A document of two to nine kilobytes in which nearly every sentence tells several facts."""
    lines = [f"{dice.choice(_BODIES)} {dice.choice(words.DEEDS)} {dice.choice(_FIELDS)} với {dice.choice(_STATES)}", ""]
    lines += [f"{_person(dice)} {dice.randint(0, 23):02d}:{dice.randint(0, 59):02d} | {_day(dice)}/{_year(dice)}", ""]
    for _ in range(dice.randint(5, 14)):
        lines += [" ".join(_filled(dice, dice.choice(_DENSE)) for _ in range(dice.randint(1, 4))), ""]
        if dice.random() < 0.15:
            lines += [f"Toàn cảnh hội nghị với {dice.choice(_STATES)}. (Ảnh: {_person(dice)})", ""]
    lines += [*_tasks(dice, "{mark} {deed} {field} tại {state}, hoàn thành trước ngày {day};", _DENSE_HEAD), *_foot(dice)]
    return "\n".join(lines)


def _story(dice: random.Random) -> str:
    lines = [_headline(dice), ""]
    lines += [f"{_person(dice)} {dice.randint(0, 23):02d}:{dice.randint(0, 59):02d} | {_day(dice)}/{_year(dice)}", ""]
    for _ in range(dice.choice((4, 6, 8, 10, 14, 20))):
        lines += [_paragraph(dice), ""]
        if dice.random() < 0.12:
            lines += [f"{_noun_phrase(dice).capitalize()}. (Ảnh: {_person(dice)})", ""]
        if dice.random() < 0.1:
            lines += [_noun_phrase(dice).capitalize() + " " + _noun_phrase(dice), ""]
    if dice.random() < 0.4:
        lines += _tasks(dice, "{mark} {deed} {thing} {quality}, {deed} {thing} gắn với {clause};")
    return "\n".join([*lines, *_foot(dice)])


def _paper(dice: random.Random) -> str:
    lines = [
        dice.choice(("BỘ A", "TỈNH X", "VỤ B")),
        f"Số: {dice.randint(1, 999)}/BC-VP",
        f"Hà Nội, ngày {_day(dice)}/{_year(dice)}",
        "",
    ]
    lines += ["BÁO CÁO", f"Về {_noun_phrase(dice)} và {_noun_phrase(dice)}", ""]
    for number in range(1, dice.randint(3, 5)):
        lines.append(f"{number}. {_noun_phrase(dice).capitalize()}")
        for _ in range(dice.randint(1, 4)):
            lines.append(_paragraph(dice))
    lines += _tasks(dice, "{mark} {body} {deed} {thing} {quality}, {deed} {thing}, hoàn thành trong quý {quarter}/{year};")
    return "\n".join([*lines, "", "Nơi nhận:", "- Như trên;", "- Lưu: VT."])


def _web_page(dice: random.Random) -> str:
    lines = [*dice.sample(_MENU, 7), "", _story(dice), "", "Tin liên quan"]
    for _ in range(dice.randint(5, 15)):
        headline = _headline(dice)
        lines += ["", headline, "", headline, "", _plain(dice)]
    return "\n".join([*lines, "", "Phiên bản di động"])


def _tasks(dice: random.Random, item: str, head: str = "{title} yêu cầu {body} làm tốt {few} nhiệm vụ để {clause}:") -> list[str]:
    lines = [_filled(dice, head), ""]
    for mark in dice.choice(_MARKS):
        lines += [_filled(dice, item, mark=mark), ""]
    return lines


def _foot(dice: random.Random) -> list[str]:
    return [f"Nguồn: https://tin.example/{dice.randint(10**6, 10**7)}.htm", f"Bình luận ({dice.randint(0, 9)})"]


def _headline(dice: random.Random) -> str:
    return f"{_noun_phrase(dice).capitalize()} {dice.choice(words.VERBS)} {_noun_phrase(dice)}"


def _paragraph(dice: random.Random) -> str:
    return " ".join(_sentence(dice) for _ in range(dice.choices((1, 2, 3, 4), (5, 4, 2, 1))[0]))


def _sentence(dice: random.Random) -> str:
    if dice.random() * 100 < _TOLD:
        return _filled(dice, dice.choices(tuple(_TELLING), tuple(_TELLING.values()))[0])
    return _plain(dice)


def _plain(dice: random.Random) -> str:
    """A sentence that tells nothing: one clause or several, now and then a quotation, a bracket or a foreign name."""
    text = _clause(dice)
    for _ in range(dice.choices((0, 1, 2, 3, 4), (2, 4, 4, 4, 3))[0]):
        text += dice.choice(words.LINKS) + _clause(dice)
    if dice.random() < 0.08:
        text += f' - "{_noun_phrase(dice)}"'
    elif dice.random() < 0.06:
        text += f" ({_noun_phrase(dice)})"
    if dice.random() < 0.4:
        return f"{dice.choice(words.OPENERS)}, {text}."
    return text[0].upper() + text[1:] + "."


def _clause(dice: random.Random) -> str:
    return f"{_noun_phrase(dice)} {dice.choice(words.VERBS)} {_noun_phrase(dice)}"


def _noun_phrase(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.4:
        return dice.choice(words.NOUNS)
    if chance < 0.75:
        return f"{dice.choice(words.NOUNS)} {dice.choice(words.QUALITIES)}"
    return f"{dice.choice(words.NOUNS)} {dice.choice(('và', 'của', 'cùng', 'hay', 'với', 'trong'))} {dice.choice(words.NOUNS)}"


def _filled(dice: random.Random, template: str, **given: str) -> str:
    """The template with every name in braces replaced, each time anew."""
    parts = template.split("{")
    text = parts[0]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        text += (given[name] if name in given else _SLOTS[name](dice)) + rest
    return text[0].upper() + text[1:]


def _one_of(values: Sequence[str]) -> Callable[[random.Random], str]:
    return lambda dice: dice.choice(values)


def _number(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda dice: str(dice.randint(low, high))


def _person(dice: random.Random) -> str:
    return f"{dice.choice(words.SURNAMES)} {dice.choice(words.MIDDLES)} {dice.choice(words.GIVEN)}"


def _day(dice: random.Random) -> str:
    return f"{dice.randint(1, 28)}/{dice.randint(1, 12)}"


def _year(dice: random.Random) -> str:
    return str(dice.randint(2021, 2027))


_SLOTS: dict[str, Callable[[random.Random], str]] = {
    "barrier": _one_of(_BARRIERS),
    "bloc": _one_of(_BLOCS),
    "body": _one_of(_BODIES),
    "Clause": lambda dice: _clause(dice).capitalize(),
    "clause": _clause,
    "code": _one_of(_CODES),
    "day": _day,
    "deed": _one_of(words.DEEDS),
    "digit": _number(0, 9),
    "fault": _one_of(_FAULTS),
    "few": _number(2, 9),
    "field": _one_of(_FIELDS),
    "good": _one_of(_GOODS),
    "law": _one_of(_LAWS),
    "month": _number(1, 12),
    "n": _number(2, 480),
    "other": _one_of(_BODIES),
    "person": _person,
    "quality": _one_of(words.QUALITIES),
    "quarter": _one_of(("I", "II", "III", "IV")),
    "share": _number(1, 40),
    "site": _one_of(_SITES),
    "state": _one_of(_STATES),
    "thing": _one_of(words.NOUNS),
    "title": _one_of(_TITLES),
    "year": _year,
}


def measured(texts: Iterable[str], sample: int = 80_000) -> dict[str, float]:
    """What texts are like: size, density, length of sentences, share of sentences that tell nothing or stand twice.

    Pairs of syllables are counted in the first `sample` bytes or so: the more text, the fewer are new.
    """
    from banggiao.reading import read
    from banggiao.reading.layout import build_layout

    sums: Counter[str] = Counter()
    sentences: Counter[str] = Counter()
    pairs: set[tuple[str, str]] = set()
    paired = 0
    for text in texts:
        found = read(text.encode(), "text.txt")
        layout = build_layout(found.intake.text)
        size = len(text.encode())
        sums.update(texts=1, bytes=size, facts=len(found.facts), lines=sum(1 for line in layout.lines if line.text.strip()))
        places = {fact.evidence for fact in found.facts}
        for sentence in layout.sentences:
            said = layout.slice(sentence.span)
            sums.update(sentences=1, words=len(said.split()), empty=sentence.span not in places)
            sums.update(prose=len(said) if sentence.cls == "body" else 0, letters=len(said))
            if len(said.split()) > 5 and sentence.cls == "body":
                sentences[said] += 1
        if paired < sample:
            paired += size
            said = text.split()
            pairs.update(zip(said, said[1:], strict=False))
    kilobytes, many = sums["bytes"] / 1000, sums["sentences"]
    return {
        "KB a text": kilobytes / sums["texts"],
        "facts/KB": sums["facts"] / kilobytes,
        "sentences/KB": many / kilobytes,
        "words a sentence": sums["words"] / many,
        "sentences a line": many / sums["lines"],
        "% body": 100 * sums["prose"] / sums["letters"],
        "% without a fact": 100 * sums["empty"] / many,
        "% said before": 100 * (1 - len(sentences) / max(1, sentences.total())),
        f"new pairs/KB of {sample // 1000}": len(pairs) / (paired / 1000),
    }


def print_measured(columns: dict[str, Iterable[str]]) -> None:
    """The figures of several sets of texts side by side."""
    figures = {name: measured(texts) for name, texts in columns.items()}
    print(f"{'':<22}" + "".join(f"{name:>14}" for name in figures))
    for row in next(iter(figures.values())):
        print(f"{row:<22}" + "".join(f"{column[row]:>14.1f}" for column in figures.values()))


def samples() -> list[str]:
    """The sample texts of the package."""
    import banggiao

    folder = Path(banggiao.__file__).parent / "data" / "samples" / "texts"
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]


if __name__ == "__main__":
    given = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]]
    print_measured(
        ({"given": given} if given else {})
        | {"our samples": samples()}
        | ({"both": [*given, *samples()]} if given else {})
        | {"generated": [document(random.Random(number)) for number in range(300)]}
        | {"dense": [dense_document(random.Random(number)) for number in range(300)]}
    )
