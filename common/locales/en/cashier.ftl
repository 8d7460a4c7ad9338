# cashier
method-cash = Cash
method-wechat = WeChat
method-alipay = Alipay
method-pos = Card (POS)
method-transfer = Bank transfer
method-union_pay = UnionPay
method-own = Own method
method-imported = Imported

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
problem-cashier-older_first = Earlier bills of a fee item are paid first: { $count } earlier ones are still open ({ $numbers }). Tick them too.
problem-cashier-payment_reused = This payment was already sent with other content. Reload and check the payments.
problem-cashier-not_today = Only a payment of today can be voided; this one was taken on { $day }.
problem-cashier-already_void = This payment is already void.
problem-cashier-method_not_offered = This community does not offer this way to pay.
problem-cashier-no_method = Offer at least one way to pay.
problem-cashier-too_many_methods = Too many ways to pay.
