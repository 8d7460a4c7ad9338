# Metering
problem-metering-held_item = Prepayments and deposits are held for owners: nothing is shared out under them. Choose another fee item.
problem-metering-too_long = This meter shows only { $digits } digits and can't show such a value.
problem-metering-backward = Smaller than the previous { $previous }, and neither marked as rolled over nor as replaced
problem-metering-not_rolled_over = Not smaller than the previous { $previous }, so it did not roll over. Take the mark off.
problem-metering-old_backward = The old meter's final value is smaller than the previous { $previous }. Check it.
problem-metering-new_backward = Smaller than what the new meter started with, { $initial }. Check it.
problem-metering-too_large = Too large to be stored. Check the value and the multiplier.
problem-metering-loss_negative = The sub-meters counted more than the master meter: { $master } − household { $household } − public { $public } = loss { $loss }. Check the readings, or take the loss as 0.
problem-metering-pool_empty = There is no quantity or amount to share out this month. Enter the readings of the master meter and of its meters first, or type an amount.
problem-metering-nobody = No unit takes part. Widen the range.
problem-metering-formula = The formula can't be read: at character { $position }.
problem-metering-formula_of_unit = The formula can't be computed for { $unit }: { $fault ->
        [no_value] there is no “{ $variable }”
        [no_field_value] “{ $field }” is not filled in
        [divided_by_zero] at character { $position } it divides by zero
       *[other] it goes no further at character { $position }
    }{ $more ->
        [yes] ; nor for { $others } more
       *[no] { "" }
    }. Complete the unit's record, or change the formula.
problem-metering-weight_missing = { $count } { $count ->
    [one] unit has
   *[other] units have
 } no weight: { LIST($units) }. Fill it in, or choose another way.
problem-metering-weights_zero = All weights of the { $count } { $count ->
    [one] unit is
   *[other] units are
 } zero: { LIST($units) }. Choose another way.
problem-metering-already_read = { $month } has the reading { $value } already. Correct it on the readings page, or leave this row out.
problem-metering-not_after_last = Not after the last reading of { $last }. Enter readings of the past on the entry page.
problem-metering-in_future = The date is later than today, { $today }
problem-metering-not_this_month = The date is not near { $month }. Check year and month.
problem-metering-no_meter_column = There is neither a meter nor a unit column, so nobody knows which meter is meant.
problem-metering-twice_in_file = The same meter stands in { $other } already
problem-metering-unknown_meter = There is no such meter
problem-metering-unknown_meter_near = There is no such meter; the nearest is { $near }
problem-metering-wrong_sheet = This meter does not belong to this sheet's kind. Move it to its own sheet.
problem-metering-unknown_unit = No meter of this unit was found. Check the room and the kind of meter.
problem-metering-several_meters = This unit has several meters: { LIST($meters) }. Write the meter's number.
problem-metering-value_missing = There is no present value
problem-metering-odd_letter = Not a number: character { $place } is “{ $letter }”
problem-metering-digits = 3 to { $most } digits.
problem-metering-own_parent = A meter can't be its own master.
problem-metering-usage_needs_meter = Sharing by usage needs a master meter. Choose another way.
problem-metering-not_a_photo = Only a JPEG photo can be kept.
problem-metering-mixed_registers = A home's meters of a fee item count either the whole or by register, not both, and each register once
problem-metering-unknown_register = Unknown register: total, sharp, peak, flat or valley.
problem-metering-unknown_utility = Unknown kind of meter: water, electricity, gas or heat.
problem-metering-unknown_role = Unknown role: household, public or master.
metering-actions = Actions
metering-against-last = Against last month
metering-all-buildings = All buildings
metering-all-good = All readings are fine and may be imported.
metering-all-review = Review all { $count }
metering-all-right = All { $count } are right
metering-all-roles = All roles
metering-all-utilities = All kinds
metering-amount = Amount
metering-apply = Apply
metering-apply-to = Apply to { $cell }
metering-apportion = Apportionment
metering-apportion-confirm = Share ¥{ $amount } out over { $units } { $units ->
    [one] unit
   *[other] units
 }
