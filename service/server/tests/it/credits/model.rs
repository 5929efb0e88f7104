//! What a ledger does, told again in the simplest way: no journal, no buckets, one list of grants.

use std::collections::BTreeMap;

use packshot_server::{Command, Id, NewGrant, Time};

/// Thousandths of a credit.
type Millis = i64;

#[derive(Debug, Clone)]
struct Grant {
    id: Id,
    priority: i64,
    expires_at: Option<Time>,
    age: usize,
    free: Millis,
    taken_back: Millis,
}

#[derive(Debug, Clone)]
struct Hold {
    parts: Vec<(Id, Millis)>,
    quoted: Millis,
    expires_at: Time,
    open: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    grants: Vec<Grant>,
    holds: BTreeMap<Id, Hold>,
    /// What can be corrected, by the number of the transaction: credits spent from grants, or a grant.
    spent: BTreeMap<i64, Vec<(Id, Millis)>>,
    given: BTreeMap<i64, Id>,
    transactions: i64,
    consumed: Millis,
    expired: Millis,
}

impl Model {
    /// Available, held, consumed, expired and taken back at `now`.
    pub(crate) fn balance(&self, now: Time) -> [Millis; 5] {
        let lapsed = |grant: &&Grant| grant.expires_at.is_some_and(|end| end <= now);
        let free: Millis = self.grants.iter().map(|grant| grant.free).sum();
        let late: Millis = self.grants.iter().filter(lapsed).map(|grant| grant.free).sum();
        let held = self.holds.values().filter(|hold| hold.open).flat_map(|hold| &hold.parts).map(|part| part.1).sum();
        let taken_back = self.grants.iter().map(|grant| grant.taken_back).sum();
        [free - late, held, self.consumed, self.expired + late, taken_back]
    }

    /// Does it; `false`, and no change, if a ledger must refuse it.
    pub(crate) fn does(&mut self, command: &Command, now: Time) -> bool {
        let mut next = self.clone();
        let done = next.attempt(command, now).is_some();
        if done {
            next.transactions += 1;
            *self = next;
        }
        done
    }

    fn attempt(&mut self, command: &Command, now: Time) -> Option<()> {
        let number = self.transactions + 1;
        match command {
            Command::Grant(NewGrant { id, amount, priority, expires_at, .. }) => {
                let (free, age) = (amount.as_millis(), self.grants.len());
                (free > 0 && expires_at.is_none_or(|end| end > now)).then_some(())?;
                let (priority, expires_at) = (*priority, *expires_at);
                self.grants.push(Grant { id: *id, priority, expires_at, age, free, taken_back: 0 });
                self.given.insert(number, *id);
            }
            Command::Hold { id, amount, quoted, expires_in } => {
                let amount = amount.as_millis();
                let quoted = quoted.map_or(amount, |quoted| quoted.as_millis());
                (self.transactions > 0 && amount > 0 && 0 < quoted && quoted <= amount && !expires_in.is_zero())
                    .then_some(())?;
                let parts = self.take(amount, now)?;
                self.holds.insert(*id, Hold { parts, quoted, expires_at: now + *expires_in, open: true });
            }
            Command::Capture { hold, amount } => {
                let (amount, hold) = (amount.as_millis(), self.holds.get_mut(hold).filter(|hold| hold.open)?);
                (amount > 0 && amount <= hold.quoted && hold.expires_at > now).then_some(())?;
                hold.open = false;
                let (mut missing, mut spent) = (amount, Vec::new());
                for (grant, part) in hold.parts.clone() {
                    let used = part.min(missing);
                    missing -= used;
                    spent.push((grant, used));
                    self.give_back(grant, part - used, now);
                }
                self.consumed += amount;
                self.spent.insert(number, spent);
            }
            Command::Void { hold } => self.release(*hold, now)?,
            Command::ExpireHold { hold } => {
                (self.holds.get(hold)?.expires_at <= now).then_some(())?;
                self.release(*hold, now)?;
            }
            Command::ExpireGrants => {
                let late: Millis = self.late(now).map(|grant| std::mem::take(&mut grant.free)).sum();
                (late > 0).then_some(())?;
                self.expired += late;
            }
            Command::Correct { transaction, amount, .. } => self.correct(*transaction, amount.as_millis(), now)?,
        }
        Some(())
    }

    fn late(&mut self, now: Time) -> impl Iterator<Item = &mut Grant> {
        self.grants.iter_mut().filter(move |grant| grant.expires_at.is_some_and(|end| end <= now))
    }

    fn take(&mut self, amount: Millis, now: Time) -> Option<Vec<(Id, Millis)>> {
        let never = Time::from_micros(i64::MAX);
        self.grants.sort_by_key(|grant| (grant.priority, grant.expires_at.unwrap_or(never), grant.age));
        let (mut missing, mut parts) = (amount, Vec::new());
        for grant in self.grants.iter_mut().filter(|grant| grant.expires_at.is_none_or(|end| end > now)) {
            let part = grant.free.min(missing);
            if part > 0 {
                grant.free -= part;
                missing -= part;
                parts.push((grant.id, part));
            }
        }
        (missing == 0).then_some(parts)
    }

    fn give_back(&mut self, id: Id, amount: Millis, now: Time) {
        let grant = self.grants.iter_mut().find(|grant| grant.id == id).expect("the grant");
        if grant.expires_at.is_some_and(|end| end <= now) { self.expired += amount } else { grant.free += amount }
    }

    fn release(&mut self, hold: Id, now: Time) -> Option<()> {
        let hold = self.holds.get_mut(&hold).filter(|hold| hold.open)?;
        hold.open = false;
        for (grant, part) in hold.parts.clone() {
            self.give_back(grant, part, now);
        }
        Some(())
    }

    fn correct(&mut self, transaction: i64, amount: Millis, now: Time) -> Option<()> {
        (amount > 0).then_some(())?;
        if let Some(id) = self.given.get(&transaction) {
            let grant = self.grants.iter_mut().find(|grant| grant.id == *id)?;
            (grant.free >= amount && grant.expires_at.is_none_or(|end| end > now)).then_some(())?;
            grant.free -= amount;
            grant.taken_back += amount;
            return Some(());
        }
        let spent = self.spent.get_mut(&transaction)?;
        (spent.iter().map(|part| part.1).sum::<Millis>() >= amount).then_some(())?;
        let (mut missing, mut back) = (amount, Vec::new());
        for (grant, part) in spent.iter_mut().rev() {
            let returned = missing.min(*part);
            *part -= returned;
            missing -= returned;
            back.push((*grant, returned));
        }
        self.consumed -= amount;
        for (grant, returned) in back {
            self.give_back(grant, returned, now);
        }
        Some(())
    }
}
