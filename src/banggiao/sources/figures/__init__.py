"""What can be asked about published figures beside their list: which clash, and by which rules anything is counted."""
