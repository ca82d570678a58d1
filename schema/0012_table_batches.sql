-- A batch may hold only some tables of a snapshot: a single file replaces the rows of its own table. And the rows of each table
-- carry an id of their own, table_batches[table]: an insert that was cut off is repeated under a new one, so whatever
-- still arrives of the first is never seen. scope tells apart what has no snapshot: the data sets of miner_labels.
ALTER TABLE ingestions
    ADD COLUMN IF NOT EXISTS scope         String DEFAULT '',
    ADD COLUMN IF NOT EXISTS table_batches Map(String, String) DEFAULT mapApply((name, n) -> (name, batch_id), table_rows);

ALTER TABLE miner_labels
    ADD COLUMN IF NOT EXISTS batch_id LowCardinality(String) DEFAULT '';

-- One row: the rows of one table that count for one snapshot (or one data set).
CREATE VIEW IF NOT EXISTS published_table_batches AS
SELECT
    window_days,
    processing_date,
    scope,
    table_name,
    argMax(
        tuple(batch_id, table_batches[table_name], file_md5[table_name], table_rows[table_name], published_at),
        tuple(sequence, batch_id)
    ) AS newest,
    newest.1 AS published_ingestion,
    newest.2 AS published_batch_id,
    newest.3 AS published_md5,
    newest.4 AS published_rows,
    newest.5 AS newest_published_at
FROM ingestions
ARRAY JOIN mapKeys(table_batches) AS table_name
GROUP BY window_days, processing_date, scope, table_name;

CREATE OR REPLACE VIEW published_alerts AS
SELECT * FROM raw_alerts
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'raw_alerts');

CREATE OR REPLACE VIEW published_features AS
SELECT * FROM raw_features
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'raw_features');

CREATE OR REPLACE VIEW published_clusters AS
SELECT * FROM raw_clusters
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'raw_clusters');

CREATE OR REPLACE VIEW published_money_flows AS
SELECT * FROM raw_money_flows
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'raw_money_flows');

CREATE OR REPLACE VIEW published_address_labels AS
SELECT * FROM raw_address_labels
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'raw_address_labels');

CREATE VIEW IF NOT EXISTS published_miner_labels AS
SELECT * FROM miner_labels
WHERE batch_id = ''
    OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'miner_labels');

DROP VIEW IF EXISTS published_batches;