metering-apportion-confirm-why = The shares may then be billed. Until then this can be taken back.
metering-apportion-confirm-all-late = { $units ->
    [one] The unit has this bill of { $month } already: its share comes with its next bill, by { $next }. Until then this can be taken back.
   *[other] All { $units } units have this bill of { $month } already: their shares come with their next bills, by { $next }. Until then this can be taken back.
 }
metering-apportion-confirm-late = { $units ->
    [one] One of the units has this bill of { $month } already: its share comes with its next bill, by { $next }; the others may then be billed. Until then this can be taken back.
   *[other] { $units } of the units have this bill of { $month } already: their shares come with their next bills, by { $next }; the others may then be billed. Until then this can be taken back.
 }
metering-apportion-foot = Shares are rounded by largest remainder and add up to the last fen.
metering-apportion-new = Share a pool out
metering-apportion-verb = Share out
metering-apportioned = ¥{ $amount } shared out over { $units } { $units ->
    [one] unit
   *[other] units
 }
metering-average = Usual
metering-bad = Errors
metering-bad-left = { $count } { $count ->
    [one] error
   *[other] errors
 } left
metering-bad-rows = With errors
metering-bad-what = { $count ->
    [one] Mend or leave out this row to import
   *[other] Mend or leave out these { $count } rows to import
 }
metering-baseline = Baseline
metering-bill = Bill
metering-billed = Billed
metering-billed-as = Billed as
metering-building = Building
metering-by-pools = Shared out of pools, without a tariff: billed once a pool is shared out under “Apportionment”.
metering-by = By
metering-case = What
metering-change-cell = Change { $cell } to
metering-change-to = Change to
metering-chart = Usage by month
metering-children = Sub-meters
metering-children-count = { $count }
metering-choose-file = Choose a workbook of readings
metering-choose-meters-file = Choose a workbook of meters
metering-code = Meter
metering-column-code = Meter
metering-column-building = Building
metering-column-entrance = Entrance
metering-column-unit = Unit
metering-column-previous = Previous
metering-column-previous-day = Previous day
metering-column-value = Reading
metering-column-day = Day
metering-column-note = Note
metering-comma = { ", " }
metering-confirm = Confirm
metering-confirmed = Looked at, the reading is right
metering-confirmed-count = { $count } { $count ->
    [one] reading
   *[other] readings
 } confirmed
metering-correct = Correct
metering-correct-of = Correct the reading of { $day }
metering-correct-reading-of = Correct the reading of { $meter }
metering-correct-title = Correct the reading
metering-corrected = Corrected; the usage after it was derived anew
metering-count-meters = Meters
metering-count-zero = Without use
metering-day = Day
metering-day-one = ; read on { $day }
metering-days = ; read { $first } to { $last }
metering-default-day = Day for rows without one
metering-default-utility = Kind of meter
metering-define = New meter
metering-define-many = Meters for many units
metering-define-many-what = Puts up one household meter for every unit that has none of the kind; codes are “prefix-unit”.
metering-defined = { $made } { $made ->
    [one] meter
   *[other] meters
 } put up, { $kept } { $kept ->
    [one] unit had
   *[other] units had
 } one
metering-delete = Delete
metering-delete-of = Delete the reading of { $day }
metering-delete-title = Delete the reading { $value } of { $day }
metering-delete-why = The usage after it is derived anew. The deletion is recorded.
metering-deleted = Reading deleted
metering-difference = Change
metering-digits = Digits
metering-digits-help = Whole digits of the register, needed when it rolls over
metering-drop = Leave this row out
metering-drop-all = Leave these { $count } out
metering-drop-row = Leave out the row of { $cell }
metering-dropped = { $count } { $count ->
    [one] row
   *[other] rows
 } left out
metering-edit = Change meter
metering-enter = Enter readings
metering-enter-keys = Enter or ↓ saves and goes on, ↑ goes back. Readings very unlike the past wait for review unless confirmed.
metering-entered = Entered
metering-equals-loss = = Loss
metering-fee-item = Fee item
metering-first = Baseline
metering-first-day = Day
metering-first-help = The first reading is where counting starts and is never billed; it may be entered later.
metering-first-value = Value shown
metering-history = Readings
metering-ignored = Columns not used: { $columns }
metering-import = Import readings
metering-import-meters = Import meters
metering-import-meters-what = One meter a row; units by their code, master meters by theirs. Checked on this device, sent only when you say so.
metering-import-rows = Import { $count } { $count ->
    [one] row
   *[other] rows
 }
