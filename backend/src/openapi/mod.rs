//! The OpenAPI 3.1 document, printed from the same contract that the routes and the browser are built from.

mod files;

use std::collections::BTreeSet;

use axum::Json;
use axum::Router;
use axum::routing::get;
use common::api::{CallerKind, Listed, Method};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::App;

/// `/api/openapi.json`; the viewer at `/api/docs` is part of the browser's files.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/openapi.json", get(|| async { Json(document()) })).route("/api/docs", get(crate::spa::serve))
}

const TAGS: [(&str, &str); 9] = [
    ("organisation", "Communities, departments, employees and what they may do; signing in"),
    ("estate", "Buildings, entrances and units, parking places included"),
    ("residents", "Who owns, lives in or rents a unit; vehicles; importing units with their people"),
    ("charging", "Fee items, tariffs, prices and which units are charged"),
    ("metering", "Meters, readings, losses and what is shared out"),
    ("waivers", "Groups of people, waiver schemes, and what was waived for whom"),
    ("billing", "Runs and bills"),
    ("cashier", "Payments, receipts and the day's takings"),
    ("reports", "The ledger, collections, arrears and the dashboard"),
];

/// The document.
pub fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut schemas = settings.into_generator();
    let problem = schemas.subschema_for::<common::problem::Problem>().to_value();
    let mut paths = Map::new();
    for listed in common::endpoints() {
        let ask = (listed.ask)(&mut schemas).to_value();
        let reply = (listed.reply)(&mut schemas).to_value();
        let operation = operation(&listed, ask, reply, &problem, schemas.definitions());
        let method = match listed.method {
            Method::Get => "get",
            Method::Post => "post",
        };
        if let Some(path) = paths.entry(listed.path).or_insert_with(|| json!({})).as_object_mut() {
            path.insert(method.to_owned(), operation);
        }
    }
    files::add(&mut paths, &problem);
    let mut schemas = schemas.take_definitions(false);
    schemas.values_mut().for_each(plain_words);
    keep_used(&mut schemas, &paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Anju",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Property management. Money is in fen (integers, fields end in `_fen`); prices and quantities are decimal strings; days are `YYYY-MM-DD`; refusals are RFC 9457 problems with a stable `code`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "servers": [{"url": "/"}],
        "tags": TAGS.iter().map(|(name, about)| json!({"name": name, "description": about})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": crate::sign_in::COOKIE},
                "bearer": {"type": "http", "scheme": "bearer"}
            }
        }
    })
}

fn operation(listed: &Listed, ask: Value, reply: Value, problem: &Value, definitions: &Map<String, Value>) -> Value {
    let capability = listed.path.split('/').nth(2).unwrap_or_default();
    let answer = |schema: &Value, kind: &str| json!({kind: {"schema": schema}});
    let refusal = |what: &str| json!({"description": what, "content": answer(problem, "application/problem+json")});
    let mut responses = json!({
        "200": {"description": "Done", "content": answer(&reply, "application/json")},
        "422": refusal("A field needs mending"),
        "default": refusal("Refused")
    });
    let mut operation = json!({
        "operationId": listed.name,
        "summary": summary(listed.name, &ask, definitions),
        "tags": [capability],
        "security": []
    });
    let (Some(operation_map), Some(responses)) = (operation.as_object_mut(), responses.as_object_mut()) else { return operation };
    if listed.caller == CallerKind::Staff {
        operation_map.insert("security".to_owned(), json!([{"session": []}, {"bearer": []}]));
        responses.insert("401".to_owned(), refusal("Not signed in"));
    }
    if let Some(permission) = listed.needs {
        operation_map.insert("description".to_owned(), json!(format!("Needs the permission `{}`.", permission.code())));
        responses.insert("403".to_owned(), refusal("Not permitted"));
    }
    if listed.scoped {
        responses.insert("404".to_owned(), refusal("Outside the data scope"));
    }
    match listed.method {
        Method::Get => {
            operation_map.insert("parameters".to_owned(), parameters(&ask, definitions));
        }
        Method::Post => {
            operation_map
                .insert("requestBody".to_owned(), json!({"required": true, "content": answer(&ask, "application/json")}));
        }
    }
    operation_map.insert("responses".to_owned(), Value::Object(std::mem::take(responses)));
    operation
}

/// The fields of a GET request as query parameters.
fn parameters(ask: &Value, definitions: &Map<String, Value>) -> Value {
    let schema = definition(ask, definitions);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    properties
        .into_iter()
        .map(|(name, schema)| {
            let required = required.contains(&name.as_str());
            json!({"name": name, "in": "query", "required": required, "schema": never_null(schema), "explode": true})
        })
        .collect()
}

fn definition<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.and_then(|name| definitions.get(name)).unwrap_or(schema)
}

/// What the request says of itself, or its name as words.
fn summary(name: &str, ask: &Value, definitions: &Map<String, Value>) -> String {
    let told = definition(ask, definitions).get("description").and_then(Value::as_str).unwrap_or_default();
    let first = told.split(['\n', ';', ':']).next().unwrap_or_default().trim().trim_end_matches('.');
    if !first.is_empty() {
        return first.to_owned();
    }
    let mut words = String::new();
    for (place, letter) in name.char_indices() {
        if place > 0 && letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(if place == 0 { letter.to_uppercase().next() } else { letter.to_lowercase().next() });
    }
    words
}

/// A query parameter is left out, not null.
fn never_null(mut schema: Value) -> Value {
    let Some(map) = schema.as_object_mut() else { return schema };
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(kinds)) = map.get_mut("anyOf") {
        kinds.retain(|kind| kind.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = kinds.as_slice() {
            let only = only.clone();
            map.remove("anyOf");
            map.extend(only);
        }
    }
    schema
}

/// Words that are described one by one become one list of words, which every generator makes an enumeration of.
fn plain_words(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    let Some(kinds) = map.get("oneOf").and_then(Value::as_array) else { return };
    let (mut words, mut told) = (Vec::new(), Vec::new());
    for kind in kinds {
        match (kind.get("const"), kind.get("enum").and_then(Value::as_array)) {
            (Some(Value::String(word)), _) => {
                words.push(json!(word));
                if let Some(description) = kind.get("description").and_then(Value::as_str) {
                    told.push(format!("`{word}`: {description}"));
                }
            }
            (None, Some(list)) => words.extend(list.iter().cloned()),
            _ => return,
        }
    }
    let before = map.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = [before.to_owned(), told.join("  \n")].join("\n\n").trim().to_owned();
    map.remove("oneOf");
    map.insert("type".to_owned(), json!("string"));
    map.insert("enum".to_owned(), Value::Array(words));
    map.insert("description".to_owned(), json!(description));
}

/// Leaves schemas out to which nothing points: requests whose fields are query parameters.
fn keep_used(schemas: &mut Map<String, Value>, paths: &Map<String, Value>) {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
                    found.push(name.to_owned());
                }
                map.values().for_each(|value| collect(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut waiting = Vec::new();
    paths.values().for_each(|path| collect(path, &mut waiting));
    let mut used = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if let Some(schema) = schemas.get(&name)
            && used.insert(name)
        {
            collect(schema, &mut waiting);
        }
    }
    schemas.retain(|name, _| used.contains(name));
}
