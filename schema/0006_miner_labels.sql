-- One row: what a miner's own or a community data set says of one address. No ingestion touches it.
CREATE TABLE IF NOT EXISTS miner_labels
(
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
    data_set String,
    data_set_version String,
    valid_from Date,
    created_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY (data_set, data_set_version, address);
