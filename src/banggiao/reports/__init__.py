"""Questions across domains, and the documents made from them: period review; PDF, DOCX, JSON."""
