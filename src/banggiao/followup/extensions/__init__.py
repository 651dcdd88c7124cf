"""Extensions: due dates that were asked to move, and who decides on them."""
