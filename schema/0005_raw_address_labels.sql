-- One row: what one source says of one address, as published with one snapshot. Sources may disagree.
CREATE TABLE IF NOT EXISTS raw_address_labels
(
    window_days     UInt16,
    processing_date Date,
    network String,
    address String,
    label String,
    network_type String DEFAULT '',
    address_type String DEFAULT 'unknown',
    address_subtype String DEFAULT '',
    risk_level String DEFAULT 'medium',
    confidence_score Float32 DEFAULT 0.5,
    trust_level String DEFAULT '',
    source String DEFAULT '',
    created_at      DateTime DEFAULT now(),
    batch_id        LowCardinality(String) DEFAULT ''
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, address);
