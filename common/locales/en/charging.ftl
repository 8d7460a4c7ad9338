# charging
charging-fee-items = Fee items and tariffs
charging-prices = Prices
charging-charges = Who is charged
charging-none = No fee items yet
charging-none-why = Start with fee items such as property fee or water, then give each a tariff and a price.
charging-fee-item = Fee item
charging-fee-item-add = New fee item
charging-fee-item-edit = Change fee item
charging-fee-item-example = e.g. Property fee
charging-name = Name
charging-kind = Kind
charging-code = Code
charging-code-help = Short and stable; imports of past bills know it too.
charging-saved = Saved
charging-retire = Retire
charging-retired = Retired
charging-retire-title = Retire “{ $name }”?
charging-retire-why = Its { $tariffs } { $tariffs ->
    [one] tariff
   *[other] tariffs
 } retire with it, and { $units } { $units ->
    [one] unit is
   *[other] units are
 } no longer charged from today. Bills stay as they are.
charging-retire-held-none = Nothing is held under it. No more can be taken; bills that there are stay.
charging-retire-held = { $count } { $count ->
    [one] payment is
   *[other] payments are
 } still held, ¥{ $left } in all. No more can be taken; what is held can still be set off and given back.
charging-retire-held-unseen = No more can be taken; what is held can still be set off and given back.
charging-retire-tariff-why = { $units } { $units ->
    [one] unit is
   *[other] units are
 } no longer charged by it from today. Bills stay as they are.
charging-state-retired = Retired
charging-tariff = Tariff
charging-tariff-add = New tariff
charging-tariff-applies = From the next bills on, changes apply to { $units } { $units ->
    [one] unit
   *[other] units
}; bills that were made stay as they are.
charging-tariff-edit = Change tariff
charging-tariff-name = Name of the tariff
charging-tariff-example = e.g. Property fee, residences
charging-no-tariff = No tariff yet: it takes one to set prices and make bills.
charging-no-tariff-yet = No tariff yet. Begin with
charging-mode = Charged by
charging-mode-area = Area
charging-mode-household = Household
charging-mode-head = Heads
charging-mode-value = Property value
charging-mode-formula = Formula
charging-mode-fixed = Fixed amount
charging-mode-usage = Metered usage
charging-cycle = Cycle
charging-cycle-adds-months = The price is for one month, and a bill adds up its months. Where one price is for a year, half-year or quarter, as for heating, choose “Not prorated” under “Part of a month”: the price is then for the whole period.
charging-cycle-monthly = Monthly
charging-cycle-quarterly = Quarterly
charging-cycle-half-yearly = Half-yearly
charging-cycle-yearly = Yearly
charging-cycle-once = Once
charging-cycle-from = Cycles count from
charging-cycle-from-calendar = The calendar
charging-cycle-from-anniversary = The day of hand-over
charging-cycle-month = From the month
charging-cycle-month-help = Where a property year or a heating season does not begin in January, the month with which it does.
charging-cycle-month-name = { $month }
charging-cycle-with-month = { $cycle } (from month { $month })
charging-formula = Formula
charging-formula-help = Such as “area × price + 30” or “if(floor > 6, area × 1.2, area)”. With the price in it a formula gives the amount; without it, a quantity that is multiplied with the price.
charging-formula-keys = Ctrl+Space lists all variables and functions.
charging-formula-suggestions = Variables and functions
charging-formula-units = Tried on real units
charging-formula-units-wait = Once the formula is complete, its result for some units shows here.
charging-formula-units-add = Add a unit to try
charging-formula-units-remove = Leave out { $unit }
charging-formula-result = Result
charging-formula-type = Type a figure for { $name } to try
charging-formula-typed = Try
charging-formula-asks = The formula or the tiers ask for { $names }.
charging-formula-blank = Units without “{ $field }”
charging-formula-value-of = { $name } of { $unit }
charging-part-cycle = Cycle and proration
charging-part-cycle-once = Cycle
charging-part-due = Due date and rounding
charging-part-whom = Start, vacancy and coefficients
charging-part-whom-once = Vacancy and coefficients
charging-coefficients = Coefficients by kind of unit
charging-coefficients-help = The quantity is multiplied with it; 1 where nothing is entered.
charging-minimum = Minimum
charging-minimum-none = None
charging-minimum-kind-usage = A usage
charging-minimum-kind-amount = An amount
charging-minimum-per = For
charging-minimum-per-month = A month, by the days charged
charging-minimum-per-bill = A bill
charging-minimum-at-least-month = at least { $least } a month
charging-minimum-at-least-bill = at least { $least } a bill
charging-minimum-help = Whoever used less is charged the minimum; without a reading there is no bill.
charging-usage-of = By the usage of
charging-usage-of-own = The fee item’s own meters
charging-usage-of-kind = Meters of { $kind }
charging-usage-of-help = For refuse or sewage by the water meter choose water: one reading is charged once for water and once for this fee item.
problem-charging-usage_of = Only a tariff by usage can go by meters of water, electricity, gas or heating.
problem-charging-usage_of_differs = “{ $tariff }” of the same fee item goes by other meters; both must go by the same.
problem-charging-minimum_of_usage = Only tariffs by usage have a minimum.
charging-proration = Part of a month
charging-proration-days = By days of the month
charging-proration-thirty-days = By 30-day months
charging-proration-whole-months = Whole months, up to a cut-off day
charging-proration-whole-months-until = Whole months from { $day } { $day ->
    [one] day
   *[other] days
 } on
