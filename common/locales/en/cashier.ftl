# cashier
method-cash = Cash
method-wechat = WeChat
method-alipay = Alipay
method-pos = Card (POS)
method-transfer = Bank transfer
method-union_pay = UnionPay
method-own = Own method
method-imported = Imported
method-prepaid = Prepayment
method-deposit = Deposit

problem-cashier-nothing_chosen = Tick the bills to be paid first.
problem-cashier-too_many_bills = At most 500 bills in one payment; take it in several.
problem-cashier-chosen_twice = Each may appear only once.
problem-cashier-more_than_open = Not more than is open.
problem-cashier-not_at_the_desk = This way to pay can't be used at the desk.
problem-cashier-too_much_money = The amount is too large.
problem-cashier-money_missing = The ways to pay are { $amount } yuan short.
problem-cashier-money_over = The ways to pay are { $amount } yuan too much.
problem-cashier-too_little_cash = Not enough cash was handed over.
problem-cashier-already_paid = Bill { $number } has just been settled or voided. Nothing was collected; reload and check.
problem-cashier-bill_changed = The open amount of bill { $number } changed from { $seen } to { $open }; somebody may just have collected. Nothing was collected; reload and check.
problem-cashier-older_first = Earlier bills of a fee item are paid first: { $count } { $count ->
    [one] earlier one is
   *[other] earlier ones are
 } still open ({ LIST($numbers) }). Tick them too.
problem-cashier-payment_reused = This payment was already sent with other content. Reload and check the payments.
problem-cashier-not_today = Only a payment of today can be voided; this one was taken on { $day }.
problem-cashier-already_void = This payment is already void.
problem-cashier-method_not_offered = This community does not offer this way to pay.
problem-cashier-no_method = Offer at least one way to pay.
problem-cashier-too_many_methods = Too many ways to pay.

cashier-desk = Cashier desk
cashier-payments = Payments
cashier-day = Day's takings
cashier-methods = Ways to pay
cashier-comma = {", "}
cashier-yuan = yuan
cashier-find = Find a household
cashier-find-by = Room, name, phone, plate
cashier-hits = { $count } found
cashier-nobody = Nothing found. Try it another way: 3-2-1501, or the last four digits of a phone.
cashier-next-please = Find a household to begin
cashier-next-please-text = Type a room, name, phone or plate, and press Enter.
cashier-shift = Since { $since }, { $count } { $count ->
    [one] payment
   *[other] payments
 }
cashier-handed-over = Handed over { $day }
cashier-heads = { $count } at home
cashier-others = Same owner: { $units } ({ $count })
cashier-no-owner = No owner
cashier-all-open = All open
cashier-longest = Longest late
cashier-days = { $count } { $count ->
    [one] day
   *[other] days
 }
cashier-late = { $count } { $count ->
    [one] day
   *[other] days
 } late
cashier-due-today = Due today
cashier-not-due = Not due
cashier-all-paid = No open bills
cashier-all-paid-text = This household has paid everything.
cashier-open-bills = Open bills, the earliest due first
cashier-tick-all = All
cashier-month = Month
cashier-fee-item = Fee item
cashier-due-day = Due
cashier-state = State
cashier-open = Open
cashier-to-collect = To collect
cashier-ticked = { $ticked } of { $all } ticked
cashier-ticked-short = { $count } ticked, to collect
cashier-oldest-first = oldest first inside a fee item
cashier-more-bills = Only the oldest { $count } are listed; collect them to see the rest.
cashier-passed-over = { $count } { $count ->
    [one] earlier bill is
   *[other] earlier bills are
 } not ticked or not paid in full: { $numbers }
cashier-tick-earlier = Tick them too
cashier-paid-before = { $amount } billed, { $paid } paid
cashier-part = How much of this one
cashier-payments-of = Payments { $count }
cashier-bills = { $count } { $count ->
    [one] bill
   *[other] bills
 }
