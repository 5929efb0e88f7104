-- Accounts: people, where they are signed in, and the organisations whose credits they share. What is personal is sealed under
-- the key of its subject, and found by a keyed hash.

-- The key of an account or an organisation, wrapped by the service's key. Without it nothing of the subject can be read.
CREATE TABLE subject_key (
    subject BYTEA PRIMARY KEY,
    wrapped BYTEA NOT NULL
);

CREATE TABLE account (
    id BYTEA PRIMARY KEY,
    email_hash BYTEA NOT NULL,
    email BYTEA NOT NULL,
    name BYTEA,
    -- A PHC string: argon2id with its parameters.
    password TEXT NOT NULL,
    -- Codes that were mailed for this password hold this number; a new password ends them.
    password_number BIGINT NOT NULL,
    state TEXT NOT NULL,
    operator BIGINT NOT NULL,
    -- Whose agreement is awaited.
    guardian BYTEA,
    -- The policy that its owner agreed to.
    policy_version TEXT NOT NULL,
    policy_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    closed_at BIGINT
);
CREATE UNIQUE INDEX account_email ON account (email_hash);

-- A session: tokens are made from its id and generation with the service's key, so none is kept.
CREATE TABLE session (
    id BYTEA PRIMARY KEY,
    account BYTEA NOT NULL,
    -- Grows with each refresh; tokens of an older one are not valid, but for a short grace.
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    refreshed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_account ON session (account);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE organisation (
    id BYTEA PRIMARY KEY,
    name BYTEA NOT NULL,
    plan TEXT NOT NULL,
    -- The month of the last credits that the plan gave, as its first moment.
    granted_for BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX organisation_granted ON organisation (granted_for);

CREATE TABLE member (
    organisation BYTEA NOT NULL,
    account BYTEA NOT NULL,
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (organisation, account)
);
CREATE INDEX member_account ON member (account);

CREATE TABLE invitation (
    id BYTEA PRIMARY KEY,
    organisation BYTEA NOT NULL,
    email_hash BYTEA NOT NULL,
    email BYTEA NOT NULL,
    role TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invitation_email ON invitation (organisation, email_hash);
CREATE INDEX invitation_expiry ON invitation (expires_at);

-- An API key; its secret is made from its id with the service's key.
CREATE TABLE api_key (
    id BYTEA PRIMARY KEY,
    organisation BYTEA NOT NULL,
    name BYTEA NOT NULL,
    -- Words, separated by spaces.
    permissions TEXT NOT NULL,
    made_by BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX api_key_organisation ON api_key (organisation);

-- What requests have done, by their idempotency keys. Neither the keys nor anything personal is kept.
CREATE TABLE request (
    -- SHA-256 of who asks and of the key.
    key BYTEA PRIMARY KEY,
    -- SHA-256 of the route and the body.
    body BYTEA NOT NULL,
    -- What was done, as JSON: ids, from which the answer is made again.
    done TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX request_at ON request (at);

-- Mails to be sent. The address is that of the subject when it is sent, or a sealed one.
CREATE TABLE mail (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Whose key seals the address.
    subject BYTEA NOT NULL,
    address BYTEA NOT NULL,
    -- A code to put into it, sealed: whoever has it acts for somebody.
    code BYTEA,
    at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    next_try BIGINT NOT NULL
);
CREATE INDEX mail_next_try ON mail (next_try);

-- Facts about this database, such as the fingerprint of the service's key.
CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);
