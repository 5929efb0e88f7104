//! Runs commands on the credits of accounts, each once.

use sha2::{Digest, Sha256};

use super::book::{Book, GrantState, HoldState, Part};
use super::journal::START;
use super::{Bucket, Command, Credits, Key, Receipt, Refusal, Transaction, TransactionKind, Transfer, balance, rules};
use crate::store::{Row, Tx, Value, Writes};
use crate::{Clock, Error, Id, Result, Store, Time};

/// How often a command is tried again after another server's transaction came in between.
const ATTEMPTS: u32 = 4;

/// The credits of all accounts. Clones share it.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) store: Store,
    pub(super) clock: Clock,
}

impl Ledger {
    /// The ledger in this database, with this clock.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Does what `command` says to the credits of `account`, once for each `key`: another call with the same key and
    /// command has the first one's receipt. When this returns the effect is on disk.
    ///
    /// # Errors
    /// [`Error::Refused`], after which nothing has changed; [`Error::KeyReused`] for a key that another command had.
    /// After an error of the database the same call can be made again.
    pub async fn execute(&self, account: Id, key: &Key, command: &Command) -> Result<Receipt> {
        let mut attempts = 1..ATTEMPTS;
        loop {
            match self.attempt(account, Some(key), command).await {
                // Two calls with one key at the same time: the second finds the first one's answer.
                Err(error) if error.is_conflict() => {
                    if attempts.next().is_none() {
                        // Whose key it is was looked up, so what is taken is the id of the grant or the hold.
                        return Err(if error.is_taken() { Refusal::IdTaken.into() } else { error });
                    }
                }
                answer => return answer,
            }
        }
    }

    async fn attempt(&self, account: Id, key: Option<&Key>, command: &Command) -> Result<Receipt> {
        let mut tx = self.store.begin().await?;
        let request: [u8; 32] = Sha256::digest(command.to_json()?).into();
        let Locked { seq, head, answer } = match (lock(&mut tx, account, key).await?, command) {
            (Some(locked), _) => locked,
            (None, Command::Grant(_)) => {
                open_account(&mut tx, account).await?;
                lock(&mut tx, account, key).await?.ok_or_else(|| Error::Corrupt("a new account is gone".to_owned()))?
            }
            (None, _) => return Err(Refusal::UnknownAccount.into()),
        };
        if let Some((first, answer)) = answer {
            if first != request {
                return Err(Error::KeyReused);
            }
            let receipt: Receipt = serde_json::from_str(&answer).map_err(|cause| Error::Corrupt(cause.to_string()))?;
            return Ok(Receipt { replayed: true, ..receipt });
        }
        let mut book = Book { account, seq, head, grants: Vec::new(), hold: None, corrected: None };
        load(&mut tx, &mut book, command).await?;
        let change = rules::apply(book, command, self.clock.now())?;
        write(&mut tx, account, key.map(|key| (key, &request)), &change, command).await?;
        tx.commit().await?;
        Ok(change.receipt)
    }

