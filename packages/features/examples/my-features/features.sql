-- One row: one alert. A run may compute several snapshots at once, so everything is told apart by the date: windows by PARTITION BY,
-- and what is earlier by a frame that ends one day before the row.
SELECT
    processing_date,
    alert_id,
    count() OVER (PARTITION BY processing_date, address_key) AS alerts_of_address,
    toFloat64(volume_usd) / nullIf(toFloat64(sum(volume_usd) OVER (PARTITION BY processing_date, typology_type)), 0) AS volume_share,
    toFloat64(volume_usd) / nullIf(toFloat64(max(volume_usd) OVER (
        PARTITION BY address_key ORDER BY toInt32(processing_date) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), 0)
        AS largest_earlier_volume_ratio
FROM
(
    SELECT processing_date, alert_id, address_key, typology_type, volume_usd, true AS computed FROM alerts
    UNION ALL
    SELECT processing_date, alert_id, address_key, typology_type, volume_usd, false AS computed FROM earlier_alerts
)
QUALIFY computed
