"""Work programmes of missions: tasks of the head of mission, opportunities found, proposals, half-year reports."""
