# billing
billing-bills = Bills
billing-bill = Bill
billing-generate = Generate bills
billing-import = Import past bills
billing-search = Room, owner, bill number
billing-number = Number
billing-unit = Unit
billing-holder = Held by
billing-payer = Payer
billing-payer-tenant = { $name } (tenant)
billing-fee-item = Fee item
billing-period = Period
billing-due-day = Due
billing-issued-day = Issued
billing-amount = Billed
billing-waived = Waived
billing-paid = Paid
billing-open = Open
billing-to-pay = To pay
billing-money = Amount (yuan)
billing-state = State
billing-state-open = Open
billing-state-part = Part paid
billing-state-settled = Settled
billing-state-void = Void
billing-late = { $days } { $days ->
    [one] day
   *[other] days
 } late
billing-months = Period
billing-filter-unpaid = Unpaid
billing-filter-overdue = Overdue
billing-filter-overdue90 = Over 90 days late
billing-filter-part = Part paid
billing-filter-settled = Settled
billing-filter-void = Void
billing-totals = { $bills } { $bills ->
    [one] bill
   *[other] bills
 }, { $units } { $units ->
    [one] unit
   *[other] units
 }
billing-none = No bills yet
billing-none-why = Choose fee items and a period, look at what each unit would get, then generate them at once.
billing-unit-none = This unit has no bills yet
billing-unit-none-why = It is billed once a tariff is assigned to it.
billing-collect = Collect
billing-void = Void
billing-void-title = Void { $count } { $count ->
    [one] bill
   *[other] bills
 }, ¥{ $amount } in all?
billing-void-why = The bills stay, with an opposite posting; their readings and shares can be billed again. Bills on which something was paid can't be voided.
billing-void-reason = Reason
billing-voided = { $count } { $count ->
    [one] bill
   *[other] bills
 } voided
billing-lines = Lines and how they come about
billing-postings = Postings
billing-how = How
billing-posted-on = Posted on
billing-debit = Debit
billing-credit = Credit
billing-receipt = Receipt
billing-change = Change
billing-balance = Balance
billing-account-receivable = Receivable
billing-account-income = Income
billing-facts = Facts
billing-history = History
billing-source = Source
billing-source-run = Billing run
billing-source-raised = Written by hand
billing-source-held = Written when the prepayment or deposit was taken
billing-source-import = Import of past bills
billing-note = Note
billing-by-system = System
bill-event-run = Generated
bill-event-import = Imported
bill-event-paid = Paid
bill-event-payment-void = Payment voided
bill-event-refunded = Given back
bill-event-void = Voided
billing-step-choose = Choose
billing-step-preview = Preview
billing-step-done = Done
billing-step-file = File
billing-step-check = Check
billing-first-month = From month
billing-how-long = How long
billing-cycle-unsuited = “{ $tariff }” ({ $cycle }) is not billed: the period is not a whole number of its cycles.
billing-cycle-take = Take { $period }
billing-months-count = { $count } { $count ->
    [one] month
   *[other] months
}
billing-fee-items = Fee items
billing-buildings = Buildings (none ticked: all)
billing-single-units = Single units (once chosen, only these are billed)
billing-single-units-find = Room or owner
billing-units-some = { $first } and others, { $count } { $count ->
    [one] unit
   *[other] units
 }
billing-buildings-some = { $first } and others, { $count } { $count ->
    [one] building
   *[other] buildings
 }
billing-run-where = For
billing-bill-unit = Bill this unit
billing-issued-help = The date on the bills and of their postings.
billing-choose-fee-item = Choose at least one fee item
billing-tick-all = Tick all
billing-tick-none = Tick none
billing-fee-items-all = All of them
billing-preview = Preview
billing-planning = Computing every bill on this device
billing-generating = Generating bills
billing-may-leave = You may leave this page; it goes on.
billing-generate-title = Generate { $count } { $count ->
    [one] bill
   *[other] bills
 }, ¥{ $amount } in all?
billing-generate-why = The server computes them again by the same rules and generates them only if they are exactly what you saw.
billing-generate-why-offset = The server computes them again by the same rules and generates them only if they are exactly what you saw. Prepayments are then set off by themselves: { $units } { $units ->
    [one] unit
   *[other] units
 }, ¥{ $amount } held in all.
