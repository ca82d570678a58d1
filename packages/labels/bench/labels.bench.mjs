// How long the labelling of alerts and the looks at labels take, without a database. Figures depend on the machine.
//
//   pnpm bench [--alerts 1000000] [--rows 300000] [--rounds 3]
import { parseArgs } from 'node:util';
import {
  countLabels,
  createAddressIndex,
  createAddressLabelStrategy,
  describeRows,
  disagreementOfSources,
  readAddressLabels,
} from '@risk-scoring/labels';
import { DateDay, Float32, Table, Utf8, vectorFromArray } from 'apache-arrow';

const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '3' },
  },
});
const [alertCount, rowCount, rounds] = [values.alerts, values.rows, values.rounds].map(Number);
const address = (number) => `0x${(number * 2654435761).toString(16).padStart(40, '0')}`;
const texts = (length, text) =>
  vectorFromArray(
    Array.from({ length }, (_, at) => text(at)),
    new Utf8(),
  );
const days = (length, day) =>
  vectorFromArray(
    Array.from({ length }, (_, at) => new Date((20_000 + day(at)) * 86_400_000)),
    new DateDay(),
  );

// Two alerts in three are of an address of their own; three labels in four are of an alerted address.
const alerts = new Table({
  processing_date: days(alertCount, (at) => Math.floor((at * 5) / alertCount) * 7),
  address: texts(alertCount, (at) => address(at % Math.ceil(alertCount * 0.66))),
  typology_type: texts(alertCount, (at) => ['fan_in', 'fan_out', 'structuring'][at % 3]),
});
const addressLabels = new Table({
  processing_date: days(rowCount, (at) => (at % 5) * 7),
  address: texts(rowCount, (at) => address(Math.floor(at * ((alertCount * 0.88) / rowCount)))),
  risk_level: texts(rowCount, (at) => ['low', 'medium', 'high', 'critical'][at % 4]),
  confidence_score: vectorFromArray(
    Array.from({ length: rowCount }, (_, at) => (1 + (at % 10)) / 10),
    new Float32(),
  ),
  source: texts(rowCount, (at) => `source-${at % 7}`),
});
const data = { alerts, addressLabels };

const strategy = createAddressLabelStrategy();
const labelSet = await time(
  `the default strategy, ${count(alertCount)} alerts and ${count(rowCount)} label rows`,
  () => strategy.deriveLabels(alerts, data, { seed: 1 }),
);
const options = { positive: ['high', 'critical'], negative: ['low', 'medium'], dataSets: 'latest' };
const { rows } = readAddressLabels(addressLabels, options);
const index = createAddressIndex();
const placed = await time(`numbers for ${count(rowCount)} addresses`, () => ({
  rows,
  places: createAddressIndex().add(rows.addresses),
}));
index.add(rows.addresses);
await time(`facts of ${count(rowCount)} rows`, () => describeRows(placed, index));
await time(`disagreement of the sources of ${count(rowCount)} rows`, () =>
  disagreementOfSources([placed], index.size),
);
const places = Int32Array.from({ length: alertCount }, (_, at) => at % 1000);
await time(`counts of ${count(alertCount)} labels`, () =>
  countLabels(alerts, labelSet, { places, size: 1000 }),
);

/** The shortest of some rounds, and the processor time of the thriftiest, which others on the machine disturb less. */
async function time(what, work) {
  let [best, thriftiest, result] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    const [before, cpu] = [performance.now(), process.cpuUsage()];
    result = await work();
    best = Math.min(best, (performance.now() - before) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    thriftiest = Math.min(thriftiest, (user + system) / 1e6);
  }
  console.log(`${best.toFixed(2).padStart(6)} s  ${what} (${thriftiest.toFixed(2)} s of processor)`);
  return result;
}

function count(value) {
  return value.toLocaleString('en-US');
}
