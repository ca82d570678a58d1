-- One row: the score of one alert of one snapshot by one model. Rows of a batch count once batch_metadata names it.
CREATE TABLE IF NOT EXISTS alert_scores
(
    processing_date Date,
    window_days     UInt16,
    alert_id        String,
    address         String,
    score           Float64,
    model_id        LowCardinality(String),
    model_version   LowCardinality(String),
    explain_json    String DEFAULT '',
    created_at      DateTime DEFAULT now(),
    batch_id        LowCardinality(String) DEFAULT '',
    CONSTRAINT score_is_a_probability CHECK score >= 0 AND score <= 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, model_id, alert_id);

-- One row: the place of one alert among all alerts of its snapshot, 1 being the most urgent.
CREATE TABLE IF NOT EXISTS alert_rankings
(
    processing_date Date,
    window_days     UInt16,
    alert_id        String,
    address         String,
    rank            UInt32,
    score           Float64,
    model_id        LowCardinality(String),
    model_version   LowCardinality(String),
    explain_json    String DEFAULT '',
    created_at      DateTime DEFAULT now(),
    batch_id        LowCardinality(String) DEFAULT ''
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, model_id, rank);

-- One row: the score of one cluster of one snapshot by one model.
CREATE TABLE IF NOT EXISTS cluster_scores
(
    processing_date Date,
    window_days     UInt16,
    cluster_id      String,
    score           Float64,
    model_id        LowCardinality(String),
    model_version   LowCardinality(String),
    explain_json    String DEFAULT '',
    created_at      DateTime DEFAULT now(),
    batch_id        LowCardinality(String) DEFAULT '',
    CONSTRAINT score_is_a_probability CHECK score >= 0 AND score <= 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(processing_date)
ORDER BY (window_days, processing_date, model_id, cluster_id);

-- One row: one finished scoring of one snapshot by one model. Inserting it publishes the batch's scores and
-- retires those of an earlier batch of the same snapshot and model.
CREATE TABLE IF NOT EXISTS batch_metadata
(
    batch_id        String,
    processing_date Date,
    window_days     UInt16,
    model_type      String,
    model_ids       Array(String),
    sequence        UInt64,
    counts          Map(String, UInt64),
    status          String,
    latency_ms      UInt64,
    created_at      DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (window_days, processing_date, model_type, sequence);

-- One row: the scoring that counts for one snapshot, model type and model.
CREATE VIEW IF NOT EXISTS published_score_batches AS
SELECT
    window_days,
    processing_date,
    model_type,
    model_ids,
    argMax(batch_id, tuple(sequence, batch_id)) AS published_batch_id
FROM batch_metadata
WHERE status = 'complete'
GROUP BY window_days, processing_date, model_type, model_ids;

CREATE VIEW IF NOT EXISTS published_alert_scores AS
SELECT * FROM alert_scores
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_score_batches);

CREATE VIEW IF NOT EXISTS published_alert_rankings AS
SELECT * FROM alert_rankings
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_score_batches);

CREATE VIEW IF NOT EXISTS published_cluster_scores AS
SELECT * FROM cluster_scores
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_score_batches);
