"""What the file of a partner asks across packages: duties by side, economic agreements, barriers, people, documents, trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from banggiao.activities.models import Activity, ActivityPartner, Delegate
from banggiao.agreements.models import Agreement, AgreementParty
from banggiao.barriers.models import Barrier
from banggiao.commitments.models import Commitment
from banggiao.commitments.questions import COMMITMENTS
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, Source, register_question
from banggiao.core.registers import Field, cells_of
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.questions import overdue
from banggiao.followup.services import OPEN_STATES
from banggiao.partners.models import Institution, Partner, PartnerMember, Person, Post
from banggiao.partners.questions_levels import home_day, paged
from banggiao.sources.models import Citation, Document, Observation

PARTNER = Parameter("partner", N_("Đối tác"), "partner", needed=True)
HOME_CODE = "VNM"
#: Kinds of agreement that open markets.
ECONOMIC = ("fta", "cepa", "investment_protection")


def partner_named(code: str, viewer: Viewer) -> Partner:
    """The partner with this code, if the viewer may know of it. Raises NotFound."""
    found: Partner | None = Partner.objects.visible_to(viewer).filter(code=code).first()
    if found is None:
        raise NotFound(
            N_("Không tìm thấy bản ghi."), subject=f"partners/{code[:40]}", remedy=N_("Hãy kiểm tra lại mã hoặc tìm trong sổ.")
        )
    return found


def blocs_of(partner: Partner, viewer: Viewer) -> list[Partner]:
    """The blocs that the partner belongs to, in Vietnamese order."""
    rows = Partner.objects.visible_to(viewer).filter(membership_rows__member=partner)
    return list(rows.distinct().order_by("sort_key", "pk"))


# --- duties


def duties_with(partner: Partner, viewer: Viewer) -> QuerySet[Any]:
    """The commitments with a partner: those that are open first, the nearest due date before, those without a date last."""
    rows: QuerySet[Any] = Commitment.objects.visible_to(viewer).filter(partner=partner)
    late = Case(When(work_state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField())
    dateless = Case(When(current_due="", then=Value(1)), default=Value(0), output_field=IntegerField())
    ordered: QuerySet[Any] = rows.annotate(_over=late, _dateless=dateless)
    return ordered.order_by("_over", "_dateless", "current_due", "-made_on", "pk")


def _duties(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    rows = duties_with(partner_named(params["partner"], viewer), viewer)
    if params["side"]:
        vocabulary("commitment_side").term(params["side"])
        rows = rows.filter(side=params["side"])
    if params["open"]:
        rows = rows.filter(work_state__in=OPEN_STATES) if params["open"] == "yes" else rows.exclude(work_state__in=OPEN_STATES)
    start = int(page.cursor) if page.cursor.isdigit() else 0
    total = rows.count()
    part = rows[start : start + page.size] if page.size else rows[start:]
    marks = (Field(Column("_exercise", ""), ("exercise",)), Field(Column("_mark", ""), ("evidence",)))
    listed = tuple(
        Row(cells[:-2], pk, "commitments.commitment", exercise=cells[-2], mark=cells[-1])
        for pk, cells in cells_of((*DUTY_FIELDS, *marks), part, viewer)
    )
    after = start + len(listed)
    return Answer(
        DUTIES.name,
        DUTIES.title,
        DUTIES.columns,
        listed,
        total,
        at,
        "register_rows",
        next_cursor=str(after) if listed and after < total else "",
        parameters={n: v for n, v in params.items() if v},
    )


DUTY_FIELDS = tuple(f for f in COMMITMENTS.fields if f.column.key not in ("partner", "validation_state"))
DUTIES = register_question(
    Question(
        "partner_commitments",
        Bi("Cam kết với đối tác", "Commitments with a partner"),
        "registers.view",
        (
            PARTNER,
            Parameter("side", N_("Bên thực hiện"), "code", "commitment_side"),
            Parameter("open", N_("Chưa kết thúc"), "code", "yes_no"),
        ),
        tuple(f.column for f in DUTY_FIELDS),
        _duties,
    )
)


def _by_partner(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """Commitments counted by partner, most first."""
    known = Partner.objects.visible_to(viewer)
    rows = Commitment.objects.visible_to(viewer).filter(partner__in=known)
    counted = rows.values("partner_id", "partner__code", "partner__name_vi", "partner__name_en", "partner__sort_key").annotate(
        total=Count("pk"),
        open=Count("pk", filter=Q(work_state__in=OPEN_STATES)),
        done=Count("pk", filter=Q(work_state="done")),
        drill=Count("pk", filter=Q(exercise=True)),
    )
    listed = [
        Row(
            (Bi(r["partner__name_vi"], r["partner__name_en"]), r["partner__code"], r["total"], r["open"], r["done"]),
            r["partner_id"],
            "partners.partner",
            exercise=r["drill"] > 0,
        )
        for r in sorted(counted, key=lambda r: (-r["total"], r["partner__sort_key"], r["partner__code"]))
    ]
    return paged(BY_PARTNER, listed, page, at, "commitments_by_partner", params)


BY_PARTNER = register_question(
    Question(
        "partners_by_commitments",
        Bi("Đối tác theo số cam kết", "Partners by number of commitments"),
        "registers.view",
        (),
        (
            Column("partner", N_("Đối tác"), "bilingual"),
            Column("code", N_("Mã")),
            Column("total", N_("Số cam kết"), "number"),
            Column("open", N_("Chưa kết thúc"), "number"),
            Column("done", N_("Hoàn thành"), "number"),
        ),
        _by_partner,
    )
)

# --- agreements and barriers


def _economic(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    partner = partner_named(params["partner"], viewer)
    rows = Agreement.objects.visible_to(viewer).filter(kind__in=ECONOMIC)
    direct = set(AgreementParty.objects.filter(partner=partner).values_list("agreement_id", flat=True))
    members = list(PartnerMember.objects.filter(bloc=partner).exclude(member__code=HOME_CODE).values_list("member_id", flat=True))
    if members:
        shared = AgreementParty.objects.filter(partner_id__in=members).values("agreement_id").annotate(n=Count("pk"))
        direct |= {r["agreement_id"] for r in shared if 2 * r["n"] >= len(members)}
    order = {term.code: term.sort for term in vocabulary("agreement_status").terms}
    found = sorted(
        rows.filter(pk__in=direct).select_related("dataset"),
        key=lambda a: (a.status != "in_force", order[a.status], a.in_force_on or a.signed_on, a.code),
    )
    listed = [
        Row(
            (Bi(a.name_vi, a.name_en), a.code, a.kind, a.status, a.signed_on, a.in_force_on),
            a.pk,
            "agreements.agreement",
            exercise=a.exercise,
            mark=a.evidence,
        )
        for a in found
    ]
    return paged(COMMON_FTAS, listed, page, at, "common_ftas", params)


COMMON_FTAS = register_question(
    Question(
        "common_ftas",
        Bi("Hiệp định kinh tế chung", "Economic agreements in common"),
        "registers.view",
        (PARTNER,),
        (
            Column("name", N_("Tên"), "bilingual"),
            Column("code", N_("Mã"), "mono"),
            Column("kind", N_("Loại"), "code", "agreement_kind"),
            Column("status", N_("Tình trạng"), "code", "agreement_status"),
            Column("signed_on", N_("Ngày ký"), "date"),
            Column("in_force_on", N_("Ngày có hiệu lực"), "date"),
        ),
        _economic,
    )
)


def _barriers(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """The barriers that the partner sets up, and those of the blocs it belongs to."""
    partner = partner_named(params["partner"], viewer)
    over = ("resolved_full", "archived")
    rows = Barrier.objects.visible_to(viewer).filter(partner__in=[partner, *blocs_of(partner, viewer)])
    found = sorted(rows.select_related("partner"), key=lambda b: (b.state in over, b.start, b.code))
    listed = [
        Row(
            (
                Bi(b.name_vi, b.name_en),
                b.kind,
                Ref(b.partner_id, "partners.partner", Bi(b.partner.name_vi, b.partner.name_en)),
                b.state,
                b.start,
                b.products_vi,
            ),
            b.pk,
            "barriers.barrier",
            exercise=b.exercise,
            mark=b.evidence,
        )
        for b in found
    ]
    return paged(BARRIERS_OF, listed, page, at, "register_rows", params)


BARRIERS_OF = register_question(
    Question(
        "partner_barriers",
        Bi("Rào cản tại thị trường", "Barriers in the market"),
        "registers.view",
        (PARTNER,),
        (
            Column("name", N_("Tên"), "bilingual"),
            Column("kind", N_("Loại"), "code", "barrier_kind"),
            Column("imposed_by", N_("Bên áp dụng"), "record"),
            Column("state", N_("Tình trạng"), "code", "barrier_status"),
            Column("start", N_("Từ ngày"), "date"),
            Column("products", N_("Mặt hàng")),
        ),
        _barriers,
    )
)

# --- people and documents


def _people(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """Whom public documents name in a post of the partner, and whom activities with it name on its side; latest first."""
    partner = partner_named(params["partner"], viewer)
    found: list[Row] = []
    known = Person.objects.visible_to(viewer)
    posts = Post.objects.visible_to(viewer).filter(partner=partner, person__in=known).select_related("person")
    for post in posts:
        where = Bi(post.basis or "")
        cells = (post.person.name, post.title_vi, post.last_seen, where)
        found.append(Row(cells, post.person_id, "partners.person", post.exercise))
    activities = Activity.objects.visible_to(viewer).filter(
        Exists(ActivityPartner.objects.filter(activity=OuterRef("pk"), partner=partner))
    )
    delegates = Delegate.objects.visible_to(viewer).filter(
        Q(person=None) | Q(person__in=known), activity__in=activities, side="theirs"
    )
    for one in delegates.select_related("activity", "person"):
        met = one.activity
        where_met = Ref(met.pk, "activities.activity", Bi(met.name_vi, met.name_en))
        name = one.name or (one.person.name if one.person else "")
        leads = (one.person_id, "partners.person") if one.person_id else (met.pk, "activities.activity")
        found.append(Row((name, one.post, met.start, where_met), leads[0], leads[1], one.exercise))
    found.sort(key=lambda row: (row.cells[2], row.cells[0]), reverse=True)
    return paged(PEOPLE_OF, found, page, at, "people_on_record", params)


PEOPLE_OF = register_question(
    Question(
        "partner_people",
        Bi("Người đã gặp, đã biết", "People met and known"),
        "registers.view",
        (PARTNER,),
        (
            Column("name", N_("Họ tên"), "lead"),
            Column("post", N_("Chức vụ theo tài liệu")),
            Column("day", N_("Ngày"), "date"),
            Column("where", N_("Ở đâu"), "record"),
        ),
        _people,
    )
)


def _documents(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """The documents that what is known of the partner rests on, latest first."""
    partner = partner_named(params["partner"], viewer)
    subjects: list[UUID] = [partner.pk]
    of_partner: tuple[tuple[Any, Q], ...] = (
        (Activity, Q(partner_rows__partner=partner)),
        (Agreement, Q(party_rows__partner=partner)),
        (Commitment, Q(partner=partner)),
        (Barrier, Q(partner=partner)),
    )
    for model, where in of_partner:
        subjects += model.objects.visible_to(viewer).filter(where).values_list("pk", flat=True)
    cited = Citation.objects.visible_to(viewer).filter(subject_id__in=subjects).values("document_id")
    rows = Document.objects.visible_to(viewer).filter(pk__in=cited).order_by("-published", "-pk")
    listed = [
        Row((Bi(title, title), published, outlet, genre), pk, "sources.document", exercise)
        for pk, title, published, outlet, genre, exercise in rows.values_list(
            "pk", "title", "published", "outlet", "genre", "exercise"
        )
    ]
    return paged(DOCUMENTS_OF, listed, page, at, "register_rows", params)


DOCUMENTS_OF = register_question(
    Question(
        "partner_documents",
        Bi("Tài liệu về đối tác", "Documents on a partner"),
        "registers.view",
        (PARTNER,),
        (
            Column("title", N_("Tiêu đề"), "bilingual"),
            Column("published", N_("Ngày đăng"), "date"),
            Column("outlet", N_("Nguồn đăng")),
            Column("genre", N_("Thể loại"), "code", "document_genre"),
        ),
        _documents,
    )
)

# --- trade

_TRADE = {
    "trade_export": Bi("Việt Nam xuất khẩu sang đối tác", "Viet Nam's exports to the partner"),
    "trade_import": Bi("Việt Nam nhập khẩu từ đối tác", "Viet Nam's imports from the partner"),
    "trade_total": Bi("Tổng kim ngạch hai chiều", "Two-way trade"),
    "trade_balance": Bi("Cán cân, thặng dư của Việt Nam là số dương", "Balance, Viet Nam's surplus positive"),
    "share_export": Bi("Tỷ trọng trong xuất khẩu của Việt Nam", "Share in Viet Nam's exports"),
    "share_import": Bi("Tỷ trọng trong nhập khẩu của Việt Nam", "Share in Viet Nam's imports"),
    "world_share_export": Bi("Tỷ trọng của Việt Nam trong xuất khẩu của đối tác", "Viet Nam's share in the partner's exports"),
    "world_share_import": Bi("Tỷ trọng của Việt Nam trong nhập khẩu của đối tác", "Viet Nam's share in the partner's imports"),
    "world_export": Bi("Tổng xuất khẩu hàng hóa và dịch vụ của đối tác", "All exports of goods and services of the partner"),
    "world_import": Bi("Tổng nhập khẩu hàng hóa và dịch vụ của đối tác", "All imports of goods and services of the partner"),
}


def trade_figures(code: str) -> list[Observation]:
    """The published trade figures about a partner, latest period first; each stands as its source gives it."""
    rows = Observation.objects.filter(subject=code, measure__in=list(_TRADE)).select_related("dataset")
    order = {measure: place for place, measure in enumerate(_TRADE)}
    kept = [o for o in rows if not o.measure.startswith("world_share") or o.dimensions.get("partner_iso3") == HOME_CODE]
    kept.sort(key=lambda o: (order[o.measure], o.row))
    return sorted(kept, key=lambda o: o.period[-10:], reverse=True)


def figure_label(figure: Observation, names: Mapping[str, Bi]) -> Bi:
    """What a trade figure measures; whose statistics and which basis is said where they differ from the usual."""
    label = _TRADE[figure.measure]
    more_vi, more_en = [], []
    reporter = figure.dimensions.get("reporter", HOME_CODE)
    if reporter != HOME_CODE:
        name = names.get(reporter, Bi(reporter))
        more_vi.append(f"theo số liệu của {name.vi}")
        more_en.append(f"as reported by {name.get('en')}")
    if figure.dimensions.get("basis") == "goods_and_services":
        more_vi.append("hàng hóa và dịch vụ")
        more_en.append("goods and services")
    if not more_vi:
        return label
    return Bi(f"{label.vi} ({', '.join(more_vi)})", f"{label.en} ({', '.join(more_en)})")


def reporters(figures: Sequence[Observation]) -> dict[str, Bi]:
    """Names of those whose statistics the figures are."""
    codes = {f.dimensions.get("reporter", HOME_CODE) for f in figures}
    rows = Partner.objects.filter(code__in=codes).values_list("code", "name_vi", "name_en")
    return {code: Bi(vi, en) for code, vi, en in rows}


def _trade(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    partner = partner_named(params["partner"], viewer)
    figures = trade_figures(partner.code)
    names = reporters(figures)
    qualifiers = vocabulary("qualifier")
    units = {"USD million": Bi("triệu USD", "USD million"), "%": Bi("%", "%")}
    listed = [
        Row(
            (
                figure_label(f, names),
                f.period,
                qualifiers.from_reference(f.qualifier) if f.qualifier else "",
                f.value.normalize() if f.value is not None else None,
                units.get(f.unit, Bi(f.unit)),
                Bi(f.dataset.title, f.dataset.title_en),
                f.as_of,
                f.source_url,
            ),
            mark=f.evidence,
        )
        for f in figures
    ]
    sets: Sequence[Any] = list({f.dataset_id: f.dataset for f in figures}.values())
    sources = tuple(Source(Bi(s.title, s.title_en), s.url, s.edition) for s in sets)
    answer = paged(TRADE_OF, listed, page, at, "trade_as_published", params)
    return Answer(
        answer.question, answer.title, answer.columns, answer.rows, answer.total, at, answer.rule, sources,
        answer.next_cursor, answer.parameters,
    )  # fmt: skip


TRADE_OF = register_question(
    Question(
        "partner_trade",
        Bi("Bức tranh thương mại", "Trade picture"),
        "registers.view",
        (PARTNER,),
        (
            Column("measure", N_("Chỉ tiêu"), "bilingual"),
            Column("period", N_("Kỳ"), "period"),
            Column("qualifier", N_("Mức"), "code", "qualifier"),
            Column("value", N_("Giá trị"), "number"),
            Column("unit", N_("Đơn vị"), "text"),
            Column("set", N_("Bộ dữ liệu"), "text"),
            Column("as_of", N_("Tính đến"), "date"),
            Column("source", N_("Nguồn"), "url"),
        ),
        _trade,
    )
)


def today_at(at: datetime) -> str:
    """The day in Viet Nam at a moment, ISO 8601."""
    return home_day(at).isoformat()


def duty_counts(partner: Partner, viewer: Viewer, today: date) -> dict[str, tuple[int, int, int]]:
    """Side -> commitments with the partner in all, open, and past their current due date."""
    rows = Commitment.objects.visible_to(viewer).filter(partner=partner)
    late = dict(overdue(rows, today).order_by().values_list("side").annotate(n=Count("pk")))
    counted = rows.order_by().values_list("side").annotate(n=Count("pk"), open=Count("pk", filter=Q(work_state__in=OPEN_STATES)))
    return {side: (total, still, late.get(side, 0)) for side, total, still in counted}


def agreement_states(partner: Partner, viewer: Viewer) -> list[tuple[str, int]]:
    """(legal state, agreements to which the partner is party), in the order of the closed list."""
    rows = Agreement.objects.visible_to(viewer).filter(
        Exists(AgreementParty.objects.filter(agreement=OuterRef("pk"), partner=partner))
    )
    counts = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    return [(term.code, counts[term.code]) for term in vocabulary("agreement_status").terms if counts.get(term.code)]


def missions_to(partner: Partner, viewer: Viewer) -> list[tuple[Institution, bool]]:
    """(mission, whether it answers for the partner from another country) of our missions, those on the spot first."""
    rows = Institution.objects.visible_to(viewer).filter(Q(host=partner) | Q(accredited_rows__country=partner), valid_to="")
    return [(m, m.host_id != partner.pk) for m in sorted(rows.distinct(), key=lambda m: (m.host_id != partner.pk, m.sort_key))]
