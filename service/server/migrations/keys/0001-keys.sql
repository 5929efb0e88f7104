-- The keys of content, apart from the content and from what is known about it.
CREATE TABLE vault_fact (name TEXT PRIMARY KEY, value BYTEA NOT NULL);
-- One for each organisation, under the root key whose fingerprint is told.
CREATE TABLE vault_owner_key (owner BYTEA PRIMARY KEY, root BYTEA NOT NULL, wrapped BYTEA NOT NULL);
-- One for each asset, under the key of its owner.
CREATE TABLE vault_asset_key (asset BYTEA PRIMARY KEY, owner BYTEA NOT NULL REFERENCES vault_owner_key (owner), wrapped BYTEA NOT NULL);
CREATE INDEX vault_asset_key_owner ON vault_asset_key (owner);
