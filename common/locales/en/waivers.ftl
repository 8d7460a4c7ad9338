# Waivers and discounts
waivers-relief-percent = { $percent }% off
waivers-relief-months = { $free } of { $months } { $months ->
    [one] month
   *[other] months
 } free
waivers-relief-fixed = ¥{ $amount } off each month
waivers-relief-price = At a unit price of { $price }
waivers-comma = ,{" "}
waivers-to-pay = ¥{ $amount } to pay after waivers

# How a waiver came about
waivers-trace-groups = Benefits as: { $groups }.
waivers-trace-months-least = The bill is for at least { $months } { $months ->
    [one] month
   *[other] months
 }, as the discount asks.
waivers-trace-left = Schemes before this one left ¥{ $left }.
waivers-trace-days = It applies from { $from } to { $to }.
waivers-trace-percent = ¥{ $base } × { $percent }%: ¥{ $amount } waived.
waivers-trace-months = The bill is for { $paid } { $paid ->
    [one] month
   *[other] months
 }; free are { $free } of every { $months } that are paid at once, { $let_off } in all: ¥{ $base } × { $let_off }/{ $paid }, ¥{ $amount } waived.
waivers-trace-fixed = ¥{ $monthly } a month × { $months } { $months ->
    [one] month
   *[other] months
 }, of ¥{ $base } at most: ¥{ $amount } waived.
waivers-trace-price = ¥{ $base }, which at a unit price of { $price } would be ¥{ $other }: ¥{ $amount } waived.
waivers-trace-cap-bill = The most for one bill, ¥{ $most }, is reached.
waivers-trace-cap-year = The most for one unit and year, ¥{ $most }, is reached; ¥{ $used } was waived before.
waivers-trace-cap-left = No more than what was left to pay.
waivers-trace-rounded-jiao = What remains is rounded to 0.1 yuan, as the bill is.
waivers-trace-rounded-yuan = What remains is rounded to the yuan, as the bill is.
waivers-trace-once = Waived once: ¥{ $amount } of ¥{ $open } that was open.
waivers-trace-once-percent = Waived once: { $percent }% of ¥{ $open } that was open, ¥{ $amount }.

# What can't be done
problem-waivers-percent = The share must be above 0 and at most 100.
problem-waivers-held_item = Prepayments and deposits are held for the owner and take part in no scheme; leave them out.
problem-waivers-named = At most { $most } can be chosen.
problem-waivers-months = At most { $most } months.
problem-waivers-paid_months = Enter 2 to { $most } months.
problem-waivers-free_months = At least one month is free, and fewer than are paid at once.
problem-waivers-rank = The order is a whole number from 1 to { $most }.
problem-waivers-group_taken = Another group has this name; choose another.
problem-waivers-scheme_taken = Another scheme has this name; choose another.
problem-waivers-member_already = The resident is in the group on some of these days already.

# Schemes
waivers-schemes = Waiver schemes
waivers-scheme = Scheme
waivers-scheme-add = New scheme
waivers-scheme-edit = Change the scheme
waivers-scheme-change = Change
waivers-schemes-none = No waiver schemes yet
waivers-schemes-none-why = For example: half of the property fee for households on low income; 5% off for a year paid ahead. Bills are made with them.
waivers-name = Name
waivers-name-example = e.g. Low income
waivers-reason = Reason
waivers-reason-help = Stands on every waiver, e.g. the decree's number
waivers-rank = Order
waivers-rank-help = The lowest comes first; later ones work on what is left
waivers-fee-items = Fee items
waivers-relief = What it takes off
waivers-relief-kind-percent = A share
waivers-relief-kind-months = Some months free
waivers-relief-kind-fixed = An amount a month
waivers-relief-kind-price = Another unit price
waivers-percent = Share taken off
waivers-percent-help = 10 leaves nine tenths to pay
waivers-paid-months = Of every
waivers-free-months = Free are
waivers-free-months-help = Bills for fewer months get nothing off. What is taken off is exactly those months' share: 1 of 12 is a twelfth of the bill.
waivers-monthly = Each month
waivers-price = Charged at
waivers-price-help = A price above the tariff's takes nothing off
waivers-who = For whom
waivers-who-everybody = Every unit
waivers-who-groups = Groups of people
waivers-who-units = Named units
waivers-who-kinds = Kinds of units
waivers-who-count = { $names } and others, { $count } in all
waivers-unit-find = Add a unit: room or owner
waivers-groups-go = There are no groups yet: make one under Groups first.
waivers-months-least = Paid at once
waivers-months-least-help = Only for bills of so many months; 0 for all bills
waivers-months-unit = months
waivers-ahead = { $months } { $months ->
    [one] month
   *[other] months
 } and more
