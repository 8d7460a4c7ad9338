//! Inserting many rows at once: multi-row `VALUES` on SQLite, `UNNEST` of one array per column on PostgreSQL.

use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::sql::Sql;
use crate::{Answer, Failure};

/// SQLite's limit of bound values in one statement is 32,766; fewer rows at a time keep the statement cache useful.
const SQLITE_VALUES: usize = 6_000;
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
    // Boxed before it is awaited: otherwise the caller's future would carry the closures that make the rows, and not be
    // `Send` for want of a general enough lifetime.
    insert_boxed(db, table, columns, Box::new(rows.into_iter()))
}

async fn insert_boxed<C: ConnectionTrait>(
    db: &C,
    table: &str,
    columns: &[&str],
    mut rows: Box<dyn Iterator<Item = Vec<Value>> + Send + '_>,
) -> Answer<u64> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let most = if postgres { POSTGRES_ROWS } else { (SQLITE_VALUES / columns.len().max(1)).max(1) };
    let mut written = 0;
    let mut next = statement(postgres, table, columns, rows.by_ref().take(most).collect())?;
    while let Some((count, insert)) = next {
        // While the database works on one statement, the next is made.
        let (done, made) = tokio::join!(db.execute_raw(insert), async {
            statement(postgres, table, columns, rows.by_ref().take(most).collect())
        });
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
    let Some(shared) = shared(&chunk) else { return Ok(None) };
    let insert = Insert { table, columns, shared };
    Ok(Some((count, if postgres { insert.unnest(chunk)? } else { insert.values(chunk) })))
}

/// What each column of all these rows has in common, such as the moment and the community: it is bound once. `None` stands for a
/// column whose values differ; there is always one. Nothing without rows.
fn shared(chunk: &[Vec<Value>]) -> Option<Vec<Option<Value>>> {
    let (first, rest) = chunk.split_first()?;
    let same = |place: usize, value: &Value| rest.iter().all(|row| row.get(place) == Some(value));
    let mut shared: Vec<Option<Value>> =
        first.iter().enumerate().map(|(place, value)| same(place, value).then(|| value.clone())).collect();
    if shared.iter().all(Option::is_some)
        && let Some(last) = shared.last_mut()
    {
        *last = None;
    }
    Some(shared)
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

/// An `INSERT` whose columns are in part the same in all rows.
struct Insert<'a> {
    table: &'a str,
    columns: &'a [&'a str],
    shared: Vec<Option<Value>>,
}

impl Insert<'_> {
    /// `INSERT … SELECT` what is shared and `v.column1`, `v.column2` … from rows of `VALUES`.
    fn values(self, chunk: Vec<Vec<Value>>) -> Statement {
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
        for place in 0..chunk.len() {
            if place > 0 {
                sql.push(',');
            }
            sql.push_str(&tuple);
        }
        sql.push_str(") AS v");
        let mut bound: Vec<Value> = Vec::with_capacity(self.columns.len() + chunk.len() * own);
        bound.extend(self.shared.iter().flatten().cloned());
        for row in chunk {
            bound.extend(row.into_iter().zip(&self.shared).filter(|(_, shared)| shared.is_none()).map(|(value, _)| value));
        }
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, bound)
    }

    /// `INSERT … SELECT` what is shared and the elements of an array per other column.
    fn unnest(self, chunk: Vec<Vec<Value>>) -> Answer<Statement> {
        let mut arrays: Vec<Vec<Value>> = self
            .shared
            .iter()
            .map(|shared| if shared.is_none() { Vec::with_capacity(chunk.len()) } else { Vec::new() })
            .collect();
        for row in chunk {
            for ((array, value), _) in arrays.iter_mut().zip(row).zip(&self.shared).filter(|(_, shared)| shared.is_none()) {
                array.push(value);
            }
        }
        // An array can't hold NULLs here: where a column has some, an array of flags beside it says which.
        let (mut picked, mut names, mut arguments, mut bound) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, (mut array, shared)) in arrays.into_iter().zip(self.shared).enumerate() {
            if let Some(value) = shared {
                let (_, name) = array_type(&value)?;
                bound.push(value);
                picked.push(format!("${}::{name}", bound.len()));
                continue;
            }
            let sample = array.first().ok_or_else(|| Failure::broken("an empty chunk"))?;
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
