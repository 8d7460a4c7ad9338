# organisation
problem-organisation-sign_in_refused = The account or the password is wrong. The administrator can set a new password.
problem-organisation-password_short = A password has at least { $least } characters.
problem-organisation-scope_empty = Choose at least one community, or tick all communities.
problem-organisation-has_administrator = There is an administrator already. Please sign in.
problem-organisation-has_people = { $count } people are still in the department. Move them to another one first.
problem-organisation-wrong_password = The current password is wrong.
problem-organisation-last_administrator = This is the last person who may manage the system, and can't be switched off or lose the permission.
