//! The OpenAPI 3.1 document, printed from the same contract that the routes and the browser are built from.

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
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Anju",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Property management. Money is in fen (integers, fields end in `_fen`); prices and quantities are decimal strings; days are `YYYY-MM-DD`; refusals are RFC 9457 problems with a stable `code`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(false),
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
    let mut operation = json!({"operationId": listed.name, "tags": [capability]});
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
    let name = ask.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let schema = name.and_then(|name| definitions.get(name)).unwrap_or(ask);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    properties
        .into_iter()
        .map(|(name, schema)| {
            let required = required.contains(&name.as_str());
            json!({"name": name, "in": "query", "required": required, "schema": schema, "explode": true})
        })
        .collect()
}
