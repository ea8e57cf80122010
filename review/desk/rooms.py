"""The rooms of the desk, in the order in which their addresses are tried."""

from __future__ import annotations

from review.desk import (
    accounts,
    agreement,
    api,
    calls,
    case_form,
    casework,
    coaching,
    comments,
    compliance,
    handing,
    library,
    library_export,
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
    comments, case_form, library_export, library, coaching, compliance, casework, packing, api,
)  # fmt: skip
