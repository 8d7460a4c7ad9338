//! SQL text together with its values. `$1`, `$2` … mean the same to both databases.

use std::fmt::Write as _;

use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, FromQueryResult, Statement, StreamTrait, Value};

use crate::{Answer, Buildings};

/// A statement in the making; values are bound, never written into the text.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds text as it is.
    #[expect(clippy::should_implement_trait, reason = "it adds text to a statement; nobody takes it for a sum")]
    pub fn add(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        let _ = write!(self.text, "${}", self.values.len());
        self
    }

    /// Adds values in brackets for `IN`; an empty list matches nothing.
    pub fn list<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.text.push('(');
        let mut first = true;
        for value in values {
            if !first {
                self.text.push(',');
            }
            first = false;
            self = self.bind(value);
        }
        self.add(if first { "NULL)" } else { ")" })
    }

    /// Adds text; each `?` in it stands for the next of `values`.
    pub fn push(mut self, text: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let mut values = values.into_iter();
        for part in text.split_inclusive('?') {
            self = match part.strip_suffix('?').zip(values.next()) {
                Some((before, value)) => self.add(before).bind(value),
                None => self.add(part),
            };
        }
        self
    }

    /// Adds the text where there is a value for its `?`.
    pub fn some<V: Into<Value>>(self, text: &str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.push(text, [value.into()]),
            None => self,
        }
    }

    /// Adds the data scope on a building column: ` AND column IN (…)`, or nothing where all buildings are in it.
    pub fn within(self, column: &str, buildings: &Buildings) -> Self {
        match buildings {
            Buildings::All => self,
            Buildings::Only(buildings) => self.add(&format!(" AND {column} IN ")).list(buildings.iter().copied()),
        }
    }

    /// Adds that a column starts with the text, as a range of the column's index; it must sort byte by byte. On SQLite, `LIKE`
    /// would use no index.
    pub fn starts(self, text: &str, with: &str) -> Self {
        self.add(text).add(" >= ").bind(with).add(text).add(" < ").bind(after(with))
    }

    /// Adds a page of `size` rows after `offset`.
    pub fn page(self, size: u64, offset: u64) -> Self {
        let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
        self.push(" LIMIT ? OFFSET ?", [number(size), number(offset)])
    }

    /// Adds another statement's text and values, its numbers moved on.
    pub fn join(mut self, other: Self) -> Self {
        let moved = self.values.len();
        let mut rest = other.text.as_str();
        while let Some(at) = rest.find('$') {
            let (before, after) = rest.split_at(at);
            self.text.push_str(before);
            let digits = after.get(1..).map_or(0, |after| after.bytes().take_while(u8::is_ascii_digit).count());
            let number: usize = after.get(1..=digits).and_then(|number| number.parse().ok()).unwrap_or(0);
            let _ = write!(self.text, "${}", number + moved);
            rest = after.get(digits + 1..).unwrap_or_default();
        }
        self.text.push_str(rest);
        self.values.extend(other.values);
        self
    }

    fn statement(self, backend: DbBackend) -> Statement {
        Statement::from_sql_and_values(backend, self.text, self.values)
    }

    /// All rows.
    pub async fn all<T: FromQueryResult, C: ConnectionTrait>(self, db: &C) -> Answer<Vec<T>> {
        Ok(T::find_by_statement(self.statement(db.get_database_backend())).all(db).await?)
    }

    /// Every row, one after the other as the database finds them: of very many, few are in memory at a time. The connection is busy
    /// until the last one, so `take` asks nothing of it.
    pub async fn each<T: FromQueryResult, C: StreamTrait>(self, db: &C, mut take: impl FnMut(T) -> Answer<()>) -> Answer<()> {
        let mut rows = std::pin::pin!(db.stream_raw(self.statement(db.get_database_backend())).await?);
        while let Some(row) = rows.try_next().await? {
            take(T::from_query_result(&row, "")?)?;
        }
        Ok(())
    }

    /// The first row.
    pub async fn one<T: FromQueryResult, C: ConnectionTrait>(self, db: &C) -> Answer<Option<T>> {
        Ok(T::find_by_statement(self.statement(db.get_database_backend())).one(db).await?)
    }

    /// The one number that it yields, such as `COUNT(*)`.
    pub async fn number<C: ConnectionTrait>(self, db: &C) -> Answer<u64> {
        let number: Option<i64> = match db.query_one_raw(self.statement(db.get_database_backend())).await? {
            Some(row) => row.try_get_by_index(0)?,
            None => None,
        };
        Ok(number.unwrap_or(0).unsigned_abs())
    }

    /// Carries it out.
    pub async fn run<C: ConnectionTrait>(self, db: &C) -> Result<ExecResult, DbErr> {
        db.execute_raw(self.statement(db.get_database_backend())).await
    }
}

/// A text as the beginning of what `LIKE … ESCAPE '\\'` finds.
pub fn beginning(text: &str) -> String {
    format!("{}%", text.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Sorts after every text that starts with this one.
pub fn after(start: &str) -> String {
    format!("{start}\u{10ffff}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_values_when_they_are_put_together() {
        let inner = Sql::new("x IN ").list([1_i64, 2]).add(" AND y=").bind("z");
        let whole = Sql::new("SELECT ").bind(0_i64).add(" WHERE ").join(inner).add(" AND w=").bind(3_i64);
        assert_eq!(whole.text, "SELECT $1 WHERE x IN ($2,$3) AND y=$4 AND w=$5");
        assert_eq!(whole.values.len(), 5);
        assert_eq!(Sql::new("").list(Vec::<i64>::new()).text, "(NULL)");
    }
}
