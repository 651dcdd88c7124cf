"""Which bodies of the made-up world sit together, what did they decide, how did one conference go? Told by packaged tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

from banggiao.activities.conference import ATTENDANCE, SPEAKERS
from banggiao.activities.models import Activity, Attendance, Site, Speaker
from banggiao.activities.services_conference import call_statements, call_the_roll, expect, take_statements
from banggiao.bodies.lines import DECISIONS, ITEMS, MEMBERS, ROLL
from banggiao.bodies.models import Body, ConclusionNotice, Meeting, MeetingAttendance, MeetingItem
from banggiao.bodies.proposals import proposals_for
from banggiao.bodies.services import create_body, create_meeting, give_tasks, move_body, move_meeting, put_on_agenda
from banggiao.bodies.services_notices import create_notice, move_notice
from banggiao.core.acts import Act, Viewer
from banggiao.core.lines import add_lines, change_line
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.services import move_answer, move_call, save_rows

Row = Mapping[str, str]
At = Callable[[int, Viewer, str], Act]
_ASKER = "DT-VU-E"
#: How many of the waiting duties the coming meeting looks at.
_PUT = 4


def play_meetings(at: At, start: date, desk: Viewer, reporters: Mapping[str, Viewer], ids: Mapping[str, UUID]) -> None:
    """Bodies, their meetings, one conference with statements and roll, and the notices: what is not there yet."""
    told = _Told(at, start, desk, reporters, ids)
    told.bodies()
    told.meetings()
    told.conferences()
    told.notices()


class _Told:
    def __init__(self, at: At, start: date, desk: Viewer, reporters: Mapping[str, Viewer], ids: Mapping[str, UUID]) -> None:
        self.at, self.start, self.desk, self.reporters, self.ids = at, start, desk, reporters, ids

    def bodies(self) -> None:
        for row in _fresh("bodies", Body):
            act = self._act(int(row["starts"]) + 2, "Ghi theo quyết định thành lập.")
            named: dict[str, Any] = {
                "standing_id": self.ids[row["standing"]],
                "partner_id": self.ids[row["partner"]] if row["partner"] else None,
            }
            day = self._day(row["starts"])
            values: dict[str, Any] = {n: v for n, v in row.items() if n not in ("standing", "partner")}
            values |= {**named, "owner": self.ids[_ASKER], "starts": day, "decision_on": day}
            body = create_body(act=act, values=values)
            members = [
                {"role": m["role"], "position": m["position"], "institution_id": self.ids[m["institution"]], "since": day}
                for m in _of("body_members", row["code"])
            ]
            add_lines(act=act, lines=MEMBERS, parent=body, rows=members)
            move_body(act=act, body=body, action="activate", version=body.version)

    def meetings(self) -> None:
        for row in _fresh("meetings", Meeting):
            held = bool(row["minutes_number"])
            day = int(row["day"])
            act = self._act(min(day - 10, -2), "Lập phiên họp.")
            body = Body.objects.get(code=row["of"])
            values = {n: v for n, v in row.items() if n not in ("of", "minutes_number")}
            meeting = create_meeting(act=act, values={**values, "body_id": body.pk, "day": self._day(row["day"])})
            items = [{**_without(each), "place": int(each["place"])} for each in _of("meeting_items", row["code"])]
            if items:
                add_lines(act=act, lines=ITEMS, parent=meeting, rows=items)
            meeting = move_meeting(act=act, meeting=meeting, action="convene", version=meeting.version)
            if held:
                self._held(meeting, row, day)
            else:
                chosen = [each.record.pk for each in proposals_for(meeting, act.viewer, act.at)][:_PUT]
                if chosen:
                    put_on_agenda(act=act, meeting=meeting, chosen=chosen)

    def _held(self, meeting: Meeting, row: Row, day: int) -> None:
        """The roll, the decisions and the tasks given from them, and the minutes as somebody signed them."""
        act = self._act(day, "Ghi tại phiên họp.")
        lines = {line.institution_id: line for line in MeetingAttendance.objects.filter(meeting=meeting, retracted=False)}
        said = {
            lines[self.ids[each["institution"]]].pk: (
                lines[self.ids[each["institution"]]].version,
                {"presence": each["presence"], "represented_by": each["represented_by"]},
            )
            for each in _of("meeting_roll", row["code"])
        }
        call_the_roll(act=act, lines=ROLL, parent=meeting, rows=said)
        meeting = move_meeting(act=act, meeting=meeting, action="hold", version=meeting.version)
        items = dict(MeetingItem.objects.filter(meeting=meeting, retracted=False).values_list("place", "pk"))
        decisions = add_lines(
            act=act,
            lines=DECISIONS,
            parent=meeting,
            rows=[
                {
                    **_without(each, "item", "lead", "due", "coordinating"),
                    "coordinating": [self.ids[code.strip()] for code in each["coordinating"].split(";") if code.strip()],
                    "item_id": items[int(each["item"])],
                    "lead_id": self.ids[each["lead"]] if each["lead"] else None,
                    "due": self._day(each["due"]),
                }
                for each in _of("meeting_decisions", row["code"])
            ],
        )
        give_tasks(act=act, meeting=meeting, decisions=[each for each in decisions if each.lead_id])
        signed = {
            "minutes_number": int(row["minutes_number"]),
            "minutes_on": self._act(day + 3).at.date().isoformat(),
            "signer_title": "THƯ KÝ PHIÊN HỌP",
            "signer_name": row["secretary"].split(",")[0],
        }
        move_meeting(act=self._act(day + 3), meeting=meeting, action="minute", version=meeting.version, values=signed)

    def conferences(self) -> None:
        for code in dict.fromkeys(row["of"] for row in _rows("conference_bodies")):
            activity = Activity.objects.get(code=code)
            if Attendance.objects.filter(activity=activity).exists():
                continue
            rows, held = _of("conference_bodies", code), (date.fromisoformat(activity.start) - self.start).days
            act = self._act(held - 15, "Chuẩn bị hội nghị.")
            bodies = [self.ids[row["institution"]] for row in rows]
            expect(act=act, activity=activity, institutions=bodies)
            self._statements(activity, [row for row in rows if row["state"]], held)
            sites = dict(Site.objects.filter(activity=activity, retracted=False).values_list("name", "pk"))
            lines = {line.institution_id: line for line in Attendance.objects.filter(activity=activity, retracted=False)}
            said: dict[UUID, tuple[int, dict[str, Any]]] = {}
            for row in rows:
                line = lines[self.ids[row["institution"]]]
                values = {"presence": row["presence"], "represented_by": row["represented_by"], "site_id": sites[row["site"]]}
                said[line.pk] = (line.version, values)
            call_the_roll(act=self._act(held, "Điểm danh."), lines=ATTENDANCE, parent=activity, rows=said)

    def _statements(self, activity: Activity, rows: list[Row], held: int) -> None:
        """The call, the answers of those who handed in, and the speakers' list as it was then."""
        act = self._act(held - 14, "Gọi tham luận.")
        deadline = (date.fromisoformat(activity.start) - timedelta(days=4)).isoformat()
        call = call_statements(
            act=act,
            activity=activity,
            asker_id=self.ids[_ASKER],
            deadline=deadline,
            institutions=[self.ids[row["institution"]] for row in rows],
        )
        call = move_call(act=act, call=call, action="open", version=call.version)
        for row in (row for row in rows if row["handed"]):
            answer = DataCallAnswer.objects.get(call=call, institution=self.ids[row["institution"]])
            by = self.reporters.get(row["institution"], self.desk)
            then = self.at(int(row["handed"]), by, "")
            values = {f"c{n}": row[name] for n, name in enumerate(("topic", "name", "post", "minutes", "text"), 1)}
            answer = save_rows(act=then, answer=answer, rows=[{"id": "", "values": values}], version=answer.version)
            move_answer(act=then, answer=answer, action="submit", version=answer.version)
        take_statements(act=self._act(held - 4, "Xếp thứ tự phát biểu."), activity=activity)
        speakers = {s.institution_id: s for s in Speaker.objects.filter(activity=activity, retracted=False)}
        for row in (row for row in rows if row["turn"]):
            speaker = speakers[self.ids[row["institution"]]]
            said = {"turn": int(row["turn"]), "state": row["state"]}
            change_line(act=self._act(held), lines=SPEAKERS, parent=activity, line=speaker, values=said, version=speaker.version)

    def notices(self) -> None:
        for row in _fresh("notices", ConclusionNotice):
            day = int(row["day"] or -3)
            named = ("meeting", "activity", "issuer", "receivers", "number", "day", "signer_title", "signer_name")
            values: dict[str, Any] = _without(row, *named)
            values |= {"issuer_id": self.ids[row["issuer"]]}
            if row["meeting"]:
                values["meeting_id"] = Meeting.objects.get(code=row["meeting"]).pk
            else:
                values["activity_id"] = Activity.objects.get(code=row["activity"]).pk
            receivers = [self.ids[code] for code in row["receivers"].split()]
            act = self._act(day - 3, "Soạn thông báo kết luận.")
            notice = create_notice(act=act, values=values, receivers=receivers)
            notice = move_notice(act=act, notice=notice, action="circulate", version=notice.version)
            if row["number"]:
                signed = {
                    "number": int(row["number"]),
                    "issued_on": self._act(day).at.date().isoformat(),
                    "signer_title": row["signer_title"],
                    "signer_name": row["signer_name"],
                }
                move_notice(act=self._act(day), notice=notice, action="issue", version=notice.version, values=signed)

    def _act(self, day: int, why: str = "") -> Act:
        return self.at(day, self.desk, why)

    def _day(self, offset: str) -> str:
        return (self.start + timedelta(days=int(offset))).isoformat() if offset else ""


def _fresh(name: str, model: Any) -> list[Row]:
    known = set(model.objects.filter(exercise=True).values_list("code", flat=True))
    return [row for row in _rows(name) if row["code"] not in known]


def _of(name: str, code: str) -> list[Row]:
    return [row for row in _rows(name) if row["of"] == code]


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {n: v for n, v in row.items() if n not in ("of", *names)}


def _rows(name: str) -> list[Row]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), strict=True))
