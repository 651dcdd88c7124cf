"""What does a register ask for a new record, field by field, and what do the words mean that a person typed into a field?

Form, pasted table, API and command all come through here, so they take the same ways of writing: 5/9/2025, `quý III/2025`,
`Bộ KH&CN`, `Phía ta`. Everything wrong with a record is said at once, by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import ForeignKey
from django.utils.translation import get_language, gettext

from banggiao.core.acts import CLASSIFICATIONS, Viewer
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.folding import fold, is_text, nfc
from banggiao.core.installation import LEVELS, installed_level
from banggiao.core.record import PartialDateField
from banggiao.core.registers import Register
from banggiao.core.typed import typed_date, typed_deadline, typed_flag, typed_list, typed_number, typed_period
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution
from banggiao.reports.naming import Named, Names, Unclear

Kind = Literal["text", "long", "code", "date", "due", "day", "period", "number", "flag", "record", "records", "list"]
#: What every register asks beside its own fields, at the end and never required.
COMMON = ("classification",)
DEFAULT_LEVEL = "internal"
_VOCABULARIES = {
    "classification": "classification",
    "topic": "topic",
    "evidence": "evidence_mark",
    "confidence": "confidence_level",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as it is asked for: what kind of value it takes, from which closed list or register, and how long it may be."""

    name: str
    kind: Kind
    required: bool = False
    vocabulary: str = ""
    model: Any = None
    longest: int = 0
    extra: int = 0
    field: Any = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What was typed as the fields hold it, and what is wrong with it; `exercise` when it belongs to the made-up world."""

    values: dict[str, Any]
    links: dict[str, list[Any]]
    problems: tuple[FieldProblem, ...] = ()
    exercise: bool = False


def asked_by(register: Register) -> tuple[Asked, ...]:
    """The fields of a new record, in the order of the form."""
    return tuple(asked(register, name) for name in dict.fromkeys((*register.entry, *COMMON)))


def asked(register: Register, name: str) -> Asked:
    """How one field of the register is asked for, whether it is entered or edited. Raises FieldDoesNotExist."""
    model, required = register.model, name in register.required
    if name in model.links:
        link = model.links[name]
        target: Any = apps.get_model(link.through)._meta.get_field(link.far).related_model
        return Asked(name, "records", required, model=target, extra=len(link.extra))
    field: Any = _field(model, name)
    terms = _vocabulary(register, name)
    if isinstance(field, ForeignKey):
        return Asked(name, "record", required, model=field.related_model, field=field)
    if terms:
        return Asked(name, "code", required, terms, field=field)
    inner = field.get_internal_type()
    longest = field.max_length or 0
    if isinstance(field, PartialDateField):
        return Asked(name, "due" if name.endswith("due") or "deadline" in name else "date", required, field=field)
    kinds: dict[str, Kind] = {"BooleanField": "flag", "DateField": "day", "JSONField": "list", "TextField": "long"}
    if name == "period" or _column_type(register, name) == "period":
        return Asked(name, "period", required, longest=longest, field=field)
    if "Integer" in inner or inner in ("DecimalField", "FloatField"):
        return Asked(name, "number", required, field=field)
    kind = kinds.get(inner, "long" if longest > 250 else "text")
    return Asked(name, kind, required, longest=longest, field=field)


def levels_for(viewer: Viewer) -> list[str]:
    """The classifications that the viewer may give a record in this installation."""
    held = CLASSIFICATIONS[: CLASSIFICATIONS.index(LEVELS[installed_level()]) + 1]
    return [level for level in viewer.cleared_levels() if level in held]


class Reader:
    """Understands what one viewer types, for one register; the names it looked up are kept for the whole form or table."""

    def __init__(self, register: Register, viewer: Viewer, names: Names | None = None) -> None:
        self.register, self.viewer = register, viewer
        self.names = names or Names(viewer)
        self.fields = {each.name: each for each in asked_by(register)}
        # The bare name of a relation is understood too: `partner` for `partner_id`.
        self.fields |= {n.removesuffix("_id"): a for n, a in self.fields.items() if n.endswith("_id")}
        self._read: dict[tuple[str, str], Any] = {}
        #: Whether the viewer's own bodies are made up; None where they have none.
        self.world, self.owner = _home(viewer)

    def prepare(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Look up the names of many rows in few queries."""
        for name, each in self.fields.items():
            if each.kind in ("record", "records"):
                cells = (row.get(name) for row in rows)
                texts = (
                    part
                    for cell in cells
                    if isinstance(cell, str)
                    for part in ([cell] if each.kind == "record" else _parts(cell))
                )
                self.names.prepare(each.model, (" ".join(t.split()) for t in texts if t.strip()))

    def read(self, typed: Mapping[str, Any]) -> Understood:
        """The record that the words describe, with everything that is wrong or missing."""
        values: dict[str, Any] = {}
        links: dict[str, list[Any]] = {}
        problems: list[FieldProblem] = []
        named: list[tuple[str, Named]] = []
        for name, value in typed.items():
            each = self.fields.get(name)
            if each is None:
                problems.append(FieldProblem(name[:80], N_("Sổ này không nhận trường này khi tạo mới.")))
                continue
            try:
                understood = self._understand(each, value)
            except Unclear as unclear:
                problems.append(FieldProblem(each.name, str(unclear)))
            except ValueError as wrong:
                problems.append(FieldProblem(each.name, str(wrong)))
            else:
                if each.kind == "records":
                    named += [(each.name, n) for n in understood]
                    links[each.name] = [[n.id, *([""] * each.extra)] if each.extra else n.id for n in understood]
                elif each.kind == "record":
                    if understood is not None:
                        named.append((each.name, understood))
                    values[each.field.attname] = understood.id if understood is not None else None
                elif understood is not None or each.field.null:
                    values[each.name] = understood
        told = {p.field for p in problems}
        problems += [
            FieldProblem(each.name, N_("Không được để trống."))
            for each in dict.fromkeys(self.fields.values())
            if each.required and each.name not in told and not self._given(each, values, links)
        ]
        problems += self._place(values)
        exercise, mixed = self._worlds(named)
        return Understood(values, links, (*problems, *mixed), exercise)

    def _given(self, each: Asked, values: Mapping[str, Any], links: Mapping[str, Any]) -> bool:
        value = links.get(each.name) if each.kind == "records" else values.get(each.field.attname)
        return value is False or value == 0 or bool(value)

    def _place(self, values: dict[str, Any]) -> list[FieldProblem]:
        """Owner and level of secrecy, which nobody need think of."""
        cleared = levels_for(self.viewer)
        level = values.get("classification") or (DEFAULT_LEVEL if DEFAULT_LEVEL in cleared else "public")
        values["classification"] = level
        values["owner"] = self.owner
        if level not in cleared:
            return [FieldProblem("classification", N_("Mức mật này vượt mức bạn hoặc bản cài đặt được giữ."))]
        return []

    def _worlds(self, named: Iterable[tuple[str, Named]]) -> tuple[bool, list[FieldProblem]]:
        """Whether the record is made up; what is made up and what is real do not touch each other."""
        found = list(named)
        exercise = self.world if self.world is not None else any(n.exercise for _field, n in found)
        message = (
            N_("“%(name)s” là đối tượng thật; bản ghi diễn tập chỉ gắn với đối tượng diễn tập.")
            if exercise
            else N_("“%(name)s” là đối tượng diễn tập, không gắn với bản ghi thật.")
        )
        wrong = [
            FieldProblem(field, gettext(message) % {"name": n.title.vi[:80]}) for field, n in found if n.exercise != exercise
        ]
        return exercise, wrong

    def _understand(self, each: Asked, value: Any) -> Any:
        """The value, found among those understood before where the same words come again."""
        if not isinstance(value, str):
            return self._native(each, value)
        key = (each.name, value)
        if key not in self._read:
            try:
                self._read[key] = meaning(each, value, self.names)
            except ValueError as wrong:
                self._read[key] = wrong
        found = self._read[key]
        if isinstance(found, ValueError):
            raise found
        return found

    def _native(self, each: Asked, value: Any) -> Any:
        """A value that came as JSON: lists for many records, numbers, yes and no."""
        if value is None:
            return [] if each.kind in ("records", "list") else None
        if each.kind in ("records", "list") and isinstance(value, list | tuple):
            if not all(isinstance(item, str | UUID) for item in value):
                raise _not_valid()
            texts = [str(item) for item in value]
            if each.kind == "list":
                return [_checked(each, text) for text in texts]
            return _once(self.names.one(each.model, text) for text in texts)
        if isinstance(value, bool):
            if each.kind == "flag":
                return value
            raise _not_valid()
        if isinstance(value, UUID | int | float | Decimal | date | datetime):
            # A decimal point of a programme is never a mark of thousands.
            if each.kind == "number" and isinstance(value, int | float | Decimal):
                return _number(each, Decimal(str(value)))
            return meaning(each, str(value), self.names)
        raise _not_valid()


