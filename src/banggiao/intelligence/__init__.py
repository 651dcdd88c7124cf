"""Read facts become records: intake into the register, acceptance, correction, undo."""
