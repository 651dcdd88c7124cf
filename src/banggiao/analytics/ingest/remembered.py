"""What did a person once say of a source's tables, so that next month's file needs no telling?

One JSON file a source, `<root>/mappings/<name>.json`, made to be read and edited by people: what the labels of the tables mean as
HS codes or countries, the unit, the reporter, the flow. Labels nobody has explained stand in it with an empty code and with what
our lists suggest; a suggestion is never taken by itself.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from banggiao.analytics.products import find_products
from banggiao.core.errors import N_, FieldProblem, InvalidInput, Unreadable
from banggiao.core.folding import nfc

FOLDER = "mappings"


@dataclass
class Remembered:
    """What is known of a source: label -> HS code (2, 4 or 6 digits; `0` for all goods) and label -> ISO code of the country."""

    name: str
    products: dict[str, str] = field(default_factory=dict)
    partners: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, list[str]] = field(default_factory=dict)
    unit: str = ""
    reporter: str = ""
    flow: str = ""

    def open_labels(self) -> list[str]:
        """The labels that still have no code."""
        return [label for known in (self.products, self.partners) for label, code in known.items() if not code]


def remembered(root: Path, name: str) -> Remembered:
    """What is known of the source of that name; nothing yet where it is new.

    Raises InvalidInput for a name that can be no file, Unreadable for a file that was spoilt by editing.
    """
    path = _path(root, name)
    if not path.is_file():
        return Remembered(name)
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Remembered(
            name=name,
            products={nfc(str(label)): str(code) for label, code in told["products"].items()},
            partners={nfc(str(label)): str(code) for label, code in told["partners"].items()},
            suggested={nfc(str(label)): list(map(str, codes)) for label, codes in told.get("suggested", {}).items()},
            **{key: str(told.get(key, "")) for key in ("unit", "reporter", "flow")},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            N_("Tệp ghi nhớ cách đọc nguồn “%(name)s” bị hỏng."),
            subject=str(path),
            remedy=N_("Hãy sửa lại đúng dạng JSON hoặc xóa tệp để bắt đầu lại."),
            name=name,
        ) from error


def remember(root: Path, known: Remembered) -> Path:
    """Write what is known, whole or not at all; returns where. OSError where it cannot be written."""
    path = _path(root, known.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with draft.open("w", encoding="utf-8") as handle:
            handle.write(json.dumps(asdict(known), ensure_ascii=False, indent=1) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def ask_for(known: Remembered, labels: Iterable[str]) -> None:
    """Note product labels without a code, with up to three codes that our lists suggest."""
    for label in labels:
        if label not in known.products:
            known.products[label] = ""
            known.suggested[label] = [match.code for match in find_products(label, limit=3)]


def _path(root: Path, name: str) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}", name):
        raise InvalidInput(
            N_("Tên “%(name)s” không đặt được cho một nguồn."),
            remedy=N_("Hãy dùng chữ không dấu, số, dấu gạch, ví dụ --mapping hai-quan-thang."),
            name=name[:60],
            problems=[FieldProblem("mapping", N_("Giá trị không hợp lệ."))],
        )
    return root / FOLDER / f"{name}.json"
