//! Signed notes and the proofs in them. The first vector is that of Go's `golang.org/x/mod/sumdb/note`.

use packshot_policy::{NoteError, NoteSigner, NoteVerifier, Purged};
use proptest::prelude::*;

fn purged() -> Purged {
    Purged {
        service: "Narpix".to_owned(),
        record: "0192f1d2c3b4a5968778695a4b3c2d1e".to_owned(),
        class: "upload.original".to_owned(),
        rule: "images-free".to_owned(),
        policy: ("2025-10".to_owned(), "ab".repeat(32)),
        due: "2026-12-02T12:00:00Z".parse().unwrap(),
        gone: "2026-12-02T11:20:00Z".parse().unwrap(),
        checked: vec!["content".to_owned(), "key".to_owned()],
    }
}

#[test]
fn notes_are_those_of_go() {
    // The example of the package: its verifier key and its note.
    let verifier: NoteVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    let note = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\
        \n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let text = verifier.open(note).unwrap();
    assert!(text.starts_with("If you think") && text.ends_with("problem is.\n"));
    assert_eq!(verifier.open(&note.replace("answer", "problem")), Err(NoteError::Changed));
    assert_eq!(verifier.to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

#[test]
fn a_proof_is_read_by_whoever_has_the_key() {
    let signer = NoteSigner::new("Narpix", &[7; 32]);
    let note = purged().signed(&signer);
    assert!(note.starts_with("packshot.purge-proof/1\nservice Narpix\nrecord 0192"), "{note}");
    assert_eq!(Purged::verified(&note, signer.verifier()), Ok(purged()));
    assert!(purged().in_time());
    let key: NoteVerifier = signer.verifier().to_string().parse().unwrap();
    assert_eq!(Purged::verified(&note, &key), Ok(purged()));
    let other = NoteSigner::new("Narpix", &[8; 32]);
    assert_eq!(Purged::verified(&note, other.verifier()), Err(NoteError::NotSigned));
    assert_eq!(Purged::verified(&other.sign("another text\n"), other.verifier()), Err(NoteError::NoNote));
    for wrong in ["", "text\n", "text\n\n", "text\n\nno dash\n"] {
        assert_eq!(Purged::verified(wrong, &key), Err(NoteError::NoNote), "{wrong:?}");
    }
    for wrong in ["", "a+b", "Narpix+00000000+AAAA", &signer.verifier().to_string().replace("narpix", "upixel")] {
        assert!(wrong.parse::<NoteVerifier>().is_err(), "{wrong}");
    }
    // A name with a space or a line cannot break out of its line.
    let odd = Purged { service: "Nana\ngone 1999-01-01T00:00:00Z".to_owned(), ..purged() };
    let read = Purged::verified(&odd.signed(&signer), &key).unwrap();
    assert_eq!(read.gone, odd.gone);
}

proptest! {
    #[test]
    fn whatever_is_changed_is_seen(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let signer = NoteSigner::new("Narpix", &[7; 32]);
        let mut note = purged().signed(&signer).into_bytes();
        let at = at.index(note.len());
        prop_assume!(note[at] != to);
        note[at] = to;
        if let Ok(note) = String::from_utf8(note) {
            prop_assert!(Purged::verified(&note, signer.verifier()).is_err());
        }
    }
}
