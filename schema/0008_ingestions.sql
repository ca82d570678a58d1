-- One row: one published batch, all tables of one snapshot. Inserting the row publishes the batch and
-- retires the one that was there for the same date and window: the highest sequence counts.
CREATE TABLE IF NOT EXISTS ingestions
(
    batch_id        String,
    processing_date Date,
    window_days     UInt16,
    sequence        UInt64,
    source          String,
    fingerprint     String,
    file_md5        Map(String, String),
    table_rows      Map(String, UInt64),
    published_at    DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (window_days, processing_date, sequence);
