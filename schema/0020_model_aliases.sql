-- One row: one move of an alias, such as champion, to a model (or to none, where model_id is empty). Of two moves with one sequence, made at
-- once, the earlier one counts.
CREATE TABLE IF NOT EXISTS model_aliases
(
    network    String,
    model_type String,
    alias      String,
    sequence   UInt64,
    model_id   String,
    reason     String DEFAULT '',
    moved_at   DateTime64(6, 'UTC') DEFAULT now64(6),
    move_id    String
)
ENGINE = MergeTree
ORDER BY (network, model_type, alias, sequence);

ALTER TABLE model_aliases MODIFY SETTING non_replicated_deduplication_window = 1000;