charging-proration-half-months = Half months, up to and after a cut-off day
charging-proration-half-months-until = Half months, parted after day { $day }
charging-proration-none = Not prorated
charging-proration-per-day = Priced by the day, nothing to prorate
charging-per = The price is for
charging-per-month = A month (or the period)
charging-per-day = A day
charging-per-help = By the day: amount = price × quantity × days, no part of a month is computed.
charging-cutoff = Cut-off day
charging-cutoff-help = The month is charged in full when it is charged from its first day to this one, else not at all.
charging-cutoff-help-halves = The days up to this one are half a month, those after it the other half; a half is charged when any of its days is. With 15: whoever takes over on the 15th or before pays the month, later half of it.
charging-due = Due
charging-due-in-advance = { $days } { $days ->
    [one] day
   *[other] days
 } after the first day of the period
charging-due-in-arrears = { $days } { $days ->
    [one] day
   *[other] days
 } after the day that follows the period
charging-due-from = Due day counts from
charging-due-from-in-advance = First day of the period (in advance)
charging-due-from-in-arrears = Day after the period (in arrears)
charging-due-days = Due after
charging-days = days
charging-round-to = Round to
charging-round-to-fen = 0.01 yuan
charging-round-to-jiao = 0.1 yuan
charging-round-to-yuan = 1 yuan
charging-round-how = Rounding
charging-round-how-half-up = Half up
charging-round-how-up = Up
charging-round-how-down = Down
charging-starts-at = Charged from
charging-starts-at-assignment = Day of assignment
charging-starts-at-hand-over = Day of hand-over
charging-vacant = Vacant units
charging-vacant-charged = Charged
charging-vacant-skipped = Not charged; only days with a resident count
charging-vacant-reduced = Charged at a rate
charging-vacant-rate = Vacancy rate
charging-vacant-rate-help = 0.7 charges vacant days at 70 %. A unit is vacant on days on which nobody holds it, or on which, by count, nobody lives there.
charging-price = Price
charging-price-today = Price today
charging-unit = Per
charging-units = Units
charging-no-price = No price
charging-and-narrower = and { $count } narrower
charging-only-narrower = { $count } narrower
charging-unit-area-month = yuan/m²·month
charging-unit-area = yuan/m²
charging-unit-household-month = yuan/unit·month
charging-unit-household = yuan/unit
charging-unit-head-month = yuan/person·month
charging-unit-head = yuan/person
charging-unit-value-month = monthly rate
charging-unit-value-quarter = quarterly rate
charging-unit-value-half-year = half-yearly rate
charging-unit-value-year = yearly rate
charging-unit-value = rate
charging-unit-formula-month = yuan/month
charging-unit-formula = yuan
charging-tier-scope-month = Each month
charging-tier-scope-year = Over the year
charging-tier-scope = Tiers count
problem-charging-tiers_need_usage = Tiers and registers are for tariffs by usage or formula only.
charging-unit-month = yuan/month
charging-unit-area-day = yuan/m²·day
charging-unit-household-day = yuan/unit·day
charging-unit-head-day = yuan/person·day
charging-unit-day = yuan/day
charging-unit-fixed = yuan
charging-unit-usage = yuan/{ $unit }
charging-prices-none-why = Make a fee item and a tariff first, then set prices.
charging-price-set = Set price
charging-price-set-of = Set a price of “{ $name }”
charging-price-set-for = Set a price for { $name }
charging-price-saved = Price saved
charging-price-change = Change
charging-price-own = Own price
charging-price-as = As { $place }
charging-price-inherited = Inherited
charging-price-caption = { $unit }, { $mode }
charging-price-rule = Of the prices in force on a day, the narrowest counts: unit, floor, entrance, building, community. A unit without a price gets no bill and is listed as “no price”.
charging-price-history = All prices
charging-price-end-title = End the price { $price } of { $name }?
charging-price-end-why = Its last day is { $day }; then the wider price counts. Bills stay as they are.
charging-price-end-why-none = Its last day is { $day }; then there is no price and no bill is made. Bills stay as they are.
charging-price-withdraw = Withdraw
charging-price-withdraw-title = Withdraw the price { $price } of { $name }?
charging-price-withdraw-why = It is in force on no day from { $day } on; days without another price take the wider one. Bills stay as they are, and the record of prices keeps it.
charging-price-withdraw-why-none = It is in force on no day from { $day } on; days without another price are not billed. Bills stay as they are, and the record of prices keeps it.
charging-price-withdrawn = Withdrawn
charging-price-replace = Replace
charging-price-replace-title = Replace the price { $price } from { $day } on?
charging-price-replace-why = The new price takes the place of the one of the same scope that begins on the same day. Bills stay as they are, and the record of prices keeps both.
charging-price-withdraw-why-before = From { $day } on the price before it, { $price }, goes on. Bills stay as they are, and the record of prices keeps it.
charging-in-force = In force
charging-set-by = Set by
charging-today-day = Today, { $day }
charging-today = Today
charging-scope = For
charging-scope-community = Community
charging-scope-building = Building
charging-scope-entrance = Entrance
charging-scope-floor = Floor
charging-scope-unit = Unit
charging-scope-a-floor = A floor of a building …
charging-scope-a-unit = A unit …
charging-floor = Floor { $floor }
charging-floor-unit = floor
charging-unit-search = Room
charging-from = From
charging-to = Last day
charging-to-help = That day included. Leave blank for no end.
charging-reason = Reason
charging-reason-example = e.g. decided by the owners
charging-earlier = An earlier price of the same scope
charging-earlier-ended = Ends the day before; one that begins the same day is replaced
charging-earlier-kept = Stays; nothing is saved if they overlap
charging-rate-flat = One price
charging-rate-tiered = Tiers
charging-tiers = Price in detail
charging-tier = Tier { $no }
charging-tier-no = Tier
charging-tier-up-to = Up to
charging-tier-open = and above
charging-tier-bound = Bound of tier { $no }
charging-tier-price = Price of tier { $no }
charging-tier-add = Add a tier
charging-tier-remove = Remove this tier
charging-rate-parts = Parts or times of day
charging-rate-parts-named = Parts
charging-rate-seasons = Seasons
charging-rate-part = Name of the part
charging-rate-part-name = Part { $no }
charging-rate-part-of = Register
charging-rate-part-add = Add a part
charging-rate-part-remove = Remove this part
charging-season = Name of the season
charging-season-name = Season { $no }
charging-season-from = From which month or day
charging-season-to = To which month or day
charging-season-ends = A season begins and ends with a month, or with a day as 11-15 (month-day). By whole or half months, the price is that of the first day of the month or half.
charging-season-add = Add a season
charging-season-remove = Remove this season
charging-tier-per-person = Per extra person
charging-tier-per-person-of = Tier { $no } per extra person
charging-tier-year-from = Year begins in month
charging-tier-bounds = Bounds are
charging-tier-of-all = Bounds for all registers together
charging-tier-of-all-help = All registers together fill the tiers; what each counted lies in them in the same proportion.
charging-tier-bounds-fixed = Fixed quantities
charging-tier-bounds-quota = By each unit’s quota: { $field }
charging-tier-bounds-none = By each unit’s quota (add a number field to units first)
charging-tier-quota-blank = Of all units that have “{ $field }”, { $count } have it blank
charging-tier-quota-help = Enter bounds as multiples of the quota, such as 1, 1.2, 1.4. The quota is what stands at the unit when the bill is made: that of a month for tiers by the month, that of a year for tiers by the year.
charging-tier-bound-times = Tier { $no } up to so many times the quota
charging-tier-times = Up to times the quota
charging-tier-persons = Made for persons
charging-tier-persons-most = Persons counted at most
charging-ended = Ended
charging-end = End
charging-end-title = End { $count } { $count ->
    [one] charge
   *[other] charges
 }?