metering-import-title = Import readings
metering-import-what = Easiest with the template: units and previous readings are in place. Sheets of other systems work as well. Checked on this device, sent only when you say so.
metering-imported = { $count } { $count ->
    [one] reading
   *[other] readings
 } imported
metering-imported-baselines = { $count } are baselines and are not billed
metering-imported-month = { $month }, from { $file }
metering-imported-review = { $count } wait for review and are not billed until then
metering-in-review = In review
metering-in-use = In use
metering-item = Item
metering-keep-row = Keep row { $row }
metering-kinds = Kinds of units
metering-last-day = Last read
metering-last-month = Last month
metering-last-usage = Last usage
metering-last-value = Last value
metering-look = Look
metering-late = With the next bill
metering-late-all = { $units ->
    [one] The unit has this bill of { $month } already: its share comes with its next bill, by { $next }.
   *[other] All { $units } units have this bill of { $month } already: their shares come with their next bills, by { $next }.
 }
metering-late-some = { $units ->
    [one] One of the units has this bill of { $month } already: its share comes with its next bill, by { $next }.
   *[other] { $units } of the units have this bill of { $month } already: their shares come with their next bills, by { $next }.
 }
metering-loss = Loss
metering-loss-share = Of master
metering-mark = Mark
metering-mark-none = None
metering-mark-replaced = Replaced
metering-mark-replaced-of = Replaced: the old meter ended at { $old }, the new one began at { $new }
metering-mark-rolled = Rolled over
metering-mean-home = Mean per home
metering-meters = Meters
metering-meters-file = meters.xlsx
metering-meters-template = Template of meters
metering-meters-none = No meters yet
metering-meters-none-why = Put up one meter each for many units, or import a workbook.
metering-method = By
metering-method-area = Area
metering-method-formula = Formula
metering-weight-formula = What a unit weighs
metering-weight-formula-help = The formula yields a unit's weight, e.g. “if(floor > 1, area, 0)”; each pays its part of all weights. Ctrl+Space lists the variables.
metering-method-head = Head
metering-method-household = Household
metering-method-usage = Usage
metering-minus-household = − Household
metering-minus-public = − Public
metering-missing = Not read yet
metering-missing-list = See which
metering-missing-title = { $count } { $count ->
    [one] meter
   *[other] meters
 } without a reading
metering-missing-what = The file lacks { $count } { $count ->
    [one] meter
   *[other] meters
 } in use. Import now, add them later.
metering-month = Month
metering-more-odd = { $count } more are not listed; whatever is not confirmed waits for review.
metering-more-rows = { $count } { $count ->
    [one] more row is
   *[other] more rows are
 } not listed; mend these first.
metering-register = Register
metering-registers = Registers
metering-registers-help = A meter that counts by time of day gets one row per register, each priced apart; leave empty for plain meters
metering-multiplier = Multiplier
metering-multiplier-help = A change counts for later readings only
metering-negative-as-zero = Take a negative loss as 0
metering-new-initial = New meter started at
metering-new-multiplier = New multiplier
metering-no-building = No building
metering-no-fee-items = No fee items yet
metering-no-fee-items-why = Shares are billed as a fee item: make one first.
metering-no-masters = No master meter yet. Put one up and hang household and public meters below it to see its loss.
metering-no-parent = No master meter
metering-no-share = No share of a pool in these months
metering-no-share-why = This fee is shared out of pools: there are bills once a pool is shared out, without a tariff.
metering-no-readings = No readings yet
metering-no-readings-why = Enter or import the first reading as the baseline.
metering-no-sheet-readable = No sheet can be read
metering-none-to-confirm = None of these waits for review
metering-note = Note
metering-nothing-sent = Nothing is sent yet
metering-odd = Unlike the past
metering-odd-drop = Drop
metering-odd-previous_differs = Previous differs
metering-odd-rows = To confirm
metering-odd-spike = Spike
metering-odd-what = Against the meter's own eleven months; whatever is not confirmed waits for review and is not billed
metering-odd-zero = Zero
metering-old-final = Old meter's final value
metering-older = The latest 120 readings are listed
metering-only-buildings = Only these buildings (none: all)
metering-only-metered = Only units with a meter below it
metering-over-buildings = Buildings
metering-over-metered = { $kinds } (only those with a meter below it)
metering-over-units = Who takes part
metering-over-vacant = Vacant units
metering-over-vacant-no = Without
metering-over-vacant-yes = Included
metering-over-kinds-all = All kinds
metering-page-of = Page { $page } of { $pages }
metering-parent = Master meter
metering-place = Place
metering-place-like = e.g. lift of building 1
metering-pool = Pool
metering-pool-amount = Amount
metering-pool-billed = Billed
metering-pool-cancel = Take back
metering-pool-cancel-title = Take back ¥{ $amount } over { $units } { $units ->
    [one] unit
   *[other] units
 }
