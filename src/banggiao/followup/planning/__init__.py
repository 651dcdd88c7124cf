"""Plans of followed records: baselines of weighted milestones, what is claimed of them, the evidence for it, what stands in the way."""
