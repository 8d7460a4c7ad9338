# What any capability may refuse with. A code `a.b` has the id `problem-a-b`.
problem-invalid = Some fields need mending.
problem-required = Required.
problem-too_long = At most { $most } characters.
problem-not_a_number = Enter a number.
problem-not_positive = Must be more than 0.
problem-negative = Can't be less than 0.
problem-not_a_day = Enter a date such as 2026-11-23.
problem-not_a_month = Enter a month such as 2026-11.
problem-period_empty = The end can't be before the start.
problem-taken = Already in use; choose another.
problem-not_found = Not found: it may have been removed, or lies outside your data scope.
problem-unauthorized = You are no longer signed in. Please sign in again.
problem-forbidden = You are not permitted to do this. Ask your administrator.
problem-unreadable = The server can't read this request: { $why }
problem-too_large = Too large; at most { $most }.
problem-too_many_requests = Too many tries. Wait { $seconds } { $seconds ->
    [one] second
   *[other] seconds
 }.
problem-conflict = Somebody has just changed this. Reload and try again.
problem-made_differently = Something else was saved under this number, so nothing was saved now. Reload, check, and send it again.
problem-stopped = The server stopped each time it tried this, so it was given up and nothing was saved. Start it again, or tell your administrator.
problem-busy = The database is busy. Nothing was saved; try again shortly.
problem-unavailable = The database can't be reached. Nothing was saved; try again shortly.
problem-worker_gone = The calculation in the browser could not be started, or broke down. Nothing was lost; try again.
problem-took_too_long = This took too long, and no answer came. It may have been saved: look first, send the same again (it is not done twice), or narrow it down.
problem-read_only = The database is read-only, so nothing can be saved. Ask your administrator to check the disk and its permissions.
problem-disk_full = The disk is full. Nothing was saved; tell your administrator.
problem-internal = The server failed and saved nothing. Try again, or give this number to your administrator.
problem-offline = The server can't be reached. Check the network and try again.
problem-not_a_phone = Enter a mobile number of 11 digits, or a landline with its area code.
problem-not_an_id_number = This document number is not right; check every digit.
problem-not_a_plate = This licence plate is not right; for example 浙A12345.
