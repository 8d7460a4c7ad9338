//! Inserting many rows at once: multi-row `VALUES` on SQLite, `UNNEST` of one array per column on PostgreSQL.

use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::sql::Sql;
use crate::{Answer, Failure};

/// The most values of the rows of one SQLite statement, whatever they share: it takes 32,766 bound ones.
const SQLITE_VALUES: usize = 30_000;
/// Rows of one SQLite statement: enough that its way to the database and back is cheap, few enough to keep its program short.
const SQLITE_ROWS: usize = 1_000;
/// Rows of one PostgreSQL statement: enough to make the round trip cheap, few enough to bound memory.
const POSTGRES_ROWS: usize = 20_000;
/// So many rows at once may make what PostgreSQL knows of a table obsolete.
const MANY: u64 = 100;

/// Inserts `rows`, each as long as `columns`. Values of one column must be of one type. Returns how many rows went in.
pub fn insert<'a, C: ConnectionTrait>(
    db: &'a C,
    table: &'a str,
    columns: &'a [&'a str],
    rows: impl IntoIterator<Item = Vec<Value>, IntoIter: Send + 'a>,
) -> impl Future<Output = Answer<u64>> + Send + 'a {
    try_insert(db, table, columns, rows.into_iter().map(Ok))
}

/// The same for rows that may fail to be made; then what went in before is to be rolled back.
pub fn try_insert<'a, C: ConnectionTrait>(
    db: &'a C,
    table: &'a str,
    columns: &'a [&'a str],
    rows: impl IntoIterator<Item = Answer<Vec<Value>>, IntoIter: Send + 'a>,
) -> impl Future<Output = Answer<u64>> + Send + 'a {
    // Boxed before it is awaited: otherwise the caller's future would carry the closures that make the rows, and not be
    // `Send` for want of a general enough lifetime.
    insert_boxed(db, table, columns, Box::new(rows.into_iter()))
}

async fn insert_boxed<C: ConnectionTrait>(
    db: &C,
    table: &str,
    columns: &[&str],
    mut rows: Box<dyn Iterator<Item = Answer<Vec<Value>>> + Send + '_>,
) -> Answer<u64> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let most = if postgres { POSTGRES_ROWS } else { (SQLITE_VALUES / columns.len().max(1)).clamp(1, SQLITE_ROWS) };
    let mut make = || statement(postgres, table, columns, rows.by_ref().take(most).collect::<Answer<_>>()?);
    let mut written = 0;
    let mut next = make()?;
    while let Some((count, insert)) = next {
        // While the database works on one statement, the next is made.
        let (done, made) = tokio::join!(db.execute_raw(insert), async { make() });
        done?;
        next = made?;
        written += count;
    }
    if postgres && written >= MANY {
        learn(db, table).await?;
    }
    Ok(written)
}

/// The statement that inserts these rows and how many they are; none without rows.
fn statement(postgres: bool, table: &str, columns: &[&str], chunk: Vec<Vec<Value>>) -> Answer<Option<(u64, Statement)>> {
    if chunk.iter().any(|row| row.len() != columns.len()) {
        return Err(Failure::broken(format!("a row for {table} does not have {} values", columns.len())));
    }
    let count = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
    let Some(insert) = Insert::of(table, columns, chunk) else { return Ok(None) };
    Ok(Some((count, if postgres { insert.unnest()? } else { insert.values() })))
}

/// Has PostgreSQL look at a table that has grown many times over since it looked last. Within a transaction nobody else
/// does: it would go on checking references to the table by the plan it made while the table was empty, which reads all of it.
async fn learn<C: ConnectionTrait>(db: &C, table: &str) -> Answer<()> {
    let outgrown = Sql::new("SELECT COUNT(*) AS number FROM pg_class WHERE oid = to_regclass(")
        .bind(table)
        .add(") AND pg_relation_size(oid) > 8192 * 10 * GREATEST(CAST(relpages AS bigint), 1)");
    if outgrown.number(db).await? > 0 {
        db.execute_unprepared(&format!("ANALYZE {table}")).await?;
    }
    Ok(())
}

/// An `INSERT` whose rows have columns in common.
struct Insert<'a> {
    table: &'a str,
    columns: &'a [&'a str],
    /// What a column is in all rows, such as the moment and the community: it is bound once. `None` where they differ, which is in
    /// one column at least.
    shared: Vec<Option<Value>>,
    /// Each row without what it shares.
    rows: Vec<Vec<Value>>,
}