charging-end-why = Not charged from { $day } on. Bills stay as they are.
charging-ended-count = { $count } { $count ->
    [one] charge
   *[other] charges
 } ended
charging-charge-search = Room
charging-charges-none = No unit has a tariff yet
charging-charges-none-why = Units are billed once a tariff is assigned to them.
charging-state = State
charging-state-current = In force
charging-state-ended = Ended
charging-state-all = All
charging-unit-label = Unit
charging-unit-kind = Kind
charging-area = Billed area m²
charging-assign = Assign in bulk
charging-assign-unit = Assign a tariff
charging-assign-whom = Assign to
charging-assign-by-places = Kinds and buildings
charging-assign-by-units = Single units
charging-assign-units = Units
charging-assign-chosen = { $count } chosen (at most { $most } at a time)
charging-assign-nobody = Once units are chosen, this says how many are new.
charging-assign-kinds = Which kinds
charging-assign-buildings = Which buildings (none ticked: all)
charging-assign-earlier = Units charged by another tariff of the fee item
charging-assign-kept = Leave them out
charging-assign-ended = End the old one the day before
charging-assign-found = Found
charging-assign-already = Charged already
charging-assign-other = By another tariff
charging-assign-new = New
charging-assign-will-end = The old tariff of { $count } of them ends.
charging-assign-no-area = { $count } of them have no billed area and will be skipped by a run.
charging-assigned = Assigned to { $count } { $count ->
    [one] unit
   *[other] units
 }, { $left } left out
