-- One row: all transfers of one ordered pair of addresses within one snapshot's window. Timestamps are Unix milliseconds.
CREATE TABLE IF NOT EXISTS raw_money_flows
(
    window_days     UInt16,
    processing_date Date,
    from_address String,
    to_address String,
    tx_count UInt64,
    amount_sum Decimal(38, 18),
    amount_usd_sum Decimal(38, 18),
    first_seen_timestamp UInt64,
    last_seen_timestamp UInt64,
    active_days UInt32,
    avg_tx_size_usd Decimal(38, 18),
    unique_assets UInt32,
    dominant_asset String,
    hourly_pattern Array(UInt16),
    weekly_pattern Array(UInt16),
    reciprocity_ratio Float32,
    is_bidirectional Bool,
    created_at      DateTime DEFAULT now(),
    batch_id        LowCardinality(String) DEFAULT ''
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, from_address, to_address);
