//! Who may get what, from the clauses about sharing.

use crate::known::{FLOWS, Vector, flow_word, vectors};
use packshot_policy::{Preset, Purpose};

/// Policy, data, processor, purpose, consents, the answer, and a clause behind it.
type Case = (&'static str, &'static str, &'static str, Purpose, &'static [&'static str], &'static str, &'static str);

const CASES: &[Case] = &[
    ("narpix", "upload.original", "Modal Labs", Purpose::Job, &[], "allowed", "NARPIX-3.2b"),
    ("narpix", "account.email", "Modal Labs", Purpose::Job, &[], "not declared", "NARPIX-3.2b"),
    ("narpix", "upload.original", "Modal Labs", Purpose::Training, &[], "ruled out", "NARPIX-4.3a"),
    ("narpix", "upload.original", "Anybody", Purpose::Training, &["training"], "ruled out", "NARPIX-4.3d"),
    ("narpix", "account.email", "Anybody", Purpose::Sale, &[], "ruled out", "NARPIX-3.1"),
    ("narpix", "upload.original", "Anybody", Purpose::Job, &[], "unknown", "-"),
    ("narpix", "account.email", "Stripe", Purpose::Billing, &[], "allowed", "NARPIX-3.2c"),
    ("narpix", "account.email", "Stripe", Purpose::Marketing, &[], "other purpose", "NARPIX-3.2c"),
    ("narpix", "account", "Stripe", Purpose::Billing, &[], "not declared", "NARPIX-3.2c"),
    ("narpix", "agg.usage", "Google Analytics", Purpose::Analytics, &[], "needs consent", "NARPIX-3.2d"),
    ("narpix", "agg.usage", "Google Analytics", Purpose::Analytics, &["analytics"], "allowed", "NARPIX-3.2d"),
    ("neximage", "output", "fal.ai", Purpose::Training, &[], "ruled out", "NEXIMAGE-4a"),
    ("neximage", "history.job.settings", "fal.ai", Purpose::Job, &[], "allowed", "NEXIMAGE-4c"),
    ("neximage", "history.job.credits", "fal.ai", Purpose::Job, &[], "not declared", "NEXIMAGE-4c"),
    ("neximage", "log.pageview", "Cloudflare", Purpose::CrossSiteAds, &[], "ruled out", "NEXIMAGE-7c"),
    ("upixel", "prompt", "Replicate", Purpose::Job, &[], "allowed", "UPIXEL-3b"),
    ("upixel", "prompt", "Replicate", Purpose::Training, &[], "ruled out", "UPIXEL-2f"),
    ("upixel", "account.email", "Render", Purpose::Hosting, &[], "allowed", "UPIXEL-3d"),
    ("upixel", "account.email", "Render", Purpose::Marketing, &[], "ruled out", "UPIXEL-2c"),
    ("picphoto", "output.variant", "Cloudflare", Purpose::PublicCdn, &[], "ruled out", "PICPHOTO-5c"),
    ("picphoto", "log.device", "Microsoft Clarity", Purpose::Analytics, &[], "not declared", "PICPHOTO-2g"),
    ("picphoto", "output.variant", "Supabase", Purpose::Hosting, &[], "allowed", "PICPHOTO-5b"),
    ("picphoto", "output.variant", "Cloudflare", Purpose::Edge, &[], "not declared", "PICPHOTO-4c"),
    ("nanaimg", "output", "Anybody", Purpose::Training, &[], "ruled out", "NANAIMG-H6"),
    ("nanaimg", "output", "Anybody", Purpose::Training, &["training"], "unknown", "-"),
    ("nanaimg", "billing", "Stripe", Purpose::Sale, &["training"], "ruled out", "NANAIMG-D1"),
];

#[test]
fn data_goes_only_where_the_clauses_say() {
    for (name, data, processor, purpose, consents, expected, clause) in CASES {
        let policy = Preset::named(name).unwrap().policy().unwrap();
        let flow = policy.flow(data, processor, *purpose, consents);
        let case = format!("{name}: {data} to {processor} for {}", purpose.as_str());
        assert_eq!(flow_word(flow), *expected, "{case}");
        assert_eq!(flow.is_allowed(), *expected == "allowed", "{case}");
        assert!(*clause == "-" || flow.clauses().iter().any(|known| known.as_str() == *clause), "{case}");
    }
}

#[test]
fn data_goes_only_where_a_second_reader_says() {
    let holds = |vector: &Vector<'_>| vector.flow_holds(&crate::known::policy(vector.cells[1]));
    let wrong: Vec<_> = vectors(FLOWS).filter(|vector| !holds(vector)).map(|vector| vector.line).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(vectors(FLOWS).count(), 152);
}

/// What no vector allows is not allowed, whatever people agreed to: every class and field, to every processor.
#[test]
fn nothing_else_goes_anywhere() {
    let mut refused = 0;
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let consents: Vec<&str> = policy.consents.iter().map(|consent| consent.id.as_str()).collect();
        let allowed: Vec<_> =
            vectors(FLOWS).filter(|vector| vector.cells[1] == preset.name && vector.cells[6] == "allowed").collect();
        let said = |data: &str, processor: &str| {
            allowed.iter().any(|vector| vector.cells[2] == data && vector.cells[3] == processor)
        };
        for class in &policy.classes {
            let fields = class.fields.iter().map(|field| format!("{}.{}", class.name, field.trim_end_matches('?')));
            for data in std::iter::once(class.name.clone()).chain(fields) {
                for to in &policy.processors {
                    // Whoever gets a class gets its fields.
                    let expected = said(&data, &to.name) || said(&class.name, &to.name);
                    for purpose in &to.purposes {
                        for id in [&to.id, &to.name] {
                            let flow = policy.flow(&data, id, *purpose, &consents);
                            assert_eq!(flow.is_allowed(), expected, "{}: {data} to {}", preset.name, to.name);
                        }
                        refused += usize::from(!expected);
                    }
                }
            }
        }
    }
    println!("{refused} flows that nobody declared are refused");
}

#[test]
fn nothing_may_be_sold_or_train_models_without_a_choice() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        for class in &policy.classes {
            for processor in &policy.processors {
                for purpose in [Purpose::Sale, Purpose::Training, Purpose::CrossSiteAds] {
                    let flow = policy.flow(&class.name, &processor.name, purpose, &[]);
                    assert!(!flow.is_allowed(), "{}: {} to {}", preset.name, class.name, processor.name);
                }
            }
        }
    }
}
