import { extractTrainingData } from '@risk-scoring/extraction';
import { ALL_GROUPS, buildFeatureMatrix, fitEncodings, planOf, readAlertRows } from '@risk-scoring/features';
import { createAddressLabelStrategy } from '@risk-scoring/labels';

/** Labels and features of some snapshots, as a training makes them: extraction, labels, a fifth of the addresses hidden, the matrix. */
export async function buildEverything(database, { dates, groups: names }) {
  const groups = ALL_GROUPS.filter((group) => names.includes(group.name));
  const strategy = createAddressLabelStrategy();
  const period = { network: database.network, startDate: dates[0], endDate: dates.at(-1), windowDays: 30 };
  const encoded = groups.flatMap((group) => Object.values(group.encodings ?? {}));
  const { data, snapshots } = await extractTrainingData(database, period, {
    tables: strategy.requires,
    columns: { ...strategy.columns, alerts: [...strategy.columns.alerts, ...encoded] },
  });
  const { labels } = await strategy.deriveLabels(data.alerts, data, { seed: 1 });
  const rows = readAlertRows(data.alerts);
  const encodings = fitEncodings(groups, data.alerts, Int32Array.from(rows.splitGroups.keys()));
  const matrix = await buildFeatureMatrix(database, {
    snapshots: snapshots.map(({ alerts, ...snapshot }) => ({ ...snapshot, rows: alerts })),
    plan: planOf(groups, encodings),
    rows,
    labels: { hidden: rows.splitGroupNames.filter((_, group) => group % 5 === 0), folds: 5 },
  });
  return { matrix, labels };
}
