# estate
unit-kind-residence = Residence
unit-kind-shop = Shop
unit-kind-office = Office
unit-kind-dormitory = Dormitory
unit-kind-ad-space = Ad space
unit-kind-basement = Basement
unit-kind-parking = Parking space
unit-state-unsold = Unsold
unit-state-sold = Sold
unit-state-handed-over = Handed over
unit-state-decorating = Being decorated
unit-state-vacant = Vacant
unit-state-occupied = Occupied
unit-state-let = Let
decoration-bare = Bare
decoration-simple = Simple
decoration-finished = Finished
parking-right-owned = Owned
parking-right-let = Let
parking-right-public = Public
parking-right-shelter = Civil defence
estate-column-building = Building
estate-column-entrance = Entrance
estate-column-floor = Floor
estate-column-room = Room
estate-column-kind = Kind
estate-column-state = State
estate-column-billed_area = Billed area
estate-column-inner_area = Inner area
estate-column-heads = People
estate-column-layout = Layout
estate-column-decoration = Decoration
estate-column-handed_over = Handed over
estate-column-property_value = Property value
estate-column-lift = Lift
estate-column-name = Name
estate-column-gender = Gender
estate-column-phone = Phone
estate-column-id_number = ID number
estate-column-role = Role
estate-column-moved_in = Moved in
estate-column-moved_out = Moved out
estate-column-plate = Plate
estate-column-brand = Brand
estate-column-colour = Colour
estate-column-business = Business
estate-column-rent = Rent
estate-column-lease_from = Lease from
estate-column-lease_to = Lease to
estate-column-place = Location
estate-column-right = Parking right
estate-column-remark = Remark
estate-column-number = Owner number
estate-column-owner = Owner number
estate-note-building = Required. A number 3 means “3栋”. Ad spaces, parking spaces and basements may leave it empty
estate-note-entrance = A number 2 means “2单元”; 0 or nothing where there is none
estate-note-floor = A whole number, below ground negative
estate-note-room = Required, for example 1501. Make the cells text
estate-note-kind = Residence, Shop, Office, Dormitory, Ad space, Basement, Parking space; empty means residence
estate-note-state = Unsold, Sold, Handed over, Being decorated, Vacant, Occupied, Let
estate-note-billed_area = Square metres, at most 4 decimals; what fees by area use
estate-note-inner_area = Square metres
estate-note-heads = A whole number
estate-note-layout = For example three bedrooms
estate-note-decoration = Bare, Simple, Finished
estate-note-handed_over = For example 2019-06-01
estate-note-property_value = Yuan
estate-note-lift = Yes or no
estate-note-name = Empty where nobody lives. Several people take several rows, the unit repeated; several owners may share a cell, with commas
estate-note-gender = Male or Female
estate-note-phone = A mobile number of 11 digits, or a landline with area code; empty where there is none
estate-note-id_number = Make the cells text; empty where there is none
estate-note-role = Owner, Family, Tenant; empty means owner
estate-note-moved_in = Empty means the day handed over, else the day of the import
estate-note-moved_out = Only for those who have left
estate-note-plate = For example 浙A12345
estate-note-business = For shops and offices
estate-note-rent = Yuan a month; for shops, offices, ad spaces and parking
estate-note-lease_from = For example 2026-01-01
estate-note-lease_to = The last day of the lease
estate-note-place = Where an ad space is; above or below ground for parking
estate-note-right = Owned, Let, Public, Civil defence
problem-estate-not_a_kind = Unknown kind. Use Residence, Shop, Office, Dormitory, Ad space, Basement or Parking space.
problem-estate-not_a_state = Unknown state. Use Unsold, Sold, Handed over, Being decorated, Vacant, Occupied or Let.
problem-estate-not_a_decoration = Unknown decoration. Use Bare, Simple or Finished.
problem-estate-not_a_parking_right = Unknown parking right. Use Owned, Let, Public or Civil defence.
problem-estate-heads_out_of_range = Between 0 and 999 people.
problem-estate-floor_out_of_range = Between floor −20 and 200.
problem-estate-nothing_to_import = There is no unit to import. Enter units below the header, one in a row.
problem-estate-too_many_units = At most { $most } units at a time; split the file.
problem-estate-unit_twice = { $unit } stands in { $first } already. Remove one of the rows.
problem-estate-unit_exists = { $unit } exists already. Remove this row, or correct the room.
problem-estate-unsold_has_owner = It says unsold but has an owner. Change the state or clear the owner.
problem-estate-entrance_unknown = The sheet 楼栋单元 has no such building or entrance. Add it there, or correct it here.
problem-estate-entrance_twice = This entrance of this building stands in two rows; remove one.
problem-estate-owner_unknown = The sheet 业主信息 has no such number. Add the owner there, or correct it here.
problem-estate-owner_number_twice = This number names two owners; each needs one of their own.
problem-estate-building_has_units = This building still has { $units } { $units ->
    [one] unit
   *[other] units
 }. Remove or move them first.
