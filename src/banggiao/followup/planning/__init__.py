"""Plans of followed records: baselines of weighted milestones, claims, the evidence for them, what stands in the way."""