metering-pool-cancel-why = It may then be shared out again. Bills must be voided first.
metering-pool-cancelled = Taken back
metering-pool-name = Name
metering-pool-open = To be billed
metering-pool-part = { $billed } of { $units } billed
metering-pools = Apportionments
metering-pools-none = Nothing shared out yet
metering-pools-none-why = When the meters are read, share the loss out from above.
metering-prefix = Prefix
metering-prefix-help = SB makes SB-3-2-1501
metering-present = Reading
metering-present-of = Reading of { $meter }
metering-preview-waits = Fill in the price to see every unit's share.
metering-previous = Previous
metering-previous-day = Previous day
metering-price = Price
metering-price-unit = yuan per { $unit }
metering-progress = Progress
metering-quantity = Quantity
metering-read-rows = Read
metering-reading-file = Reading…
metering-readings = Readings
metering-readings-none = No readings of { $month }
metering-readings-none-why = Fill in the template and import it, or type them in.
metering-ready-rows = Ready
metering-reason = Reason
metering-remarks = With remarks
metering-replace = Replaced
metering-replace-title = Replacement of { $meter }
metering-replaced = Replacement recorded
metering-retire = Take out of use
metering-retire-title = Take { $code } out of use
metering-retire-why = It is no longer read. Its readings stay, and it may be put back.
metering-review = Review
metering-revive = Put back into use
metering-right = Right
metering-role = Role
metering-role-household = Household
metering-role-master = Master
metering-role-public = Public
metering-round-none = No meters to read
metering-round-none-why = Change the filters, or the round is done.
metering-saved = Meter saved
metering-search = Meter, room, place
metering-share-amount = Amount
metering-share-quantity = Quantity
metering-share-range = ¥{ $least } to ¥{ $most } a unit
metering-shared-already = Shared out: { $what }
metering-shared-later = Public use and loss are shown here where the file has every meter.
metering-shared-both = Public and loss { $quantity } { $measure }, { $now } % of the master, { $before } % last month.
metering-shared-now = Public and loss { $quantity } { $measure }, { $now } % of the master.
metering-shares = Shares
metering-shares-search = Find a unit
metering-shares-none = There is no such unit.
metering-shares-more = { $count } more are not listed; the totals include them.
metering-sheet = Sheet
metering-sheet-of = { $name } { $count } { $count ->
    [one] row
   *[other] rows
 }
metering-sheet-rows = { $count } { $count ->
    [one] row
   *[other] rows
 }
