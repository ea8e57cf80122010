"""The ledger: what was inspected, with which rubric, models and settings; migrations, queries and exports."""
