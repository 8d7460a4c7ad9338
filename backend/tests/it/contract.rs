//! What every endpoint owes: 401 to strangers, 403 without the permission, 404 across data scopes, a place in the OpenAPI
//! document.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use common::api::{CallerKind, Listed, Method};
use common::id::BuildingId;
use common::permission::Permission;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::{Anju, Person};

#[tokio::test]
async fn strangers_are_turned_away() {
    let anju = Anju::start().await;
    anju.manager().await;
    for listed in staff() {
        assert_eq!(status(&anju.stranger(), &listed, &json!({})).await, StatusCode::UNAUTHORIZED, "{}", listed.path);
    }
}

#[tokio::test]
async fn nobody_does_what_they_are_not_permitted() {
    let anju = Anju::start().await;
    let community = anju.community("澜庭花园").await;
    for permission in Permission::ALL {
        let others: Vec<Permission> = Permission::ALL.iter().copied().filter(|other| other != permission).collect();
        let person = anju.employee(&others, &[community]).await;
        for listed in staff().into_iter().filter(|listed| listed.needs == Some(*permission)) {
            assert_eq!(status(&person, &listed, &json!({})).await, StatusCode::FORBIDDEN, "{}", listed.path);
        }
    }
}

#[tokio::test]
async fn another_community_does_not_exist() {
    let anju = Anju::start().await;
    let ours = anju.community("澜庭花园").await;
    let theirs = anju.community("青枫里").await;
    let person = anju.employee(Permission::ALL, &[ours]).await;
    let document = backend::openapi::document();
    for listed in staff().into_iter().filter(|listed| listed.scoped) {
        let mut ask = example(&listed, &document);
        ask["community"] = json!(theirs);
        assert_eq!(status(&person, &listed, &ask).await, StatusCode::NOT_FOUND, "{} {ask}", listed.path);
    }
}

