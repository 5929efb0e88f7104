use super::*;

/// The example of the specification.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SENT: u64 = 1_614_265_330;
const PAYLOAD: &[u8] = br#"{"test": 2432232314}"#;
const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn secret(text: &str) -> Secret {
    Secret::parse(text).unwrap()
}

/// Verifies the example with one part of it changed.
fn check(id: &str, timestamp: &str, signature: &str, payload: &[u8], now: u64) -> Result<(), WebhookError> {
    let header = |name: &str| match name {
        ID => Some(id),
        TIMESTAMP => Some(timestamp),
        _ => Some(signature),
    };
    verify(&[secret(SECRET)], header, payload, at(now))
}

fn signature_of(signature: &str) -> Result<(), WebhookError> {
    check(MESSAGE, &SENT.to_string(), signature, PAYLOAD, SENT)
}

#[test]
fn the_specifications_example_is_signed_and_verified() {
    assert_eq!(sign(&secret(SECRET), MESSAGE, at(SENT), PAYLOAD).unwrap(), SIGNED);
    assert_eq!(signature_of(SIGNED), Ok(()));
    // The prefix of the secret may be missing.
    assert_eq!(sign(&secret(&SECRET[6..]), MESSAGE, at(SENT), PAYLOAD).unwrap(), SIGNED);
}

#[test]
fn a_message_may_be_five_minutes_off_and_no_more() {
    let when = |now| check(MESSAGE, &SENT.to_string(), SIGNED, PAYLOAD, now);
    assert_eq!((when(SENT - 300), when(SENT + 300)), (Ok(()), Ok(())));
    assert_eq!(when(SENT + 301), Err(WebhookError::TooOld { by: 301 }));
    assert_eq!(when(SENT - 301), Err(WebhookError::TooNew { by: 301 }));
    for timestamp in ["soon", "1614265330.5", " 1614265330", "0x60375CB2", "99999999999999999999"] {
        assert_eq!(
            check(MESSAGE, timestamp, SIGNED, PAYLOAD, SENT),
            Err(WebhookError::TimestampUnreadable),
            "{timestamp}"
        );
    }
    for timestamp in ["-9223372036854775808", "-1"] {
        assert!(matches!(check(MESSAGE, timestamp, SIGNED, PAYLOAD, SENT), Err(WebhookError::TooOld { .. })));
    }
}

#[test]
fn every_part_of_a_message_is_signed() {
    let time = SENT.to_string();
    let mismatch = Err(WebhookError::Mismatch);
    assert_eq!(check("msg_other", &time, SIGNED, PAYLOAD, SENT), mismatch);
    assert_eq!(check(MESSAGE, "1614265331", SIGNED, PAYLOAD, SENT), mismatch);
    // The same JSON, parsed and written again.
    assert_eq!(check(MESSAGE, &time, SIGNED, br#"{"test":2432232314}"#, SENT), mismatch);
    assert_eq!(check(MESSAGE, &time, SIGNED, b"", SENT), mismatch);
    let error = WebhookError::Mismatch.to_string();
    assert!(error.contains("bytes that came"), "{error}");
}

#[test]
fn one_of_several_signatures_is_enough() {
    for signatures in [
        format!("v1,AAAA {SIGNED}"),
        format!("{SIGNED} v1,AAAA"),
        format!("v1a,AAAA {SIGNED}  v2,x"),
        format!("nonsense {SIGNED}"),
    ] {
        assert_eq!(signature_of(&signatures), Ok(()), "{signatures}");
    }
    for signatures in ["v1,", "v1,AAAA", "v1,not base64!", "v1,g0hM9SsE"] {
        assert_eq!(signature_of(signatures), Err(WebhookError::Mismatch), "{signatures}");
    }
    for signatures in ["v2,AAAA", "v1a,AAAA", &SIGNED[3..], "v1", ","] {
        assert_eq!(signature_of(signatures), Err(WebhookError::NoSignature), "{signatures}");
    }
}

#[test]
fn two_secrets_are_valid_while_one_is_replaced() {
    let (old, new) = (secret(SECRET), Secret::new(vec![7; 32]).unwrap());
    let time = SENT.to_string();
    let signature = sign(&new, MESSAGE, at(SENT), PAYLOAD).unwrap();
    let check = |secrets: &[Secret], signature: &str| {
        let header = |name: &str| {
            Some(if name == ID {
                MESSAGE
            } else if name == TIMESTAMP {
                &time
            } else {
                signature
            })
        };
        verify(secrets, header, PAYLOAD, at(SENT))
    };
    for signature in [SIGNED, &signature, &format!("{signature} {SIGNED}")] {
        assert_eq!(check(&[old.clone(), new.clone()], signature), Ok(()));
    }
    assert_eq!(check(&[old], &signature), Err(WebhookError::Mismatch));
    assert_eq!(check(&[], SIGNED), Err(WebhookError::NoSecret));
}

#[test]
fn empty_and_short_secrets_are_refused() {
    for (text, found) in [("", 0), ("whsec_", 0), ("whsec_c2hvcnQ=", 5)] {
        assert_eq!(Secret::parse(text).unwrap_err(), WebhookError::SecretLength { found });
    }
    for (length, is_valid) in [(0, false), (23, false), (24, true), (64, true), (65, false)] {
        assert_eq!(Secret::new(vec![1; length]).is_ok(), is_valid, "{length}");
    }
    assert_eq!(Secret::parse("whsec_***").unwrap_err(), WebhookError::SecretUnreadable);
    assert_eq!(format!("{:?}", secret(SECRET)), "Secret");
}

#[test]
fn a_missing_header_is_named() {
    for missing in [ID, TIMESTAMP, SIGNATURE] {
        let header = |name: &str| if name == missing { None } else { Some("1") };
        assert_eq!(verify(&[secret(SECRET)], header, PAYLOAD, at(1)), Err(WebhookError::HeaderMissing(missing)));
        let empty = |name: &str| Some(if name == missing { "" } else { "1" });
        assert_eq!(verify(&[secret(SECRET)], empty, PAYLOAD, at(1)), Err(WebhookError::HeaderMissing(missing)));
    }
}

#[test]
fn an_id_cannot_move_into_the_time() {
    for id in ["", "msg.1", "."] {
        assert_eq!(sign(&secret(SECRET), id, at(SENT), PAYLOAD), Err(WebhookError::IdInvalid));
    }
}