billing-generate-count = Generate { $count } { $count ->
    [one] bill
   *[other] bills
 }
billing-nothing-saved = Nothing is saved yet
billing-nothing-to-generate = There is nothing to generate
billing-before = Before
billing-this-time = This time
billing-new = New
billing-by-fee-item = By fee item
billing-by-building = By building
billing-skipped = Skipped
billing-skipped-blank = without { $fields }
billing-every-bill = Every bill
billing-count = Bills
billing-outside = Outside buildings
billing-none-skipped = Nobody was skipped.
billing-reason = Reason
billing-units-count = { $count } { $count ->
    [one] unit
   *[other] units
 }
billing-all-fee-items = All fee items
billing-order = Order
billing-order-unit = By room
billing-order-change = By change
billing-order-amount = By amount
billing-runs = Billing runs
billing-run = Period
billing-run-who = By
billing-run-when = When
billing-runs-none = No bills were generated yet
billing-raise = Raise a bill
billing-raise-find = Room or owner
billing-raise-from = Period from
billing-raise-to = Period to (that day too)
billing-raise-note = Stands on the bill: what it is for
billing-raise-owed = The unit owes now
billing-raise-this = This bill
billing-raise-then = It owes then
billing-raise-done = Raised bill { $number }
billing-run-title = { $month } { $items }
billing-items-some = { $first } and others, { $count } { $count ->
    [one] fee item
   *[other] fee items
 }
billing-comma = ,{" "}
billing-run-queued = Queued
billing-run-running = Under way
billing-run-done = Done
billing-run-refused = Refused
billing-run-failed = Failed
billing-run-by = { $by }, { $at }
billing-run-bills = See these bills
billing-offset = Prepayments set off
billing-offset-ahead = Prepayments will be set off by themselves: { $units } { $units ->
    [one] unit
   *[other] units
 }, ¥{ $amount } held in all
billing-offset-waits = Prepayments are not all set off yet; it is under way.
billing-offset-paid = Prepayments were set off by themselves: { $bills } { $bills ->
    [one] bill
   *[other] bills
 } of { $units } { $units ->
    [one] unit
   *[other] units
 }, ¥{ $amount } in all.
billing-offset-payments = See what was set off
billing-offset-failed = Not all prepayments were set off. It is tried again by itself at { $at }; what was set off is not set off twice.
billing-offset-again = Try again now
billing-offset-again-done = It is tried again
billing-refused = Not generated: things changed since the preview
billing-refused-why = Below is what differs. Look at the preview again, then generate.
billing-refused-single = The sums are the same, but single bills changed. Look at the preview again, then generate.
billing-seen-count = Bills seen
billing-seen-amount = Amount seen
billing-now-count = Bills now
billing-now-amount = Amount now
billing-preview-again = Preview again
billing-restart = Start again
billing-failed-why = No bill was saved. Start again, or look at the preview again.
billing-import-file = Choose a workbook of past bills
billing-import-help = One bill a row: room, fee item, first and last day, amount; what was paid with its date. The histories of other systems are understood too.
billing-template = Download the template
billing-import-faulty = { $count } more { $count ->
    [one] row has problems and is not counted here
   *[other] rows have problems and are not counted here
 }
billing-problems = Problems
billing-problems-count = { $count } { $count ->
    [one] problem
   *[other] problems
 }; nothing was taken over
billing-cell = Cell
billing-cell-value = Content
billing-cell-problem = Problem
billing-mend = Mend { $count } { $count ->
    [one] problem
   *[other] problems
 }, then choose the file again
billing-take-over = Take over { $count } { $count ->
    [one] bill
   *[other] bills
 }
billing-imported = { $bills } { $bills ->
    [one] bill
   *[other] bills
 } taken over, { $paid } with payments
