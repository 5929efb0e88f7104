-- Credits: a double-entry ledger. Amounts are thousandths of a credit, times are microseconds since 1970 in UTC.

-- The journal: transactions of an account, numbered without a gap. A row is never changed; a later one corrects it.
-- Whoever adds to it read its end before; of two who add the same number, the second is refused and reads again.
CREATE TABLE credit_transaction (
    account BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    -- The idempotency key of the request: the first 16 bytes of its SHA-256. None for what the service does by itself.
    key BYTEA,
    -- The command, as JSON.
    request TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The grant or hold that it made or ended.
    subject BYTEA,
    amount BIGINT NOT NULL CHECK (amount > 0),
    corrects BIGINT,
    at BIGINT NOT NULL,
    -- SHA-256 of the previous transaction's hash and of this one with its transfers.
    hash BYTEA NOT NULL,
    PRIMARY KEY (account, seq)
);
CREATE UNIQUE INDEX credit_transaction_key ON credit_transaction (account, key) WHERE key IS NOT NULL;
CREATE INDEX credit_transaction_corrects ON credit_transaction (account, corrects) WHERE corrects IS NOT NULL;

-- What a transaction moves, within a grant: both sides of a double entry in one row, so it sums to zero.
CREATE TABLE credit_transfer (
    account BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    position BIGINT NOT NULL,
    grant_id BYTEA NOT NULL,
    from_bucket TEXT NOT NULL,
    to_bucket TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account, seq, position)
);

-- Credits given at one time, and where they are now: a projection of the journal, which can be rebuilt.
CREATE TABLE credit_grant (
    id BYTEA PRIMARY KEY,
    account BYTEA NOT NULL,
    -- The transaction that gave them.
    seq BIGINT NOT NULL,
    source TEXT NOT NULL,
    -- Those with a lower priority are used first, then those that expire first, then those that came first.
    priority BIGINT NOT NULL,
    expires_at BIGINT,
    granted BIGINT NOT NULL,
    available BIGINT NOT NULL CHECK (available >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    consumed BIGINT NOT NULL CHECK (consumed >= 0),
    expired BIGINT NOT NULL CHECK (expired >= 0),
    voided BIGINT NOT NULL CHECK (voided >= 0),
    CHECK (granted = available + held + consumed + expired + voided)
);
CREATE INDEX credit_grant_open ON credit_grant (account) WHERE available > 0;
CREATE INDEX credit_grant_expiry ON credit_grant (expires_at) WHERE available > 0 AND expires_at IS NOT NULL;

-- Credits reserved for work that is not done yet. Also a projection.
CREATE TABLE credit_hold (
    id BYTEA PRIMARY KEY,
    account BYTEA NOT NULL,
    -- The transaction that reserved them; its transfers tell from which grants.
    seq BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- At most this much may be captured.
    quoted BIGINT NOT NULL CHECK (quoted > 0 AND quoted <= amount),
    captured BIGINT NOT NULL CHECK (captured >= 0 AND captured <= quoted),
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX credit_hold_expiry ON credit_hold (expires_at) WHERE state = 'open';