    /// Ends holds and grants whose time is over, at most `limit` accounts in one call. The number of transactions it
    /// made; fewer than `limit` means that nothing else is due.
    ///
    /// # Errors
    /// What the database says. Those that ended before stay ended.
    pub async fn expire_due(&self, limit: u32) -> Result<u32> {
        let now = self.clock.now().as_micros();
        let values = [now.into(), i64::from(limit).into()];
        let mut due = Vec::new();
        for row in self.store.rows(DUE_HOLDS, &values).await? {
            due.push((row.id("account")?, Command::ExpireHold { hold: row.id("id")? }));
        }
        for row in self.store.rows(DUE_GRANTS, &values).await? {
            due.push((row.id("account")?, Command::ExpireGrants));
        }
        let mut ended = 0;
        for (account, command) in due.into_iter().take(limit as usize) {
            match self.attempt(account, None, &command).await {
                Ok(_) => ended += 1,
                // Somebody else ended it in the meantime.
                Err(Error::Refused(Refusal::HoldEnded(_) | Refusal::NothingExpired)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ended)
    }

    /// A hold of an account.
    ///
    /// # Errors
    /// [`Refusal::UnknownHold`], or what the database says.
    pub async fn hold(&self, account: Id, hold: Id) -> Result<HoldState> {
        let rows = self.store.rows(HOLD, &[(&account).into(), (&hold).into()]).await?;
        rows.first().ok_or(Refusal::UnknownHold)?.hold()
    }
}

const DUE_HOLDS: &str =
    "SELECT account, id FROM credit_hold WHERE state = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2";
const DUE_GRANTS: &str = "SELECT DISTINCT account FROM credit_grant \
    WHERE available > 0 AND expires_at IS NOT NULL AND expires_at <= $1 LIMIT $2";
const HOLD: &str = "SELECT id AS hold_id, seq AS hold_seq, amount AS hold_amount, quoted, captured, state, \
    expires_at AS hold_expires_at FROM credit_hold WHERE account = $1 AND id = $2";

/// The end of an account's journal, under its lock, and what was answered to the key before.
pub(super) struct Locked {
    pub(super) seq: i64,
    pub(super) head: [u8; 32],
    answer: Option<([u8; 32], String)>,
}

pub(super) async fn lock(tx: &mut Tx, account: Id, key: Option<&Key>) -> Result<Option<Locked>> {
    const LOCK: &str = "SELECT a.seq, a.head, i.request, i.answer FROM credit_account a \
        LEFT JOIN idempotency i ON i.scope = a.id AND i.key = $2 WHERE a.id = $1";
    let key = Value::Text(key.map(Key::as_str));
    let rows = tx.locked_rows(LOCK, "a", &[(&account).into(), key]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let answer = match row.maybe_text("answer")? {
        Some(answer) => Some((row.bytes("request")?, answer)),
        None => None,
    };
    Ok(Some(Locked { seq: row.int("seq")?, head: row.bytes("head")?, answer }))
}

async fn open_account(tx: &mut Tx, account: Id) -> Result<()> {
    const OPEN: &str = "INSERT INTO credit_account (id, seq, head) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
    tx.rows(OPEN, &[(&account).into(), START.as_slice().into()]).await.map(drop)
}

/// Reads what `command` needs.
async fn load(tx: &mut Tx, book: &mut Book, command: &Command) -> Result<()> {
    match command {
        Command::Grant(_) => {}
        Command::Hold { .. } | Command::ExpireGrants => book.grants = open_grants(tx, book.account).await?,
        Command::Capture { hold, .. } | Command::Void { hold } | Command::ExpireHold { hold } => {
            load_hold(tx, book, *hold).await?;
        }
        Command::Correct { transaction, .. } => load_corrected(tx, book, *transaction).await?,
    }
    Ok(())
}

async fn open_grants(tx: &mut Tx, account: Id) -> Result<Vec<GrantState>> {
    const OPEN: &str = "SELECT id, seq, source, priority, expires_at, granted, available, held, consumed, expired, voided \
        FROM credit_grant WHERE account = $1 AND available > 0 ORDER BY priority, expires_at NULLS LAST, seq";
    tx.rows(OPEN, &[(&account).into()]).await?.iter().map(Row::grant).collect()
}

async fn load_hold(tx: &mut Tx, book: &mut Book, hold: Id) -> Result<()> {
    const PARTS: &str = "SELECT h.id AS hold_id, h.seq AS hold_seq, h.amount AS hold_amount, quoted, captured, state, \
        h.expires_at AS hold_expires_at, t.amount AS part, \
        g.id, g.seq, source, priority, g.expires_at, granted, available, held, consumed, expired, voided \
        FROM credit_hold h JOIN credit_transfer t ON t.account = h.account AND t.seq = h.seq \
        JOIN credit_grant g ON g.id = t.grant_id WHERE h.account = $1 AND h.id = $2 ORDER BY t.position";
    let rows = tx.rows(PARTS, &[(&book.account).into(), (&hold).into()]).await?;
    let mut parts = Vec::with_capacity(rows.len());
    for row in &rows {
        let grant = row.grant()?;
        parts.push(Part { grant: grant.id, amount: Credits::stored(row.int("part")?) });
        book.grants.push(grant);
    }
    if let Some(row) = rows.first() {
        book.hold = Some((row.hold()?, parts));
    }
    Ok(())
}

async fn load_corrected(tx: &mut Tx, book: &mut Book, seq: i64) -> Result<()> {
    const TRANSFERS: &str = "SELECT t.seq AS tx_seq, t.kind, t.at, t.hold, t.corrects, t.request, \
        m.grant_id, m.from_bucket, m.to_bucket, m.amount, \
        g.id, g.seq, source, priority, g.expires_at, granted, available, held, consumed, expired, voided \
        FROM credit_transaction t JOIN credit_transfer m ON m.account = t.account AND m.seq = t.seq \
        JOIN credit_grant g ON g.id = m.grant_id \
        WHERE t.account = $1 AND (t.seq = $2 OR t.corrects = $2) ORDER BY t.seq, m.position";
    let rows = tx.rows(TRANSFERS, &[(&book.account).into(), seq.into()]).await?;
    let Some(first) = rows.first() else { return Ok(()) };
    let mut transaction = first.transaction()?;
    if !matches!(transaction.kind, TransactionKind::Capture | TransactionKind::Grant) {
        return Ok(());
    }
    let mut parts: Vec<Part> = Vec::new();
    for row in &rows {
        let grant = row.grant()?;
        if book.find(grant.id).is_err() {
            book.grants.push(grant);
        }
        let transfer = row.transfer()?;
        // What the transaction spent, less what earlier corrections returned.
        match (transfer.from, transfer.to) {
            (_, Bucket::Consumed) => parts.push(Part { grant: transfer.grant, amount: transfer.amount }),
            (Bucket::Consumed, _) => {
                if let Some(part) = parts.iter_mut().find(|part| part.grant == transfer.grant) {
                    part.amount = part.amount - transfer.amount;
                }
            }
            _ => {}
        }
        if row.int("tx_seq")? == seq {
            transaction.transfers.push(transfer);
        }
    }
    book.corrected = Some((transaction, parts));
    Ok(())
}

async fn write(
    tx: &mut Tx,
    account: Id,
    key: Option<(&Key, &[u8; 32])>,
    change: &super::rules::Change,
    command: &Command,
) -> Result<()> {
    let Transaction { seq, kind, at, hold, corrects, request, transfers } = &change.transaction;
    let (account, seq, at) = (&account, *seq, at.as_micros());
    let mut writes = Writes::default();
    writes.add(
        "INSERT INTO credit_transaction (account, seq, kind, at, hold, corrects, request, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            account.into(),
            seq.into(),
            kind.word().into(),
            at.into(),
            hold.as_ref().into(),
            (*corrects).into(),
            request.as_str().into(),
            change.hash.as_slice().into(),
        ],
    );
    for (Transfer { grant, from, to, amount }, position) in transfers.iter().zip(0_i64..) {
        writes.add(
            "INSERT INTO credit_transfer (account, seq, position, grant_id, from_bucket, to_bucket, amount) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                account.into(),
                seq.into(),
                position.into(),
                grant.into(),
                from.word().into(),
                to.word().into(),
                amount.as_millis().into(),
            ],
        );
    }
    for grant in &change.grants {
        if matches!(command, Command::Grant(_)) {
            insert_grant(&mut writes, account, grant)
        } else {
            update_grant(&mut writes, grant)
        }
    }
    if let Some(hold) = &change.hold {
        if matches!(command, Command::Hold { .. }) {
            insert_hold(&mut writes, account, hold)
        } else {
            update_hold(&mut writes, hold)
        }
    }
    writes.add(
        "UPDATE credit_account SET seq = $2, head = $3 WHERE id = $1",
        [account.into(), seq.into(), change.hash.as_slice().into()],
    );
    let answer = serde_json::to_string(&change.receipt).map_err(|cause| Error::Corrupt(cause.to_string()))?;
    if let Some((key, request)) = key {
        writes.add(
            "INSERT INTO idempotency (scope, key, request, answer, at) VALUES ($1, $2, $3, $4, $5)",
            [account.into(), key.as_str().into(), request.as_slice().into(), answer.as_str().into(), at.into()],
        );
    }
    tx.run(writes).await
}

pub(super) fn insert_grant<'a>(writes: &mut Writes<'a>, account: &'a Id, grant: &'a GrantState) {
    let GrantState { granted, available, held, consumed, expired, voided, .. } = grant;
    let amounts = [granted, available, held, consumed, expired, voided].map(|amount| amount.as_millis().into());
    let facts = [
        (&grant.id).into(),
        account.into(),
        grant.seq.into(),
        grant.source.as_str().into(),
        grant.priority.into(),
        grant.expires_at.map(Time::as_micros).into(),
    ];
    writes.add(
        "INSERT INTO credit_grant (id, account, seq, source, priority, expires_at, \
         granted, available, held, consumed, expired, voided) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        facts.into_iter().chain(amounts),
    );
}