waivers-bill-most = The most of one bill
waivers-year-most = The most of one unit and year
waivers-most-help = Empty for no limit
waivers-in-force = In force
waivers-from = From
waivers-to = Last day
waivers-to-help = That day included; empty where it has no end
waivers-always = Since { $from }
waivers-so-far = Waived so far
waivers-state-active = In use
waivers-state-stopped = Stopped
waivers-state-later = Not begun
waivers-state-over = Over
waivers-stop = Stop
waivers-stop-title = Stop “{ $name }”?
waivers-stop-why = New bills are made without it; what was waived stays.
waivers-start = Use again
waivers-try = Try it first
waivers-try-draft = Try it first: who benefits, what it costs
waivers-try-without = Try without it
waivers-try-with = Try with it
waivers-saved = Saved
waivers-stopped = Stopped
waivers-started = In use again
waivers-cap-bill = ¥{ $most } of a bill at most
waivers-cap-year = ¥{ $most } a year at most

# Groups
waivers-groups = Groups of people
waivers-group = Group
waivers-group-add = New group
waivers-group-edit = Change the group
waivers-groups-none = No groups yet
waivers-groups-none-why = Put together households on low income, people with disabilities, the company's own; schemes go by groups.
waivers-group-example = e.g. Low income
waivers-counts-by = Which units benefit
waivers-counts-by-owner = Units that a member owns
waivers-counts-by-occupant = Units that a member owns, rents or lives in
waivers-note = Note
waivers-members-count = { $members ->
    [1] 1 person
   *[other] { $members } people
}, { $units ->
    [1] 1 unit
   *[other] { $units } units
}
waivers-members-coming = { $coming } not yet begun
waivers-members = Members
waivers-member = Name
waivers-member-add = Add a member
waivers-member-add-why = From the first day on their units benefit from { $schemes }. Nobody is asked for approval; the audit log keeps it with the names of the schemes.
waivers-member-find = Name or phone
waivers-member-since = From
waivers-member-until = Last day
waivers-member-note = Certificate or note
waivers-member-units = Units
waivers-member-end = Take out
waivers-member-end-title = Take { $name } out of “{ $group }”?
waivers-member-end-why = No longer benefits from { $day } on; what was waived stays.
waivers-member-added = { $name } was added
waivers-member-ended = { $name } was taken out
waivers-members-none = No members yet
waivers-members-none-why = The units of residents whom you add benefit from the schemes for this group.
waivers-members-search = Name
waivers-member-state-current = Members
waivers-member-state-ended = Taken out
waivers-member-state-all = All
waivers-choose-group = Choose a group to see its members

# Who benefits and what it costs
waivers-given = Waivers
waivers-given-none = Nothing was waived yet
waivers-given-none-why = Where there are schemes, bills are made with them; a single bill can be waived by hand as well.
waivers-search = Room
waivers-unit = Unit
waivers-fee-item = Fee item
waivers-month = Month
waivers-bill = Bill
waivers-billed = Billed
waivers-amount = Waived
waivers-day = Waived on
waivers-by = By
waivers-state = State
waivers-source = How
waivers-source-scheme = By a scheme
waivers-source-once = By hand
waivers-once = Waived by hand
waivers-state-given = Waived
waivers-state-taken-back = Taken back
waivers-state-void = Bill is void
waivers-totals = { $bills ->
    [1] 1 bill
   *[other] { $bills } bills
}, { $units ->
    [1] 1 unit
   *[other] { $units } units
}
waivers-by-month = By scheme and month
waivers-bills = Bills
waivers-units = Units

# One bill
waivers-of-bill = Waivers
waivers-waive = Waive
waivers-waive-title = Waive part of bill { $number }
waivers-yuan = yuan
waivers-waive-how = How much
waivers-waive-amount = An amount
waivers-waive-percent = A share
waivers-waive-money = Amount to waive
waivers-waive-waits = The amount needs approval: it is submitted and waits.
waivers-waive-then = Open then
waivers-waive-most = Only ¥{ $open } is open: no more can be waived.
waivers-waive-now = Open now
waivers-waived = ¥{ $amount } was waived
waivers-take-back = Take back
waivers-take-back-title = Take this waiver of ¥{ $amount } back?
waivers-take-back-reason = Why it is taken back
waivers-taken-back = The waiver was taken back
waivers-why-back = Taken back: { $reason }
