-- The spelling under which addresses are compared, as one number: hex addresses count without the letter case of their checksum.
-- Made when a row is inserted, because hashing every address anew took most of the time of a feature query that joins money flows.
-- With 128 bits no two addresses share a key. The columns are MATERIALIZED: SELECT * leaves them out, and no file brings them.
ALTER TABLE raw_alerts
    ADD COLUMN IF NOT EXISTS address_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(address, '^0[xX][0-9a-fA-F]+$'), lower(address), address)));

ALTER TABLE raw_features
    ADD COLUMN IF NOT EXISTS address_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(address, '^0[xX][0-9a-fA-F]+$'), lower(address), address)));

ALTER TABLE raw_address_labels
    ADD COLUMN IF NOT EXISTS address_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(address, '^0[xX][0-9a-fA-F]+$'), lower(address), address)));

ALTER TABLE miner_labels
    ADD COLUMN IF NOT EXISTS address_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(address, '^0[xX][0-9a-fA-F]+$'), lower(address), address)));

ALTER TABLE raw_money_flows
    ADD COLUMN IF NOT EXISTS from_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(from_address, '^0[xX][0-9a-fA-F]+$'), lower(from_address), from_address))),
    ADD COLUMN IF NOT EXISTS to_key   UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(if(match(to_address, '^0[xX][0-9a-fA-F]+$'), lower(to_address), to_address)));

-- The keys of addresses_involved, in its order.
ALTER TABLE raw_clusters
    ADD COLUMN IF NOT EXISTS member_keys Array(UInt128) MATERIALIZED arrayMap(member -> reinterpretAsUInt128(sipHash128(if(match(member, '^0[xX][0-9a-fA-F]+$'), lower(member), member))), addresses_involved);
