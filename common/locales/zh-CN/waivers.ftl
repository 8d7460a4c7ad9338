# 减免与优惠
waivers-relief-percent = 减免 { $percent }%
waivers-relief-fixed = 每月减免 ¥{ $amount }
waivers-relief-price = 按单价 { $price } 元计收
waivers-comma = 、
waivers-to-pay = 减免后应缴 ¥{ $amount }

# 减免是怎么算出来的
waivers-trace-groups = 享受人群：{ $groups }。
waivers-trace-months-least = 账单满 { $months } 个月，符合优惠条件。
waivers-trace-left = 前面的方案减免后还剩 ¥{ $left }。
waivers-trace-days = { $from } 至 { $to } 期间适用。
waivers-trace-percent = ¥{ $base } × { $percent }%，减免 ¥{ $amount }。
waivers-trace-fixed = 每月 ¥{ $monthly } × { $months } 个月，以 ¥{ $base } 为限，减免 ¥{ $amount }。
waivers-trace-price = 原为 ¥{ $base }，按单价 { $price } 元应为 ¥{ $other }，减免 ¥{ $amount }。
waivers-trace-cap-bill = 已到每张账单的上限 ¥{ $most }。
waivers-trace-cap-year = 已到每户每年的上限 ¥{ $most }，此前已减免 ¥{ $used }。
waivers-trace-cap-left = 只减免到剩余的应缴金额为止。
waivers-trace-once = 一次性减免：当时未缴 ¥{ $open }，减免 ¥{ $amount }。
waivers-trace-once-percent = 一次性减免：当时未缴 ¥{ $open } × { $percent }%，减免 ¥{ $amount }。

# 不能这样做
problem-waivers-percent = 减免比例要大于 0，不超过 100。
problem-waivers-named = 最多选 { $most } 个。
problem-waivers-months = 最多 { $most } 个月。
problem-waivers-rank = 顺序填 1 到 { $most } 之间的整数。
