# Waivers and discounts
waivers-relief-percent = { $percent }% off
waivers-relief-fixed = ¥{ $amount } off each month
waivers-relief-price = At a unit price of { $price }
waivers-comma = ,{" "}
waivers-to-pay = ¥{ $amount } to pay after waivers

# How a waiver came about
waivers-trace-groups = Benefits as: { $groups }.
waivers-trace-months-least = The bill is for at least { $months } months, as the discount asks.
waivers-trace-left = Schemes before this one left ¥{ $left }.
waivers-trace-days = It applies from { $from } to { $to }.
waivers-trace-percent = ¥{ $base } × { $percent }%: ¥{ $amount } waived.
waivers-trace-fixed = ¥{ $monthly } a month × { $months } months, of ¥{ $base } at most: ¥{ $amount } waived.
waivers-trace-price = ¥{ $base }, which at a unit price of { $price } would be ¥{ $other }: ¥{ $amount } waived.
waivers-trace-cap-bill = The most for one bill, ¥{ $most }, is reached.
waivers-trace-cap-year = The most for one unit and year, ¥{ $most }, is reached; ¥{ $used } was waived before.
waivers-trace-cap-left = No more than what was left to pay.
waivers-trace-once = Waived once: ¥{ $amount } of ¥{ $open } that was open.
waivers-trace-once-percent = Waived once: { $percent }% of ¥{ $open } that was open, ¥{ $amount }.

# What can't be done
problem-waivers-percent = The share must be above 0 and at most 100.
problem-waivers-named = At most { $most } can be chosen.
problem-waivers-months = At most { $most } months.
problem-waivers-rank = The order is a whole number from 1 to { $most }.
