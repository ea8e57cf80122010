"""Every table of the ledger on one `Base`, for migrations and for whoever compares tables with them."""

from store import compliance_tables, library_tables, rounds_tables, sampling_tables, tally_tables, token_tables
from store.desk_tables import Base

__all__ = [
    "Base",
    "compliance_tables",
    "library_tables",
    "rounds_tables",
    "sampling_tables",
    "tally_tables",
    "token_tables",
]