billing-row = Row
billing-paid-day = Paid on
billing-first-rows = The first { $count }
billing-all-rows = All { $count }
skip-no-price = No price
skip-no-price-why = On at least one day of the period no price is in force. Set one for the community, the building or the unit.
skip-no-area = No billed area
skip-no-area-why = It is charged by area, and the unit has none on file.
skip-no-heads = No head count
skip-no-heads-why = It is charged by heads, and the unit has none on file.
skip-no-value = No property value
skip-no-value-why = It is charged by property value, and the unit has none on file.
skip-no-registers = No reading by register
skip-no-registers-why = The price is by peak and valley, and the meter was read as one.
skip-formula = Formula fails
skip-formula-why = The unit lacks a value that the formula asks for, or it divides by zero. Complete the unit's file or change the formula.
skip-no-quota = No quota
skip-no-quota-why = The tiers are by each unit’s own quota, and the unit’s field with it is blank. Fill it in first.
skip-negative = Formula or quota below zero
skip-negative-why = The formula comes to less than zero, or the unit’s quota is less; check it.
skip-no-reading = No reading
skip-no-reading-why = There is no reading in the period, or no meter. If the home’s meter belongs to another fee item, see whether the tariff says whose usage it goes by (“By the usage of”).
skip-no-baseline = No baseline
skip-no-baseline-why = The first reading of a meter is its baseline and is never billed; the next one can be.
skip-in-review = Reading in review
skip-in-review-why = The reading is unlike the meter's past; it is billed once it is confirmed.
skip-given-back = Given back
skip-given-back-why = The meter was read below an estimate that was billed, and more is given back than was used. No bill this time; what is left is given back with the next.
skip-too-large = Too large
skip-too-large-why = The result does not fit; check area, usage and price.
skip-zero-amount = Zero amount
skip-zero-amount-why = It comes to 0, and no bill is made of that.
skip-before-hand-over = Before hand-over
skip-before-hand-over-why = The tariff charges from the hand-over, which has not been.
skip-vacant = Vacant
skip-vacant-why = The tariff leaves vacant units out, and on no day of the period did anybody live there.
skip-off-cycle = Off cycle
skip-off-cycle-why = The tariff runs by quarters, half-years or years, and the period is not a whole number of them.
skip-already-billed = Billed already
skip-already-billed-why = The fee item is billed for that time already; nobody is billed twice.
skip-partly-billed = Billed for a part of the time
skip-partly-billed-why = Some days of the period are billed and some are not, for instance since the cycle was changed. Generate the months that are left; where months can’t be told apart, void the bills that there are and generate all of it again.
skip-no-charge = No tariff in the period
skip-no-charge-why = No tariff of this fee item is assigned to these units on any day of the period. To charge them, assign one in bulk under “Charged units”; one that begins later is charged then.
skip-cut-off = Short of the cut-off day
skip-cut-off-why = The tariff charges whole months only, and these units are not charged from the first of the month to its cut-off day.
trace-area = Billed area { $area } m², from the unit’s file.
trace-household = Counted as 1 household.
trace-one-household = 1 household
trace-fixed = A fixed amount.
trace-usage-waits = The true reading is below the estimate that was billed; until what was billed too much is used up, nothing counts as used.
trace-usage = Usage { $usage } { $unit } in all.
trace-meter = Meter { $meter }: { $present } (read { $present_day }) less { $previous } (read { $previous_day }), multiplier { $multiplier }, usage { $usage } { $unit }.
trace-meter-rolled = Meter { $meter } rolled over: { $previous } (read { $previous_day }) to { $present } (read { $present_day }), multiplier { $multiplier }, usage { $usage } { $unit }.
trace-meter-replaced = Meter { $meter } was replaced: { $previous } (read { $previous_day }), now { $present } (read { $present_day }), usage of both { $usage } { $unit }.
trace-meter-exchanged = Meter { $meter } was replaced: the old one ran from { $previous } (read { $previous_day }) to { $old_final }, multiplier { $old_multiplier }; the new one from { $new_initial } to { $present } (read { $present_day }), multiplier { $multiplier }; usage { $usage } { $unit } in all.
trace-meter-estimated = Meter { $meter } was not read: { $present } on { $present_day } is estimated from earlier months, less { $previous } (read on { $previous_day }), multiplier { $multiplier }, usage { $usage } { $unit }; the next true reading goes on from there.
trace-meter-back = Meter { $meter }: { $present } read on { $present_day } is less than the estimate of { $previous } ({ $previous_day }) that was billed, multiplier { $multiplier }, usage { $usage } { $unit }: what was billed too much is given back as less usage.
trace-share-priced = “{ $pool }”: { $pool_quantity } × { $price } yuan = { $pool_amount } yuan in all, shared by { $units } { $units ->
    [one] unit
   *[other] units
 } { $by }. This unit has { $weight } of { $weights } and pays { $amount } yuan.
