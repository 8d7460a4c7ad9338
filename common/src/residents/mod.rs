//! Who lives there: residents, who holds which unit from when to when, and their vehicles.

pub mod api;

use serde::{Deserialize, Serialize};

crate::estate::kind::words! {
    /// What a resident is to a unit.
    Role, "role" {
        Owner = "owner" "业主" "产权人" "1001" "Owner";
        Family = "family" "家庭成员" "家属" "1002" "Family";
        Tenant = "tenant" "租户" "租客" "房屋租客" "租赁" "1003" "临时人员" "1004" "Tenant";
    }
    Gender, "gender" {
        Male = "male" "男" "Male";
        Female = "female" "女" "Female";
    }
}
