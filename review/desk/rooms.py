"""The rooms of the desk, in the order in which their addresses are tried."""

from __future__ import annotations

from review.desk import (
    account_tokens,
    accounts,
    agreement,
    api,
    appealing,
    calibrating,
    calls,
    case_form,
    casework,
    coaching,
    commenting,
    compliance,
    dashboards,
    handing,
    library,
    library_export,
    listing,
    packing,
    reviewing,
    sampling,
    sampling_audit,
    second,
    sound,
    tasks,
    viewing,
)

ROOMS = (
    accounts, account_tokens, listing, handing, viewing, calls, sound, reviewing, tasks, second, calibrating, appealing,
    agreement,
    sampling, sampling_audit,
    dashboards, commenting, case_form, library_export, library, coaching, compliance, casework, packing, api,
)  # fmt: skip