cashier-takes-rest = It takes what the others leave
cashier-amount-of = Amount: { $method }
cashier-slip = Slip no.
cashier-missing = Missing
cashier-over = Too much
cashier-tendered = Cash handed over
cashier-change = Change
cashier-none = None
cashier-afterwards = Afterwards
cashier-still-not-due = Not due yet: { $count }
cashier-still-late = Late: { $count }
cashier-reload = Reload this household
cashier-collect = Collect
cashier-collect-amount = Collect ¥{ $amount }
cashier-tick-first = Tick bills first
cashier-earlier-first = Earlier bills first
cashier-still-missing = { $amount } yuan missing
cashier-too-much = { $amount } yuan too much
cashier-cash-short = Not enough cash
cashier-taken = ¥{ $amount } collected, receipt { $number }
cashier-taken-short = ¥{ $amount } collected
cashier-print = Print
cashier-print-receipt = Print a receipt
cashier-paper = Paper
cashier-paper-a5 = A5
cashier-paper-80 = 80 mm roll
cashier-reprint = Reprint
cashier-next = Next
cashier-history = Latest payments
cashier-keys = Keys
cashier-key-move = Move
cashier-key-space = Space
cashier-key-tick = Tick
cashier-key-part = Part amount
cashier-key-ways = Way to pay
cashier-state-taken = Collected
cashier-state-void = Void
cashier-reprinted = Reprint { $count }
cashier-the-day = Day
cashier-day-empty = Nothing was collected on { $day }
cashier-day-empty-text = Choose another day, or collect at the desk.
cashier-day-gross = Taken, { $count }
cashier-day-voided = Voided, { $count }
cashier-day-net = Collected, { $count }
cashier-day-numbers = { $day }, receipts { $first } to { $last }
cashier-method = Way to pay
cashier-times = { $count }×
cashier-voided-amount = Voided amount
cashier-reference = Reference
cashier-voided = Voided
cashier-taken-sum = Collected
cashier-since = { $name }, since { $since }
cashier-search-payments = Receipt, room, payer
cashier-receipt = Receipt
cashier-at = Time
cashier-unit = Room
cashier-payer = Payer
cashier-cashier = Cashier
cashier-bills-paid = Bills
cashier-amount = Amount
cashier-taken-count = Collected, { $count }
cashier-payments-empty = No payments yet
cashier-payments-empty-text = Whatever the desk collects is listed here.
cashier-to-desk = To the desk
cashier-receipt-title = Receipt
cashier-set-off-voucher = Set-off voucher
cashier-receipt-left-prepaid = Prepayment left ({ $item } { $bill })
cashier-receipt-left-deposit = Deposit left ({ $item } { $bill })
cashier-paid-by = Paid by
cashier-period = Period
cashier-bill = Bill
cashier-billed = Billed
cashier-paid-now = Paid now
cashier-set-off-now = Set off now
cashier-left = Still open
cashier-left-of = { $billed } billed, { $left } still open
cashier-line = { $word }: { $value }
cashier-with-slip = { $way } ({ $slip })
cashier-capitals = Total in capitals
cashier-note = Note
cashier-seal = Seal
cashier-payer-sign = Payer's signature
cashier-keep-it = Please keep this slip. Thank you!
cashier-void = Void payment
cashier-void-waits = Void waits for approval
cashier-void-title = Void this payment of ¥{ $amount }
cashier-void-text = { $count } { $count ->
    [one] bill
   *[other] bills
 } will be open again, { $amount } yuan in all. The receipt number { $number } stays and is not used again. Only a payment of today can be voided, and it can't be undone.
cashier-void-text-held = The receipt number { $number } stays and is not used again. Only a payment of today can be voided, and it can't be undone.
cashier-void-reason = Reason
cashier-voided-done = Receipt { $number } is void; its bills are open again
cashier-voided-by = Void: { $at }, { $name }, { $reason }
cashier-methods-text = The desk offers them in this order, on the digit keys 1–9. Your own ways (cheque, voucher …) have names of your choice; a new name changes nothing about money already taken.
cashier-methods-saved = Ways to pay saved
cashier-method-add = Add a way of your own
cashier-method-name = Name
cashier-method-offered = Offered
cashier-move-up = Up
cashier-move-down = Down

problem-cashier-late_fee_changed = The late fee of bill { $number } went from { $seen } to { $late } (midnight passed, or some was waived). Nothing was done. Reload and look again.
problem-cashier-late_fee_settled_since = Late fee of bill { $number } was paid or waived since. See to the later one first.
problem-cashier-more_than_late_fee = At most the late fee of { $late } yuan.
cashier-late-fee = Late fee
cashier-late-fee-of = { $item }, late fee
cashier-late-fee-in = late fee { $amount } included
cashier-all-late-fee = Late fee today
cashier-waive = Waive late fee
cashier-waive-title = Waive late fee of { $item } ({ $month })
cashier-waive-text = Late fee due today: { $late } yuan. A waiver has entries of its own and leaves the principal; what stays open of that goes on counting.
cashier-waive-amount = How much
cashier-waive-reason = Reason
cashier-waived = Waived ¥{ $amount } of late fee
cashier-order = First inside a bill
cashier-order-help = The order of part payments. Payments that were taken stay.
cashier-order-late_fee_first = Late fee, then principal
cashier-order-principal_first = Principal, then late fee
cashier-waived-of = of ¥{ $amount }, ¥{ $waived } waived

