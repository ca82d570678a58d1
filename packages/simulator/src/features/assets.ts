import { ASSETS } from '../transfers/ledger.ts';
import type { FeatureRow } from './feature-row.ts';
import { countPositive, evenness, indexOfGreatest, sum } from './statistics.ts';

/** Which assets come in and go out; the dominant one by value. */
export function writeAssets({ columns, row, activity }: FeatureRow): void {
  const { asset, received, cents } = activity;
  const transfers = new Int32Array(ASSETS.length);
  const centsIn = new Float64Array(ASSETS.length);
  const centsOut = new Float64Array(ASSETS.length);
  for (let i = 0; i < asset.length; i++) {
    transfers[asset[i]]++;
    (received[i] === 1 ? centsIn : centsOut)[asset[i]] += cents[i];
  }
  columns.unique_assets_in[row] = countPositive(centsIn);
  columns.unique_assets_out[row] = countPositive(centsOut);
  columns.dominant_asset_in[row] = dominant(centsIn);
  columns.dominant_asset_out[row] = dominant(centsOut);
  columns.asset_diversity_score[row] = evenness(transfers, ASSETS.length);
}

function dominant(cents: Float64Array): string {
  return sum(cents) === 0 ? '' : (ASSETS[indexOfGreatest(cents)]?.symbol ?? '');
}
