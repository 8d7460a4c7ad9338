# organisation
problem-organisation-sign_in_refused = 账号或密码不对。忘记密码请找系统管理员重设。
problem-organisation-password_short = 密码至少 { $least } 位。
problem-organisation-scope_empty = 至少选一个小区，或勾选全部小区。
problem-organisation-has_administrator = 已经有管理员了，请直接登录。
problem-organisation-has_people = 部门里还有 { $count } 人，先把他们调到别的部门。
problem-organisation-wrong_password = 当前密码不对。
problem-organisation-last_administrator = 这是最后一位能管理系统的人，不能停用或收回权限。
