"""What do the fixed parts of an official paper say, in Vietnamese and in English?

The Vietnamese parts follow appendix I of Nghị định 30/2020/NĐ-CP; the English ones are the renderings the ministry prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from banggiao.reports.blocks import Block, Figure, Heading, Note, OfficialDocument, Run, SourceSentence, Table
from banggiao.reports.typography import NBSP, Language, bind, clean, letter, long_date, quoted, roman, short_date


@dataclass(frozen=True, slots=True)
class Labels:
    state: str
    motto: str
    number: str
    draft_date: str
    draft: str
    exercise: str
    recipients: str
    annex: str
    annexed: str  # %(kind)s %(number)s %(date)s %(issuer)s
    notes: str
    figures_as_of: str  # %(date)s
    table: str
    figure: str
    source: str
    as_of: str  # %(date)s
    no_rows: str
    no_data: str
    incomplete: str
    head_mm: tuple[int, int]  # widths of the two columns of the head; Vietnamese needs 10 cm for the state's name at 13 points


_GAP = NBSP * 6

LABELS: dict[Language, Labels] = {
    "vi": Labels(
        state="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        motto="Độc lập - Tự do - Hạnh phúc",
        number="Số:",
        draft_date=f"ngày{_GAP}tháng{_GAP}năm{_GAP}",
        draft="DỰ THẢO",
        exercise="DIỄN TẬP",
        recipients="Nơi nhận:",
        annex="Phụ lục",
        annexed="(Kèm theo %(kind)s số %(number)s %(date)s của %(issuer)s)",
        notes="GHI CHÚ",
        figures_as_of="(Nguồn và quy tắc của từng số liệu; số liệu tính đến %(date)s, trừ khi ghi chú nêu ngày khác)",
        table="Bảng",
        figure="Hình",
        source="Nguồn:",
        as_of="Tính đến %(date)s.",
        no_rows="Không có dữ liệu.",
        no_data="không có số liệu",
        incomplete="chưa đủ số liệu",
        head_mm=(58, 102),
    ),
    "en": Labels(
        state="SOCIALIST REPUBLIC OF VIET NAM",
        motto="Independence - Freedom - Happiness",
        number="No.",
        draft_date=f"day{_GAP}month{_GAP}year{_GAP}",
        draft="DRAFT",
        exercise="EXERCISE",
        recipients="Recipients:",
        annex="Annex",
        annexed="(Attached to %(kind)s No. %(number)s, %(date)s, of the %(issuer)s)",
        notes="NOTES",
        figures_as_of="(Source and rule of each figure; figures as of %(date)s unless a note says otherwise)",
        table="Table",
        figure="Figure",
        source="Source:",
        as_of="As of %(date)s.",
        no_rows="No data.",
        no_data="no data",
        incomplete="incomplete",
        head_mm=(74, 86),
    ),
}


def paper_number(document: OfficialDocument) -> str:
    """05/BC-BNG, or a gap before the stroke while no number has been given."""
    given = f"{document.number:02d}" if document.number is not None else _GAP
    return f"{given}/{document.kind_code}-{document.issuer_code}"


def paper_date(document: OfficialDocument) -> str:
    """The date on the paper, or the gaps to write it in."""
    return long_date(document.dated, document.language) if document.dated else LABELS[document.language].draft_date


def recipient_lines(document: OfficialDocument) -> list[str]:
    """- Như trên; - Lưu: VT, THKT. — each with its dash and closing sign."""
    names = [clean(name).rstrip(" ;.") for name in document.recipients]
    return [f"- {name}{'.' if name is names[-1] else ';'}" for name in names]


def annex_heading(document: OfficialDocument, place: int) -> tuple[str, str]:
    """Phụ lục II, and the line saying which paper it belongs to."""
    labels = LABELS[document.language]
    label = f"{labels.annex} {roman(place)}" if len(document.annexes) > 1 else labels.annex
    kind = document.kind if document.language == "vi" else document.kind.lower()
    issuer = document.issuer.replace(" ", NBSP) if len(document.issuer) < 30 else document.issuer
    return label, labels.annexed % {
        "kind": kind,
        "number": paper_number(document),
        "date": paper_date(document),
        "issuer": issuer,
    }


def labelled(blocks: Sequence[Block], language: Language, counts: dict[str, int]) -> Iterator[tuple[Block, str]]:
    """Each block with its label: `II.` (heading), `Bảng 1` (captioned table), `Hình 1`; `counts` goes on through annexes."""
    labels = LABELS[language]
    levels = [0, 0, 0]
    for block in blocks:
        label = ""
        if isinstance(block, Heading) and block.numbered:
            levels[block.level - 1] += 1
            levels[block.level :] = [0] * (3 - block.level)
            at = levels[block.level - 1]
            label = (f"{roman(at)}.", f"{at}.", f"{letter(at, language)})")[block.level - 1]
        elif (isinstance(block, Table) and block.caption) or isinstance(block, Figure):
            name = labels.table if isinstance(block, Table) else labels.figure
            counts[name] = counts.get(name, 0) + 1
            label = f"{name}{NBSP}{counts[name]}"
        yield block, label


def note_runs(note: Note, language: Language) -> Iterator[tuple[Run, str]]:
    """The words of a note, each run with the address it leads to (or none)."""
    labels = LABELS[language]
    yield Run(f"{_closed(note.rule)} {labels.as_of % {'date': short_date(note.as_of, language)}}"), ""
    for place, source in enumerate(note.sources):
        words = (
            f"{quoted(clean(source.sentence))} ({source.document})"
            if isinstance(source, SourceSentence)
            else f"{source.dataset}, {source.row}"
        )
        yield Run(f" {labels.source} " if place == 0 else "; "), ""
        yield Run(words), ""
        if source.address:
            yield Run(", "), ""
            yield Run(source.address), source.address if source.address.startswith(("https://", "http://")) else ""
    if note.sources:
        yield Run("."), ""


def shown(text: str) -> str:
    """`text` as every renderer prints it: cleaned, with its non-breaking spaces."""
    return bind(clean(text))


def _closed(sentence: str) -> str:
    sentence = clean(sentence).strip()
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
