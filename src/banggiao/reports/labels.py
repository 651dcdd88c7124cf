"""What are the fields of a record called, on every face, and which words head their columns in other people's tables?"""

from __future__ import annotations

from django.utils.translation import gettext, override

from banggiao.core.errors import N_
from banggiao.core.folding import fold
from banggiao.core.registers import Register
from banggiao.followup.states import LABELS

#: Fields of the book-keeping that no register shows as a column.
MORE = {
    "classification": N_("Độ mật"),
    "owner": N_("Cơ quan sở hữu"),
    "exercise": N_("Diễn tập"),
    "retracted": N_("Đã rút"),
    "dataset_id": N_("Bộ dữ liệu"),
    "row_key": N_("Dòng của bộ dữ liệu"),
    "source_url": N_("Địa chỉ nguồn"),
    "as_of": N_("Tính đến"),
    "evidence": N_("Cách có được số liệu"),
    "confidence": N_("Độ tin cậy"),
    "first_due": N_("Hạn ban đầu"),
    "topic": N_("Chủ đề"),
    "growth_driver": N_("Động lực tăng trưởng"),
    "period": N_("Kỳ"),
    "period_start": N_("Đầu kỳ"),
    "sort_key": N_("Khóa sắp xếp"),
    "summary": N_("Tóm tắt kết quả tháo gỡ"),
    "resolved_on": N_("Ngày tháo gỡ"),
    "abbr_vi": N_("Tên viết tắt"),
    "abbr_en": N_("Tên viết tắt (tiếng Anh)"),
    "members": N_("Thành viên"),
    "partners": N_("Đối tác"),
    "coordinating": N_("Cơ quan phối hợp"),
    "parties": N_("Các bên"),
    "reason": N_("Lý do"),
    "measure": N_("Chỉ tiêu"),
    "collective": N_("Ghi gộp nhiều văn kiện"),
    "count": N_("Số văn kiện ghi gộp"),
    "text": N_("Nội dung"),
    "to": N_("Hạn mới"),
    "day": N_("Ngày"),
    "name": N_("Tên"),
    "variants": N_("Cách viết khác"),
    "parent_id": N_("Cơ quan cấp trên"),
    "host_id": N_("Nước sở tại"),
    "role_vi": N_("Chức năng"),
    "iso2": N_("Mã ISO hai chữ"),
    "m49": N_("Mã M49"),
    "hs_chapters": N_("Chương HS"),
    "flagship": N_("Cam kết trọng điểm"),
    "period_note": N_("Cách xác định kỳ"),
    "partner_id": N_("Đối tác"),
    "activity_id": N_("Hoạt động"),
    "claimed": N_("Mức tự báo"),
    "grade": N_("Bậc minh chứng"),
    "description": N_("Mô tả"),
    "difficulty": N_("Vướng mắc"),
    "difficulty_text": N_("Mô tả vướng mắc"),
    "version": N_("Phiên bản"),
    "subject_type": N_("Loại hồ sơ"),
    "subject_id": N_("Mã hồ sơ"),
}
#: How columns are headed in tables that people keep for themselves: field -> headings beside its own names.
HEADINGS: dict[str, tuple[str, ...]] = {
    "text_vi": (
        "nội dung cam kết",
        "nội dung nhiệm vụ",
        "nội dung công việc",
        "nhiệm vụ",
        "cam kết",
        "việc",
        "công việc",
        "content",
        "commitment",
        "task",
    ),
    "name_vi": ("tên", "tên gọi", "nội dung", "tên tiếng việt", "trích yếu", "name", "title"),
    "name_en": ("tên tiếng anh", "english name"),
    "text_en": ("nội dung tiếng anh", "english text"),
    "number": ("số", "số ký hiệu", "số hiệu", "số văn bản", "number"),
    "day": ("ngày ban hành", "ngày", "date"),
    "current_due": (
        "hạn",
        "thời hạn",
        "hạn hoàn thành",
        "thời gian hoàn thành",
        "thời hạn hoàn thành",
        "thời hạn thực hiện",
        "thời gian thực hiện",
        "thời gian",
        "rõ thời gian",
        "due",
        "deadline",
    ),
    "lead_id": ("chủ trì", "đơn vị chủ trì", "bộ ngành chủ trì", "cơ quan", "đơn vị", "lead", "lead institution"),
    "coordinating": ("phối hợp", "cơ quan phối hợp", "đơn vị phối hợp", "bộ ngành phối hợp", "co-ordinating", "coordinating"),
    "partner_id": ("nước", "đối tác", "nước đối tác", "quốc gia", "country", "partner"),
    "partners": ("nước", "đối tác", "quốc gia", "countries", "partners"),
    "parties": ("nước", "đối tác", "các bên", "bên ký kết", "parties"),
    "person_in_charge": ("người phụ trách", "phụ trách", "đầu mối"),
    "responsibility": ("trách nhiệm",),
    "product": ("sản phẩm", "kết quả", "sản phẩm đầu ra", "output"),
    "authority": ("thẩm quyền", "cấp có thẩm quyền"),
    "made_on": ("ngày cam kết", "ngày", "ký", "ngày ký", "thời điểm", "thời gian cam kết", "thời điểm cam kết"),
    "given_on": ("ngày giao", "ngày", "giao", "thời gian giao"),
    "start": ("ngày", "từ ngày", "ngày bắt đầu", "thời gian"),
    "end": ("đến ngày", "ngày kết thúc"),
    "signed_on": ("ngày ký", "ngày", "ký", "thời gian ký"),
    "side": ("bên cam kết", "bên thực hiện"),
    "directive_id": ("văn bản", "văn bản giao", "căn cứ"),
    "code": ("mã", "mã số", "ký hiệu", "code"),
    "kind": ("loại", "loại hình", "kind", "type"),
}


def label_of(register: Register, name: str) -> str:
    """What a field of a record is called, in the language now active; its code name when it has no other."""
    for field in (*register.fields, *register.page_fields):
        column = field.column
        bare = name.removesuffix("_id")
        if not field.paths:
            if column.key == name:
                return gettext(column.label)
        elif len(field.paths) == 2 and field.paths[0] != field.paths[1]:
            if name == field.paths[0]:
                return gettext(column.label)
            if name == field.paths[1]:
                return gettext("%(name)s (tiếng Anh)") % {"name": gettext(column.label)}
        elif field.paths[0] in (name, f"{bare}_id"):
            return gettext(column.label)
    for table in (*(m.field_labels for m in register.machines), LABELS, MORE):
        for key in (name, f"{name}_id"):
            if key in table:
                return gettext(table[key])
    return name


def headings_of(register: Register, name: str) -> list[str]:
    """The folded headings by which a column is taken for this field: its own names first, then other people's words."""
    own = []
    for language in ("vi", "en"):
        with override(language):
            own.append(label_of(register, name))
    return list(dict.fromkeys(fold(each) for each in (*own, name, name.removesuffix("_id"), *HEADINGS.get(name, ()))))
