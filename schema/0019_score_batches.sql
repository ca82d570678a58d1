-- raw_score is the model's score before the link function and the calibration: what places go by, as it is finer. data_batches names the
-- published batch of each raw_* table that a scoring read, so that scores of a snapshot that was replaced since can be told.
ALTER TABLE alert_scores
    ADD COLUMN IF NOT EXISTS raw_score Float64 DEFAULT score;

ALTER TABLE batch_metadata
    ADD COLUMN IF NOT EXISTS data_batches Map(String, String);
