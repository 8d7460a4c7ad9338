# 业主
role-owner = 业主
role-family = 家庭成员
role-tenant = 租户
gender-male = 男
gender-female = 女
problem-residents-not_a_role = 不认识这种住户身份。可填：业主、家庭成员、租户。
problem-residents-not_a_gender = 请填「男」或「女」。
problem-residents-id_number_of_two = 这个身份证号和 { $first } 的人姓名或证件不一致。请核对是不是同一个人。
problem-residents-id_number_twice = 身份证号和 { $first } 重复了。
problem-residents-id_number_taken = 系统里这个身份证号是「{ $name }」的。请核对姓名和证件。
problem-residents-plate_twice = 车牌号和 { $first } 重复了。
problem-residents-plate_taken = 车牌号 { $plate } 已登记过。
problem-residents-holds_units = 这位住户名下有或曾有资源，不能删除。可以办理迁出。
problem-residents-already_there = 这位住户从 { $from } 起已登记在这个资源下，身份相同。
problem-residents-ended_before_start = 迁出日期不能早于入住日期 { $from }。
problem-residents-transfer_before_start = 过户日期不能早于现业主的入住日期 { $from }。
