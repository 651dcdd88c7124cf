"""The gravity equation of trade: estimated, closed as a general equilibrium, and asked what an agreement would change."""
