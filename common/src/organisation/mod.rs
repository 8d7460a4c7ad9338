//! 系统管理: communities, departments, employees, their data scope and their sessions.
pub mod api;