def meaning(each: Asked, text: str, names: Names) -> Any:
    """What the text means in a field: the value as the field keeps it, or who is named. ValueError says what is wrong."""
    if not is_text(text):
        raise ValueError(gettext("Có ký tự không hợp lệ."))
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    bare = text.strip()
    if each.kind == "records":
        return _once(each_named(each, bare, names))
    if each.kind == "record":
        return names.one(each.model, bare) if bare else None
    if each.kind == "list":
        return typed_list(bare)
    if each.kind in ("text", "long"):
        return _checked(each, bare)
    if not bare:
        return None if each.field.null else {"flag": False}.get(each.kind, "")
    if each.kind == "code":
        return each.field.to_python(_term(each, bare))
    try:
        if each.kind == "number":
            return _number(each, typed_number(bare))
        if each.kind == "day":
            return date.fromisoformat(typed_date(bare))
        return {"date": typed_date, "due": typed_deadline, "period": typed_period, "flag": typed_flag}[each.kind](bare)
    except _Said:
        raise
    except ValueError:
        raise _Said(gettext(_NOT_UNDERSTOOD[each.kind]) % {"text": bare[:40]}) from None


class _Said(ValueError):
    """The text is already a message for the reader."""


_NOT_UNDERSTOOD = {
    "number": N_("Không hiểu số “%(text)s”."),
    "day": N_("Không hiểu ngày “%(text)s”. Hãy viết như 05/9/2025."),
    "date": N_("Không hiểu ngày “%(text)s”. Hãy viết như 05/9/2025, 9/2025 hoặc 2025."),
    "due": N_("Không hiểu thời hạn “%(text)s”. Hãy viết như 30/9/2025, 9/2025 hoặc quý III/2025."),
    "period": N_("Không hiểu kỳ “%(text)s”. Hãy viết như 2025, quý III/2025, 6 tháng đầu năm 2025 hoặc 9/2025."),
    "flag": N_("Hãy viết “có” hoặc “không” thay cho “%(text)s”."),
}


