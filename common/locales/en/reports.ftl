# reports
problem-reports-too_many_months = At most { $most } months at a time.