trace-share = “{ $pool }”: { $pool_quantity }, { $pool_amount } yuan in all, shared by { $units } { $units ->
    [one] unit
   *[other] units
 } { $by }. This unit has { $weight } of { $weights } and pays { $amount } yuan.
trace-by-area = by area
trace-by-household = by household
trace-by-head = by heads
trace-by-usage = by usage
trace-by-formula = by the formula “{ $formula }”
trace-head = Counted by the people living there on the first day of each piece.
trace-heads = { $heads } { $heads ->
    [one] person
   *[other] people
 } from { $from }.
trace-value = Property value { $value } yuan, from the unit’s file.
trace-register = { $register } usage { $usage } { $unit }.
trace-formula = The formula “{ $formula }” gives the quantity, where { $values }.
trace-formula-yuan = The formula “{ $formula }” gives the amount itself, where { $values }.
trace-list-comma = {", "}
trace-turnover = { $share } of reported sales of ¥{ $sales } is ¥{ $amount }, more than the fixed rent of ¥{ $fixed }: the share is charged.
trace-sales-more = { $from } to { $to }: reported sales { $sales } × { $share } = ¥{ $part }, more than the fixed rent of ¥{ $fixed }: the share is charged.
trace-sales-less = { $from } to { $to }: reported sales { $sales } × { $share } = ¥{ $part }, less than the fixed rent of ¥{ $fixed }: the rent is charged.
trace-sales-same = { $from } to { $to }: reported sales { $sales } × { $share } = ¥{ $part }, the same as the fixed rent of ¥{ $fixed }.
trace-sales-none = { $from } to { $to }: no sales were reported, the fixed rent of ¥{ $fixed } is charged.
trace-sales = Share of sales beside the fixed rent
trace-sales-of = Sales
trace-sales-part = Share ({ $share })
trace-sales-fixed = Fixed rent
trace-sales-charged = Charged
trace-sales-by-share = the share
trace-sales-by-rent = the rent
trace-coefficient = Units of this kind count { $coefficient } times.
trace-vacant = Vacant from { $from } to { $to }: charged at { $rate }.
trace-owner = The owner changed on { $day }; before and after are separate pieces.
portion-title = What falls on each owner
portion-why = The unit changed hands in this period. It stays one bill, owed by { $owner }, who held the unit at its end; the table says what falls on whom, for them to settle between each other.
portion-planned-why = The unit changes hands in this period. It stays one bill, owed by whoever holds the unit at its end; the table says what falls on the owner of which days. The bill names them once it is generated.
portion-nobody = Owner not known
portion-bears = Falls on them
portion-of = { $from } to { $to } ({ $days ->
    [one] { $days } day
   *[other] { $days } days
}): ¥{ $amount } falls on the owner of that time.
portion-of-waived = { $from } to { $to } ({ $days ->
    [one] { $days } day
   *[other] { $days } days
}): ¥{ $amount } falls on the owner of that time, ¥{ $to_pay } after ¥{ $waived } waived.
trace-before = { $before } { $unit } were used earlier in this tariff year; the tiers go on from there.
counted-total = Total
counted-sharp = Sharp peak
counted-peak = Peak
counted-flat = Flat
counted-valley = Valley
trace-given = The amount was entered by hand.
trace-given-note = The amount was entered by hand: { $note }
trace-free = Rent-free from { $from } to { $to }.
trace-price = Price { $price }, in force since { $since }, set for { $scope }.
trace-price-tiered = Tiers in force since { $since }, set for { $scope }.
trace-price-change = From { $day } the price goes from { $old } to { $new }, set for { $scope }.
trace-scope-community = the community
trace-scope-building = the building
trace-scope-entrance = the entrance
trace-scope-floor = the floor
trace-scope-unit = this unit
trace-scope-of = { $scope } “{ $name }”
trace-scope-of-floor = { $scope } “{ $name }, { $floor }”
trace-quota = The unit’s quota ({ $field }) is { $quota }: { $bounds }.
trace-quota-bound = { $name } up to { $quota } × { $times } = { $bound } { $unit }
trace-of-all = All registers together lie in the tiers as { $steps }; of each register a tier has its usage × the tier’s usage ÷ the usage of all.
trace-of-all-part = In the tiers of { $part } all registers together lie as { $steps }; a tier has its usage × the tier’s usage ÷ the usage of all.
trace-people = { $heads } { $heads ->
    [one] person lives
   *[other] people live
 } in the home, { $more } more than { $persons }: { $bounds }.
