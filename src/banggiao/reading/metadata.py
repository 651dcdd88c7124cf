"""What is known of a document itself: title, publication, author, outlet, address, language, kind, topics?

The text speaks first (byline, source line, letterhead), then its address, then what the file's container said of it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import regex
from ahocorasick_rs import AhoCorasick, MatchKind

from banggiao.reading import rules
from banggiao.reading.layout import Layout
from banggiao.reading.types import Hints, Metadata

LANGUAGES = ("vi", "en", "zh", "ja", "ko", "ru", "fr", "de", "es", "lo", "km", "th", "id")
_VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_DAY = regex.compile(r"(?<!\d)(?<d>\d{1,2})[/.-](?<m>\d{1,2})[/.-](?<y>(?:19|20)\d\d)(?!\d)")
_LONG_DAY = regex.compile(r"(?i)ngày[ \xa0](?<d>\d{1,2}) tháng (?<m>\d{1,2}) năm (?<y>\d{4})")
_HOUR = regex.compile(r"(?<!\d)(?<h>[01]?\d|2[0-3])(?::|h| giờ )(?<i>[0-5]\d)(?!\d)")
_ISO = regex.compile(r"(?<day>\d{4}-\d\d(?:-\d\d)?)(?:[T ](?<time>\d\d:\d\d))?")
_DATELINE = regex.compile(
    r"^[\"'(\[]?(?<code>[\p{L}\p{N}.+&]{2,20}|Báo \p{Lu}[\p{L} &]{2,30})(?:[)\]]|(?= ?[-–]|\. ))\s?[-–.]?\s"
)
# A medium that no list knows names itself before the story: "(Bản tin X) - ", "Báo Y. Ngày ...".
_OWN_NAME = regex.compile(
    r"\(?(?P<name>(?:Báo|Bản tin|Trang tin|Tạp chí|Cổng thông tin|Đài)(?: \p{Lu}[\p{L}-]*| &| và){1,5})"
    r"(?:\)\s?[-–]|\. (?=\p{Lu}))"
)
_DOMAIN = regex.compile(r"(?<![\p{L}\p{N}@.-])(?:[a-z0-9-]+\.)+(?:vn|com|net|org)(?![\p{L}\p{N}-])", regex.IGNORECASE)
_SOURCE = regex.compile(r"(?:Nguồn|Theo)(?: tin)?\s*:?\s*(?P<name>\p{Lu}[^:/.,]{1,60}?)\s*[:,-]?\s*(?:https?:.*)?$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_AFTER_NAME = re.compile(r"\s*\([^()]*\)$|\s+(?:thực hiện|ghi|tổng hợp)$")
_OFFICE = re.compile(r"Nguồn:? (?:Bộ|Sở|UBND|Cổng)")
_PARTS = re.compile(r"[/,:]| - ")
_HEAD, _START = 700, 3000
_TOPICS = 10
# Characters by which a language is told; Vietnamese shows in fewer.
_SAMPLE, _ENOUGH = 1500, 500


def read_metadata(layout: Layout, hints: Hints) -> Metadata:
    """The metadata of a document; what no place of it says is None, what was worked out is named in `inferred`."""
    inferred: dict[str, str] = {}
    title = next((line.text.strip() for line in layout.lines if line.role == "title"), None) or hints.title
    url = _url(layout) or hints.url
    published = _published(layout, url, hints, inferred)
    return Metadata(
        title=title,
        published=published,
        author=_author(layout) or hints.author,
        outlet=_outlet(layout, url, hints, inferred),
        url=url,
        language=language_of(layout),
        genre=_genre(layout, url),
        topics=topics_of(layout, title),
        inferred=inferred,
    )


def language_of(layout: Layout) -> str | None:
    """The language of the body (ISO 639-1), None for a text without letters."""
    sample = (
        "".join(layout.slice(row.span) + " " for row in layout.sentences[:40] if row.cls == "body")[:_SAMPLE]
        or layout.text[:_SAMPLE]
    )
    head = sample[:_ENOUGH]
    marked = len(_VIETNAMESE.findall(head.lower())) * 20
    # One letter in eight carries such a mark in Vietnamese prose; no other language reaches a fiftieth.
    if marked > len(head) or marked > sum(map(str.isalpha, head)):
        return "vi"
    if not any(map(str.isalpha, sample)):
        return None
    return str(_identifier().classify(sample)[0])


def topics_of(layout: Layout, title: str | None) -> tuple[str, ...]:
    """Codes of the topics the body speaks of, the most spoken of first; a keyword in the title counts five times."""
    counts: Counter[str] = Counter()
    machine, codes = _keywords()
    body = "\n".join(layout.shadow[line.span[0] : line.span[1]] for line in layout.lines if line.cls == "body").lower()
    for text, weight in ((body, 1), (rules.shadow(title or "").lower(), 5)):
        # Keywords first, in the order they stand in: of topics spoken of as often the first one named stays first.
        found = Counter(
            which
            for which, start, end in machine.find_matches_as_indexes(text)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        )
        for which, times in found.items():
            for code in codes[which]:
                counts[code] += times * weight
    return tuple(code for code, count in counts.most_common(_TOPICS) if count >= 2)


def _published(layout: Layout, url: str | None, hints: Hints, inferred: dict[str, str]) -> str | None:
    for line in layout.lines:
        if line.role in ("byline", "stamp", "letterhead", "interface") and (found := _moment(rules.shadow(line.text))):
            return found
    for rule in rules.rules_for("url_date"):
        match = rule.pattern.search(url or "")
        if match:
            groups = match.groupdict()
            year = groups.get("y") or f"20{groups['yy']}"
            inferred["published"] = "digits in the URL"
            day = f"{year}-{int(groups['m']):02d}-{int(groups['d']):02d}"
            return day + (f"T{groups['h']}:{groups['i']}" if groups.get("h") else "")
    stated = _ISO.search(hints.published or "")
    if stated:
        inferred["published"] = "properties of the file"
        return stated["day"] + (f"T{stated['time']}" if stated["time"] else "")
    return None


def _moment(line: str) -> str | None:
    day = _DAY.search(line) or _LONG_DAY.search(line)
    if day is None or not (1 <= int(day["m"]) <= 12 and 1 <= int(day["d"]) <= 31):
        return None
    hour = _HOUR.search(line)
    value = f"{day['y']}-{int(day['m']):02d}-{int(day['d']):02d}"
    return f"{value}T{int(hour['h']):02d}:{hour['i']}" if hour else value


def _author(layout: Layout) -> str | None:
    for line in layout.lines:
        if line.role != "byline":
            continue
        for rule in rules.rules_for("line"):
            if rule.fields["role"] == "byline" and (match := rule.pattern.search(line.text.strip())):
                return str(match["author"]).strip()
        return _AFTER_NAME.sub("", line.text.strip())
    return None


def _url(layout: Layout) -> str | None:
    for line in reversed(layout.lines):
        if line.role == "source" and (found := _ADDRESS.search(line.text)):
            return str(found.group()).rstrip(".,;)")
    return None


def _outlet(layout: Layout, url: str | None, hints: Hints, inferred: dict[str, str]) -> str | None:
    by_domain, by_code = _outlets()
    if url and (name := _of_domain(urlsplit(url if "//" in url else f"//{url}").hostname, by_domain)):
        inferred["outlet"] = "domain of the URL"
        return name
    for said in _said_to_be_from(layout):
        named = next((by_code[key] for key in _codes_in(said) if key in by_code), None)
        if named:
            return named
    for line in layout.lines:
        if line.role == "interface":
            for match in _DOMAIN.finditer(line.text):
                if name := _of_domain(match.group(), by_domain):
                    inferred["outlet"] = "domain in the page"
                    return name
    for line in layout.lines:
        if line.role == "stamp" and (own := rules.rule("line.source_stamp").pattern.search(line.text.strip())):
            return str(own["outlet"])
        if line.role == "source" and (
            plain := _SOURCE.match(
                line.text.strip(" ()"),
            )
        ):
            return str(plain["name"])
    for line in layout.lines:
        text = line.text.strip() if line.cls == "body" else ""
        if text.startswith(("(", "B", "T", "C", "Đ")) and (head := _OWN_NAME.match(text)):
            return str(head["name"])
    return hints.outlet


def _said_to_be_from(layout: Layout) -> Iterator[str]:
    """Lines that may name the outlet: source lines, and the dateline at the head of the story."""
    for line in layout.lines:
        if line.role in ("source", "stamp"):
            yield line.text
    stories = (line for line in layout.lines if line.cls == "body" and line.text.strip())
    for line in islice(stories, 2):
        match = _DATELINE.match(line.text.strip())
        if match:
            yield match["code"]


def _codes_in(line: str) -> Iterator[str]:
    words = rules.shadow(line.strip()).removeprefix("Nguồn").removeprefix("Theo").strip(" :().-")
    yield words.lower()
    for part in _PARTS.split(words):
        yield part.strip(" ().").lower()


def _of_domain(host: str | None, by_domain: dict[str, str]) -> str | None:
    host = (host or "").lower().removeprefix("www.")
    while host:
        if host in by_domain:
            return by_domain[host]
        host = host.partition(".")[2] if host.count(".") > 1 else ""
    return None


def _genre(layout: Layout, url: str | None) -> str:
    head = rules.shadow(layout.text[:_HEAD])
    low_head, low = rules.small(head), rules.small(layout.shadow[:_START])
    for rule in rules.rules_for("genre"):
        seen, words = (layout.shadow[:_START], low) if rule.id == "genre.interview" else (head, low_head)
        if any(word in words for word in rule.needs) and rule.pattern.search(seen):
            return str(rule.fields["genre"])
    official = url and ".gov.vn" in (urlsplit(url).hostname or "")
    named = any(line.role == "source" and _OFFICE.match(line.text.strip()) for line in layout.lines)
    return "official_news" if official or named else "news"


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Loading the model takes a third of a second, which a batch of Vietnamese texts never needs.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier


@lru_cache(maxsize=1)
def _outlets() -> tuple[dict[str, str], dict[str, str]]:
    domains, codes = {}, {}
    with (rules.DATA / "lexicon" / "outlets.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            domains[row["domain"]] = row["name"]
            for code in row["codes"].split("|"):
                if code:
                    codes[rules.shadow(code).lower()] = row["name"]
    return domains, codes


@lru_cache(maxsize=1)
def _keywords() -> tuple[AhoCorasick, list[list[str]]]:
    """A machine that finds the keywords of every topic (from the reference set), and the topics of each keyword."""
    words: dict[str, list[str]] = {}
    newest = max((rules.DATA / "reference" / "topics").glob("*/topics.csv"))
    with newest.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            for word in row["keywords_vi"].split("|"):
                if word:
                    words.setdefault(rules.shadow(word).lower(), []).append(row["code"])
    return AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest), list(words.values())
