//! The OpenAPI document: what all operations share is added here, once.

use axum::Router;
use packshot_api::service::{Problem, VERSION, header};
use utoipa::openapi::content::Content;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ContactBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, Server,
    Type,
};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_axum::router::OpenApiRouter;

use crate::state::App;

/// Splits a router into routes and document.
pub(super) fn described(router: OpenApiRouter<App>) -> (Router<App>, OpenApi) {
    let (router, mut openapi) = router.split_for_parts();
    openapi.info = InfoBuilder::new()
        .title("Packshot")
        .version(VERSION)
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build()))
        .contact(Some(ContactBuilder::new().url(Some("https://packshot.dev")).build()))
        .build();
    openapi.servers = Some(vec![Server::new("http://127.0.0.1:8080")]);
    let components = openapi.components.get_or_insert_default();
    let mut schemas = vec![("Problem".to_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    for (address, path) in &mut openapi.paths.paths {
        let operations = [
            ("get", &mut path.get, false),
            ("patch", &mut path.patch, false),
            ("put", &mut path.put, false),
            ("post", &mut path.post, true),
            ("delete", &mut path.delete, true),
        ];
        for (method, operation, keyed) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(id(method, address));
                if operation.description.is_none() {
                    operation.description.clone_from(&operation.summary);
                }
                complete(operation, keyed);
            }
        }
    }
    let tag = |(name, about): &(&str, &str)| TagBuilder::new().name(*name).description(Some(*about)).build();
    openapi.tags = Some(TAGS.iter().map(tag).collect());
    without_strangers(&mut openapi);
    (router, openapi)
}

const ABOUT: &str = "Accounts, credits and work of a Packshot service. Amounts are thousandths of a credit. Each POST and \
    DELETE takes an idempotency key: the same request under the same key has its effect once, and the same answer.";

/// The parts of the API.
const TAGS: &[(&str, &str)] = &[
    ("service", "The service itself."),
    ("accounts", "People."),
    ("sessions", "Where people are signed in."),
    ("organisations", "Who shares credits."),
    ("keys", "Programs that act for an organisation."),
    ("credits", "What an organisation has, reserves and spends."),
    ("assets", "Photos and results: how they are uploaded, read and deleted, and how long they are kept."),
    ("admin", "For who operates the service."),
    ("test", "For tests: only where the clock is one that tests move."),
];

/// The name of an operation: `post_holds_id_capture`.
fn id(method: &str, address: &str) -> String {
    let words = address.split(['/', '{', '}', '.']).filter(|word| !matches!(*word, "" | "v1"));
    words.fold(method.to_owned(), |id, word| id + "_" + word)
}

/// Removes schemas that nothing refers to: utoipa writes items of lists twice.
fn without_strangers(openapi: &mut OpenApi) {
    let text = openapi.to_json().unwrap_or_default();
    if let Some(components) = &mut openapi.components {
        components.schemas.retain(|name, _| text.contains(&format!("#/components/schemas/{name}\"")));
    }
}

/// Adds what every operation has: its headers, its failures, and who may call it.
fn complete(operation: &mut Operation, keyed: bool) {
    let parameters = operation.parameters.get_or_insert_default();
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let version = text().enum_values(Some([VERSION]));
    let about = "The version of the API that the client knows.";
    parameters.push(header_parameter(header::VERSION, Required::False, about, version));
    if keyed {
        let key = text().min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$"));
        let about = "Names the request: 1 to 255 visible ASCII characters.";
        parameters.push(header_parameter(header::IDEMPOTENCY_KEY, Required::True, about, key));
    }
    let permission = operation.extensions.as_ref().and_then(|all| all.get("x-permission")?.as_str());
    if permission.is_some_and(|permission| permission.contains(':')) {
        let id = text().pattern(Some("^[0-9a-f]{32}$"));
        let about = "The organisation. If absent, that of the API key, or the account's first one.";
        parameters.push(header_parameter(header::ORGANISATION, Required::False, about, id));
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            headers(response, keyed);
        }
    }
    for (status, about) in [("4XX", "The request is refused."), ("5XX", "The service failed.")] {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let mut response =
            ResponseBuilder::new().description(about).content("application/problem+json", content).build();
        headers(&mut response, false);
        operation.responses.responses.insert(status.to_owned(), RefOr::T(response));
    }
    // Operations that say nothing need a token.
    operation.security.get_or_insert_with(|| vec![SecurityRequirement::new("token", Vec::<String>::new())]);
}

fn headers(response: &mut Response, keyed: bool) {
    let text = |about: &str| {
        let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
        header.description = Some(about.to_owned());
        header
    };
    let mut add = |name: &str, about: &str| {
        response.headers.insert(name.to_owned(), RefOr::T(text(about)));
    };
    add(header::REQUEST_ID, "Names this answer.");
    add(header::RATE_LIMIT, "What is left of the rate limit.");
    add(header::RATE_LIMIT_POLICY, "The rate limit.");
    if keyed {
        add(header::REPLAYED, "`true` if the request was done before.");
    }
}

fn header_parameter(name: &str, required: Required, about: &str, schema: ObjectBuilder) -> RefOr<Parameter> {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(about))
        .schema(Some(schema));
    RefOr::T(parameter.build())
}
