-- One row: the batch that counts for one snapshot.
CREATE VIEW IF NOT EXISTS published_batches AS
SELECT
    window_days,
    processing_date,
    argMax(tuple(batch_id, fingerprint, published_at), tuple(sequence, batch_id)) AS newest,
    newest.1 AS published_batch_id,
    newest.2 AS published_fingerprint,
    newest.3 AS newest_published_at
FROM ingestions
GROUP BY window_days, processing_date;

-- What readers see: rows of published batches, and rows that a user inserted by hand (no batch).
CREATE VIEW IF NOT EXISTS published_alerts AS
SELECT * FROM raw_alerts
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_batches);

CREATE VIEW IF NOT EXISTS published_features AS
SELECT * FROM raw_features
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_batches);

CREATE VIEW IF NOT EXISTS published_clusters AS
SELECT * FROM raw_clusters
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_batches);

CREATE VIEW IF NOT EXISTS published_money_flows AS
SELECT * FROM raw_money_flows
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_batches);

CREATE VIEW IF NOT EXISTS published_address_labels AS
SELECT * FROM raw_address_labels
WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_batches);
