import type { FeatureGroup } from '@risk-scoring/contract';
import { exactStd, numeric, squareSql, wholeAmount } from './fragments.ts';

const sum = `sum(toInt256(${wholeAmount('volume_usd')}))`;
const squares = `sum(${squareSql('volume_usd')})`;

const ofDay = `count() AS day_count, ${sum} AS day_sum, ${squares} AS day_squares, min(volume_usd) AS day_min, max(volume_usd) AS day_max`;

/** Mean and standard deviation from the moments of some alerts. */
function moments(count: string, total: string, totalOfSquares: string): { mean: string; std: string } {
  return {
    mean: `toFloat64(${total}) / ${count} / 1e18`,
    std: exactStd({ count, sum: total, squares: totalOfSquares }),
  };
}

const ofSnapshot = moments('sum(typology_count)', 'sum(typology_sum)', 'sum(typology_squares)');
const ofTypology = moments('typology_count', 'typology_sum', 'typology_squares');
const ofAddress = moments('own_count', 'own_sum', 'own_squares');

/** Standard deviations above a mean; 0 where nothing varies. */
const zScore = (mean: string, std: string) => `if(${std} = 0, 0, (alert.usd - ${mean}) / ${std})`;

/** Where the alert's volume stands among others, and how it compares with the address's own alerts so far. */
export const statisticalGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'statistical',
  per: 'alert',
  severalSnapshots: true,
  columns: [
    numeric(
      'volume_zscore',
      'standard deviations of the volume above the mean of its snapshot; 0 where all are equal',
    ),
    numeric('volume_percentile', 'share of the alerts of its snapshot whose volume is no larger, in (0, 1]', {
      unit: 'ratio',
    }),
    numeric('typology_volume_zscore', 'volume_zscore among the alerts of the same typology and snapshot'),
    numeric(
      'typology_volume_percentile',
      'volume_percentile among the alerts of the same typology and snapshot',
      {
        unit: 'ratio',
      },
    ),
    numeric('address_volume_mean', "mean volume of the address's alerts up to and including this snapshot", {
      unit: 'USD',
    }),
    numeric('address_volume_std', 'population standard deviation of the same volumes; 0 for one alert', {
      unit: 'USD',
    }),
    numeric('address_volume_min', 'smallest of the same volumes', { unit: 'USD' }),
    numeric('address_volume_max', 'largest of the same volumes', { unit: 'USD' }),
    numeric('address_alert_count', "the address's alerts up to and including this snapshot", {
      unit: 'count',
    }),
  ],
  // One row: one alert. Percentiles are counts over the default frame of a window, which holds all equal volumes; what an address had so
  // far is a sum over the dates up to the row's own, earlier snapshots counting as one date before all.
  sql: `WITH
typologies AS
(
    SELECT processing_date AS date, typology_type, count() AS typology_count, ${sum} AS typology_sum, ${squares} AS typology_squares
    FROM alerts
    GROUP BY date, typology_type
)
SELECT
    alert.alert_date AS processing_date,
    alert.id AS alert_id,
    ${zScore('overall_mean', 'overall_std')} AS volume_zscore,
    alert.no_larger / overall_count AS volume_percentile,
    ${zScore('typology_mean', 'typology_std')} AS typology_volume_zscore,
    alert.no_larger_of_typology / typology_count AS typology_volume_percentile,
    own_mean AS address_volume_mean,
    own_std AS address_volume_std,
    own_min AS address_volume_min,
    own_max AS address_volume_max,
    own_count AS address_alert_count
FROM
(
    SELECT
        processing_date AS alert_date,
        alert_id AS id,
        address_key AS key,
        typology_type AS typology,
        toFloat64(${wholeAmount('volume_usd')}) / 1e18 AS usd,
        count() OVER (PARTITION BY processing_date ORDER BY volume_usd) AS no_larger,
        count() OVER (PARTITION BY processing_date, typology_type ORDER BY volume_usd) AS no_larger_of_typology
    FROM alerts
) AS alert
INNER JOIN
(
    SELECT date AS overall_date, toFloat64(sum(typology_count)) AS overall_count, ${ofSnapshot.mean} AS overall_mean, ${ofSnapshot.std} AS overall_std
    FROM typologies
    GROUP BY date
) AS overall ON alert.alert_date = overall.overall_date
INNER JOIN
(
    SELECT date AS typology_date, typology_type AS typology_name, typology_count, ${ofTypology.mean} AS typology_mean, ${ofTypology.std} AS typology_std
    FROM typologies
) AS same ON alert.alert_date = same.typology_date AND alert.typology = same.typology_name
INNER JOIN
(
    SELECT own_date, own_key, own_count, ${ofAddress.mean} AS own_mean, ${ofAddress.std} AS own_std, own_min, own_max
    FROM
    (
        SELECT
            own_date,
            own_key,
            sum(day_count) OVER so_far AS own_count,
            sum(day_sum) OVER so_far AS own_sum,
            sum(day_squares) OVER so_far AS own_squares,
            min(day_min) OVER so_far AS own_min,
            max(day_max) OVER so_far AS own_max
        FROM
        (
            SELECT processing_date AS own_date, address_key AS own_key, ${ofDay} FROM alerts GROUP BY own_date, own_key
            UNION ALL
            SELECT toDate(0) AS own_date, address_key AS own_key, ${ofDay} FROM earlier_alerts
            WHERE address_key IN (SELECT address_key FROM alerts)
            GROUP BY own_key
        )
        WINDOW so_far AS (PARTITION BY own_key ORDER BY own_date)
    )
) AS own ON alert.alert_date = own.own_date AND alert.key = own.own_key`,
};