metering-sheet-skipped = Not read:
metering-sheet-water = Water
metering-sheet-electricity = Electricity
metering-sheet-gas = Gas
metering-sheet-heat = Heat
metering-spark = Twelve months: { $values }
metering-state = State
metering-state-billed = Billed
metering-state-open = Open
metering-state-review = In review
metering-step-choose = File
metering-step-columns = Columns
metering-step-preview = Preview
metering-step-done = Done
metering-taken = What
metering-taken-both = Public + loss
metering-taken-loss = Loss
metering-taken-public = Public
metering-taken-out = Out of use
metering-template = Template
metering-template-file = readings-{ $month }.xlsx
metering-this-time = Now
metering-this-time-short = Now
metering-times = Times
metering-to-apportion = To apportionment
metering-to-fee-items = To fee items
metering-to-preview = Preview
metering-to-readings = See readings
metering-twelve-months = Twelve months
metering-estimate = Estimate unread meters
metering-estimate-title = Estimate the household meters unread in { $month }
metering-estimate-why = Each gets the mean of its last three months, is marked as estimated and may be billed; the next true reading goes on from there, and where it is lower, what was billed too much is given back as less usage. Meters with too little past are left.
metering-estimate-why-part = Only the building and kind of meter shown. Each gets the mean of its last three months, is marked as estimated and may be billed; meters with too little past are left.
metering-given-back = Below the estimate that was billed; the difference is given back as less usage
metering-estimate-reason = For example: nobody at home
metering-estimated = Estimated
metering-estimated-count = { $made } estimated, { $left } left for want of a past
metering-photo = Photo of the meter
metering-photo-kept = The photo is kept
metering-photo-of = Take a photo of { $meter }
metering-photo-take = Take a photo
metering-reviews = Readings to review
metering-review-all-months = All months
metering-review-again = Read again
metering-review-back = Send back
metering-review-read = For { $month }, read { $day }
metering-review-count = { $count } { $count ->
    [one] reading waits
   *[other] readings wait
 } for a second look
metering-review-drop = Only { $share }% of the usual { $usual } a month.
metering-review-more = { $count } more are not listed; deal with these first.
metering-review-none = No reading waits for a second look
metering-review-none-why = Readings far from their meter's own past wait here and are billed only when confirmed.
metering-review-other = Please check this reading.
metering-review-over = { $days } { $days ->
    [one] day
   *[other] days
 } since the last reading, { $monthly } a month: { $said }
metering-review-previous = The sheet's previous value is not the one on record.
metering-review-right = It is right
metering-review-spike = { $times } times the usual { $usual } a month.
metering-review-zero = Nothing was used; usually about { $usual } a month.
metering-tree = Master and sub meters
metering-tree-below = − Meters below
metering-tree-chart = Loss of { $meter } by month
metering-tree-homes = { $count } { $count ->
    [one] meter
   *[other] meters
 }
metering-tree-loose = { $count } { $count ->
    [one] household meter in use hangs below no master meter and takes
   *[other] household meters in use hang below no master meter and take
 } no part in the loss.
metering-tree-none = No master meter yet
metering-tree-show-year = Show the year
metering-tree-show-year-of = Show the year of { $meter }
metering-tree-year = Loss, 12 months
metering-tree-year-of = Loss of { $meter } { $place } over 12 months ({ $measure })
metering-typed-amount = An amount
metering-unbilled = Not billed
metering-undrop = Put back
metering-unit = Unit
metering-unit-find = Type a room
metering-unit-none = No meters
metering-unit-none-why = Put one up under “Meters”.
metering-units = Units
metering-units-count = { $count } { $count ->
    [one] unit
   *[other] units
 }
metering-unread-count = { $count } not read
metering-unread-only = Not read only
metering-usage = Usage
metering-usage-before = Last month
metering-usage-by-month = Usage by month
metering-usage-household = Household
metering-usage-master = Master
metering-usage-public = Public
metering-use = Use { $code }
metering-utility = Kind
metering-utility-by-sheet = By the sheet's name
metering-utility-water = Water
metering-utility-electricity = Electricity
metering-utility-gas = Gas
metering-utility-heat = Heat
metering-warn-review = { $count } { $count ->
    [one] reading waits
   *[other] readings wait
 } for review; the figures may change
metering-warn-shared = Shared out this month: { $what }
metering-warn-unread = { $count } { $count ->
    [one] meter has
   *[other] meters have
 } no usage this month: the loss is not final
metering-weight = Weight
metering-what-to-do = What to do
metering-whereabouts = Unit / place
metering-with-vacant = Vacant units too
metering-yuan = yuan
problem-metering-billed = The reading of { $day } is billed. Void the bill first.
problem-metering-next_billed = The reading of { $day } after it is billed; this would change it. Void that bill first.
problem-metering-breaks_next = The reading { $value } of { $day } would then run backward. Check both.
problem-metering-day_taken = There is a reading of { $day } already. Change the day, or correct that one.
problem-metering-no_master = Choose a master meter of the same kind.
problem-metering-code_taken = The code { $code } is taken.
problem-metering-twice = The same meter appears twice.
problem-metering-moved = The previous reading is { $previous } by now. Preview again.
problem-metering-rows_refused = { $count } { $count ->
    [one] row
   *[other] rows
 } can't be stored; nothing was imported. Mend them and import again.
