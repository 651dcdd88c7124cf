"""World trade as questions: opportunities, dependence, concentration, on the releases that this installation has ingested."""
