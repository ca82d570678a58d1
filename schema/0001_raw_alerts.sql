-- One row: one alert (an address and a typology) of one snapshot, as SOT published it.
CREATE TABLE IF NOT EXISTS raw_alerts
(
    window_days               UInt16,
    processing_date           Date,
    alert_id                  String,
    address                   String,
    typology_type             String,
    pattern_id                String DEFAULT '',
    pattern_type              String DEFAULT '',
    severity                  String DEFAULT 'medium',
    suspected_address_type    String DEFAULT 'unknown',
    suspected_address_subtype String DEFAULT '',
    alert_confidence_score    Float32,
    description               String,
    volume_usd                Decimal(38, 18),
    evidence_json             String,
    risk_indicators           Array(String),
    created_at                DateTime DEFAULT now(),
    batch_id                  LowCardinality(String) DEFAULT ''
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, alert_id);