fee-kind-property = Property
fee-kind-water = Water
fee-kind-electricity = Electricity
fee-kind-gas = Gas
fee-kind-heating = Heating
fee-kind-elevator = Lift
fee-kind-refuse = Refuse
fee-kind-parking = Parking
fee-kind-rent = Rent
fee-kind-apportioned = Shared
fee-kind-prepayment = Prepayment
fee-kind-deposit = Deposit
fee-kind-one-off = One-off
fee-kind-other = Other
problem-charging-tier_count = Tiers must be 2 to { $most }.
problem-charging-last_tier_open = The last tier has no bound.
problem-charging-persons_most = This must be above the number of persons that the tiers are made for.
problem-charging-quota_and_people = Bounds by each unit’s quota don’t grow with people as well.
problem-charging-quota_field = There is no number field “{ $field }”. Add it to units first.
problem-charging-tiers_not_rising = Each bound must be above the one before.
problem-charging-cutoff_day = Enter 1 to 31.
problem-charging-half_cutoff_day = For half months enter 1 to { $most }, so that both halves of every month have days.
problem-charging-due_days = At most 366 days.
problem-charging-usage_not_prorated = Metered usage is not prorated.
problem-charging-not_per_day = Only what is charged by area, household, heads or as such, again and again, may have a price for a day.
problem-charging-per_day_fixed = It has prices or contracts, so whether a price is for a month or a day stays. Make another tariff.
problem-charging-how_many = Choose 1 to { $most } at a time.
problem-charging-fee_item_taken = Another fee item has this name or code; choose another.
problem-charging-mode_fixed = It has prices already, so the way of charging stays. Make a new tariff instead.
problem-charging-price_overlaps = The same scope has a price from { $from } on, and two can't be in force on one day. One that begins no later than the new price can end the day before or be replaced; end a later one first, or let the new price’s last day come before it.
problem-charging-price_over = The price is over before that day.
problem-charging-assign_no_units = Choose one unit at least.
problem-charging-assign_units_most = At most { $most } single units at a time. For more, assign in several goes, or by kinds and buildings.
problem-charging-tariff_retired = The tariff is retired and can't be assigned.

# What-if
charging-what-if = What if
charging-not-saved = Not saved
charging-trying = Trying it on the whole community
charging-what-if-clear = Clear
charging-what-if-add = Change another place
charging-what-if-find = Community, building, entrance or room
charging-what-if-remove = Don’t try this one
charging-what-if-withdraw = Withdraw its own price
charging-what-if-withdrawn = withdrawn, the price above counts
charging-what-if-elsewhere = { $count } { $count ->
    [one] more change
   *[other] more changes
 } of other tariffs { $count ->
    [one] is
   *[other] are
 } tried
charging-what-if-rules = Try other rules or formula
charging-what-if-rules-back = Rules as they are
charging-what-if-rules-of = Rules of “{ $name }”
charging-what-if-try = Try
charging-what-if-before = Now
charging-what-if-after = Tried
charging-what-if-look = To the result
charging-what-if-period = { $months } { $months ->
    [one] month
   *[other] months
 } from { $first }
charging-what-if-nothing = Nothing changes yet. Change a price, a rule or a waiver scheme and see at once who pays more and who less; nothing is stored before you save.
charging-what-if-no-difference = With these changes nobody pays anything else in these months.
charging-what-if-of-draft = Try it first: who would pay more, who less
charging-what-if-how-much = How many change by how much (yuan)
charging-what-if-same-left-out = { $count } that pay the same are not drawn
charging-what-if-more = More
charging-what-if-same = Same
charging-what-if-less = Less
charging-what-if-average = { $amount } on average
charging-what-if-turned = Bills that come and go
charging-what-if-newly = { $item }: { $units } { $units ->
    [one] unit is
   *[other] units are
 } newly billed (now: { $reason })
charging-what-if-no-longer = { $item }: { $units } { $units ->
    [one] unit is
   *[other] units are
 } no longer billed ({ $reason })
charging-what-if-left-out = Not computed
charging-what-if-left-out-line = { $item }: { $units } { $units ->
    [one] unit is
   *[other] units are
 } not computed ({ $reason })
charging-what-if-top = Largest changes
charging-what-if-most-more = Most more
charging-what-if-most-less = Most less
charging-what-if-every = Every unit
charging-what-if-which = Which units
charging-what-if-all = All
charging-what-if-none-found = No unit matches
charging-what-if-unit = Open the unit
charging-what-if-no-bill = No bill: { $reason }
charging-what-if-save = Save as new prices…
charging-what-if-save-rules = Save the rules…
charging-what-if-save-prices-rules = Save prices and rules…
charging-what-if-save-prices-schemes = Save prices and schemes…
charging-what-if-save-rules-schemes = Save rules and schemes…
charging-what-if-save-prices-rules-schemes = Save prices, rules and schemes…
charging-what-if-save-title = Make { $count } { $count ->
    [one] change
   *[other] changes
 } from { $day }?
