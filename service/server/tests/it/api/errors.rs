//! The page of the documentation that lists all errors is made from the code.

use packshot_server::Code;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/errors-of-the-service.md");

fn page() -> String {
    let mut page = "# Errors of the service\n\nEach answer that is no success is a problem of RFC 9457, \
        `application/problem+json`. Its `code` is one of these and never changes its meaning; `detail` says what is wrong in this \
        case, and `request_id` names the answer. `Packshot-Should-Retry` says whether the same request, with the same \
        idempotency key, can succeed later.\n\n| code | status | what went wrong | what to do | retry |\n|---|---:|---|---|---|\n"
        .to_owned();
    for code in Code::ALL {
        let retry = if code.retry() { "yes" } else { "no" };
        let (status, title, action) = (code.status(), code.title(), code.action().replace('|', "\\|"));
        page.push_str(&format!("| <a id=\"{code}\"></a>`{code}` | {status} | {title} | {action} | {retry} |\n"));
    }
    page
}

#[test]
fn the_page_of_errors_is_the_one_of_the_code() {
    if std::env::var_os("PACKSHOT_BLESS").is_some() {
        std::fs::write(FILE, page()).expect("it can be written");
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(kept == page(), "{FILE} is out of date; run this test with PACKSHOT_BLESS=1");
}

#[test]
fn words_of_codes_are_different() {
    let mut words: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Code::ALL.len());
}
