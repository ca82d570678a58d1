/** Rows of miner_labels that count, with the number under which their address is compared, which the view does not show. */
export const countingLabels = `(SELECT *, address_key FROM miner_labels
    WHERE batch_id = '' OR batch_id IN (SELECT published_batch_id FROM published_table_batches WHERE table_name = 'miner_labels'))`;

/**
 * SELECT of (data_set, data_set_version): of each data set the version that was published last. Of versions published at once, and of those
 * inserted by hand, which are older than any that was published, it is the highest, numbers within it counted as numbers.
 */
export const latestLabelSets = `SELECT data_set, argMax(data_set_version, tuple(
        newest_sequence,
        arrayMap(part -> leftPad(part, 20, '0'), extractAll(data_set_version, '[0-9]+|[^0-9]+')),
        data_set_version
    )) AS newest_version
FROM (
    SELECT data_set, data_set_version, newest_sequence FROM published_label_sets
    UNION ALL
    SELECT DISTINCT data_set, data_set_version, toUInt64(0) AS newest_sequence FROM miner_labels WHERE batch_id = ''
)
GROUP BY data_set`;

/** Columns by which the rows of miner_labels are ordered, so that they always come in the same order. */
export const labelOrder =
  'data_set, data_set_version, address, source, risk_level, confidence_score, label, valid_from';