charging-what-if-save-why = Bills that exist don’t change. The amounts below are those of the months tried.
charging-what-if-save-why-prices = Prices are in force from the day that is chosen. One that begins on the same day is replaced.
charging-what-if-save-why-rules = Changed rules know no day: they count for every bill that is generated from now on, also of earlier months that are not billed yet. For other rules from a certain day, make a new tariff and assign it from that day.
charging-what-if-changed = { $more } more, { $less } less
charging-what-if-from = Prices from
charging-what-if-save-now = Save
charging-what-if-saved = Saved, in force from { $day }
charging-what-if-saved-all = Saved; the prices are in force from { $day }
charging-what-if-note = Note
charging-what-if-note-newly = Newly billed (today: { $reason })
charging-what-if-waived = Waived by schemes
charging-what-if-waived-note = The amounts of the other tables are without it
charging-what-if-waived-before = Waived now
charging-what-if-waived-after = Waived as tried
charging-what-if-bills-before = Bills now
charging-what-if-bills-after = Bills as tried
charging-what-if-what = Changed
charging-what-if-changes = What was tried
charging-what-if-of-period = Period
charging-what-if-in-full = You may not see waivers: all amounts here are in full.
charging-what-if-scheme-change = Change a scheme…
charging-what-if-scheme-new = Try a new scheme
charging-what-if-scheme-of = Try “{ $name }” otherwise
charging-what-if-scheme-stop = Try without this scheme
charging-what-if-scheme-stopped = Stopped
charging-what-if-scheme-was-stopped = { $name } (stopped)
charging-what-if-scheme-later = In force from { $from }, not in the months that are tried.
charging-what-if-scheme-longer = Only for bills of { $months } { $months ->
    [one] month
   *[other] months
 }: more than are tried.
charging-what-if-scheme-look = Try { $months } { $months ->
    [one] month
   *[other] months
 } from { $first }
charging-what-if-scheme-from = { $relief }, from { $from }
charging-what-if-save-schemes = Keep as waiver scheme…
charging-what-if-save-all-title = Save { $count } { $count ->
    [one] change
   *[other] changes
 }?
charging-what-if-save-why-schemes = Schemes count for bills to come.
charging-what-if-exporting = Writing…
charging-what-if-tiers = Tiers, parts, seasons
charging-what-if-parts = Parts, seasons
charging-what-if-tiers-of = { $place }: which price to try
charging-what-if-all-buildings = All buildings
charging-what-if-order = Order
charging-what-if-by-unit = By unit
charging-what-if-by-change = Largest change first
charging-what-if-by-after = Highest as tried first
charging-what-if-by-before = Highest now first
charging-what-if-filter-clear = Clear filters
charging-what-if-buildings-all = All { $count } { $count ->
    [one] building
   *[other] buildings
 }

# Formulas
variable-area = billed area
variable-inner-area = inner area
variable-heads = people
variable-floor = floor
variable-value = property value
variable-coefficient = coefficient
variable-usage = usage
variable-price = price
variable-months = months
variable-days = days
variable-pool = pool
variable-total-area = total area
variable-total-usage = total usage
variable-total-heads = total people
variable-units = units
variable-building-area = area of the building
variable-building-units = units of the building
variable-entrance-area = area of the entrance
variable-community-area = area of the community
variable-community-units = units of the community
problem-formula-too_long = A formula has at most { $most } characters
problem-formula-empty = Enter a formula
problem-formula-character = “{ $character }” (character { $position }) can't stand in a formula
problem-formula-number = “{ $text }” at character { $position } is not a number that can be used
problem-formula-bracket = The square bracket at character { $position } is not finished
problem-formula-unexpected = “{ $text }” should not stand at character { $position }
problem-formula-unfinished = The formula is not finished
problem-formula-not_closed = The parenthesis at character { $position } is never closed
problem-formula-closed_too_often = There is one closing parenthesis too many at character { $position }
problem-formula-missing_sign = A sign is missing before character { $position }
problem-formula-not_a_number = A number should stand from character { $position } on, not a condition
problem-formula-not_a_condition = A condition should stand from character { $position } on, such as “usage > 100”
problem-formula-unknown = “{ $name }” is not known; choose from the list of variables
problem-formula-unknown_like = “{ $name }” is not known; did you mean “{ $nearest }”?
problem-formula-not_here = “{ $name }” can't be used here
problem-formula-function_without_arguments = The function { $name } wants parentheses and arguments
problem-formula-arguments = { $name } takes { $least } to { $most } arguments, not { $count }
problem-formula-too_deep = The formula is nested too deeply, at most { $most } levels
problem-formula-too_large = The number at character { $position } grows too large
problem-formula-divided_by_zero = Division by zero at character { $position }
problem-formula-decimals = The second argument of round is a whole number from 0 to { $most }
problem-formula-no_value = This unit has no value for “{ $variable }”
problem-formula-no_field_value = This unit has nothing in “{ $field }”
problem-charging-vacant_rate = The vacancy rate lies between 0 and 1
problem-charging-formula_flat_price = The formula names the price, so that the price is one figure, without tiers, parts or seasons
problem-charging-coefficient_twice = A kind of unit has one coefficient only
problem-charging-usage_by_calendar = Usage and one-off charges count by calendar months only
problem-charging-month_of_year = A month lies between 1 and 12
problem-charging-part_count = At least 1, at most { $most }
problem-charging-year_of_register = Tiers by the year go by all registers together, not by one register: tick “Bounds for all registers together”
problem-charging-part_twice = The name is used twice
problem-charging-seasons_cover = Together the seasons must cover the year exactly; { $month }-{ $day } (month-day) is missing or double
problem-charging-total_tiers_differ = Please check: in tiers of the same total, these bounds are not those of the register before
problem-charging-season_end = The year has no such month or day; give a month from 1 to 12, or month-day as 11-15
problem-charging-to_before_from = It must end after it begins
problem-charging-every_months = Every 1 to 120 months
problem-charging-turnover = The share lies between 0 and 1
problem-too_many = At most { $most }

