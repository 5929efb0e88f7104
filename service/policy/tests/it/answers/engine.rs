//! Clauses that are kept by a part of this crate and not by an entry of a policy. Each is a test, and bears its clauses.

use packshot_policy::{
    Check, Clock, Events, FaultCode, GoneBy, KeepUntil, Occasion, Policy, Preset, Purpose, Record, Retention, Trigger,
};

use super::cases::at;

/// The clauses, what keeps them, the test's name, and the test.
pub(crate) type Proven = (&'static [&'static str], &'static str, &'static str, fn());

macro_rules! proofs {
    ($([$($clause:literal),+] $keeper:literal fn $name:ident() $body:block)*) => {
        $(#[test] fn $name() $body)*

        pub(crate) const PROOFS: &[Proven] = &[$((&[$($clause),+], $keeper, stringify!($name), $name),)*];
    };
}

fn policy(name: &str) -> Policy {
    Preset::named(name).unwrap().policy().unwrap()
}

fn text(name: &str) -> &'static str {
    Preset::named(name).unwrap().text
}

/// What the linter finds once `from` is replaced.
fn found(name: &str, from: &str, to: &str) -> Vec<Check> {
    assert!(text(name).contains(from), "{name}: {from}");
    let policy: Policy = text(name).replace(from, to).parse().unwrap();
    policy.lint(None).iter().map(|finding| finding.check).collect()
}

