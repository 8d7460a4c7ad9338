# organisation
problem-organisation-sign_in_refused = 账号或密码不对。忘记密码请找系统管理员重设。
problem-organisation-password_short = 密码至少 { $least } 位。
problem-organisation-scope_empty = 至少选一个小区，或勾选全部小区。
problem-organisation-has_administrator = 已经有管理员了，请直接登录。
problem-organisation-has_people = 部门里还有 { $count } 人，先把他们调到别的部门。
problem-organisation-wrong_password = 当前密码不对。
problem-organisation-last_administrator = 这是最后一位能管理系统的人，不能停用或收回权限。

organisation-motto =
    每一分钱，
    都说得清来由。
organisation-sign-in = 登录
organisation-sign-in-about = 物业管理系统
organisation-sign-out = 退出登录
organisation-version = 版本 { $version }
organisation-account-or-phone = 账号或手机号
organisation-password = 密码
organisation-remember = 这台电脑上记住我 7 天
organisation-no-account = 没有账号，或进不来？找本公司的系统管理员。
organisation-demo-accounts = 演示数据：账号 admin，密码 anju-demo。
organisation-first = 建立管理员
organisation-first-about = 第一次使用。您将成为系统管理员，可以建小区、部门和员工。
organisation-first-make = 建立并登录
organisation-name = 姓名
organisation-account-name = 账号
organisation-account-help = 登录用，可以是手机号或工号。
organisation-password-help = 至少 8 位。
organisation-account = 我的账号
organisation-community-add = 建小区

permission-organisation-read = 查看系统设置
permission-organisation-write = 管理系统设置
permission-estate-read = 查看房屋
permission-estate-write = 管理房屋
permission-residents-read = 查看住户
permission-residents-write = 管理住户
permission-residents-reveal = 查看完整手机号和证件号
permission-charging-read = 查看收费标准
permission-charging-write = 管理收费标准和单价
permission-metering-read = 查看仪表和读数
permission-metering-write = 抄表和公摊
permission-billing-read = 查看账单
permission-billing-generate = 生成账单
permission-billing-import = 导入历史账单
permission-cashier-read = 查看收款
permission-cashier-collect = 收款
permission-reports-read = 查看台账和报表