problem-charging-late_fee_rate = At most { $most } a day. Check the decimal point.
problem-charging-late_fee_cap = The cap lies between 0 and 100 %: late fee never exceeds the principal.
problem-charging-late_fee_grace = The grace is { $most } days at most.
problem-charging-late_fee_steps = Days lie between { $least } and { $most }, each step later than the one before.

late-fee = Late fee
late-fee-set = Set late fee
late-fee-set-title = Late fee of { $name }
late-fee-none = No late fee
late-fee-summary = Late fee { $rate } a day, at most { $cap } of the principal
late-fee-summary-grace = , { $days } { $days ->
    [one] day
   *[other] days
 } of grace
late-fee-summary-from = Late fee { $rate } a day from { $day }
late-fee-summary-to = Late fee { $rate } a day, stopped on { $day }
late-fee-off = Stop late fee
late-fee-off-why = Nothing is added from today on; what it has come to by now stays due.
late-fee-ended = Late fee is stopped
late-fee-saved = Late fee is saved
late-fee-rate = Of the principal, per day
late-fee-rate-help = 0.05 is five in ten thousand. Simple: no late fee on late fee.
late-fee-steps = Per day { $steps }; days are counted from this debt’s own first late day, those before the rule began included.
late-fee-step = from day { $day } on { $rate }
late-fee-steps-label = Other rates the longer it takes
late-fee-steps-help = Days late are counted for each debt from its own first late day: the day after it was due (or after the grace, where that is chosen), days before the rule began included. The days before a step keep their rate.
late-fee-step-add = Add a rate
late-fee-step-after = Step { $no }: after
late-fee-step-rate = Step { $no }: per day
late-fee-step-remove = Remove rate { $no }
late-fee-cap = At most, of the principal
late-fee-grace = Grace
late-fee-grace-help = Who pays within these days after the due day pays none.
late-fee-counted-from = After the grace, counted from
late-fee-counted-due-day = the day after the due day
late-fee-counted-grace-end = the day after the grace
late-fee-from = First late day that counts
late-fee-from-help = Nothing is charged for days before it; how long a debt has been late is still counted from the day after it was due. An earlier rule counts until then.
late-fee-backdate = Save and compute anew
late-fee-backdate-title = Compute late fee from { $day } anew?
late-fee-backdate-why = It begins before today: the late fee of every open bill of “{ $name }” is computed anew by this rule from { $day }, so that what is to pay changes; rules that began on that day or later no longer count. Late fee that was charged stays.
late-fee-to = Last day
late-fee-to-help = Counted up to and including this day; empty for no end.
late-fee-unit-days = days

late-fee-from-due = Due on { $due }; counted from the next day, the day of payment not included.
late-fee-grace-from-due = Due on { $due }, { $days } { $days ->
    [one] day
   *[other] days
 } of grace; what is paid from { $costs } on counts from the day after the due day, the day of payment not included.
late-fee-grace-from-end = Due on { $due }, { $days } { $days ->
    [one] day
   *[other] days
 } of grace; counted from the day after { $end }, the day of payment not included.
late-fee-in-grace = Still within the grace: nothing is charged if it is paid by { $end }.
late-fee-stopped = Nothing is counted from { $day } on.
late-fee-piece = { $from } to { $to }: { $principal } yuan open × { $rate } a day × { $days } { $days ->
    [one] day
   *[other] days
 } = { $yuan } yuan.
late-fee-sum = { $amount } yuan in all.
late-fee-rounded = Together { $exact } yuan, rounded to { $amount } yuan.
late-fee-capped = The days come to { $without } yuan, more than { $share } of the principal: the cap of { $amount } yuan is charged.

# Rent contracts and sales
charging-rents = Rent contracts
charging-rents-none = No rent contracts yet
charging-rents-none-why = A contract lays down rent, rent-free days, escalation and a share of the sales beside the tariff; bills follow it by themselves.
charging-rent-search = Room, tenant
charging-rent-add = New contract
charging-rent-edit = Change terms
charging-rent-of = Rent contract of { $unit }
charging-tenant = Tenant
charging-rent-begins = First day
charging-rent-last = Last day
charging-rent-first = First rent
charging-rent-now = Rent now
charging-rent-next = Next step
charging-rent-next-price = Rent after it
charging-rent-turnover = Share of sales
charging-rent-turnover-share = { $share } of sales
charging-rent-state-current = Current
charging-rent-state-expiring = Ends within { $days } { $days ->
    [one] day
   *[other] days
 }
charging-rent-state-ended = Ended
charging-rent-state-all = All
charging-rent-not-yet = Not begun
charging-rent-days-left = { $days } { $days ->
    [one] day
   *[other] days
 } left
