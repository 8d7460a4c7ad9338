# reports
problem-reports-too_many_months = 一次最多看 { $most } 个月。
