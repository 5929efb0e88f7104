//! Errors as answers: RFC 9457.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use packshot_api::service::{Problem, header};

use crate::code::Code;
use crate::error::Error;
use crate::refusal::Refusal;

/// Where each code is explained; the code follows.
const PAGES: &str = "https://packshot.dev/errors#";

impl IntoResponse for Error {
    /// The problem travels as an extension: only the layer around all routes knows the id of the request.
    fn into_response(self) -> Response {
        let code = self.code();
        let mut problem = problem(code, self.to_string());
        match &self {
            Self::Refused(Refusal::InsufficientCredits { needed, available }) => {
                (problem.needed, problem.available) = (Some(*needed), Some(*available));
            }
            Self::Invalid(wrong) => problem.fields.clone_from(wrong),
            _ => {}
        }
        if code.status() >= 500 {
            // What the database or the system says is for the operator; it may hold what nobody else should read.
            tracing::error!(code = code.as_str(), cause = %self, "a request failed");
            code.title().clone_into(&mut problem.detail);
        }
        let mut response = StatusCode::from_u16(code.status()).unwrap_or_default().into_response();
        if let Self::RateLimited { after, .. } = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        response.extensions_mut().insert(problem);
        response
    }
}

fn problem(code: Code, detail: String) -> Problem {
    Problem {
        kind: format!("{PAGES}{code}"),
        title: code.title().to_owned(),
        status: code.status(),
        code: code.as_str().to_owned(),
        detail,
        action: code.action().to_owned(),
        request_id: String::new(),
        fields: Vec::new(),
        needed: None,
        available: None,
    }
}

/// Writes the problem of an answer, also where axum made the answer by itself.
pub(super) fn written(mut response: Response, request_id: &str) -> Response {
    let found = response.extensions_mut().remove::<Problem>();
    let code = match response.status() {
        status if !status.is_client_error() && !status.is_server_error() => return response,
        StatusCode::NOT_FOUND => Code::NoSuchRoute,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Code::TimedOut,
        status if status.is_client_error() => Code::BodyUnreadable,
        _ => Code::Internal,
    };
    let mut problem = found.unwrap_or_else(|| problem(code, code.title().to_owned()));
    request_id.clone_into(&mut problem.request_id);
    let retry = Code::ALL.iter().find(|code| code.as_str() == problem.code).is_some_and(|code| code.retry());
    let Ok(json) = serde_json::to_vec(&problem) else { return response };
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::from_u16(problem.status).unwrap_or(parts.status);
    let headers = &mut parts.headers;
    headers.remove(axum::http::header::CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    let retry = if retry { "true" } else { "false" };
    headers.insert(HeaderName::from_static(header::SHOULD_RETRY), HeaderValue::from_static(retry));
    if problem.status == 401 {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    Response::from_parts(parts, Body::from(json))
}