def each_named(each: Asked, text: str, names: Names) -> Iterable[Named]:
    """Everybody named in a cell of many, parted by ; or line ends, or by `và`. Raises Unclear."""
    for part in _parts(text):
        try:
            yield names.one(each.model, part)
        except Unclear:
            # A name may itself hold "và"; only what is not known as a whole is taken apart.
            pieces = [" ".join(p.split()) for p in part.replace(" and ", " và ").split(" và ")]
            if len(pieces) == 1:
                raise
            yield from (names.one(each.model, piece) for piece in pieces if piece)


def _parts(text: str) -> list[str]:
    return typed_list(text)


def _once(found: Iterable[Named]) -> list[Named]:
    return list({each.id: each for each in found}.values())


def _term(each: Asked, text: str) -> str:
    terms = vocabulary(each.vocabulary)
    if text in terms:
        return text
    words = fold(text)
    own = [t.code for t in terms.terms if words in {fold(n) for n in (t.code, t.label_vi, t.label_en)}]
    others = [t.code for t in terms.terms if words in {fold(n) for n in (*t.fact_values, *t.reference_values)}]
    for found in (own, others):
        if len(found) == 1:
            return found[0]
    shown = "; ".join(t.label(_language()) for t in terms.terms[:12]) + ("; …" if len(terms.terms) > 12 else "")
    raise ValueError(
        gettext("“%(text)s” không có trong danh mục. Các giá trị: %(values)s.") % {"text": text[:60], "values": shown}
    )


def _checked(each: Asked, text: str) -> str:
    shown = text if each.kind == "long" and each.field.get_internal_type() == "TextField" else " ".join(text.split())
    if each.longest and len(shown) > each.longest:
        raise ValueError(gettext("Dài %(length)d ký tự, tối đa %(longest)d.") % {"length": len(shown), "longest": each.longest})
    return shown


def _number(each: Asked, value: Decimal) -> Any:
    try:
        if "Integer" in each.field.get_internal_type() and value != value.to_integral_value():
            raise _Said(gettext("Phải là số nguyên."))
        number = int(value) if "Integer" in each.field.get_internal_type() else each.field.to_python(value)
        each.field.run_validators(number)
    except (ValidationError, ArithmeticError):
        raise _Said(gettext("Số nằm ngoài giới hạn của trường này.")) from None
    return number


def _not_valid() -> ValueError:
    return ValueError(gettext("Giá trị không hợp lệ."))


def _field(model: Any, name: str) -> Any:
    for field in model._meta.concrete_fields:
        if name in (field.attname, field.name):
            return field
    raise FieldDoesNotExist(f"{model._meta.label} has no field {name}")


def _vocabulary(register: Register, name: str) -> str:
    for field in (*register.fields, *register.page_fields):
        if field.paths and field.paths[0] == name and field.column.vocabulary:
            return field.column.vocabulary
    return register.model.closed.get(name, "") or _VOCABULARIES.get(name, "")


def _column_type(register: Register, name: str) -> str:
    return next((f.column.type for f in (*register.fields, *register.page_fields) if f.paths and f.paths[0] == name), "")


def _home(viewer: Viewer) -> tuple[bool | None, UUID | None]:
    """(whether the viewer's bodies are made up, None where they have none; the body that owns what they enter)."""
    if not viewer.institutions:
        return None, None
    bodies = list(Institution.objects.filter(pk__in=viewer.institutions).order_by("sort_key", "pk").values_list("pk", "exercise"))
    return (all(drill for _pk, drill in bodies), bodies[0][0]) if bodies else (None, None)


def _language() -> str:
    return get_language() or "vi"
