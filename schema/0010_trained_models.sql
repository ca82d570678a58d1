-- One row: one saved model. It is written after the model's files, so a row means files that are whole.
CREATE TABLE IF NOT EXISTS trained_models
(
    model_id             String,
    model_type           String,
    version              String,
    network              String,
    training_start_date  Date,
    training_end_date    Date,
    window_days          UInt16,
    created_at           DateTime,
    model_path           String,
    metrics_json         String,
    hyperparameters_json String,
    feature_names        Array(String),
    num_samples          UInt32,
    num_features         UInt16,
    test_auc             Float32,
    cv_auc_mean          Float32,
    cv_auc_std           Float32,
    metadata_sha256      String
)
ENGINE = MergeTree
ORDER BY (network, model_type, created_at);
