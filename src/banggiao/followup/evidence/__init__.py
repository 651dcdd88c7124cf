"""Evidence: what is handed in to prove that something was done, its files, and its check by somebody else."""