#[tokio::test]
async fn files_are_for_the_same_people_as_lists() {
    let anju = Anju::start().await;
    let (ours, theirs) = (anju.community("澜庭花园").await, anju.community("青枫里").await);
    let (reader, nobody) = (anju.employee(Permission::ALL, &[ours]).await, anju.employee(&[], &[ours]).await);
    let document = backend::openapi::document();
    let mut walked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (verb, operation) in operations.as_object().unwrap() {
            if operation["responses"]["200"]["content"].get("application/json").is_some() {
                continue;
            }
            walked += 1;
            let fields = operation["parameters"].as_array().into_iter().flatten().filter(|field| field["required"] == true);
            let mut ask: Map<String, Value> =
                fields.map(|field| (field["name"].as_str().unwrap().to_owned(), sample(&field["schema"], &document))).collect();
            let of_community = ask.contains_key("community");
            let mut asks = async |person: &Person, community| {
                if of_community {
                    ask.insert("community".to_owned(), json!(community));
                }
                let path = format!("{path}?{}", serde_html_form::to_string(&ask).unwrap());
                match verb.as_str() {
                    "get" => person.sends(Method::Get, &path, None).await.0,
                    _ => person.sends(Method::Post, &path, Some(vec![])).await.0,
                }
            };
            assert_eq!(asks(&anju.stranger(), ours).await, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(asks(&nobody, ours).await, StatusCode::FORBIDDEN, "{path}");
            if of_community {
                assert_eq!(asks(&reader, theirs).await, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
    assert!(walked >= 12, "exports, templates, workbooks to mark");
}

#[tokio::test]
async fn what_concerns_a_whole_community_is_not_for_who_sees_one_building() {
    let anju = Anju::start().await;
    let ours = anju.community("澜庭花园").await;
    let elsewhere = anju.community("青枫里").await;
    let building = Some(BuildingId(Uuid::now_v7()));
    let person = anju.employee_of_buildings(Permission::ALL, &[(ours, building), (elsewhere, building)]).await;
    let document = backend::openapi::document();
    let whole: Vec<Listed> = staff().into_iter().filter(|listed| listed.whole).collect();
    assert!(whole.len() >= 7, "fee items, tariffs, ways to pay and imports");
    for listed in whole {
        let mut ask = example(&listed, &document);
        ask["community"] = json!(ours);
        assert_eq!(status(&person, &listed, &ask).await, StatusCode::FORBIDDEN, "{} {ask}", listed.path);
    }
}

#[tokio::test]
async fn every_business_endpoint_says_its_community() {
    let exempt = ["/api/organisation/"];
    for listed in staff() {
        assert!(listed.scoped || exempt.iter().any(|prefix| listed.path.starts_with(prefix)), "{} is not scoped", listed.path);
    }
}

#[test]
fn the_openapi_document_names_every_endpoint_once_and_resolves() {
    let document = backend::openapi::document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for listed in common::endpoints() {
        assert!(names.insert(listed.name), "{} is the name of two endpoints", listed.name);
        let method = if listed.method == Method::Get { "get" } else { "post" };
        assert_eq!(document["paths"][listed.path][method]["operationId"], listed.name);
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in schemas.keys() {
        assert!(!name.ends_with(|letter: char| letter.is_ascii_digit()), "{name}: two types have this name");
    }
    assert_eq!(schemas["BillState"]["enum"].as_array().map(Vec::len), Some(4));
    let file = &document["paths"]["/api/cashier/payments/export.xlsx"]["get"];
    let fields = |operation: &Value| operation["parameters"].as_array().map(Vec::len);
    // The list's filters and sort; the language instead of page and size.
    assert_eq!(fields(file).map(|count| count + 1), fields(&document["paths"]["/api/cashier/payments"]["get"]));
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
    }
}

fn staff() -> Vec<Listed> {
    common::endpoints().into_iter().filter(|listed| listed.caller == CallerKind::Staff).collect()
}

async fn status(person: &Person, listed: &Listed, ask: &Value) -> StatusCode {
    match listed.method {
        Method::Get => {
            let query = serde_html_form::to_string(ask.as_object().unwrap()).unwrap();
            person.sends(Method::Get, &format!("{}?{query}", listed.path), None).await.0
        }
        Method::Post => person.sends(Method::Post, listed.path, Some(serde_json::to_vec(ask).unwrap())).await.0,
    }
}

/// The smallest request that reads as this endpoint's, made from its schema.
fn example(listed: &Listed, document: &Value) -> Value {
    let method = if listed.method == Method::Get { "get" } else { "post" };
    let operation = &document["paths"][listed.path][method];
    if listed.method == Method::Post {
        return sample(&operation["requestBody"]["content"]["application/json"]["schema"], document);
    }
    let fields = operation["parameters"].as_array().into_iter().flatten().filter(|field| field["required"] == true);
    Value::Object(fields.map(|field| (field["name"].as_str().unwrap().to_owned(), sample(&field["schema"], document))).collect())
}

fn sample(schema: &Value, document: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(document.pointer(reference.trim_start_matches('#')).unwrap(), document);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    if let Some(first) = ["oneOf", "anyOf", "allOf"].iter().find_map(|any| schema[any].as_array()?.first()) {
        let mut value = sample(first, document);
        // A tagged variant: its own fields stand beside the choice.
        if let (Some(value), Some(fields)) = (value.as_object_mut(), object(schema, document).as_object()) {
            value.extend(fields.clone());
        }
        return value;
    }
    if let Some(example) = schema["examples"].as_array().and_then(|examples| examples.first()) {
        return example.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].as_array()?.first()?.as_str()).unwrap_or("object");
    match (kind, schema["format"].as_str()) {
        ("string", Some("uuid")) => json!(Uuid::nil()),
        ("string", Some("date")) => json!("2026-10-01"),
        ("string", Some("date-time")) => json!("2026-10-01T00:00:00Z"),
        ("string", _) if schema["pattern"].is_string() => json!("1"),
        ("string", _) => json!("2026-10"),
        ("integer" | "number", _) => json!(1),
        ("boolean", _) => json!(true),
        ("array", _) => json!([]),
        ("null", _) => Value::Null,
        _ => object(schema, document),
    }
}

fn object(schema: &Value, document: &Value) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Value::Object(required.map(|name| (name.to_owned(), sample(&schema["properties"][name], document))).collect::<Map<_, _>>())
}
