-- One row: an address of an entity on a network, as a user knows it: who is who across networks. From valid_from on.
CREATE TABLE IF NOT EXISTS entity_addresses
(
    data_set         String,
    data_set_version String,
    valid_from       Date DEFAULT '1970-01-01',
    entity           String,
    network          String,
    address          String,
    address_key      UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(address, '^0[xX][0-9a-fA-F]+$'), lower(address), address))),
    created_at       DateTime DEFAULT now(),
    batch_id         LowCardinality(String) DEFAULT ''
)
ENGINE = MergeTree
ORDER BY (data_set, data_set_version, entity);

CREATE VIEW IF NOT EXISTS published_entity_addresses AS
SELECT *, address_key FROM entity_addresses
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'entity_addresses');