charging-rent-unit = Unit
charging-rent-unit-none = Choose a unit first
charging-rent-price = First rent
charging-rent-free = Rent-free days
charging-rent-free-add = Add rent-free days
charging-rent-free-remove = Remove these rent-free days
charging-rent-free-from = Rent-free { $no } from
charging-rent-free-to = Rent-free { $no } to
charging-rent-free-since = From
charging-rent-free-through = through
charging-rent-escalation = Escalation
charging-rent-escalation-none = None
charging-rent-escalation-rate = By a rate
charging-rent-escalation-amount = By an amount
charging-rent-every = Every
charging-rent-every-months = months
charging-rent-step-rate = Grows each time by
charging-rent-step-amount = Grows each time by
charging-rent-compounding = On the rent before it (compounding)
charging-rent-compared = Share and rent
charging-rent-compared-month = Compared month by month
charging-rent-compared-bill = Compared over the whole bill
charging-rent-free-sales = Sales of rent-free days
charging-rent-free-sales-exempt = Sales of rent-free days do not count
charging-rent-free-sales-counted = Sales of rent-free days count
charging-rent-with-turnover = A share of the sales where that is more
charging-rent-share = Share of sales
charging-rent-schedule = Rents, bill by bill
charging-rent-schedule-why = Computed by what makes the bills; where the share of the sales is more than the rent, the share is charged.
charging-rent-schedule-open = The contract has no end; { $years } { $years ->
    [one] year is
   *[other] years are
 } shown.
charging-rent-schedule-none = Choose a unit, a tariff and a first day, and every rent stands here.
charging-rent-schedule-no-area = The unit has no billed area, so a tariff by area comes to nothing.
charging-rent-period = Period
charging-rent-amount = Amount
charging-rent-note = Note
charging-rent-note-free = { $days } { $days ->
    [one] day
   *[other] days
 } rent-free
charging-rent-note-step = { $price } from { $day }
charging-rent-note-part = Part of a period, { $days } { $days ->
    [one] day
   *[other] days
 }
charging-rent-sum = In all
charging-rent-year-sum = { $year } in all
charging-rent-saved = Contract saved
charging-rent-ended = Contract ended
charging-rent-end = End contract
charging-rent-end-title = End the contract of { $unit }?
charging-rent-end-day = Last day of rent
charging-rent-end-why = No rent from the next day on. Bills stay as they are.
charging-rent-terms = Terms
charging-rent-set = Saved by { $name } on { $day }
charging-rent-billed = { $bills } { $bills ->
    [one] bill through { $day } stays as it is
   *[other] bills through { $day } stay as they are
 }; new terms count from the next bill on.
charging-rent-free-days = { $from } to { $to }
charging-rent-escalates-rate = { $step } every { $months } { $months ->
    [one] month
   *[other] months
 }, compounding
charging-rent-escalates-rate-simple = { $step } of the first rent every { $months } { $months ->
    [one] month
   *[other] months
 }
charging-rent-escalates-amount = { $step } more every { $months } { $months ->
    [one] month
   *[other] months
 }
charging-rent-make = Make a contract
charging-sales = Sales
charging-sales-month = Month
charging-sales-of = Reported sales
charging-sales-none = No contract with a share of sales in this month
charging-sales-none-why = Shops whose contract has a share of the sales stand here to report them.
charging-sales-due = Due
charging-sales-have = Reported
charging-sales-missing = Missing
charging-sales-missing-only = Missing only
charging-sales-missing-why = Where sales are missing, the fixed rent is charged.
charging-sales-billed = Billed
charging-sales-billed-why = The rent of this month is billed; sales entered now change no bill. To change it, void the bill and generate again.
charging-sales-entered = Saved
charging-sales-entered-by = { $name } { $day }
charging-sales-by = Entered
charging-sales-share-amount = Share
charging-sales-keys = Enter or ↓ saves and goes on. Blank takes it back.
charging-sales-import = Import sales
charging-sales-template = Template
charging-sales-file = sales-{ $month }.xlsx
charging-sales-import-what = Columns: unit code, month (blank: the chosen one), sales. Rows without sales are left out.
charging-sales-import-rows = Import { $count } { $count ->
    [one] unit
   *[other] units
 }
charging-sales-imported = { $new } new, { $changed } changed, { $same } as they were
charging-sales-choose = Choose a workbook of sales
charging-sales-reading = Reading
charging-sales-bad = Cells with problems
charging-sales-bad-left = { $total } { $total ->
    [one] problem is
   *[other] problems are
 } left: mend them in the workbook and choose it again.
charging-sales-blank = { $count } { $count ->
    [one] blank row is
   *[other] blank rows are
 } left out
charging-sales-unit-code = Unit code
problem-charging-rent_mode = A rent contract takes a tariff by area, by household or of a fixed amount that is not charged once.
problem-charging-rent_fixed = Another charge has this id: its unit, tariff and first day can't change.
problem-charging-rent_overlaps = From { $from } on the unit is charged for this fee item by “{ $tariff }”. End that first, or make it the contract.
problem-charging-rent_price = Enter the rent; a contract without a fixed rent needs a share of the sales.
problem-charging-rent_over = The contract is over before that day.
problem-charging-sales_in_future = Sales can be entered up to { $month }.
problem-charging-no_turnover = The unit has no contract with a share of sales in { $month }.
problem-charging-no_turnover_of = No unit with the code “{ $unit }” and a share of sales in { $month }.
problem-charging-sales_twice = The unit stands twice for this month: { $other } has it already.
problem-charging-sales_of_unit_twice = The unit stands twice.
problem-charging-sales_refused = { $count } { $count ->
    [one] row
   *[other] rows
 } can't be stored; nothing was.

