# organisation
problem-organisation-sign_in_refused = The account or the password is wrong. The administrator can set a new password.
problem-organisation-password_short = A password has at least { $least } characters.
problem-organisation-scope_empty = Choose at least one community, or tick all communities.
problem-organisation-has_administrator = There is an administrator already. Please sign in.
problem-organisation-has_people = { $count } people are still in the department. Move them to another one first.
problem-organisation-wrong_password = The current password is wrong.
problem-organisation-last_administrator = This is the last person who may manage the system, and can't be switched off or lose the permission.

organisation-motto =
    Every fen
    explains itself.
organisation-sign-in = Sign in
organisation-sign-in-about = Property management
organisation-sign-out = Sign out
organisation-version = Version { $version }
organisation-account-or-phone = Account or phone number
organisation-password = Password
organisation-remember = Remember me on this computer for 7 days
organisation-no-account = No account, or can't get in? Ask your company's administrator.
organisation-demo-accounts = Demonstration data: account admin, password anju-demo.
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
permission-billing-read = See bills
permission-billing-generate = Generate bills
permission-billing-import = Import past bills
permission-cashier-read = See payments
permission-cashier-collect = Collect payments
permission-reports-read = See ledgers and reports