proofs! {
    ["NARPIX-0b"] "engine reader" fn a_policy_that_names_only_its_month_is_refused() {
        let faults = text("narpix").replace("effective = 2025-10-01", "effective = \"2025-10\"").parse::<Policy>().unwrap_err();
        assert!(faults.iter().any(|fault| fault.code == FaultCode::IncompleteDate));
    }

    ["NEXIMAGE-0a"] "engine reader" fn neximage_bears_the_day_of_its_text() {
        assert_eq!(policy("neximage").about.last_updated.to_string(), "2026-04-01");
    }

    ["PICPHOTO-0"] "engine reader" fn picphoto_bears_the_day_of_its_text() {
        assert_eq!(policy("picphoto").about.last_updated.to_string(), "2025-11-27");
    }

    ["NANAIMG-0b", "NANAIMG-X2"] "engine linter" fn the_two_dates_of_nana_img_must_stand_in_order() {
        let about = policy("nanaimg").about;
        assert_eq!((about.published.to_string(), about.last_updated.to_string()), ("2025-10-24".into(), "2026-03-03".into()));
        assert!(found("nanaimg", "published = 2025-10-24", "published = 2026-03-04").contains(&Check::DatesOutOfOrder));
    }

    ["NARPIX-1.2a", "NEXIMAGE-1b"] "engine linter" fn an_upload_without_an_end_is_refused() {
        let ends = "gone_by = \"24h\"";
        let without = "clock = \"uploaded_at\"\ngone_by = \"24h\"";
        assert!(text("narpix").contains(ends));
        let checks = found("narpix", without, "clock = \"deleted_by_user_at\"\ngone_by = \"24h\"");
        assert!(checks.contains(&Check::UnboundedPersonalData));
        let originals = "clock = \"uploaded_at\"\nkeep_for = \"30d\"\ngone_by = \"31d\"";
        let checks = found("neximage", originals, "clock = \"uploaded_at\"\nkeep_for = \"30d\"");
        assert!(checks.contains(&Check::UnboundedPersonalData));
    }

    ["NARPIX-6.3b"] "engine linter" fn personal_data_may_not_stay_for_ever() {
        assert!(found("narpix", "aggregate_of = 10", "fields = []").contains(&Check::UnboundedPersonalData));
    }

    ["NARPIX-6.2a"] "engine linter" fn a_promise_that_is_made_twice_must_be_the_same_twice() {
        let again = "[[rule]]\nid = \"again\"\nclauses = [\"NARPIX-6.2a\"]\ndata = [\"image.meta\"]\nwhen = { plan = \"free\" }\n\
                     clock = \"uploaded_at\"\ngone_by = \"25h\"\n\n[backup]";
        assert!(found("narpix", "[backup]", again).contains(&Check::Contradiction));
    }

    ["NARPIX-3.2g", "NARPIX-8e"] "engine linter" fn narpix_may_not_start_with_a_processor_that_no_contract_binds() {
        assert!(found("narpix", "dpa = true", "dpa = false").contains(&Check::NoAgreement));
    }

    ["NEXIMAGE-5e"] "engine linter" fn neximage_may_not_start_with_a_processor_that_no_contract_binds() {
        assert!(found("neximage", "dpa = true", "dpa = false").contains(&Check::NoAgreement));
    }

    ["PICPHOTO-4g"] "engine linter" fn picphoto_may_not_start_with_a_processor_that_no_contract_binds() {
        assert!(found("picphoto", "dpa = true", "dpa = false").contains(&Check::NoAgreement));
    }

    ["NANAIMG-D2"] "engine linter" fn a_processor_without_a_name_is_told() {
        let checks: Vec<Check> = policy("nanaimg").lint(None).iter().map(|finding| finding.check).collect();
        assert_eq!(checks.iter().filter(|check| **check == Check::UnnamedProcessor).count(), 2);
    }

    ["NARPIX-3.2"] "engine flows" fn narpix_sends_nothing_to_anybody_who_is_not_declared() {
        let policy = policy("narpix");
        for class in &policy.classes {
            for purpose in Purpose::ALL {
                assert!(!policy.flow(&class.name, "Anybody", *purpose, &["analytics", "marketing"]).is_allowed());
            }
        }
    }

    ["PICPHOTO-4b"] "engine flows" fn picphoto_sends_what_is_declared_and_no_more() {
        let policy = policy("picphoto");
        for to in &policy.processors {
            for class in policy.classes.iter().filter(|class| !to.sends.contains(&class.name)) {
                assert!(!policy.flow(&class.name, &to.name, to.purposes[0], &["clarity"]).is_allowed(), "{}", to.name);
            }
        }
    }

    ["NARPIX-5.2b", "NARPIX-5.2e"] "engine flows" fn narpix_sells_and_shares_nothing() {
        let policy = policy("narpix");
        assert!(!policy.about.sale && !policy.about.share_for_ads);
        for class in &policy.classes {
            assert!(!policy.flow(&class.name, "Anybody", Purpose::Sale, &["marketing"]).is_allowed(), "{}", class.name);
        }
    }

    ["NARPIX-2.3g"] "engine holds" fn a_named_record_survives_its_ceiling_under_a_legal_hold() {
        let policy = policy("narpix");
        let events = Events::new().with(Clock::UploadedAt, at("2026-01-31T12:00"));
        let photo = Record::new(policy.class("upload.original").unwrap(), policy.plan("free").unwrap(), events);
        let held = Retention::new(&policy).answer(&photo.held(at("2026-01-31T18:00"), Some(at("2026-03-01T00:00")))).unwrap();
        assert_eq!(held.keep_until, KeepUntil::At(at("2026-03-01T00:00")));
        assert_eq!(held.gone_by, GoneBy::At(at("2026-03-01T00:45")));
    }

    ["PICPHOTO-6a"] "engine holds" fn the_law_may_keep_a_closed_account_longer() {
        let policy = policy("picphoto");
        assert!(policy.rules.iter().any(|rule| rule.id == "closure" && rule.stopped_by_legal_hold));
        let events = Events::new().with(Clock::AccountClosedAt, at("2026-01-31T12:00"));
        let account = Record::new(policy.class("account").unwrap(), policy.plan("paid").unwrap(), events);
        let held = Retention::new(&policy).answer(&account.held(at("2026-02-10T00:00"), None)).unwrap();
        assert_eq!((held.gone_by, held.restricted.unwrap().from), (GoneBy::Held, at("2026-03-02T12:00")));
    }

    ["PICPHOTO-2e"] "engine restores" fn a_deleted_output_can_come_back_while_it_is_promised() {
        let policy = policy("picphoto");
        let events = Events::new().with(Clock::CreatedAt, at("2026-01-31T12:00")).with(Clock::DeletedByUserAt, at("2026-02-03T12:00"));
        let output = Record::new(policy.class("output").unwrap(), policy.plan("paid").unwrap(), events);
        assert_eq!(Retention::new(&policy).restorable_until(&output).unwrap(), Some(at("2026-02-04T08:00")));
    }

    ["NARPIX-11f", "NARPIX-11g"] "engine notices" fn a_change_holds_at_once_for_new_accounts_and_later_for_others() {
        let policy = policy("narpix");
        let change = policy.telling(Occasion::PolicyMaterial, &[]).unwrap();
        let posted = at("2026-01-10T00:00");
        let (new, old) = (at("2026-01-10T00:01"), at("2025-01-01T00:00"));
        assert_eq!(change.in_force_from(posted, new, None), Some(new));
        assert_eq!(change.in_force_from(posted, old, Some(posted)), Some(at("2026-02-09T00:00")));
    }

    ["NARPIX-5.3g"] "engine deadlines" fn an_extension_needs_a_notice_in_time() {
        let policy = policy("narpix");
        let due = policy.due(Trigger::PrivacyRequest, &[], at("2026-01-31T12:00")).unwrap();
        assert!(due.extend(at("2026-03-02T12:01")).is_err());
        assert_eq!(due.extend(at("2026-03-01T12:00")), Ok(at("2026-04-01T12:00")));
    }
}
