"""How is a fact of a document said: its title, its slots with their names, and how a value was worked out?"""

from __future__ import annotations

from typing import Any

from banggiao.core.errors import N_, NotFound
from banggiao.core.vocabulary import vocabulary
from banggiao.sources.models import Fact
from banggiao.web.asking import language
from banggiao.web.jinja import written
from banggiao.web.parts import Cell, Definition
from banggiao.web.words import label, partial_date, period_label, say

#: The slot that says what a fact is about, by kind; where it is empty the words of the text do.
MAIN = {
    "event": "name",
    "person": "name",
    "organisation": "name",
    "partner": "name",
    "place": "name",
    "agreement": "name",
    "legal_document": "number",
    "quantity": "meaning",
    "commitment": "what",
    "task": "what",
    "result": "what",
    "shortcoming": "what",
    "barrier": "what",
}
#: Slot -> what it is called.
SLOTS = {
    "name": N_("Tên"),
    "type": N_("Loại"),
    "role": N_("Vai trò trong văn bản"),
    "date": N_("Ngày"),
    "place": N_("Nơi"),
    "mode": N_("Hình thức"),
    "organiser": N_("Cơ quan tổ chức"),
    "chair": N_("Chủ trì"),
    "participants": N_("Thành phần"),
    "positions": N_("Chức vụ"),
    "code": N_("Mã"),
    "parties": N_("Các bên"),
    "status": N_("Tình trạng"),
    "count": N_("Số lượng"),
    "number": N_("Số"),
    "issuer": N_("Cơ quan ban hành"),
    "subject": N_("Trích yếu"),
    "unit": N_("Đơn vị"),
    "meaning": N_("Nội dung"),
    "period": N_("Kỳ"),
    "qualifier": N_("Mức"),
    "comparison": N_("So sánh"),
    "side": N_("Bên thực hiện"),
    "what": N_("Nội dung"),
    "deadline": N_("Hạn"),
    "measurable": N_("Mức đo được"),
    "enumerator": N_("Thứ tự trong văn bản"),
    "assignee": N_("Giao cho"),
    "giver": N_("Người giao"),
    "actor": N_("Chủ thể"),
    "partner": N_("Đối tác"),
}
#: (kind, slot) -> the closed list whose fact values the slot holds.
LISTS = {
    ("event", "type"): "activity_kind",
    ("event", "role"): "event_role",
    ("event", "mode"): "activity_format",
    ("agreement", "type"): "agreement_kind",
    ("agreement", "status"): "agreement_status",
    ("commitment", "side"): "commitment_side",
    ("barrier", "type"): "barrier_kind",
    ("partner", "type"): "partner_kind",
}
#: What the reader notes about how a value was worked out -> how a page says it.
HOW = {
    "digits in the URL": N_("theo chữ số trong địa chỉ trang"),
    "properties of the file": N_("theo thuộc tính của tệp"),
    "domain of the URL": N_("theo tên miền của địa chỉ"),
    "domain in the page": N_("theo tên miền nêu trong trang"),
    "year of publication": N_("năm lấy theo ngày đăng"),
    "year of the title": N_("năm lấy theo tiêu đề"),
    "year the text names most often": N_("năm được văn bản nhắc nhiều nhất"),
    "issuer from the code": N_("cơ quan ban hành suy từ ký hiệu"),
    "code from issuer and type": N_("ký hiệu suy từ cơ quan ban hành và loại văn bản"),
    "the text has the number only": N_("văn bản chỉ nêu số"),
    "the partner the document names most": N_("đối tác được văn bản nhắc nhiều nhất"),
    "who imposes it, from its name": N_("bên áp dụng suy từ tên biện pháp"),
}
_HIDDEN = {"mentions", "generic", "id", "country", "kind", "plover", "own", "collective"}


def title_of(fact: Fact, words: str) -> str:
    """What the fact says, in short."""
    value = fact.value
    main = str(value.get(MAIN[fact.kind]) or "").strip()
    if fact.kind == "quantity":
        number = str(value.get("number", "")).rstrip()
        parts = (value.get("qualifier"), number.replace(".", ",") if language() == "vi" else number, value.get("unit"))
        return " ".join(str(p) for p in parts if p)
    return main or " ".join(words.split())


def slots_of(fact: Fact) -> list[Definition]:
    """The other slots that are filled, with their names."""
    title = "number" if fact.kind == "quantity" else MAIN[fact.kind]
    hidden = _HIDDEN | {title} | ({"qualifier", "unit"} if fact.kind == "quantity" else set())
    found = [
        Definition(label=say(SLOTS[name]), cell=Cell(value=slot_text(fact.kind, name, value)))
        for name, value in fact.value.items()
        if name not in hidden and name in SLOTS and value not in (None, "", [])
    ]
    if fact.inferred:
        found.append(Definition(label=say(N_("Máy suy ra")), cell=Cell(value=how(fact.inferred))))
    return found


def slot_text(kind: str, name: str, value: Any) -> str:
    """A slot's value in the reader's language."""
    if isinstance(value, list):
        return "; ".join(slot_text(kind, name, item) for item in value)
    if (kind, name) in LISTS:
        terms = vocabulary(LISTS[kind, name])
        if value in terms:  # some slots hold the code of the list itself
            return terms.label(str(value), language())
        try:
            return terms.label(terms.from_fact(str(value)), language())
        except NotFound:
            return str(value)
    if name == "measurable":
        return label("measurability", str(value))
    if name in ("date", "deadline"):
        return written(partial_date(str(value)))
    return period_label(str(value)) if name == "period" else str(value)


def how(inferred: str) -> str:
    """How a value was worked out: `slot: way (further way); …`, each part in the reader's language where it is known."""
    return "; ".join(_way(part) for part in inferred.split("; "))


def _way(text: str) -> str:
    slot, colon, rest = text.partition(": ")
    if colon and slot in SLOTS:
        return f"{say(SLOTS[slot]).lower()}: {_way(rest)}"
    first, bracket, second = text.removesuffix(")").partition(" (")
    if bracket:
        return f"{_way(first)} ({_way(second)})"
    return say(HOW[text]) if text in HOW else text
