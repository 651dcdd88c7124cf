"""Values, errors, transitions, ledger, working calendar, jobs, questions, text folding."""