problem-metering-no_such_unit = There is no unit “{ $value }”.
problem-metering-no_such_fee_item = There is no fee item “{ $value }”.
problem-metering-no_such_master = There is no master meter “{ $value }” of this kind.
problem-metering-pool_billed = { $count } { $count ->
    [one] live bill stands
   *[other] live bills stand
 } on this pool. Void them first.
problem-metering-pool_incomplete = In { $month }, { $unread } { $unread ->
    [one] meter has
   *[other] meters have
 } no usage and { $review } { $review ->
    [one] reading waits
   *[other] readings wait
 } for review: the loss is not final. Read and review them, or look at the preview again.
problem-metering-later_reading = The reading of { $day } was counted with multiplier { $multiplier }. Delete the later readings before you change it.
problem-metering-pool_shared = This part of { $month } is shared out already. Take that back first.
problem-metering-moved_pool = The figures moved: { $units } { $units ->
    [one] unit
   *[other] units
 } and ¥{ $amount } by now. Look again and confirm.
problem-metering-billed_meanwhile = A reading or share was billed meanwhile. Run it again.
problem-metering-no_sheet = No workbook is open. Choose the file again.
metering-remarks-file = problems-{ $month }.xlsx
metering-done-by = Done by
problem-metering-round_days = The last day can't be before the first.
problem-metering-round_part_twice = The same building or entrance was chosen twice.
problem-metering-round_entrance = An entrance is chosen with its building.
problem-metering-round_overlaps = Another open round of { $month } is about meters of this kind in { $place }. Close that one first, or leave this building out.
problem-metering-round_closed = The round of { $month } is closed. Reopen it to go on reading.
problem-metering-round_moved = Now { $count } { $count ->
    [one] meter has
   *[other] meters have
 } no reading. Look at the new progress before closing.
problem-metering-not_in_round = This round is not about this meter.
problem-metering-reader_unseen = { $name } can't see meters here. Choose somebody else, or widen their data scope first.
problem-metering-read_already = This meter was read as { $value } this month ({ $day } { $name }). Nothing was stored again.
problem-metering-reread_open = This meter is to be read again already.
problem-metering-reread_done = This meter was read again already, or that was called off.
problem-metering-own_reread = You read meter { $meter } again yourself; an odd reading is confirmed by somebody else: { LIST($names) }
problem-metering-due_past = The last day can't be before today, { $today }.
problem-metering-no_estimate = Less than three months of this meter are known: too little to estimate.
metering-estimate-one = Estimate this meter
metering-estimate-one-why = By the mean of its last three months; it is marked as estimated, and the reason is kept as its note.
metering-left-none = No such meters
metering-left-none-why = Try another filter, or the round is all read.
metering-left-of = Meters of { $month }
metering-list-comma = , 
metering-mine = My round
metering-mine-done = All read
metering-mine-left = { $count } left
metering-mine-left-missed = { $count } left, of them { $missed } not accessible
metering-mine-none = Nothing to read now
metering-mine-none-why = Buildings assigned to you and meters to read again appear here.
metering-miss = Can't read
metering-miss-blocked = Blocked, out of reach
metering-miss-broken = Meter broken
metering-miss-nobody-home = Nobody at home
metering-miss-not-found = Meter not found
metering-miss-other = Other (say what)
metering-miss-title = Why it can't be read
metering-miss-tries = { $count } { $count ->
    [one] visit
   *[other] visits
 }