problem-estate-entrance_has_units = Entrance “{ $entrance }” still has { $units } { $units ->
    [one] unit
   *[other] units
 }. Move them first.
problem-estate-unit_in_use = This unit has people, charges, meters or bills and can’t be removed. You may set it vacant.
problem-estate-import_refused = Not imported: { $count } { $count ->
    [one] place needs
   *[other] places need
 } mending. Nothing was saved.
problem-estate-import_differs = This import was carried out with other content. Choose the file again.
estate-template-file = Units template
estate-export-file = Units
estate-template-sheet = Units
estate-note-sheet = Notes
estate-note-column = Column
estate-note-text = How to fill it in
estate-yes = Yes
estate-no = No
estate-units = Units
estate-unit = Unit
estate-buildings = Buildings
estate-import = Import units
estate-search-units = Room, owner, phone, plate
estate-code = Code
estate-area = Area m²
estate-no-units = No units yet
estate-no-units-why = Import units and residents from a workbook, or create them one by one.
estate-no-buildings = No buildings yet
estate-unit-new = New unit
estate-unit-edit = Edit { $unit }
estate-unit-saved = Saved
estate-lived-in = In use
estate-not-lived-in = Not in use
estate-overview = Overview
estate-bills = Bills
estate-meters = Meters
estate-collect = Collect
estate-edit = Edit
estate-remove = Remove
estate-removed = { $unit } was removed
estate-remove-unit-title = Remove { $unit }?
estate-remove-unit-why = Only a unit without people, charges, meters and bills can be removed. This can’t be undone.
estate-facts = Facts
estate-bill-number = Bill
estate-bill-item = Fee item
estate-bill-month = Period
estate-bill-due = Due
estate-bill-amount = Amount
estate-bill-open = Open
estate-no-bills = No bills yet
estate-no-bills-why = Bills are listed here once they are generated.
estate-column-name-any = Name
estate-outside = In no building
estate-no-entrance = No entrance
estate-measures = Area and people
estate-billed-area-help = What fees by area use
estate-more-facts = More facts
estate-unknown = Unknown
estate-building-new = New building
estate-building-edit = Edit { $building }
estate-building-name = Name of the building
estate-note-building-name = A number 3 means “3栋”; a car park is a building too
estate-building-saved = The building was saved
estate-entrances = Entrances
estate-entrance-name = Name of entrance { $number }
estate-entrance-suggested = { $number }单元
estate-entrance-add = Add an entrance
estate-floors = Floors
estate-more-of = More for { $name }
estate-remove-building-title = Remove { $building }?
estate-remove-building-why = Only a building without units can be removed, with its entrances. This can’t be undone.
estate-step-choose = Choose
estate-step-columns = Columns
estate-step-preview = Preview
estate-step-done = Done
estate-template = Template
estate-choose-title = Choose a workbook of units and residents
estate-choose-help = Our template, or the import sheets of other systems (资产信息; 楼栋单元, 业主信息, 房屋信息, 车位信息).
estate-reading = Reading the workbook…
estate-nothing-sent = Nothing has been saved yet
estate-to-preview = Next: preview
estate-still-problems = { $count } { $count ->
    [one] place
   *[other] places
 } to mend
estate-send = Import { $count } { $count ->
    [one] unit
   *[other] units
 }
estate-sending = Importing…
estate-problems = To mend
estate-problems-help = Mend the workbook and choose it again; it is imported only when all is well
estate-problems-more = The first { $shown } of { $total } are listed; the rest stand in the marked workbook.
estate-marked = Marked workbook
estate-cell = Cell
estate-header = Header
estate-meaning = Taken as
estate-ignored = Columns left out: { $columns }
estate-the-sheet = Sheet
estate-sheet-rows = { $count } { $count ->
    [one] row
   *[other] rows
 }
