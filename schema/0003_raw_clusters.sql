-- One row: one cluster of alerted addresses of one snapshot. Timestamps are Unix milliseconds.
CREATE TABLE IF NOT EXISTS raw_clusters
(
    window_days     UInt16,
    processing_date Date,
    cluster_id String,
    cluster_type String,
    primary_address String DEFAULT '',
    pattern_id String DEFAULT '',
    primary_alert_id String,
    related_alert_ids Array(String),
    addresses_involved Array(String),
    total_alerts UInt32,
    total_volume_usd Decimal(38, 18),
    severity_max String DEFAULT 'medium',
    confidence_avg Float32,
    earliest_alert_timestamp UInt64,
    latest_alert_timestamp UInt64,
    created_at      DateTime DEFAULT now(),
    batch_id        LowCardinality(String) DEFAULT ''
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, cluster_id);
