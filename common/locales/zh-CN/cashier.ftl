# cashier
method-cash = 现金
method-wechat = 微信
method-alipay = 支付宝
method-pos = POS 刷卡
method-transfer = 银行转账
method-union_pay = 云闪付
method-own = 自定义
method-imported = 导入

problem-cashier-nothing_chosen = 请先勾选要收的账单。
problem-cashier-too_many_bills = 一次最多收 500 张账单，请分几次收。
problem-cashier-chosen_twice = 重复了，每项只能出现一次。
problem-cashier-more_than_open = 不能超过未收金额。
problem-cashier-not_at_the_desk = 这种付款方式不能在收银台使用。
problem-cashier-too_much_money = 金额太大。
problem-cashier-money_missing = 付款方式合计还差 { $amount } 元。
problem-cashier-money_over = 付款方式合计多了 { $amount } 元。
problem-cashier-too_little_cash = 收到的现金不够。
problem-cashier-already_paid = 账单 { $number } 刚刚已收清或作废，这次没有收款。请刷新后核对。
problem-cashier-bill_changed = 账单 { $number } 的未收金额已从 { $seen } 变为 { $open }，可能有人刚收过。这次没有收款，请刷新后核对。
problem-cashier-older_first = 同一科目要先收早的：还有 { $count } 张更早的账单未收清（{ $numbers }）。请一起勾选。
problem-cashier-payment_reused = 这笔收款已经用别的内容提交过，请刷新后核对收款记录。
problem-cashier-not_today = 只能作废当天的收款，这笔是 { $day } 收的。
problem-cashier-already_void = 这笔收款已经作废。
problem-cashier-method_not_offered = 本项目没有开通这种付款方式。
problem-cashier-no_method = 至少开通一种付款方式。
problem-cashier-too_many_methods = 付款方式太多了。
