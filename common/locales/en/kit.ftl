# kit
kit-product = Anju
kit-skip = Skip to content
kit-navigation = Main navigation
kit-nav-fold = Collapse
kit-changed = { $name }: { $before } → { $after }
kit-comma = {", "}
kit-crumbs = Breadcrumbs
kit-more = More
kit-back = Back
kit-cancel = Cancel
kit-save = Save
kit-close = Close
kit-square-metre = m²
kit-print = Print
kit-retry = Try again
kit-retry-now = Try now
kit-search = Search
kit-search-all = Search everywhere
kit-search-placeholder = Search rooms, names, bills, receipts, pages
kit-found-unit = Unit
kit-found-resident = Resident
kit-found-vehicle = Vehicle
kit-page = Page
kit-all = All
kit-from = From
kit-to = To
kit-optional = optional
kit-request-number = Number { $number }
kit-reload = Reload the page
kit-loading = Loading
kit-chunk-failed = This page did not load
kit-chunk-failed-why = The network may be down, or the system has just been upgraded. What was saved is safe: try again once the network is back, and reload the page if that does not help.
kit-crashed = The page has broken and can't go on. What was saved is safe. Please reload.
kit-offline = The server can't be reached. What you typed is still here; send it again later.
kit-leave = There are changes that are not saved. Leave anyway?
kit-password-show = Show the password

kit-not-found = There is no such page
kit-not-found-why = The address may be wrong, the thing may be gone, or it may lie in a community that you can't see.
kit-refused = Not permitted
kit-refused-what = You lack the permission “{ $permission }”
kit-refused-why = If you need it, ask the administrator to add it to your department.
kit-refused-part = You see only some buildings of this community.
kit-refused-part-why = This page is about everybody in it. Whoever sees the whole community can do it, or an administrator can widen your data scope.
kit-no-community = There is no community yet
kit-no-community-make = Make a community first, then import its units and residents.
kit-no-community-ask = No community lies in your data scope yet. Please ask the administrator.
kit-community-switch = Switch community

kit-language = Language
kit-theme = Theme
kit-theme-light = Light
kit-theme-dark = Dark
kit-theme-system = As the device
kit-jobs = Jobs under way
kit-job-queued = Queued
kit-job-done = Done
kit-job-failed = Not finished

kit-empty = Nothing here yet
kit-nothing-found = Nothing matches
kit-pick-remove = Leave { $name } out
kit-nothing-found-why = Change the filters, or clear them.
kit-filters = Filters
kit-filters-more = More filters
kit-filters-clear = Clear
kit-and-more = { $first } and others ({ $count })
kit-range-from = from { $from }
kit-range-to = to { $to }
kit-range-from-to = { $from } to { $to }
kit-views = Views
kit-view-save = Save as view
kit-view-name = Name of the view
kit-view-remove = Remove this view
kit-columns = Columns
kit-compact = Compact rows
kit-export = Export
kit-export-count = Export { $count } { $count ->
    [one] row
   *[other] rows
 }
kit-selection = For the selected rows
kit-selected = { $count } selected
kit-selection-clear = Clear selection
kit-select-page = Select this page
kit-select-row = Select this row
kit-total = Total
kit-rows = { $count } { $count ->
    [one] row
   *[other] rows
 }
kit-totals-missing = The totals could not be read
kit-pages = Pages
kit-range = { $from }–{ $to }
kit-range-of = { $from }–{ $to } of { $total }
kit-page-size = { $count } a page
kit-page-before = Previous page
kit-page-next = Next page

kit-field-problem = { $field }: { $problem }
kit-form-problems = Nothing is saved yet: { $count } to mend

kit-step-before = Back
kit-file-choose = Choose a file
kit-file-reading = Reading
kit-file-drop = or drop it here, at most { $most } MB
kit-file-kind = Only these files: { $kinds }
kit-file-large = The file is too large: at most { $most } MB
kit-file-unread = The file can't be read; another program may hold it.
kit-file-kept = { $name } was chosen before and is not brought in yet.
kit-file-go-on = Go on with it
kit-file-drop-kept = Leave it
kit-minutes-left = About { $count } min left
kit-seconds-left = About { $count } s left
kit-chart-row = Row

nav-home = Dashboard
nav-estate = Estate and residents
nav-charging = Charges
nav-metering = Meters
nav-reports = Ledgers and reports
nav-system = Settings

problem-kit-reply = The server's answer can't be read. It may have been upgraded: please reload the page.
problem-kit-address = The filters in the address can't be read.
problem-kit-two_decimals = An amount has at most two decimals.
problem-kit-four_decimals = At most 4 decimals.
problem-kit-eight_decimals = At most 8 decimals.
problem-kit-not_whole = A whole number, please.
kit-cell = Cell
kit-in-sheet = In the sheet
kit-problem = Problem
kit-month = Month
kit-month-before = Month before
kit-month-next = Next month
kit-unsent-title = { $count } not sent yet
kit-unsent-why = Signing out removes them from this device for good. Send them first, with a connection.
