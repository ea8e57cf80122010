"""The rooms of the desk, in the order in which their addresses are tried."""

from __future__ import annotations

from review.desk import (
    accounts,
    agreement,
    api,
    calls,
    casework,
    compliance,
    handing,
    listing,
    packing,
    reviewing,
    sampling,
    sampling_audit,
    sound,
    viewing,
)

ROOMS = (
    accounts, listing, handing, viewing, calls, sound, reviewing, agreement, sampling, sampling_audit,
    compliance, casework, packing, api,
)  # fmt: skip
