//! How long a policy takes to answer: one record of each class after the other, as a sweep sees them.

use packshot_policy::{
    Answer, Clock, Events, GoneBy, Period, PlanBefore, Policy, Preset, Record, Retention, Scenario, Simulation, Tier,
    Timestamp,
};

use crate::serve::Fault;

/// Records of one round.
pub(crate) const RECORDS: usize = 1_000_000;
/// So many different ones; a prime, so that they meet every policy.
const DIFFERENT: usize = 4_099;

/// Records of all presets, with up to four events, plans before, and tiers.
fn records(policies: &[Policy]) -> Vec<(usize, Record<'static>)> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut dice = |sides: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % sides
    };
    let mut made = Vec::with_capacity(DIFFERENT);
    while made.len() < DIFFERENT {
        let place = dice(policies.len());
        let policy = &policies[place];
        let classes: Vec<_> = policy.class_ids().collect();
        let plans: Vec<_> = policy.plan_ids().collect();
        let (class, _) = classes[dice(classes.len())];
        // Every record came in somehow; some were deleted, some belong to accounts that closed.
        let mut events = Events::new();
        let beginnings = [Clock::UploadedAt, Clock::CreatedAt, Clock::IssuedAt, Clock::RecordedAt];
        let ends = [Clock::DeletedByUserAt, Clock::AccountClosedAt, Clock::ErasureRequestedAt];
        for clock in beginnings.into_iter().chain(ends.into_iter().take(dice(4))) {
            let second = 1_700_000_000 + dice(200_000_000) as i64;
            if let Ok(at) = Timestamp::from_second(second) {
                events = events.with(clock, at);
            }
        }
        let mut record = Record::new(class, plans[dice(plans.len())], events).in_tier(Tier::ALL[dice(2)]);
        if let (Some(at), 0) = (events.get(Clock::UploadedAt), dice(8)) {
            // They last as long as the run.
            record = record.after_plans(Box::leak(Box::new([PlanBefore::new(plans[dice(plans.len())], at)])));
        }
        made.push((place, record));
    }
    made
}

/// Asks the presets about a million records, and tells how many of them end.
pub(super) fn answer(zone: &str) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let policies = policies(zone)?;
    let retentions: Vec<Retention> = policies.iter().map(Retention::new).collect();
    let records = records(&policies);
    Ok(move || {
        let ending = records.iter().cycle().take(RECORDS).filter(|(policy, record)| {
            let answer = retentions[*policy].answer(std::hint::black_box(record));
            matches!(std::hint::black_box(answer), Ok(Answer { gone_by: GoneBy::At(_), .. }))
        });
        Ok((ending.count() as u64).to_le_bytes().to_vec())
    })
}

/// What no answer can do without: one sum of days for each of as many records.
pub(super) fn sum() -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let policies = policies("UTC")?;
    let calendar = policies[0].calendar();
    let records = records(&policies);
    let days = Period::days(30);
    Ok(move || {
        let sums = records.iter().cycle().take(RECORDS).filter_map(|(_, record)| {
            let at = std::hint::black_box(record).events.get(Clock::UploadedAt)?;
            Some(std::hint::black_box(calendar.at_the_latest(at, days)))
        });
        Ok((sums.count() as u64).to_le_bytes().to_vec())
    })
}

/// Lets accounts live for three years under NexImage's policy, on one core; tells how many records were there too long or
/// not long enough, and how many there were.
pub(super) fn simulate(accounts: u64) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let policy: Policy = Preset::named("neximage").ok_or("there is no such preset")?.text.parse()?;
    let start = Timestamp::from_second(1_767_225_600).map_err(|cause| cause.to_string())?;
    let end = policy.calendar().at_the_latest(start, Period::months(36));
    let scenario = Scenario { accounts, start, end, seed: 1 };
    Ok(move || {
        let outcome = Simulation::new(&policy, scenario).run(0..accounts);
        Ok([outcome.violations, outcome.made()].map(u64::to_le_bytes).concat())
    })
}

/// The presets, which count in UTC, made to count elsewhere.
fn policies(zone: &str) -> Result<Vec<Policy>, Fault> {
    let zoned = |preset: Preset| preset.text.replace("timezone = \"UTC\"", &format!("timezone = \"{zone}\""));
    Preset::ALL.into_iter().map(|preset| Ok(zoned(preset).parse()?)).collect()
}
