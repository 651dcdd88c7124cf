"""The pages that keep the installation itself: accounts, roles, delegation, calendars, jobs, closed lists, the ledger."""