trace-people-most = { $heads } people live in the home, { $most } count at most, { $more } more than { $persons }: { $bounds }.
trace-people-bound = { $name } up to { $base } + { $step } × { $more } = { $bound } { $unit }
trace-tiers = Filled from the lowest tier up: { $steps }; { $amount } yuan in all.
trace-share-of-money = “{ $pool }”: { $pool_amount } yuan in all, shared by { $units } { $units ->
    [one] unit
   *[other] units
 } { $by }. This unit has { $weight } of { $weights } and pays { $amount } yuan.
trace-formula-bare = The formula “{ $formula }” gives the quantity.
trace-formula-shared = The months and days in the formula are all that are charged; each stretch goes by its own price and people, and has its share of that by time.
trace-formula-yuan-bare = The formula “{ $formula }” gives the amount itself.
trace-before-none = Nothing was used earlier in this tariff year: the tiers begin with the first.
trace-tier-months = The period comes to { $months } { $months ->
    [one] month
   *[other] months
 }; the monthly bounds are multiplied with that.
trace-yuan = { $amount } yuan
trace-minimum-month = { $least } a month
trace-minimum-bill = { $least } a bill
trace-minimum-months = { $one } × { $months } { $months ->
    [one] month
   *[other] months
 }
trace-minimum-usage = The usage of { $used } is below the minimum ({ $least }): { $counted } are charged.
trace-minimum-register = What is missing counts with the flat register, or with the first of the price where that has none.
trace-minimum-amount = The usage comes to { $priced } yuan, less than the minimum ({ $least }): { $amount } yuan are charged.
trace-minimum-added = Up to the minimum
trace-price-parts = Prices of the parts in force since { $since }, set for { $scope }.
trace-season = {" "}The season is “{ $season }”.
trace-from-day = From { $day }:{" "}
trace-rent = Rent { $price }, in force since { $since }.
trace-rent-change = From { $day } the rent goes from { $old } to { $new }.
trace-counts-months = { $from } to { $to } counts { $months } { $months ->
    [one] month
   *[other] months
 }.
trace-counts-periods = { $from } to { $to } holds { $periods } { $periods ->
    [one] period
   *[other] periods
 }, each charged in full.
trace-counts-share = { $from } to { $to } counts { $days }/{ $of }.
trace-counts-half = { $from } to { $to } counts half a month.
trace-counts-halves = { $from } to { $to } counts the whole month: days up to the cut-off day and after it are charged.
trace-counts-days = { $from } to { $to } counts { $days }/{ $of } of a month.
trace-counts-usage = { $from } to { $to } is { $days } of { $of } { $of ->
    [one] day
   *[other] days
 }; the usage is given to them by days.
trace-step = { $name } { $quantity } × { $price } = { $amount } yuan
trace-list-semicolon = {"; "}
trace-parts = The parts: { $steps }; { $amount } yuan in all.
trace-remainders = All are added exactly and rounded only at the end, { $how }; what is left over goes to the largest remainders, so that an amount may differ from its own product by up to { $most } yuan.
trace-exact = That makes { $amount } yuan.
trace-rounded = That makes { $exact } yuan; rounded only at the end, { $how }: { $amount } yuan.
trace-round-fen-half-up = half up to 0.01
trace-round-fen-up = up to 0.01
trace-round-fen-down = down to 0.01
trace-round-jiao-half-up = half up to 0.1
trace-round-jiao-up = up to 0.1
trace-round-jiao-down = down to 0.1
trace-round-yuan-half-up = half up to 1
trace-round-yuan-up = up to 1
trace-round-yuan-down = down to 1
trace-days-of = { $from } to { $to }, { $days } { $days ->
    [one] day
   *[other] days
 }