problem-cashier-held_changed = { $left } yuan are left now; somebody may just have used some. Nothing was done. Reload and look again.
problem-cashier-held_spent = The prepayment or deposit taken with bill { $number } has paid a bill or been given back. Void what it paid first; what was given back can't be voided any more.
problem-cashier-held_waits = A refund of the prepayment or deposit taken with bill { $number } waits for approval. This payment can be voided once that request is withdrawn or refused.
problem-cashier-not_held_item = Prepayments and deposits can't be taken for this fee item any more. Reload and choose again.
cashier-balance-prepaid = Prepaid
cashier-balance-deposit = Deposits
cashier-available = ¥{ $amount } available
cashier-takes-held = It pays what it can
cashier-set-off-most = At most { $amount } yuan
cashier-take-held = Prepay / deposit
cashier-take-what = What to take
cashier-take-add = Add
cashier-take-out = Leave out { $name }
cashier-take-first = Say what to take first
cashier-takes = { $count } { $count ->
    [one] prepayment or deposit
   *[other] prepayments and deposits
 }
cashier-item-only = { $item } (only for { $only })
cashier-keep-over = Keep the ¥{ $amount } too much as a prepayment
cashier-keep-change = No change: keep ¥{ $amount } as a prepayment
cashier-keep-in = Which prepayment keeps it
cashier-automatic = Automatic
cashier-offset = Paid from prepayments and deposits
cashier-offset-no-money = From prepayments and deposits (no money)
cashier-offset-besides = Besides, ¥{ $amount } paid from prepayments and deposits; no money came in for it
cashier-day-refunded = Refunded, { $count }
cashier-refunded-by = Refunded: { $method }
cashier-net = Net
cashier-received = Received
cashier-received-of = { $offset } yuan of it from prepayments and deposits, { $received } yuan received
cashier-void-held = Prepayments and deposits that it used are held again; what it took is held no more.

# Prepayments and deposits
problem-cashier-more_than_held = Not more than is left.
problem-cashier-held_left_changed = { $left } is left of bill { $number } by now; somebody may just have used it or given it back. Nothing was given back; close this and open it anew.
cashier-held = Prepayments and deposits
cashier-search-held = Room, payer, bill
cashier-held-kind = Kind
cashier-held-prepaid = Prepayments
cashier-held-deposit = Deposits
cashier-held-state = What is left
cashier-held-state-held = Money left
cashier-held-state-gone = Used up
cashier-held-of-unit = All of this unit
cashier-held-since = Taken on
cashier-held-taken = Taken
cashier-held-offset = Set off
cashier-held-refunded = Given back
cashier-held-left = Left
cashier-held-only = for { $item } only
cashier-held-one-unit = The chosen unit
cashier-held-every-unit = Not { $unit } alone
cashier-held-empty = No prepayments or deposits here yet
cashier-held-empty-text = What the desk takes to be held is listed here; choose “All” for what is used up.
cashier-held-facts = Facts
cashier-held-for = Pays for
cashier-held-for-all = All fee items
cashier-held-to-bill = Open the bill
cashier-held-to-unit = To the desk
cashier-held-record = Record
cashier-held-what = What
cashier-held-paper = Documents
cashier-held-by = By
cashier-held-deed-taken = Taken
cashier-held-deed-taken-back = Payment voided
cashier-held-deed-offset = Set off
cashier-held-deed-offset-back = Set-off voided, held again
cashier-held-deed-refunded = Given back
cashier-give-back = Give back
cashier-give-back-title = Refund, { $unit }
cashier-give-back-text = Tick what goes back: all that is left, unless you type less.
cashier-give-back-which = What goes back
cashier-give-back-left = taken on { $day }, { $left } left
cashier-give-back-amount = How much of { $item } (taken on { $day })
cashier-give-back-question = Give ¥{ $amount } back to { $payee }?
cashier-give-back-final = Where approval is needed, it is asked for first, and nothing goes back before. A refund can't be undone. Check the amount and who gets it.
cashier-given-back = ¥{ $amount } given back, voucher { $number }
cashier-given-back-short = Given back
cashier-refund-waits = Refund waits for approval
cashier-refund-method = Refund method
cashier-refund-reason = Reason
cashier-refund-amount = Amount
cashier-payee = Payee
cashier-payee-help = Whoever paid it, unless somebody else collects it for them.
cashier-refunds = Refunds
cashier-search-refunds = Voucher, room, payee
cashier-refunds-empty = No refunds yet
cashier-refunds-empty-text = Every prepayment or deposit that is given back has its voucher here.
cashier-voucher = Refund voucher
cashier-refund-number = Voucher
cashier-voucher-open = Open the voucher
cashier-voucher-taken = Taken
cashier-voucher-now = Given back now
cashier-voucher-of = { $taken } taken on { $day }, { $left } left
cashier-voucher-seal = Seal
cashier-payee-sign = Payee's signature
