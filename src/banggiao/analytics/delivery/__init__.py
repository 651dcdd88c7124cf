"""How far promises are delivered: progress, schedule, confidence and forecast are four numbers, never one.

Read `progress`, `schedule`, `confidence`, `forecast` for one promise; `timeliness`, `portfolio`, `pledges`, `targets`, `scoring`
for many.
"""
