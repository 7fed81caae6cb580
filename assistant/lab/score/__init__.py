"""How good the decisions on recorded situations were, against what really happened in them."""