# Price tools
rate-each-month = Monthly
rate-each-year = Yearly
rate-each-year-from = Yearly (from month { $month })
rate-of-all = { $tiers }, by all registers together
rate-of-quota = { $scope } × quota ({ $field })
rate-months = months { $from }–{ $to }
rate-days = month-day { $from }-{ $from_day } to { $to }-{ $to_day }
rate-step = { $bound }: { $price }
rate-season = { $name } ({ $months }): { $parts }
rate-persons = { $tiers } ({ $more } for each person above { $persons })
rate-persons-most = { $tiers } ({ $more } for each person above { $persons }, up to { $most })
charging-price-events = Who set prices
charging-rounding = Rounding
charging-rule-events = Changes of rules
charging-rule-event-what = What was changed
charging-rule-event-made = made
charging-rule-event-renamed = renamed from “{ $name }” to “{ $after }”
charging-rule-event-nothing = nothing changed
charging-price-events-none = Nothing yet
charging-price-event-at = When
charging-price-event-by = Who
charging-price-event-deed = Deed
charging-price-event-set = Set
charging-price-event-ended = Ended
charging-price-event-resumed = Goes on
charging-price-event-withdrawn = Withdrawn
charging-price-event-last = Last day { $day }
charging-prices-export = Export all prices
charging-price-billed = From { $day } on { $bills } { $bills ->
    [one] bill
   *[other] bills
 } of { $units } { $units ->
    [one] unit
   *[other] units
 } were made already, which stay; the new price counts for bills to come.
charging-price-billed-none = No bill is made yet from { $day } on.
charging-price-home = For example { $home }: { $after } yuan for { $period }, { $before } yuan as things are.
charging-price-home-new = For example { $home }: { $after } yuan for { $period }; there is no price yet.
charging-price-home-of = { $unit }, { $measured }
charging-price-home-value = worth { $value } yuan
charging-price-home-heads = { $heads } { $heads ->
    [one] person
   *[other] people
 }
charging-copy = Copy to another community
charging-copy-why = Fee items, tariffs and community prices are copied. What is there already is not changed; prices of buildings and units, and who is charged, are not copied.
charging-copy-to = Copy to
charging-copy-from = Prices from
charging-copy-which = Tariffs
charging-copy-state = There
charging-copy-state-new = Fee item and tariff are new
charging-copy-state-joins = Joins the fee item
charging-copy-state-taken = A tariff has this name
charging-copy-state-clash = The fee item's name or code is taken
charging-copy-now = Copy { $count }
charging-copied = { $items } { $items ->
    [one] fee item
   *[other] fee items
 }, { $tariffs } { $tariffs ->
    [one] tariff
   *[other] tariffs
 } and { $prices } { $prices ->
    [one] price
   *[other] prices
 } copied
charging-copy-nowhere = No other community to copy to
charging-copy-nowhere-why = This is the only community that you manage as a whole.
charging-copy-all = All that can be copied
problem-charging-copy_to_itself = Choose another community.
problem-charging-copy_quota = The tiers of { $name } are by the quota “{ LIST($field) }”, a custom field that is not defined there. Nothing was copied; define the field there first.
problem-charging-copy_pays_for = { $name } pays for { $only } alone, which is not a fee item there. Nothing was copied; copy { $only } along, or make it there first.
problem-charging-copy_formula = The formula “{ $formula }” of { $name } names the custom field “{ LIST($field) }”, which is not defined there. Nothing was copied; define the field there first.
problem-charging-copy_meters = { $name } goes by other meters than { $other }, which the fee item has there. Nothing was copied.
problem-charging-copy_clash = Names or codes are taken there; nothing was copied: { LIST($names) }

# Prepayments and deposits
charging-held-hint-prepayment = What comes in is held for the owner, not earned, and pays bills to come; it bears no late fee and nothing of it is waived.
charging-held-hint-deposit = What comes in is held for the owner, not earned, until it is given back or set off; it bears no late fee and nothing of it is waived.
charging-held-no-tariff = Taken right at the desk; add a tariff only where it is to be billed by period.
charging-held-deposit = Held, not earned
charging-held-prepayment = Held, not earned; pays for { $scope }; { $when }
charging-pays-for = Pays for
charging-pays-for-all = all fee items
charging-offsetting = When it pays
charging-offsetting-at-desk = at the desk
charging-offsetting-at-generation = as soon as bills are made, at the desk as well
problem-charging-not_a_prepayment = Only a prepayment pays for fee items.
problem-charging-held_kind_stays = Prepayments and deposits don't become another kind, nor another kind one of them: money already taken would be counted wrongly. Make another fee item.
problem-charging-pays_for_held = A prepayment does not pay for prepayments or deposits. Choose another fee item.
problem-charging-no_late_fee_of_held = Prepayments and deposits are held for the owner and bear no late fee.