trace-months = { $count } { $count ->
    [one] month
   *[other] months
 }
trace-periods = { $count } { $count ->
    [one] period
   *[other] periods
 }
trace-whole = whole period
trace-days = { $count } { $count ->
    [one] day
   *[other] days
 }
trace-each-day = { $from } to { $to }: { $price } { $unit } × { $quantity } × { $days } { $days ->
    [one] day
   *[other] days
 } = ¥{ $product }.
trace-share-table = Share of a pool
trace-share-quantity = Pool { $unit }
trace-share-money = Pool
trace-share-weight = This unit
trace-share-weights = All units
trace-turnover-fixed = Fixed rent
trace-pieces = Pieces
trace-from-to = From – to
trace-time = Time
trace-sum = Sum
trace-product = Result
trace-quantity = Quantity
trace-range-year = Range for the year{ $unit ->
    [none] {""}
   *[other] {" "}({ $unit })
 }
trace-range-month = Range for a month{ $unit ->
    [none] {""}
   *[other] {" "}({ $unit })
 }
trace-range-months = Range of { $months } { $months ->
    [one] month
   *[other] months
 }{ $unit ->
    [none] {""}
   *[other] {" "}({ $unit })
 }
trace-and-above = above { $bound }
trace-tier-short = Tier { $no } { $price }
trace-how-share = Share of { $pool }
trace-how-turnover = Share of sales
trace-how-tiers = { $mode }, { $count } { $count ->
    [one] tier
   *[other] tiers
 }
trace-how-parts = { $mode }, { $count } { $count ->
    [one] part
   *[other] parts
 }
trace-how-pieces = { $mode }, { $count } { $count ->
    [one] piece
   *[other] pieces
 }
problem-billing-months = At most { $most } months at a time.
problem-billing-not_a_digest = The preview is incomplete; look at it again.
problem-billing-how_many = 1 to { $most } at a time.
problem-billing-run_differs = Another run has this id; look at the preview again.
problem-billing-no_preview = The preview is gone; look at it again.
problem-billing-paid = Something was paid on bill { $number }, so it can't be voided. Void that payment first.
problem-billing-void_already = Bill { $number } is void already.
problem-billing-no_columns = No sheet has the columns of bills: room, fee item, first day, last day, amount.
problem-billing-import_problems = Some rows can't be taken over; nothing was saved.
problem-billing-unit_unknown = There is no such unit.
problem-billing-fee_item_unknown = There is no such fee item; make it first.
problem-billing-unit_several = More than one unit goes by this name: write its code.
problem-billing-units_most = At most { $most } single units in one run. For more, bill by building.
problem-billing-units_or_buildings = A run is for buildings or for single units, not for both.
problem-billing-fee_item_several = More than one fee item goes by this name: write its code.
problem-billing-period_long = A bill is for 24 months at most.
problem-billing-paid_more = What was paid is between 0 and the amount.
problem-billing-paid_day = Give the day of payment, not after today.
problem-billing-billed_already = That time is billed already.
problem-billing-twice_in_sheet = Another row of the sheet overlaps with it.
problem-billing-too_large = The sum is too large.
billing-column-unit = Unit
billing-column-fee-item = Fee item
billing-column-from = From
billing-column-to = To
billing-column-amount = Amount
billing-column-paid = Paid
billing-column-paid-day = Paid on
billing-column-cashier = Cashier
billing-column-note = Note
problem-billing-tried_twice = The same price or tariff is tried twice. Remove one of them.

