-- One row: the version of a miner's data set of labels that counts, as it was published last. One that was removed, or is
-- empty, has no row; nor have rows that a user inserted by hand. As scope, it is written name@version; a version holds no @.
CREATE VIEW IF NOT EXISTS published_label_sets AS
SELECT
    substring(scope, 1, length(scope) - position(reverse(scope), '@')) AS data_set,
    substring(scope, length(scope) - position(reverse(scope), '@') + 2) AS data_set_version,
    argMax(
        tuple(
            table_batches['miner_labels'],
            table_rows['miner_labels'],
            file_md5['miner_labels'],
            source,
            published_at,
            sequence
        ),
        tuple(sequence, batch_id)
    ) AS newest,
    newest.1 AS published_batch_id,
    newest.2 AS published_rows,
    newest.3 AS published_checksum,
    newest.4 AS published_source,
    newest.5 AS newest_published_at,
    newest.6 AS newest_sequence
FROM ingestions
WHERE scope != '' AND mapContains(table_batches, 'miner_labels')
GROUP BY scope
HAVING published_rows > 0;
