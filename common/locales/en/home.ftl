# home
home-as-of = { $day }, as of { $time }
home-rate = Collection rate
home-rate-about = by month of the bills, amounts in 10,000 yuan
home-rate-title = Collection rate, receivable and received of the last 12 months (10,000 yuan)
home-rate-now = Collection rate { $month }
home-receivable = Receivable { $month }
home-billed = { $units } { $units ->
    [one] unit
   *[other] units
 }, { $bills } { $bills ->
    [one] bill
   *[other] bills
 }
home-arrears = Arrears
home-arrears-units = { $units } { $units ->
    [one] unit
   *[other] units
}
home-versus-day = against the same day last month
home-versus-month = against last month's end
home-points = { $points } { $points ->
    [one] point
   *[other] points
 }
home-takings = Taken today
home-takings-none = Nothing was taken today yet.
home-payments = { $count } { $count ->
    [one] payment
   *[other] payments
}
home-voided = { $count } taken back ¥{ $amount }
home-refunded = given back ¥{ $amount }
home-this-year = This year
home-last-year = A year before
home-goal = Goal { $percent }%
home-until = until { $day }
home-row-receivable = Due
home-row-received = In
home-ages = Arrears by age
home-age-to30 = up to 30 days
home-age-to90 = 31–90 days
home-age-to180 = 91–180 days
home-age-to365 = 181–365 days
home-age-over365 = over a year
home-units = { $count } { $count ->
    [one] unit
   *[other] units
}
home-todo = To do
home-todo-none = Nothing needs doing.
home-todo-units-without-bill = Units without a bill this month
home-todo-readings-to-check = Readings to check
home-todo-rereads = Meters to read again
home-todo-long-arrears = Homes more than 90 days late
home-todo-occurrences = Waiting in the billing calendar
home-todo-approvals = Requests that wait for me
home-todo-failed-jobs = Jobs that did not finish
home-reason = { $reason } { $count }
home-welcome = Hello, { $name }
home-welcome-about = Start here.
home-skip-not-run = not generated
home-skip-no-price = no price
home-skip-no-area = no area
home-skip-no-reading = no reading
home-skip-no-baseline = no first reading
home-skip-in-review = reading under review
home-skip-too-large = amount too large
home-skip-zero-amount = amount is zero
home-skip-before-hand-over = not handed over
home-skip-vacant = vacant, not charged
home-skip-off-cycle = off cycle
home-skip-already-billed = billed already
home-skip-no-charge = no charge
home-occurrence-due = due
home-occurrence-failed = failed
home-mark-spike = jumped
home-mark-zero = dropped to zero
home-mark-drop = dropped
home-mark-previous-differs = previous value differs
home-mark-other = other
home-reread-late = overdue
home-reread-open = open

job-billing-run = Generating bills
job-billing-run-done = Setting prepayments off

home-steps = Start here
home-step-estate = Import units and residents
home-step-estate-why = With our template or another system's workbook: preview first, then all at once.
home-step-charging = Make fee items and tariffs
home-step-charging-why = Management fee by area, water and power by usage, parking by unit; then assign them.
home-step-prices = Set prices
home-step-prices-why = One price for the community; buildings, floors and units may have their own, each from its day.
home-step-readings = Import readings
home-step-readings-why = Where there are meters: the last readings as a start, then this month's.
home-step-bills = Generate bills
home-step-bills-why = See the whole community's result and who is skipped in the browser first.
