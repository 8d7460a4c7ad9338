# residents
role-owner = Owner
role-family = Family
role-tenant = Tenant
gender-male = Male
gender-female = Female
problem-residents-not_a_role = Unknown role. Use Owner, Family or Tenant.
problem-residents-not_a_gender = Enter Male or Female.
problem-residents-id_number_of_two = This ID number or name contradicts { $first }. Check whether they are the same person.
problem-residents-id_number_twice = This ID number stands in { $first } too.
problem-residents-id_number_taken = This ID number belongs to “{ $name }” already. Check the name and the number.
problem-residents-plate_twice = This plate stands in { $first } too.
problem-residents-plate_taken = Plate { $plate } is registered already.
problem-residents-holds_units = This resident holds or held a unit and can’t be removed. Let them move out instead.
problem-residents-already_there = This resident holds this unit in the same role since { $from }.
problem-residents-ended_before_start = The day of leaving can’t be before { $from }, when they moved in.
problem-residents-transfer_before_start = The day can’t be before { $from }, when the present owner moved in.
