import { HUB_NEIGHBOURS } from '../graph/graph.ts';
import type { FeatureTable } from './feature-row.ts';

const WHALE_CENTS = 1_000_000_00;
const RETAIL_CENTS = 10_000_00;

/** What the numbers make an address look like. Rules of thumb, not the hidden truth. */
export function writeFlags({ columns, rows }: FeatureTable): void {
  for (let row = 0; row < rows; row++) {
    const volume = columns.total_volume_usd[row];
    const transfers = columns.tx_total_count[row];
    const days = columns.activity_days[row];
    const counterparties = columns.unique_counterparties[row];
    const bothWays = columns.degree_in[row] > 0 && columns.degree_out[row] > 0;
    const isWhale = volume >= WHALE_CENTS;
    const isRetail = volume < RETAIL_CENTS;
    columns.is_exchange_like[row] = Number(counterparties >= 2 * HUB_NEIGHBOURS && bothWays);
    columns.is_whale[row] = Number(isWhale);
    columns.is_mixer_like[row] = Number(
      columns.structuring_score[row] >= 0.5 && counterparties >= 20 && bothWays,
    );
    columns.is_contract_like[row] = Number(columns.hourly_entropy[row] >= 0.95 && transfers >= 100);
    columns.is_high_volume_trader[row] = Number(transfers >= 100);
    columns.is_hub_address[row] = Number(counterparties >= HUB_NEIGHBOURS);
    columns.is_retail_active[row] = Number(isRetail && days >= 5);
    columns.is_whale_inactive[row] = Number(isWhale && days <= 2);
    columns.is_retail_inactive[row] = Number(isRetail && days <= 2);
    columns.is_regular_user[row] = Number(
      columns.activity_span_days[row] >= 14 && columns.transaction_regularity[row] >= 0.5,
    );
  }
}
