# organisation
problem-organisation-sign_in_refused = The account or the password is wrong. The administrator can set a new password.
problem-organisation-password_short = A password has at least { $least } characters.
problem-organisation-scope_empty = Choose at least one community, or tick all communities.
problem-organisation-has_administrator = There is an administrator already. Please sign in.
problem-organisation-has_people = { $count } { $count ->
    [one] person is
   *[other] people are
 } still in the department. Move them to another one first.
problem-organisation-wrong_password = The current password is wrong.
problem-organisation-last_administrator = This is the last person who may manage the system, and can't be switched off or lose the permission.
problem-organisation-beyond_scope = This is more than you see yourself. Choose among your own communities and buildings.
problem-organisation-beyond_permissions = This department may do things that you may not. Ask an administrator of all communities.

organisation-motto =
    Every fen
    explains itself.
organisation-sign-in = Sign in
organisation-sign-in-about = Property management
organisation-sign-out = Sign out
organisation-again = Sign in and go on
organisation-again-title = Your session ended: sign in again
organisation-again-why = What you typed is still there. After signing in, what you were about goes on.
organisation-version = Version { $version }
organisation-account-or-phone = Account or phone number
organisation-password = Password
organisation-remember = Remember me on this device for 7 days
organisation-no-account = No account, or can't get in? Ask your company's administrator.
organisation-demo-accounts = Demonstration data: accounts manager, cashier, reader, steward and admin; the password is anju-demo-2026.
organisation-first = Make the administrator
organisation-first-about = This is the first start. You become the administrator, who makes communities, departments and employees.
organisation-first-make = Make and sign in
organisation-name = Name
organisation-account-name = Account
organisation-account-help = For signing in: a phone number or a staff number will do.
organisation-password-help = At least 8 characters.
organisation-account = My account
organisation-community-add = Add community

permission-organisation-read = See the settings
permission-organisation-write = Manage the settings
permission-estate-read = See units
permission-estate-write = Manage units
permission-residents-read = See residents
permission-residents-write = Manage residents
permission-residents-reveal = See whole phone and ID numbers
permission-charging-read = See charges
permission-charging-write = Manage charges and prices
permission-metering-read = See meters and readings
permission-metering-write = Read meters and apportion
permission-waivers-read = See waivers
permission-waivers-write = Manage waiver schemes and groups
permission-billing-read = See bills
permission-billing-generate = Generate bills
permission-billing-import = Import past bills
permission-cashier-read = See payments
permission-cashier-collect = Collect payments
permission-billing-void = Void bills
permission-billing-waive = Waive part of a bill
permission-billing-raise = Raise one-off bills
permission-cashier-void = Take payments back
permission-cashier-refund = Give prepayments and deposits back
permission-cashier-waive = Waive late fee
permission-approvals-read = See approvals
permission-approvals-decide = Decide requests
permission-approvals-write = Manage approval flows
permission-reports-read = See ledgers and reports

organisation-communities = Communities
organisation-community = Community
organisation-community-name = Name of the community
organisation-community-code = Code
organisation-community-code-help = A few letters or digits; it stands in documents and file names.
organisation-community-address = Address
organisation-community-units = Units
organisation-departments = Departments
organisation-department = Department
organisation-department-add = Add department
organisation-name-of-department = Name of the department
organisation-department-remove = Remove the department “{ $name }”
organisation-department-remove-why = Nobody is in it. It can't be brought back.
organisation-department-remove-people = { $count } { $count ->
    [one] person is
   *[other] people are
 } still in it. Move them to another one first.
organisation-departments-empty = There is no department yet
organisation-departments-empty-why = Employees belong to departments, which decide what they may do. Make one first.
organisation-permissions = Permissions
organisation-permissions-all = All permissions
organisation-people = People
organisation-employees = Employees
organisation-employee-add = Add employee
organisation-employees-search = Name, account, phone
organisation-employees-active = Active
organisation-employees-inactive = Switched off
organisation-employees-empty = There are no employees yet
organisation-employees-empty-why = Add your colleagues with a department and a data scope, and they can sign in.
organisation-phone = Phone
organisation-scope = Data scope
organisation-scope-all = All communities
organisation-scope-some = Communities: { $count }
organisation-scope-whole = The whole community
organisation-state = State
organisation-active = Active
organisation-active-help = Active (switching off ends the session at once)
organisation-inactive = Switched off
organisation-sign-in-where = May sign in on
organisation-may-desk = a computer
organisation-may-phone = a phone
organisation-remove = Remove
organisation-removed = Removed
organisation-saved = Saved
organisation-password-new = New password
organisation-password-keep = Leave blank to keep it; at least 8 characters.
organisation-password-current = Current password
organisation-password-change = Change password
organisation-password-changed = The password was changed, and other sessions ended
organisation-account-about = Who I am
