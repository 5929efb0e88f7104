//! Held to the vectors of Wycheproof, which others wrote.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use proptest::prelude::*;
use sha2::Digest as _;
use wycheproof::TestResult;
use wycheproof::chunked_encryption::{TestName, TestSet};

use super::*;

fn opened(key: &[u8], sealed: &[u8], context: &[u8]) -> Option<Vec<u8>> {
    let (header, chunks) = sealed.split_first_chunk::<HEADER>()?;
    Message::open(key.try_into().ok()?, header, context).ok()?.open_all(chunks).ok()
}

#[test]
fn the_vectors_of_wycheproof() {
    let set = TestSet::load(TestName::Cobblestone256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        for test in group.tests {
            let mut sealed = Vec::new();
            ZlibDecoder::new(test.ct.as_ref()).read_to_end(&mut sealed).unwrap();
            let plain = opened(&test.key, &sealed, &test.ctx);
            if test.result == TestResult::Valid {
                let plain = plain.unwrap_or_else(|| panic!("{}: {}", test.tc_id, test.comment));
                let hash = Sha512::digest(&plain);
                assert_eq!(Some(hash.as_slice()), test.msg_sha512.as_ref().map(AsRef::as_ref), "{}", test.tc_id);
                let salt = sealed[..SALT].try_into().unwrap();
                let again = Message::with(test.key.as_ref().try_into().unwrap(), salt, &test.ctx).unwrap();
                assert_eq!(again.seal_all(&plain).unwrap(), sealed, "{}", test.tc_id);
                valid += 1;
            } else {
                assert!(plain.is_none(), "{}: {}", test.tc_id, test.comment);
                invalid += 1;
            }
        }
    }
    assert_eq!((valid, invalid), (10, 25));
}

proptest! {
    #[test]
    fn what_is_sealed_opens_whole_and_in_any_place(length in 0..70_000_usize, place in any::<prop::sample::Index>()) {
        let plain: Vec<u8> = (0..length).map(|at| (at * 7 + at / 251) as u8).collect();
        let message = Message::new(&[3; 32], b"anna").unwrap();
        let sealed = message.seal_all(&plain).unwrap();
        prop_assert_eq!(sealed.len() as u64, sealed_length(length as u64));
        prop_assert_eq!(opened(&[3; 32], &sealed, b"anna"), Some(plain.clone()));
        prop_assert!(opened(&[3; 32], &sealed, b"ben").is_none());
        prop_assert!(opened(&[4; 32], &sealed, b"anna").is_none());
        let number = place.index(length / CHUNK + 1);
        let begin = HEADER + number * SEALED_CHUNK;
        let mut chunk = Vec::new();
        message.open_chunk(number as u64, &sealed[begin..sealed.len().min(begin + SEALED_CHUNK)], &mut chunk).unwrap();
        prop_assert_eq!(&chunk, &plain[number * CHUNK..length.min((number + 1) * CHUNK)]);
    }

    #[test]
    fn what_was_changed_or_cut_does_not_open(length in 0..40_000_usize, at in any::<prop::sample::Index>()) {
        let sealed = Message::new(&[3; 32], b"").unwrap().seal_all(&vec![9; length]).unwrap();
        let at = at.index(sealed.len());
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        prop_assert!(opened(&[3; 32], &changed, b"").is_none());
        prop_assert!(opened(&[3; 32], &sealed[..at], b"").is_none());
    }
}
