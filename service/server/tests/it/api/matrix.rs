//! Who may do what: every operation of the OpenAPI document, for every role, for strangers and for foreign organisations. An
//! operation that does not say who may call it fails.

use packshot_server::{Id, openapi};
use reqwest::Method;
use serde_json::{Value, json};

use super::House;
use crate::service::{Reply, key};
use crate::stores::{Fresh, on_both};

/// What each role may do, written a second time: a change of one table without the other is found.
const ROLES: &[(&str, &[&str])] = &[
    (
        "owner",
        &[
            "credits:read",
            "credits:spend",
            "statement:read",
            "assets:read",
            "assets:write",
            "members:read",
            "members:write",
            "keys:read",
            "keys:write",
            "organisation:write",
        ],
    ),
    (
        "admin",
        &[
            "credits:read",
            "credits:spend",
            "statement:read",
            "assets:read",
            "assets:write",
            "members:read",
            "members:write",
            "keys:read",
            "keys:write",
            "organisation:write",
        ],
    ),
    ("member", &["credits:read", "credits:spend", "assets:read", "assets:write", "members:read"]),
    ("finance", &["credits:read", "statement:read", "members:read"]),
    ("support", &["credits:read", "members:read", "keys:read"]),
];

/// One operation of the document.
struct Operation {
    method: Method,
    path: String,
    /// `credits:read` and so on within an organisation, `account` for whoever is signed in, `operator`, or nothing for all.
    permission: Option<String>,
    /// A body with all that must be there.
    body: Option<Value>,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(openapi()).expect("JSON");
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let permission = operation["x-permission"].as_str().map(str::to_owned);
            let is_public = operation["security"] == json!([{}]);
            assert!(
                is_public != permission.is_some(),
                "{method} {path} must say who may call it: x-permission, or security(())"
            );
            found.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                permission,
                body: operation
                    .get("requestBody")
                    .and_then(|body| body["content"].get("application/json"))
                    .map(|content| sample(&document, &content["schema"])),
            });
        }
    }
    found
}

/// The smallest value of a schema.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return sample(document, document.pointer(&name[1..]).expect("a schema"));
    }
    // The last one: the first role is that of owners, whom only owners make.
    if let Some(example) = schema["examples"].as_array().and_then(|all| all.last()) {
        return example.clone();
    }
    match schema["type"].as_str().unwrap_or_default() {
        "object" => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name.to_owned(), sample(document, &schema["properties"][name]))).collect()
        }
        "array" => json!([]),
        "integer" | "number" => schema["minimum"].as_i64().unwrap_or(0).max(1).into(),
        "boolean" => json!(true),
        "string" => json!("text"),
        other => panic!("a schema of type \"{other}\": {schema}"),
    }
}

impl Operation {
    /// Calls it about things that do not exist: who may not call it learns only that.
    async fn call(&self, house: &House, token: Option<&str>, organisation: Option<Id>) -> Reply {
        let ids = self
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { Id::new().to_string() } else { part.to_owned() });
        let mut request = house.service.request(self.method.clone(), &ids.collect::<Vec<_>>().join("/"));
        request = request.header("idempotency-key", key());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(organisation) = organisation {
            request = request.header("packshot-organisation", organisation.to_string());
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        Reply::of(request).await
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The code of a refusal, if it is one.
fn code(reply: &Reply) -> Option<String> {
    let body: Value = serde_json::from_str(&reply.text).ok()?;
    (reply.status >= 400).then(|| body["code"].as_str().unwrap_or_default().to_owned())
}

on_both! {
    async fn every_role_may_do_what_its_row_says(fresh: Fresh) {
        let house = House::on(&fresh).await;
        let operator = &house.service.operator;
        for (role, allowed) in ROLES {
            fresh.change(&format!("UPDATE member SET role = '{role}'")).await.expect("the owner may");
            for operation in operations() {
                let Some(permission) = operation.permission.as_deref().filter(|word| word.contains(':')) else { continue };
                let reply = operation.call(&house, Some(operator), None).await;
                let refused = code(&reply).as_deref() == Some("not_permitted");
                assert_eq!(refused, !allowed.contains(&permission), "{role}: {}: {reply:?}", operation.name());
            }
        }
    }

    async fn an_organisation_is_not_seen_from_outside(fresh: Fresh) {
        let house = House::on(&fresh).await;
        let foreign = Id::new();
        let id = fresh.literal(&foreign.to_string());
        let made = format!("INSERT INTO organisation VALUES ({id}, {}, 'free', 9000000000000000, 0)", fresh.bytes(&[0]));
        fresh.change(&made).await.expect("the owner may");
        for operation in operations() {
            if operation.permission.as_deref().is_some_and(|word| word.contains(':')) {
                let reply = operation.call(&house, Some(&house.service.operator), Some(foreign)).await;
                assert_eq!(code(&reply).as_deref(), Some("not_found"), "{}: {reply:?}", operation.name());
            }
        }
    }

    async fn nobody_without_a_token_gets_in(fresh: Fresh) {
        let house = House::on(&fresh).await;
        for operation in operations() {
            let reply = operation.call(&house, None, None).await;
            let refused = code(&reply).as_deref() == Some("token_missing");
            assert_eq!(refused, operation.permission.is_some(), "{}: {reply:?}", operation.name());
        }
    }

    async fn only_an_operator_operates(fresh: Fresh) {
        let house = House::on(&fresh).await;
        fresh.change("UPDATE account SET operator = 0").await.expect("the owner may");
        for operation in operations() {
            if operation.permission.as_deref() == Some("operator") {
                let reply = operation.call(&house, Some(&house.service.operator), None).await;
                assert_eq!(code(&reply).as_deref(), Some("not_permitted"), "{}: {reply:?}", operation.name());
            }
        }
    }
}
