-- Assets: what people upload and what is made of it, how long it is kept, and that it is gone. Content and its keys lie elsewhere.

-- Every version of the policy under which something was stored.
CREATE TABLE policy_text (
    hash BYTEA PRIMARY KEY,
    text TEXT NOT NULL,
    since BIGINT NOT NULL
);

-- Earlier plans of an organisation, and when each ended.
CREATE TABLE organisation_plan (
    organisation BYTEA NOT NULL,
    until_at BIGINT NOT NULL,
    plan TEXT NOT NULL,
    PRIMARY KEY (organisation, until_at)
);

-- What changes how long the assets of an organisation are kept: a shorter period that it chose, and its end.
CREATE TABLE organisation_retention (
    organisation BYTEA PRIMARY KEY,
    keep TEXT,
    closed_at BIGINT,
    erased_at BIGINT
);

-- Organisations whose assets have to be planned anew, and how far that is.
CREATE TABLE replan (
    organisation BYTEA PRIMARY KEY,
    after_asset BYTEA NOT NULL
);

CREATE TABLE asset (
    id BYTEA PRIMARY KEY,
    organisation BYTEA NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    refused TEXT,
    name BYTEA,
    bytes BIGINT NOT NULL,
    part_bytes BIGINT NOT NULL,
    format TEXT,
    width BIGINT,
    height BIGINT,
    policy BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    uploaded_at BIGINT,
    deleted_at BIGINT,
    held_from BIGINT,
    held_until BIGINT,
    hold_reason TEXT,
    restricted BIGINT NOT NULL,
    -- When the next thing happens to it, and by when that is done; nothing while nothing ends it.
    next_at BIGINT,
    due_by BIGINT,
    -- Why it is removed, once that has begun.
    purge TEXT
);
CREATE INDEX asset_organisation ON asset (organisation, id);
CREATE INDEX asset_next ON asset (next_at);

CREATE TABLE asset_part (
    asset BYTEA NOT NULL,
    number BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    PRIMARY KEY (asset, number)
);

CREATE TABLE asset_variant (
    asset BYTEA NOT NULL,
    name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    format TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    PRIMARY KEY (asset, name)
);

-- What is gone, so that nothing comes back from a backup, with the proof.
CREATE TABLE tombstone (
    asset BYTEA PRIMARY KEY,
    organisation BYTEA NOT NULL,
    due_by BIGINT NOT NULL,
    gone_at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    forget_at BIGINT
);
CREATE INDEX tombstone_forget ON tombstone (forget_at);

-- Work that one copy of the service does at a time.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder BYTEA NOT NULL,
    until_at BIGINT NOT NULL,
    fence BIGINT NOT NULL
);
