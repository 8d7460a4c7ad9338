//! The typed contract: a request type is an endpoint, and one table of contents per capability lists them.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::id::CommunityId;
use crate::permission::Permission;
use crate::problem::FieldProblem;

/// How a request travels: `Get` in a flat query string, `Post` as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// A caller who need not be signed in.
pub enum Anyone {}
/// An employee who is signed in.
pub enum Staff {}

/// Who may call an endpoint, as a value; the types above say it to the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerKind {
    Anyone,
    Staff,
}

/// Ties the caller types to their values.
pub trait Caller: 'static {
    const KIND: CallerKind;
}
impl Caller for Anyone {
    const KIND: CallerKind = CallerKind::Anyone;
}
impl Caller for Staff {
    const KIND: CallerKind = CallerKind::Staff;
}

/// A request that the server answers: its type says the method, the path, who may call it and what comes back.
pub trait Endpoint: Serialize + DeserializeOwned + Send + 'static {
    const METHOD: Method;
    const PATH: &'static str;
    /// What the caller must be permitted; `None` where being signed in is enough.
    const NEEDS: Option<Permission>;
    /// Whether it is about a community as a whole: refused to those who see only some of its buildings.
    const WHOLE: bool = false;
    type Caller: Caller;
    type Reply: Serialize + DeserializeOwned + Send + 'static;

    /// The community that the request is about: the server answers 404 outside the caller's data scope.
    fn community(&self) -> Option<CommunityId> {
        None
    }

    /// Rules across fields: the form shows them while typing, the server applies them again.
    fn problems(&self) -> Vec<FieldProblem> {
        Vec::new()
    }
}

/// A request with rules that its field types can't express.
pub trait Checked {
    /// Every rule that is broken, by field; empty when the request may be carried out.
    fn problems(&self) -> Vec<FieldProblem>;
}

/// A row of the table of contents, for the 401/403/404 tests and the OpenAPI document.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    pub method: Method,
    pub path: &'static str,
    /// The request type's name: the operation's name in the OpenAPI document.
    pub name: &'static str,
    pub caller: CallerKind,
    pub needs: Option<Permission>,
    /// Whether the request names a community that must lie in the caller's scope.
    pub scoped: bool,
    /// Whether all buildings of that community must lie in the caller's scope.
    pub whole: bool,
    #[cfg(feature = "server")]
    pub ask: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    #[cfg(feature = "server")]
    pub reply: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

/// One capability's table of contents.
///
/// `Get "/path" Ask => Reply, Staff may Permission of community, checked;`: `may …`, `of community` (the request has a
/// field `community`) and `, checked` (the request implements [`Checked`]) are optional, in this order. `of community whole`
/// refuses those who see only some of its buildings.
#[macro_export]
macro_rules! endpoints {
    ($($method:ident $path:literal $ask:ident => $reply:ty, $caller:ident $(may $permission:ident)? $(of $scope:ident $($whole:ident)?)? $(, $checked:ident)?;)*) => {
        $(
            impl $crate::api::Endpoint for $ask {
                const METHOD: $crate::api::Method = $crate::api::Method::$method;
                const PATH: &'static str = $path;
                const NEEDS: Option<$crate::permission::Permission> = $crate::endpoints!(@needs $($permission)?);
                $($(const WHOLE: bool = $crate::endpoints!(@$whole);)?)?
                type Caller = $crate::api::$caller;
                type Reply = $reply;
                $(fn community(&self) -> Option<$crate::id::CommunityId> { Some(self.$scope) })?
                $(fn problems(&self) -> Vec<$crate::problem::FieldProblem> { $crate::endpoints!(@$checked self) })?
            }
        )*
        /// The endpoints of this capability.
        pub fn endpoints() -> Vec<$crate::api::Listed> {
            vec![$($crate::api::Listed {
                method: $crate::api::Method::$method,
                path: $path,
                name: stringify!($ask),
                caller: $crate::api::CallerKind::$caller,
                needs: $crate::endpoints!(@needs $($permission)?),
                scoped: $crate::endpoints!(@scoped $($scope)?),
                whole: <$ask as $crate::api::Endpoint>::WHOLE,
                #[cfg(feature = "server")]
                ask: |schemas| schemas.subschema_for::<$ask>(),
                #[cfg(feature = "server")]
                reply: |schemas| schemas.subschema_for::<$reply>(),
            }),*]
        }
    };
    (@needs) => { None };
    (@needs $permission:ident) => { Some($crate::permission::Permission::$permission) };
    (@scoped) => { false };
    (@scoped community) => { true };
    (@whole) => { true };
    (@checked $this:ident) => { $crate::api::Checked::problems($this) };
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema), schemars(rename = "PageOf{T}"))]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Rows of the whole result; absent where a list has its own endpoint for totals.
    pub total: Option<u64>,
    /// Whether there is a page after this one.
    pub more: bool,
}

/// Rows on a page when the request does not say.
pub const PAGE_SIZE: u32 = 50;
/// The most rows that one page may have.
pub const PAGE_SIZE_MOST: u32 = 200;

/// Which page, how long, in which order: the three fields that every list request has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Counted from 1.
    pub page: u32,
    pub size: u32,
    /// A column name, with `-` before it for descending; `None` is the list's own order.
    pub sort: Option<String>,
}

impl Paging {
    /// Rows to skip.
    pub fn offset(&self) -> u64 {
        u64::from(self.page.saturating_sub(1)) * u64::from(self.size)
    }

    /// The column to sort by and whether it descends.
    pub fn order(&self) -> Option<(&str, bool)> {
        let sort = self.sort.as_deref().filter(|sort| !sort.is_empty())?;
        Some(match sort.strip_prefix('-') {
            Some(column) => (column, true),
            None => (sort, false),
        })
    }
}

/// A list request: has the fields `page`, `size` and `sort`. Implement it with [`listing!`](crate::listing).
pub trait Listing {
    fn paging(&self) -> Paging;
    fn turn_to(&mut self, paging: Paging);
}

/// Implements [`Listing`] for requests with `page: Option<u32>`, `size: Option<u32>` and `sort: Option<String>`.
#[macro_export]
macro_rules! listing {
    ($($ask:ty),* $(,)?) => {$(
        impl $crate::api::Listing for $ask {
            fn paging(&self) -> $crate::api::Paging {
                $crate::api::Paging {
                    page: self.page.unwrap_or(1).max(1),
                    size: self.size.unwrap_or($crate::api::PAGE_SIZE).clamp(1, $crate::api::PAGE_SIZE_MOST),
                    sort: self.sort.clone(),
                }
            }
            fn turn_to(&mut self, paging: $crate::api::Paging) {
                self.page = Some(paging.page);
                self.size = Some(paging.size);
                self.sort = paging.sort;
            }
        }
    )*};
}

/// Nothing to say beyond that it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Done {}