problem-billing-late_fee_paid = Late fee of bill { $number } was paid, so it can’t be voided. Void that payment first.
billing-late-fee = Late fee
billing-late-fee-due = Late fee due today
billing-late-fee-paid = Late fee paid
billing-late-fee-waived = Late fee waived
billing-late-fee-come = Late fee so far
billing-late-fee-days = Days counted
billing-late-fee-none-yet = No late fee as of today.
billing-days = Days
billing-principal-open = Principal open
billing-day-rate = Per day
billing-filter-late_fee = Late fee open
billing-account-late_fee_receivable = Late fee receivable
billing-account-late_fee_income = Late fee income
billing-account-late_fee_waived = Late fee waived
bill-event-late-fee-paid = Late fee paid
bill-event-late-fee-waived = Late fee waived
# Waived once
problem-billing-waives_too_much = Only ¥{ $open } is open; no more can be waived.
problem-billing-late_fee_first = Late fee of ¥{ $late } is due of bill { $number } today. Collect it or let it go first, then waive all that is open.
problem-billing-waives_nothing = This share comes to less than a fen.
problem-billing-nothing_open = Nothing is open of bill { $number }.
problem-billing-open_changed = What is open of bill { $number } went from ¥{ $seen } to ¥{ $open }; look again, then waive.
problem-billing-waived_by_scheme = What a scheme waived goes with its bill; void the bill and make it again where that is wrong.
problem-billing-waiver_not_given = The waiver was taken back already, or its bill is void.
billing-account-waived = Waived
billing-account-held_due = To be held
billing-account-prepaid = Prepayments
billing-account-deposit = Deposits
billing-to-held = Record of what is held
problem-billing-waive_held = Prepayments and deposits are held for the owner; nothing of them is waived.
bill-event-waived = Waived
bill-event-waiver-back = Waiver taken back
billing-rules = Generation rules
billing-calendar = Billing calendar
billing-rule-add = New generation rule
billing-rule-edit = Change generation rule
billing-rule-saved = Generation rule saved
billing-rules-none = No generation rules yet
billing-rules-none-why = Say which fee items are billed, how often and on which day: on that day the bills are generated by themselves, or you are told to.
billing-rule = Generation rule
billing-rule-name = Name
billing-rule-example = e.g. Monthly property fee
billing-rule-where = Buildings
billing-rule-everywhere = All
billing-rule-cycle = Cycle
billing-rule-day = Day of generation
billing-rule-start = Start
billing-rule-next = Next
billing-rule-next-for = for { $period }
billing-rule-over = Ended
billing-rule-from = from { $month }
billing-rule-first = From month
billing-rule-last = To month
billing-rule-on = On which day
billing-rule-number = Days or day of the month
billing-rule-number-help = 31 is the last day of every month.
billing-rule-of-month = of the month
billing-rule-once-day = Day of generation
billing-rule-part-when = Cycle and day
billing-rule-part-due = Notice and due date
billing-rule-notice = Days from generation to notice
billing-rule-notice-help = 0 is the same day. Nothing is sent: the calendar shows the day, and a due date given in days is counted from it.
billing-notice-day = Day of notice
billing-rule-due-days = Days from notice to due date
billing-rule-due-help = Left blank, each tariff says.
billing-rule-due = { $days } { $days ->
    [one] day
   *[other] days
 } after notice
billing-rule-due-by-tariff = As the tariffs say
billing-rule-ahead = What it comes to
billing-rule-ahead-wrong = Fill in the cycle and the days above first.
billing-rule-ahead-none = Nothing is left to generate in these months.
billing-rule-past = The day of generation for { $past } has passed: this rule leaves it out and begins with { $next }.
billing-rule-past-all = The day of generation for { $past } has passed: this rule leaves it out.
billing-rule-at-once = as soon as it is saved
billing-rule-rests = Inactive
billing-rule-rest = Deactivate
billing-rule-go-on = Activate
billing-rule-now-rests = Deactivated
billing-rule-now-goes-on = Activated, from today on
billing-rule-rest-title = Deactivate “{ $name }”?
billing-rule-rest-why = Nothing is generated from { $next } on; bills that exist stay. What falls into the time between is not made up for.
billing-start-automatic = Automatic
billing-start-proposed = Reminder only
billing-start-automatic-long = Generate by itself on the day
billing-start-proposed-long = Only remind; a person generates
billing-on-days-after = Days after the period
billing-on-day-after = A day of the month after
billing-on-day-last = A day of its last month
billing-on-day-first = A day of its first month
billing-on-day-before = A day of the month before
billing-on-days-before = Days before the period
billing-on-days-after-number = { $number } { $number ->
    [one] day
   *[other] days
 } after the period
