-- One row: an address whose labels one computation of features must not see, such as one of a holdout. Rows are of use while
-- that computation runs, and go after a day.
CREATE TABLE IF NOT EXISTS hidden_labels
(
    computation_id String,
    address        String,
    address_key    UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(address, '^0[xX][0-9a-fA-F]+$'), lower(address), address))),
    created_at     DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (computation_id, address_key)
TTL created_at + INTERVAL 1 DAY;
