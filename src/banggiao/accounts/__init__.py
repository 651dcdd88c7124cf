"""Users, the roles they hold in institutions, and what each role may do."""