impl<'a> Insert<'a> {
    /// Nothing without rows.
    fn of(table: &'a str, columns: &'a [&'a str], mut rows: Vec<Vec<Value>>) -> Option<Self> {
        let (first, rest) = rows.split_first()?;
        let same = |place: usize, value: &Value| rest.iter().all(|row| row.get(place) == Some(value));
        let mut shared: Vec<Option<Value>> =
            first.iter().enumerate().map(|(place, value)| same(place, value).then(|| value.clone())).collect();
        if shared.iter().all(Option::is_some)
            && let Some(last) = shared.last_mut()
        {
            *last = None;
        }
        for row in &mut rows {
            let mut own = shared.iter().map(Option::is_none);
            row.retain(|_| own.next() == Some(true));
        }
        Some(Self { table, columns, shared, rows })
    }

    /// `INSERT … SELECT` what is shared and `v.column1`, `v.column2` … from rows of `VALUES`.
    fn values(self) -> Statement {
        let mut own = 0;
        let picked: Vec<String> = self
            .shared
            .iter()
            .map(|shared| match shared {
                Some(_) => "?".to_owned(),
                None => {
                    own += 1;
                    format!("v.column{own}")
                }
            })
            .collect();
        let tuple = format!("({})", vec!["?"; own].join(","));
        let mut sql =
            format!("INSERT INTO {} ({}) SELECT {} FROM (VALUES ", self.table, self.columns.join(","), picked.join(","));
        for place in 0..self.rows.len() {
            if place > 0 {
                sql.push(',');
            }
            sql.push_str(&tuple);
        }
        sql.push_str(") AS v");
        let bound = self.shared.into_iter().flatten().chain(self.rows.into_iter().flatten());
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, bound)
    }

    /// `INSERT … SELECT` what is shared and the elements of an array per other column.
    fn unnest(self) -> Answer<Statement> {
        let own = self.shared.iter().filter(|shared| shared.is_none()).count();
        let mut arrays: Vec<Vec<Value>> = (0..own).map(|_| Vec::with_capacity(self.rows.len())).collect();
        for row in self.rows {
            for (array, value) in arrays.iter_mut().zip(row) {
                array.push(value);
            }
        }
        let mut arrays = arrays.into_iter();
        // An array can't hold NULLs here: where a column has some, an array of flags beside it says which.
        let (mut picked, mut names, mut arguments, mut bound) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, shared) in self.shared.into_iter().enumerate() {
            if let Some(value) = shared {
                let (_, name) = array_type(&value)?;
                bound.push(value);
                picked.push(format!("${}::{name}", bound.len()));
                continue;
            }
            let mut array = arrays.next().unwrap_or_default();
            let sample = array.first().ok_or_else(|| Failure::broken("a column without values"))?;
            let (kind, name) = array_type(sample)?;
            let filler = sample.dummy_value();
            let missing: Vec<Value> = array.iter().map(|value| Value::from(is_null(value))).collect();
            let any = array.iter().any(is_null);
            for value in array.iter_mut().filter(|value| is_null(value)) {
                *value = filler.clone();
            }
            let mut argument = |column: String, kind: ArrayType, name: &str, array: Vec<Value>| {
                bound.push(Value::Array(kind, Some(Box::new(array))));
                arguments.push(format!("${}::{name}[]", bound.len()));
                names.push(column);
            };
            argument(format!("c{place}"), kind, name, array);
            if any {
                argument(format!("n{place}"), ArrayType::Bool, "boolean", missing);
                picked.push(format!("CASE WHEN n{place} THEN NULL ELSE c{place} END"));
            } else {
                picked.push(format!("c{place}"));
            }
        }
        let sql = format!(
            "INSERT INTO {} ({}) SELECT {} FROM UNNEST({}) AS v ({})",
            self.table,
            self.columns.join(","),
            picked.join(","),
            arguments.join(","),
            names.join(",")
        );
        Ok(Statement::from_sql_and_values(DbBackend::Postgres, sql, bound))
    }
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}

fn array_type(sample: &Value) -> Answer<(ArrayType, &'static str)> {
    Ok(match sample {
        Value::Bool(_) => (ArrayType::Bool, "boolean"),
        Value::Int(_) => (ArrayType::Int, "integer"),
        Value::BigInt(_) => (ArrayType::BigInt, "bigint"),
        Value::String(_) => (ArrayType::String, "text"),
        Value::Bytes(_) => (ArrayType::Bytes, "bytea"),
        Value::Uuid(_) => (ArrayType::Uuid, "uuid"),
        Value::ChronoDate(_) => (ArrayType::ChronoDate, "date"),
        Value::ChronoDateTimeUtc(_) => (ArrayType::ChronoDateTimeUtc, "timestamptz"),
        other => return Err(Failure::broken(format!("no array type for {other:?}"))),
    })
}