fn update_grant<'a>(writes: &mut Writes<'a>, grant: &'a GrantState) {
    let GrantState { id, available, held, consumed, expired, voided, .. } = grant;
    let amounts = [available, held, consumed, expired, voided].map(|amount| amount.as_millis().into());
    writes.add(
        "UPDATE credit_grant SET available = $2, held = $3, consumed = $4, expired = $5, voided = $6 WHERE id = $1",
        std::iter::once(id.into()).chain(amounts),
    );
}

pub(super) fn insert_hold<'a>(writes: &mut Writes<'a>, account: &'a Id, hold: &'a HoldState) {
    writes.add(
        "INSERT INTO credit_hold (id, account, seq, amount, quoted, captured, state, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            (&hold.id).into(),
            account.into(),
            hold.seq.into(),
            hold.amount.as_millis().into(),
            hold.quoted.as_millis().into(),
            hold.captured.as_millis().into(),
            balance::state_word(hold.end).into(),
            hold.expires_at.as_micros().into(),
        ],
    );
}

fn update_hold<'a>(writes: &mut Writes<'a>, hold: &'a HoldState) {
    writes.add(
        "UPDATE credit_hold SET captured = $2, state = $3 WHERE id = $1",
        [(&hold.id).into(), hold.captured.as_millis().into(), balance::state_word(hold.end).into()],
    );
}
