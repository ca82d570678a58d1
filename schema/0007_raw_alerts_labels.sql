-- Labels that sit on the alert itself, where somebody put them there.
ALTER TABLE raw_alerts
    ADD COLUMN IF NOT EXISTS label            Nullable(Int8),
    ADD COLUMN IF NOT EXISTS label_source     Nullable(Enum8('proxy' = 1, 'miner' = 2, 'community' = 3, 'validated' = 4)),
    ADD COLUMN IF NOT EXISTS label_confidence Nullable(Float32),
    ADD COLUMN IF NOT EXISTS labeled_at       Nullable(DateTime),
    ADD COLUMN IF NOT EXISTS labeled_by       Nullable(String);
