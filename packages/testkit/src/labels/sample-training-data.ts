import type { Random, TrainingData } from '@risk-scoring/contract';
import { createRandom } from '@risk-scoring/contract';
import type { TrainingDataParts } from '../builders/make-training-data.ts';
import { makeTrainingData } from '../builders/make-training-data.ts';

const snapshots = ['2020-01-01', '2020-01-02', '2020-01-03'];
const riskLevels = ['low', 'medium', 'high', 'critical'];
const sources = ['etherscan', 'miner', 'sot', ''];

/**
 * A period to try a label strategy on: three snapshots of alerts, some of them with labels of their own, and
 * sources that disagree about addresses.
 *
 * @param storage how the tables are stored
 */
export function sampleTrainingData(
  storage: Pick<TrainingDataParts, 'textType' | 'recordBatches'> = {},
): TrainingData {
  const random = createRandom(20_200_101, 'testkit-sample');
  const addresses = Array.from({ length: 40 }, (_, i) =>
    i % 4 === 0 ? `1Base58${i}` : `0x${'ab'.repeat(18)}${1000 + i}`,
  );
  const each = <T>(make: (address: string, date: string) => T) =>
    snapshots.flatMap((date) => addresses.map((address) => make(address, date)));
  return makeTrainingData({
    ...storage,
    alerts: each((address, processing_date) => ({
      address,
      processing_date,
      severity: pick(random, riskLevels),
      typology_type: pick(random, ['layering', 'structuring', 'mixing']),
      alert_confidence_score: random.next(),
      volume_usd: Math.floor(random.next() * 1e6),
      ...ownLabel(random),
    })),
    features: each((address, processing_date) => ({
      address,
      processing_date,
      degree_total: random.integer(100),
      total_volume_usd: Math.floor(random.next() * 1e6),
      behavioral_anomaly_score: random.next(),
      graph_anomaly_score: random.next(),
      is_mixer_like: random.next() < 0.2,
    })),
    clusters: snapshots.map((processing_date, i) => ({
      processing_date,
      cluster_id: `cluster-${i}`,
      cluster_type: 'same_entity',
      addresses_involved: addresses.slice(i, i + 5),
      total_alerts: 5,
      severity_max: pick(random, riskLevels),
    })),
    moneyFlows: each((from_address, processing_date) => ({
      from_address,
      to_address: pick(random, addresses),
      processing_date,
      tx_count: 1 + random.integer(20),
      amount_usd_sum: Math.floor(random.next() * 1e5),
    })),
    // The last ten addresses have no label.
    addressLabels: addresses.slice(0, 30).flatMap((address) =>
      Array.from({ length: 1 + random.integer(3) }, () => ({
        address: random.next() < 0.3 ? address.replace('ab', 'AB') : address,
        processing_date: pick(random, snapshots),
        label: 'sample',
        risk_level: pick(random, riskLevels),
        confidence_score: Math.fround(0.1 + random.integer(10) / 10.5),
        source: pick(random, sources),
      })),
    ),
  });
}

function ownLabel(random: Random) {
  if (random.next() < 0.5) return {};
  return { label: random.integer(2), label_source: 1, label_confidence: Math.fround(random.next()) };
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.integer(items.length)] as T;
}