metering-miss-unreadable = Dial unreadable
metering-miss-photo = The photo that was taken is not kept with this and goes.
metering-miss-why = The reason is noted. The meter stays on the list, to be read another time.
metering-reread = Read again
metering-reread-answered = Read again
metering-reread-by = By { $day }
metering-reread-done = Read again
metering-reread-drop = Call off
metering-reread-drop-one = Choose one open task
metering-reread-drop-title = Call off reading { $meter } again
metering-reread-drop-why = The refused reading does not come back; the meter counts as unread.
metering-reread-dropped = Called off
metering-reread-due = Due
metering-reread-late = Overdue
metering-reread-new = Read again
metering-reread-old = Refused
metering-reread-open = To be read again
metering-reread-refused = Refused: { $value }
metering-reread-same = Confirmed by re-reading
metering-reread-used = Usage { $usage } { $measure }
metering-reread-why = Why
metering-rereads = Re-reads
metering-rereads-none = Nothing to read again
metering-rereads-none-why = Readings that are sent back from the review appear here.
metering-rest = Meters without a reading
metering-rest-day = Date of the estimates
metering-rest-estimate = Estimate the household meters among these { $count }
metering-rest-estimate-why = By the mean of the last three months, marked as estimated. Meters with too little past, public and master meters are left.
metering-rest-leave = Leave them
metering-review-accept = Accept what was read again
metering-round-all-to = All to
metering-round-assign = Assign readers
metering-round-assigned = Readers assigned
metering-round-back = Back to the round
metering-round-begin = Open the round
metering-round-by-building = By building
metering-round-by-entrance = By entrance
metering-round-by-reader = By reader
metering-round-close = Close
metering-round-close-all = Everything is read.
metering-round-close-title = Close the round of { $month }
metering-round-close-why = Readers can't enter readings any more; it can be reopened.
metering-round-closed = Closed
metering-round-closed-by = Closed by { $name }, { $at }
metering-round-closed-with = Closed: { $estimated } estimated, { $left } without a reading
metering-round-days = { $from } to { $to }
metering-round-divide = { $building } by entrance
metering-round-done = Done
metering-round-from = From
metering-round-late = Overdue
metering-round-new = New round
metering-round-nobody = Nobody yet
metering-round-reader-gone = { $name } (left, or may not read here)
metering-round-of = Round of { $month }
metering-round-open = Open
metering-round-opened = The round is open
metering-round-opened-by = Opened by { $name }, { $at }
metering-round-parts = Buildings and readers
metering-round-print = Paper sheet
metering-round-reader-of = Reader of { $place }
metering-round-readers = Readers
metering-round-reopen = Reopen
metering-round-reopened = The round is open again
metering-round-rest-of = { $building }, the rest
metering-round-sheet = Sheet of what is left
metering-round-to = To
metering-round-when = Days
metering-rounds = Reading rounds
metering-rounds-none = No rounds yet
metering-rounds-none-why = Open one, give the buildings to your readers, and see how far they are.
metering-send-example = e.g. mind the decimals
metering-send-nobody = Nobody here may read meters. Give a department the permission first.
metering-send-title = Send back { $value } of { $place }
metering-send-to = To
metering-send-why = The meter counts as unread until then; what is read again is shown beside it.
metering-sent-back = Sent back
metering-sheet-count = { $count } unread, in walking order
metering-sheet-title = Reading sheet { $month }
metering-standing-estimated = Estimated
metering-standing-missed = Not accessible
metering-standing-read = Read
metering-standing-review = To check
metering-standing-unread = Unread
metering-walk = Reading
metering-walk-all = All { $count } { $count ->
    [one] meter
   *[other] meters
 }
metering-walk-before = Previous meter
metering-walk-kept = Waiting
metering-walk-kept-why = No connection. It is kept on this phone and sent as soon as there is one.
metering-walk-backward = Smaller than the previous { $previous }. Tick it as rolled over if the register went through zero.
metering-walk-over = All read, go back
metering-walk-next = Next unread
metering-walk-photo-taken = Taken
metering-walk-refused = Not stored
metering-walk-right = I looked: it is right
metering-walk-save = Save, next
metering-walk-sending = Saving…
metering-walk-skip = Skip to the next meter
metering-walk-waiting = { $count } kept on this phone and not sent yet; sent as soon as there is a connection
metering-review-own = You read it again yourself: somebody else who may write readings looks at it.
metering-mine-unsent = { $count } not sent yet; open it to send them
metering-reread-unused = a spike: hardly anything was used before
metering-walk-save-one = Save
