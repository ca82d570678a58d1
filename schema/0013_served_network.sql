-- One row: the network whose snapshots this database holds. A database serves one.
CREATE TABLE IF NOT EXISTS served_network
(
    network    String,
    claimed_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY claimed_at;
