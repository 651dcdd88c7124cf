"""Makes the Word, PDF and web twins of sample texts: run it again after a change to one of the texts it names.

python tools/make_sample_documents.py
"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from pathlib import Path

import docx
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

TEXTS = Path(__file__).resolve().parents[1] / "src" / "banggiao" / "data" / "samples" / "texts"
MADE_AT = datetime(2026, 11, 24, tzinfo=UTC)
# The measure of the first is a news column, so that lines break hard and often; the second has numbered pages.
PDF_PAGES = {
    "06-tham-han-quoc-ky-ket": {"width": "120mm", "size": "11pt", "numbered": False},
    "14-dien-tap-tuyen-bo-chung": {"width": "210mm", "size": "14pt", "numbered": True},
}
DOCX_STEMS = ["12-dien-tap-thong-bao-ket-luan", "13-dien-tap-bao-cao-co-quan-dai-dien", "15-dien-tap-bao-cao-tinh"]
HTML_STEM = "04-hop-ra-soat-sau-thang"

TYPST = """
#let page-spec = json(bytes(sys.inputs.spec))
#set document(title: page-spec.lines.at(0), date: none)
#set page(
  width: eval(page-spec.width), height: 297mm, margin: (x: 22mm, y: 25mm),
  header: context if page-spec.numbered and counter(page).get().first() > 1 { align(center, counter(page).display()) },
)
#set text(size: eval(page-spec.size), lang: "vi", hyphenate: false, ligatures: false)
#set par(justify: false)
#for line in page-spec.lines [#par(text(line))]
"""

PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<title>{title} | Trang tin Mẫu</title>
<meta property="og:title" content="{title}">
<meta property="og:site_name" content="Trang tin Mẫu">
<meta property="article:published_time" content="2025-07-18T08:15:00+07:00">
<link rel="canonical" href="{url}">
<style>.menu li {{ display: inline; }} .ad {{ min-height: 90px; }}</style>
<script>
window.dataLayer = window.dataLayer || [];
function track(name) {{ dataLayer.push({{event: name, value: 2025}}); }}
</script>
</head>
<body>
<header>
<a href="/">Trang tin Mẫu</a>
<nav class="menu"><ul>
<li><a href="/chinh-tri">Chính trị</a></li><li><a href="/kinh-te">Kinh tế</a></li><li><a href="/the-gioi">Thế giới</a></li>
<li><a href="/du-lieu">Dữ liệu</a></li><li><a href="/rss">RSS</a></li>
</ul></nav>
<form action="/tim-kiem"><input name="q" placeholder="Tìm kiếm"><button>Tìm</button></form>
</header>
<main>
<ol class="breadcrumb"><li><a href="/">Trang chủ</a></li><li><a href="/chinh-tri">Chính trị</a></li></ol>
<article>
<h1>{title}</h1>
<p class="byline"><span class="author">{author}</span> <time datetime="2025-07-18T08:15:00+07:00">{published}</time></p>
<div class="share"><a href="#">Chia sẻ</a> <a href="#">In bài</a> <button>A+</button></div>
{body}
</article>
<aside class="related">
<h3>{related_head}</h3>
<ul>
{related}
</ul>
</aside>
<p class="source">{source}<br>{url}</p>
<section id="comments">
<h3>Bình luận (2)</h3>
<div class="comment"><b>Bạn đọc A</b> <p>Bài viết dễ theo dõi.</p> <a href="#">Trả lời</a></div>
<div class="comment"><b>Bạn đọc B</b> <p>Mong có thêm bảng số liệu.</p> <a href="#">Trả lời</a></div>
</section>
<aside class="most-read">
<h3>Đọc nhiều</h3>
<ul><li><a href="/5">Xuất nhập khẩu năm 2025 vượt 930 tỷ USD</a></li>
<li><a href="/6">Ba Lan hoàn tất phê chuẩn EVIPA</a></li></ul>
</aside>
</main>
<footer>Trang tin Mẫu là trang minh họa. <a href="/lien-he">Liên hệ</a></footer>
<script>track("page"); document.write("<p>Quảng cáo</p>");</script>
</body>
</html>
"""


def lines_of(stem: str) -> list[str]:
    """The lines of a sample text, without the empty ones."""
    return [line for line in (TEXTS / f"{stem}.txt").read_text(encoding="utf-8").split("\n") if line.strip()]


def make_pdf(stem: str) -> None:
    """Writes the PDF: one paragraph a line, broken where the page is full, never hyphenated."""
    spec = {"lines": lines_of(stem), **PDF_PAGES[stem]}
    page = typst.compile(TYPST.encode(), format="pdf", sys_inputs={"spec": json.dumps(spec)}, timestamp=int(MADE_AT.timestamp()))
    (TEXTS / f"{stem}.pdf").write_bytes(page)


def make_docx(stem: str) -> None:
    """Writes the Word file; lines with tabs become the rows of a table."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(30), Mm(15), Mm(20), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(13)
    rows: list[list[str]] = []
    for line in [*lines_of(stem), ""]:
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            _add_table(document, rows)
            rows = []
        if line:
            paragraph = document.add_paragraph(line)
            if line == line.upper():
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                paragraph.runs[0].bold = True
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "Bang Giao", lines_of(stem)[0], ""
    properties.created = properties.modified = MADE_AT.replace(tzinfo=None)
    document.save(str(TEXTS / f"{stem}.docx"))


def make_html() -> None:
    """Writes the web page: the text among menus, scripts, an advertisement, related links and comments."""
    title, author, published, *rest = lines_of(HTML_STEM)
    related_at, source_at = rest.index("Tin liên quan"), len(rest) - 2
    body = "\n".join(_element(line) for line in rest[:related_at])
    related = "\n".join(
        f'<li><a href="/{n}">{html.escape(line)}</a></li>' for n, line in enumerate(rest[related_at + 1 : source_at])
    )
    page = PAGE.format(
        title=html.escape(title),
        author=html.escape(author),
        published=published,
        body=body,
        related_head=rest[related_at],
        related=related,
        source=rest[source_at],
        url=rest[source_at + 1],
    )
    (TEXTS / f"{HTML_STEM}.html").write_text(page, encoding="utf-8")


def _add_table(document: docx.document.Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _element(line: str) -> str:
    text = html.escape(line)
    if "Ảnh:" in line:
        return f'<figure><img src="/anh/1.jpg" alt=""><figcaption>{text}</figcaption></figure>\n<div class="ad">Quảng cáo</div>'
    return f"<h2>{text}</h2>" if not line.endswith(".") else f"<p>{text}</p>"


if __name__ == "__main__":
    for pdf_stem in PDF_PAGES:
        make_pdf(pdf_stem)
    for docx_stem in DOCX_STEMS:
        make_docx(docx_stem)
    make_html()