estate-written = What stands there
estate-problem = Problem
estate-will-be = To be imported
estate-first-of = The first { $first } of { $total } { $total ->
    [one] unit
   *[other] units
 }
estate-done-title = { $count } { $count ->
    [one] unit was
   *[other] units were
 } imported
estate-new-buildings = New buildings
estate-import-another = Import another
estate-see-units = See the units
estate-yuan = yuan
estate-yuan-a-month = yuan a month

field-of-unit = Units
field-of-resident = Residents
field-kind-text = Text
field-kind-number = Number
field-kind-date = Date
field-kind-choice = Choice
field-kind-yes-no = Yes or no
problem-estate-field_text_too_long = At most 200 characters.
problem-estate-field_number = At most 4 decimals, and not too large.
problem-estate-not_a_choice = None of the choices. It may be: { LIST($choices) }.
problem-estate-not_yes_or_no = Say yes or no.
problem-estate-field_not_of_kind = Units of this kind have no “{ $field }”. Empty the cell, or mend the kind.
problem-estate-field_name_of_formulas = Formulas know this name already, or can't write it. Choose another name.
problem-estate-field_name_of_columns = The workbook of units has a column of this name. Choose another name.
problem-estate-field_kinds_of_residents = Fields of residents have no kinds of unit.
problem-estate-field_too_many_choices = At most { $most } choices.
problem-estate-field_choice_twice = The choice “{ $choice }” is there twice.
problem-estate-field_of_fixed = What a field is of can't be changed. Define another field.
problem-estate-field_kind_fixed = It has { $count } { $count ->
    [one] value
   *[other] values
 }, so its kind can't be changed. Switch it off and define another field.
problem-estate-field_choice_used = “{ $choice }” was chosen { $count } { $count ->
    [one] time
   *[other] times
 } and can't be taken away.
problem-estate-field_in_formula = The formula or a price of “{ LIST($tariffs) }” goes by “{ $field }”. Change that first, then the field; where the tariff is retired, bill what is left to bill by it first.
problem-estate-heads_later = Today ({ $today }) at the latest. Say later changes when they come.
estate-fields = Custom fields
estate-fields-none = No custom fields yet
estate-fields-none-why = Whatever else you want to keep, such as a deposit number, is defined here: it appears in forms, lists, filters, imports and exports. Number fields can be named in formulas of prices.
estate-field-new = New field
estate-field-edit = Change “{ $field }”
estate-field-saved = The field is saved
estate-field-name = Name
estate-field-name-help = Also the name of its column in workbooks
estate-field-of = Of
estate-field-kind = Kind
estate-field-kinds = Which units have it
estate-field-kinds-help = None chosen means all
estate-field-all-kinds = All units
estate-field-choices = Choices
estate-field-choices-help = One a line. What was chosen somewhere can't be taken away
estate-field-in-lists = Show it as a column of lists
estate-field-in-lists-head = Lists
estate-field-on = Switch on
estate-field-off = Switch off
estate-field-off-state = Off
estate-field-switched-off = “{ $field }” is off; its values are kept
estate-field-switched-on = “{ $field }” is on
estate-field-off-title = Switch off “{ $field }”?
estate-field-off-why = Forms, lists, imports and exports no longer have it. Its values are kept and come back when it is switched on.
estate-field-blank = Blank
estate-field-up = Move up
estate-field-down = Move down
estate-field-formula = May be named in formulas
estate-field-starts = Begins with
estate-field-range-from-to = { $from } to { $to }
estate-note-field-text = At most 200 characters
estate-note-field-number = A number of at most 4 decimals
estate-note-field-date = Such as 2026-01-01
estate-note-field-yes-no = Yes or no
estate-heads-change = Change the number of people
estate-heads-new = People now
estate-heads-from = From which day
estate-heads-from-help = Charged by the new number from this day on; bills that were made stay. What was said of later days is replaced
estate-heads-history = People over time
estate-heads-ever = From the beginning
estate-heads-saved = The number of people is saved
estate-heads-on-page = Changes are made on the unit's page