billing-on-day-after-number = day { $number } of the month after
billing-on-day-last-number = day { $number } of its last month
billing-on-day-first-number = day { $number } of its first month
billing-on-day-before-number = day { $number } of the month before
billing-on-days-before-number = { $number } { $number ->
    [one] day
   *[other] days
 } before the period
billing-calendar-waiting = To do
billing-calendar-year = Twelve months
billing-calendar-before = Twelve months before
billing-calendar-after = Twelve months after
billing-calendar-nothing = Nothing
billing-calendar-all-done = { $count }, none to come
billing-calendar-some = { $count }, { $open } to come
billing-calendar-told = Notice: { $name }
billing-calendar-due = Due: { $name }
billing-month-before = Month before
billing-month-after = Month after
billing-weekday-1 = Mon
billing-weekday-2 = Tue
billing-weekday-3 = Wed
billing-weekday-4 = Thu
billing-weekday-5 = Fri
billing-weekday-6 = Sat
billing-weekday-7 = Sun
billing-occurrence-planned = Planned
billing-occurrence-due = Due
billing-occurrence-missed = Missed
billing-occurrence-running = Generating
billing-occurrence-done = Done
billing-occurrence-failed = Failed
billing-occurrence-skipped = Skipped
billing-occurrence-made = { $bills } { $bills ->
    [one] bill
   *[other] bills
 }, ¥{ $amount }
billing-occurrence-next-try = Tried { $tries } { $tries ->
    [one] time
   *[other] times
 }; again at { $at }.
billing-occurrence-run = Its run
billing-occurrence-preview-why = Generated from the preview as it stands, it is issued today and this occurrence is done.
billing-generate-now = Generate now
billing-generate-now-title = Generate “{ $name }” for { $period } without a preview?
billing-generate-now-why = It is computed from what is known now, all of it or nothing. What has a bill gets no second one. To see every amount first, take the preview.
billing-generate-now-begun = Generating
billing-skip = Skip
billing-skip-title = Skip { $name }
billing-skip-why = Nothing is generated this time. It can be taken back at any time.
billing-skip-reason = Reason
billing-skip-who = Skipped by
billing-skipped-now = Skipped
billing-unskip = Take back
billing-unskipped = No longer skipped
billing-due-help = Left blank, each tariff says.
billing-run-by-rule = { $by }, by “{ $rule }”
billing-gaps = Gaps
billing-gaps-count = { $count } { $count ->
    [one] bill is
   *[other] bills are
 } lacking ({ $then } when it ran)
billing-gaps-then = When it ran
billing-gaps-now = Lacking now
billing-gaps-filled = { $count ->
    [one] { $count } bill could not be made then; it was made since.
   *[other] { $count } bills could not be made then; all of them were made since.
 }
billing-gaps-why = Put right what stood in the way, then generate once more with the same fee items, period and buildings: it fills the gaps and changes nothing else.
billing-fill-gaps = Preview the gaps
billing-to-mend = To mend
billing-mend-where = Put right
billing-mend-price = Set a price
billing-mend-reading = Enter readings
billing-mend-meter = See the meters
billing-mend-review = Review readings
billing-mend-tariff = See the tariffs
billing-mend-charge = Assign a tariff
billing-mend-bills = Look at the bills
billing-mend-unit = Complete the units
problem-billing-rule_years = The month must lie between 2000 and 2100.
problem-billing-rule_last = The last month can’t be before the first.
problem-billing-rule_days = { $most } days at most.
problem-billing-rule_after = The first day after the period at the earliest.
problem-billing-rule_day_of_month = From 1 to 31.
problem-billing-rule_never = These months hold no whole cycle.
problem-billing-due_before_issue = It can’t be due before it is issued.
problem-billing-occurrence_done = This period has been generated.
problem-billing-occurrence_skipped = This period is skipped; take that back first.
problem-billing-occurrence_running = This period is being generated.
problem-billing-occurrence_open = This period has not been generated.
billing-trial-unread = “{ $item }” has no readings in { $month } yet: what goes by usage can't be computed.
billing-trial-never-read = “{ $item }” has no readings yet: what goes by usage can't be computed.
billing-trial-take-read = Try { $month }, the latest month with readings
billing-trial-take-read-months = Try the { $months } months from { $first }, the latest with all readings
