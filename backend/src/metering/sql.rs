//! A statement put together from pieces, each value bound where it stands; both databases understand `$n`.

use common::id::CommunityId;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::{Answer, Buildings, Who};

/// SQL and its values.
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    pub(super) fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// `(…, …)`; never empty, so that `IN` has something to look at.
    pub(super) fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.add("(");
        for (place, value) in values.into_iter().enumerate() {
            if place > 0 {
                self.add(", ");
            }
            self.bind(value);
        }
        if self.text.ends_with('(') {
            self.add("NULL");
        }
        self.add(")")
    }

    /// ` AND column = value`, where there is a value.
    pub(super) fn and_if<V: Into<Value>>(&mut self, column: &str, value: Option<V>) -> &mut Self {
        if let Some(value) = value {
            self.add(" AND ").add(column).add(" = ").bind(value);
        }
        self
    }

    /// ` AND` the caller's data scope on a building column.
    pub(super) fn within(&mut self, who: &Who, community: CommunityId, building: &str) -> &mut Self {
        if let Buildings::Only(buildings) = who.scope.buildings(community) {
            self.add(" AND ").add(building).add(" IN ").list(buildings);
        }
        self
    }

    /// ` AND` one of the columns contains the text, letter case aside.
    pub(super) fn search(&mut self, columns: &[&str], text: Option<&str>) -> &mut Self {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return self };
        let pattern = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = format!("%{pattern}%");
        self.add(" AND (");
        for (place, column) in columns.iter().enumerate() {
            self.add(if place > 0 { " OR LOWER(" } else { "LOWER(" })
                .add(column)
                .add(") LIKE ")
                .bind(pattern.clone())
                .add(" ESCAPE '\\'");
        }
        self.add(")")
    }

    /// ` LIMIT … OFFSET …`.
    pub(super) fn page(&mut self, paging: &common::api::Paging) -> &mut Self {
        let offset = i64::try_from(paging.offset()).unwrap_or(i64::MAX);
        self.add(" LIMIT ").bind(i64::from(paging.size)).add(" OFFSET ").bind(offset)
    }

    fn statement<C: ConnectionTrait>(self, db: &C) -> Statement {
        Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values)
    }

    pub(super) async fn all<T: FromQueryResult, C: ConnectionTrait>(self, db: &C) -> Answer<Vec<T>> {
        Ok(T::find_by_statement(self.statement(db)).all(db).await?)
    }

    pub(super) async fn one<T: FromQueryResult, C: ConnectionTrait>(self, db: &C) -> Answer<Option<T>> {
        Ok(T::find_by_statement(self.statement(db)).one(db).await?)
    }

    /// The one number that the statement yields.
    pub(super) async fn number<C: ConnectionTrait>(self, db: &C) -> Answer<u64> {
        let row = db.query_one_raw(self.statement(db)).await?;
        let number: Option<i64> = match row {
            Some(row) => row.try_get_by_index(0)?,
            None => None,
        };
        Ok(number.unwrap_or(0).unsigned_abs())
    }

    /// How many rows it changed.
    pub(super) async fn run<C: ConnectionTrait>(self, db: &C) -> Answer<u64> {
        Ok(db.execute_raw(self.statement(db)).await?.rows_affected())
    }
}
