"""What does each page template receive?

A view fills one dataclass of this module as `page` and one `Shell` as `shell`; templates read nothing else but `csrf_input`
and `csrf_token`, which Django's Jinja2 backend adds. What the pages are put together from stands in `parts.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from banggiao.web.parts import (
    Action,
    Badge,
    Basis,
    Chart,
    Chip,
    Definition,
    Difference,
    Empty,
    FactCard,
    Field,
    FieldSet,
    Header,
    Kpi,
    Link,
    MissingItem,
    Section,
    StepAxis,
    Table,
    TextBlock,
    TextPart,
)
from banggiao.web.parts_lists import Board, Calendar, Keeping, Timeline
from banggiao.web.parts_reading import BatchPanel, FileRow, KnownRecord, Part
from banggiao.web.parts_talk import Talk

# --- The shell around every page -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the side bar. `icon` is a symbol of `img/icons.svg`; `badge` a count, drawn red when `urgent`."""

    label: str
    url: str
    icon: str
    active: bool = False
    badge: int | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """Entries under a heading; a group that `folds` shows them when it is `open`."""

    label: str
    items: Sequence[NavItem]
    folds: bool = True
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The signed-in user: `initials` for the disc, `post` is the role and institution they act for."""

    name: str
    initials: str
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message after an action; `level` follows Django's message tags, `action` takes back what was just done."""

    text: str
    level: Literal["info", "success", "warning", "error"] = "info"
    action: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What surrounds a page. `user` is None before sign-in; `here` is the address the language switch returns to.

    `exercise` draws the DIỄN TẬP banner: true when the page shows anything of the exercise.
    """

    language: Literal["vi", "en"]
    here: str
    language_url: str
    search_url: str = ""
    sign_out_url: str = ""
    home_url: str = "/"
    nav: Sequence[NavGroup] = ()
    user: Person | None = None
    user_links: Sequence[Link] = ()
    notices: Sequence[Notice] = ()
    exercise: bool = False


# --- Pages -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Figures that answer one question; `title` is the question."""

    title: str
    kpis: Sequence[Kpi]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """home_desk.html: what needs the reader first, figures next; `aside` is the right column.

    `views` switch between the roles of a reader who has several; `charts` stand side by side below the figures.
    """

    header: Header
    views: Sequence[Chip] = ()
    bands: Sequence[Band] = ()
    charts: Sequence[Chart] = ()
    sections: Sequence[Section] = ()
    aside: Sequence[Section] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """register_list.html: one register, as `table` or as one of its other faces.

    `filters` is the form (method get) with `more_filters` folded away, `views` ready-made ways to narrow, `chips` what is in
    force, `keeping` the saved views, `exports` downloads; `empty` stands where a board has no lane.
    """

    header: Header
    table: Table | None = None
    board: Board | None = None
    timeline: Timeline | None = None
    calendar: Calendar | None = None
    empty: Empty | None = None
    faces: Sequence[Chip] = ()
    views: Sequence[Chip] = ()
    keeping: Keeping | None = None
    chips: Sequence[Chip] = ()
    clear_url: str = ""
    filters: Sequence[Field] = ()
    more_filters: Sequence[Field] = ()
    more_open: bool = False
    filter_url: str = ""
    exports: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """record_page.html: one record. `facts` is the table at the top; `steps` stand beside it, `aside` below.

    `talk` are the comments, None for whoever takes no part in them.
    """

    header: Header
    facts: Sequence[Definition]
    version: int
    steps: Sequence[StepAxis] = ()
    sections: Sequence[Section] = ()
    aside: Sequence[Section] = ()
    talk: Talk | None = None
    exercise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFilePage(RecordPage):
    """partner_file.html: a record page with the figures of the partner on top, and links to its sections."""

    kpis: Sequence[Kpi] = ()
    contents: Sequence[Chip] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """partner_map.html: the map, its legend, what has no shape on it, and the same values as a table."""

    header: Header
    views: Sequence[Chip]
    svg: str
    legend: Sequence[Definition]
    off_map: Sequence[Link]
    remark: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """document_page.html: the text left, what was read from it right; a long document in parts.

    `batch` accepts above a confidence, `company` says who else is at it, `next` is the next document with facts that wait.
    """

    header: Header
    facts: Sequence[Definition]
    blocks: Sequence[TextBlock]
    cards: Sequence[FactCard] = ()
    text_language: str = "vi"
    batch: BatchPanel | None = None
    status: Badge | None = None
    counts: str = ""
    part: Part | None = None
    company: str = ""
    next: Link | None = None
    add_url: str = ""
    empty: Empty | None = None
    talk: Talk | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFragment:
    """fact_card.html: one card anew, and the counts of its document that changed with it."""

    card: FactCard
    counts: str
    status: Badge
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFormPage:
    """fact_form.html: the fields of one fact with its sentence beside them; `known` is what the register holds already."""

    header: Header
    action: str
    title: str
    fields: Sequence[Field]
    submit: str
    cancel_url: str
    sentence: str = ""
    text_language: str = "vi"
    method: Literal["get", "post"] = "post"
    version: int | None = None
    hidden: Sequence[tuple[str, str]] = ()
    errors: Sequence[str] = ()
    known: KnownRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """upload.html: files dropped or chosen, or a text pasted."""

    header: Header
    action: str
    files: FieldSet
    pasted: FieldSet
    common: FieldSet
    errors: Sequence[str] = ()
    limits: Sequence[str] = ()
    cancel_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """upload_batch.html: the files of one upload and what became of each; asks again at `poll_url` while some wait."""

    header: Header
    rows: Sequence[FileRow]
    words: str
    percent: int
    poll_url: str = ""
    retry: Action | None = None
    late: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBlock:
    """One block of a report: exactly one of `parts` (a paragraph or item), `table` or `chart` is filled.

    `caption` stands above a table, `source` below it; `marker` before an item.
    """

    parts: Sequence[TextPart] = ()
    item: bool = False
    marker: str = ""
    table: Table | None = None
    caption: str = ""
    source: Sequence[TextPart] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A numbered part of the report; `number` as printed (I, 1, a); level 2 to 4."""

    id: str
    title: str
    number: str = ""
    level: Literal[2, 3, 4] = 2
    blocks: Sequence[ReportBlock] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSource:
    """Where a figure comes from: the sentence with its document, or the row of a set; `url` where it is read."""

    text: str
    sentence: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureNote:
    """The note a figure's number leads to: its rule and date, and the sentences or rows it rests on."""

    number: int
    basis: Basis
    sources: Sequence[NoteSource] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReport:
    """review_report.html: `draft` puts DỰ THẢO on it until number, date and signer are entered; `paper` is issuing body etc.

    `steps` say where the review stands, `beside` what belongs to it.
    """

    header: Header
    title: str
    sections: Sequence[ReportSection]
    notes: Sequence[FigureNote] = ()
    issuer: str = ""
    number: str = ""
    place_and_date: str = ""
    signer_post: str = ""
    signer: str = ""
    draft: bool = True
    exercise: bool = False
    steps: Sequence[StepAxis] = ()
    beside: Sequence[Section] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One hit; `parts` is its title with the matching words marked, `meta` code and partner."""

    url: str
    parts: Sequence[TextPart]
    meta: str = ""
    snippet: Sequence[TextPart] = ()
    exercise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGroup:
    """Hits of one register; `more_url` opens all of them."""

    label: str
    hits: Sequence[SearchHit]
    total: int = 0
    more_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """search.html, and search_results.html alone for the palette (the request carries HX-Request)."""

    query: str
    groups: Sequence[SearchGroup] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """edit_form.html. `differences` come with a stale edit (412); `version` is then the current one, None for what is new."""

    header: Header
    action: str
    version: int | None
    fieldsets: Sequence[FieldSet]
    submit: str
    cancel_url: str
    errors: Sequence[str] = ()
    differences: Sequence[Difference] = ()
    multipart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A demo account offered on the sign-in page; exists only in the demo."""

    username: str
    name: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """sign_in.html: `next` is where to go afterwards; `accounts` only in the demo. Without `title` it is the sign-in itself."""

    action: str
    fields: Sequence[Field]
    title: str = ""
    text: str = ""
    submit: str = ""
    next: str = ""
    errors: Sequence[str] = ()
    accounts: Sequence[DemoAccount] = ()
    demo_password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """error.html: what happened, to which record, what to do. For 403, 404, 409, 412, 422, 428 and 500."""

    status: int
    title: str
    message: str
    subject: str = ""
    remedy: str = ""
    problems: Sequence[MissingItem] = ()
    differences: Sequence[Difference] = ()
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """kept_form.html: what was typed into a form that could not be taken, to be sent again by hand."""

    header: Header
    action: str
    fields: Sequence[Field]
