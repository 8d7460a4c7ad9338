//! What the contract leaves out on purpose and the document does not: workbooks to download, workbooks to mark.

use serde_json::{Map, Value, json};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An export takes the query of the list it stands beside: path, operation, that list's operation.
const EXPORTS: &[(&str, &str, &str)] = &[
    ("/api/estate/units/export.xlsx", "ExportUnits", "/api/estate/units"),
    ("/api/organisation/employees/export.xlsx", "ExportEmployees", "/api/organisation/employees"),
    ("/api/residents/export.xlsx", "ExportResidents", "/api/residents"),
    ("/api/charging/charges/export.xlsx", "ExportCharges", "/api/charging/charges"),
    ("/api/charging/prices/export.xlsx", "ExportPrices", "/api/charging/fee-items"),
    ("/api/charging/rents/export.xlsx", "ExportRents", "/api/charging/rents"),
    ("/api/metering/apportionments/export.xlsx", "ExportApportionments", "/api/metering/apportionments"),
    ("/api/billing/runs/export.xlsx", "ExportRuns", "/api/billing/runs"),
    ("/api/billing/runs/skips/export.xlsx", "ExportSkips", "/api/billing/runs/skips"),
    ("/api/metering/meters/export.xlsx", "ExportMeters", "/api/metering/meters"),
    ("/api/metering/readings/export.xlsx", "ExportReadings", "/api/metering/readings"),
    ("/api/approvals/export.xlsx", "ExportApprovals", "/api/approvals"),
    ("/api/waivers/given/export.xlsx", "ExportWaivers", "/api/waivers/given"),
    ("/api/billing/bills.xlsx", "ExportBills", "/api/billing/bills"),
    ("/api/cashier/payments/export.xlsx", "ExportPayments", "/api/cashier/payments"),
    ("/api/reports/ledger/export.xlsx", "ExportLedger", "/api/reports/ledger"),
    ("/api/reports/entries/export.xlsx", "ExportEntries", "/api/reports/entries"),
    ("/api/reports/collections/export.xlsx", "ExportCollections", "/api/reports/collections"),
    ("/api/reports/arrears/export.xlsx", "ExportArrears", "/api/reports/arrears"),
];

/// Workbooks to fill in: path, operation, required and optional parameters.
const TEMPLATES: &[(&str, &str, &[&str], &[&str])] = &[
    ("/api/estate/template.xlsx", "GetEstateTemplate", &[], &[]),
    ("/api/metering/meters/template", "GetMeterTemplate", &[], &[]),
    (
        "/api/metering/readings/template",
        "GetReadingTemplate",
        &["community", "month"],
        &["utility", "unread", "round", "part", "reader"],
    ),
    ("/api/charging/sales/template", "GetSalesTemplate", &["community", "month"], &[]),
    ("/api/billing/import/template", "GetBillTemplate", &["community"], &[]),
];

/// Workbooks that are sent and come back with what is wrong in them.
const MARKED: &[(&str, &str, &[&str], &[&str])] = &[
    ("/api/residents/import/problems.xlsx", "MarkEstateWorkbook", &["community"], &["name"]),
    ("/api/metering/readings/remarks", "MarkReadingWorkbook", &["community", "month", "day"], &["utility"]),
];

/// Workbooks that are made of what is sent, which is more than an address holds: path, operation, fields of the body that are required.
const MADE: &[(&str, &str, &[&str])] = &[("/api/billing/trial/export.xlsx", "ExportTrial", &["inputs", "changes"])];

/// Adds their operations.
pub(super) fn add(paths: &mut Map<String, Value>, problem: &Value) {
    for (path, name, list) in EXPORTS {
        let beside = paths.get(*list).and_then(|list| list.get("get"));
        let parameters = beside.and_then(|list| list.get("parameters")).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut parameters: Vec<Value> = parameters
            .into_iter()
            .filter(|parameter| !matches!(parameter.get("name").and_then(Value::as_str), Some("page" | "size")))
            .collect();
        parameters.push(parameter("language", false));
        let description = beside.and_then(|list| list.get("description")).cloned();
        let mut operation = operation(path, name, "What the list's filters find, as a workbook", parameters, problem);
        if let (Some(operation), Some(description)) = (operation.as_object_mut(), description) {
            operation.insert("description".to_owned(), description);
        }
        paths.insert((*path).to_owned(), json!({"get": operation}));
    }
    for (path, name, required, optional) in TEMPLATES {
        let operation = operation(path, name, "A workbook to fill in and import", named(required, optional), problem);
        paths.insert((*path).to_owned(), json!({"get": operation}));
    }
    for (path, name, required, optional) in MARKED {
        let summary = "The workbook that was sent, with what is wrong marked in its cells";
        let mut operation = operation(path, name, summary, named(required, optional), problem);
        if let Some(operation) = operation.as_object_mut() {
            let body = json!({"required": true, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}});
            operation.insert("requestBody".to_owned(), body);
        }
        paths.insert((*path).to_owned(), json!({"post": operation}));
    }
    for (path, name, required) in MADE {
        let mut operation = operation(path, name, "A workbook of what was sent", named(&[], &[]), problem);
        if let Some(operation) = operation.as_object_mut() {
            let body =
                json!({"required": true, "content": {"application/json": {"schema": {"type": "object", "required": required}}}});
            operation.insert("requestBody".to_owned(), body);
        }
        paths.insert((*path).to_owned(), json!({"post": operation}));
    }
}

fn named(required: &[&str], optional: &[&str]) -> Vec<Value> {
    let required = required.iter().map(|name| parameter(name, true));
    required.chain(optional.iter().chain(&["language"]).map(|name| parameter(name, false))).collect()
}

fn parameter(name: &str, required: bool) -> Value {
    let schema = match name {
        "community" => json!({"$ref": "#/components/schemas/CommunityId"}),
        "month" => json!({"$ref": "#/components/schemas/Month"}),
        "utility" => json!({"$ref": "#/components/schemas/Utility"}),
        "day" => json!({"type": "string", "format": "date"}),
        "unread" => json!({"type": "boolean"}),
        "language" => json!({"type": "string", "enum": ["zh-CN", "en"]}),
        _ => json!({"type": "string"}),
    };
    json!({"name": name, "in": "query", "required": required, "schema": schema})
}

fn operation(path: &str, name: &str, summary: &str, parameters: Vec<Value>, problem: &Value) -> Value {
    let refused = |what: &str| json!({"description": what, "content": {"application/problem+json": {"schema": problem}}});
    json!({
        "operationId": name,
        "summary": summary,
        "tags": [path.split('/').nth(2).unwrap_or_default()],
        "security": [{"session": []}, {"bearer": []}],
        "parameters": parameters,
        "responses": {
            "200": {"description": "A file", "content": {WORKBOOK: {"schema": {"type": "string", "format": "binary"}}}},
            "401": refused("Not signed in"),
            "403": refused("Not permitted"),
            "default": refused("Refused")
        }
    })
}
