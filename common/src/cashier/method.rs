//! Ways to pay. Each is an account too: what came in by it is what its postings add up to.

use serde::{Deserialize, Serialize};

use super::held::HeldKind;

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "server", schemars(with = "String", extend("examples" = ["cash", "own_1"])))]
#[serde(try_from = "String", into = "String")]
pub enum Method {
    Cash,
    Wechat,
    Alipay,
    Pos,
    Transfer,
    UnionPay,
    /// One of the company's own ways (cheque, voucher …); the community gives it a name.
    Own(u8),
    /// Money that came in before the books were kept here.
    Imported,
    /// Held prepayments that pay a bill: no money comes in.
    Prepaid,
    /// Held deposits that pay a bill: no money comes in.
    Deposit,
}

impl Method {
    /// What the desk offers before a community chooses, in the order of its digit keys.
    pub const USUAL: [Self; 5] = [Self::Cash, Self::Wechat, Self::Alipay, Self::Pos, Self::Transfer];

    /// The stable code: `cash`, `own_1`.
    pub fn code(self) -> String {
        match self {
            Self::Cash => "cash".to_owned(),
            Self::Wechat => "wechat".to_owned(),
            Self::Alipay => "alipay".to_owned(),
            Self::Pos => "pos".to_owned(),
            Self::Transfer => "transfer".to_owned(),
            Self::UnionPay => "union_pay".to_owned(),
            Self::Own(number) => format!("own_{number}"),
            Self::Imported => "imported".to_owned(),
            Self::Prepaid => "prepaid".to_owned(),
            Self::Deposit => "deposit".to_owned(),
        }
    }

    /// Whether a cashier may take money this way; what was imported came in elsewhere, what is held came in before.
    pub fn at_desk(self) -> bool {
        self != Self::Imported && self.held().is_none()
    }

    /// What it sets off, where it brings in nothing.
    pub fn held(self) -> Option<HeldKind> {
        match self {
            Self::Prepaid => Some(HeldKind::Prepaid),
            Self::Deposit => Some(HeldKind::Deposit),
            _ => None,
        }
    }

    /// The Fluent id of its name; the company's own ways have the names that the community gave them.
    pub fn text_id(self) -> String {
        match self {
            Self::Own(_) => "method-own".to_owned(),
            known => format!("method-{}", known.code()),
        }
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code())
    }
}

impl std::str::FromStr for Method {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Ok(match code {
            "cash" => Self::Cash,
            "wechat" => Self::Wechat,
            "alipay" => Self::Alipay,
            "pos" => Self::Pos,
            "transfer" => Self::Transfer,
            "union_pay" => Self::UnionPay,
            "imported" => Self::Imported,
            "prepaid" => Self::Prepaid,
            "deposit" => Self::Deposit,
            own => {
                let number = own.strip_prefix("own_").and_then(|number| number.parse().ok());
                Self::Own(number.ok_or_else(|| format!("{own:?} is not a way to pay"))?)
            }
        })
    }
}

impl TryFrom<String> for Method {
    type Error = String;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back_as_the_same_method() {
        let own = [Method::UnionPay, Method::Own(1), Method::Own(255), Method::Imported, Method::Prepaid, Method::Deposit];
        for method in Method::USUAL.into_iter().chain(own) {
            assert_eq!(method.code().parse(), Ok(method));
        }
        assert!("own_256".parse::<Method>().is_err());
        assert!("bitcoin".parse::<Method>().is_err());
    }
}
