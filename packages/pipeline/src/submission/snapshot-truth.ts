import { addressKey, readTexts, type TrainingPeriod } from '@risk-scoring/contract';
import { type AddressEvolution, classifyEvolution, type EvolutionClass } from '@risk-scoring/evaluation';
import { addressKeySql, type Database } from '@risk-scoring/storage';

/** The alerts of a snapshot, by alert_id. */
export interface SnapshotAlerts {
  readonly ids: readonly string[];
  /** The address of each alert, as a code. */
  readonly addresses: Int32Array;
  /** The code of each address, by its `addressKey`. */
  readonly codes: ReadonlyMap<string, number>;
}

/** Which snapshot. */
type Snapshot = Pick<TrainingPeriod, 'windowDays'> & { readonly date: string };

const OF_SNAPSHOT = 'processing_date = {date:Date} AND window_days = {window:UInt16}';

const ALERTED = `SELECT ${addressKeySql('address')} FROM published_alerts WHERE ${OF_SNAPSHOT}`;

/** Reads the alerts of a snapshot. */
export async function readAlerts(
  database: Database,
  { date, windowDays }: Snapshot,
): Promise<SnapshotAlerts> {
  // One row: an alert.
  const table = await database.arrow({
    sql: `SELECT alert_id, address FROM published_alerts WHERE ${OF_SNAPSHOT} ORDER BY alert_id`,
    params: { date, window: windowDays },
    doing: `reading the alerts of ${date}`,
  });
  const codes = new Map<string, number>();
  const addresses = Int32Array.from(readTexts(table, 'address'), (address) => {
    const key = addressKey(address);
    const code = codes.get(key) ?? codes.size;
    codes.set(key, code);
    return code;
  });
  return { ids: readTexts(table, 'alert_id'), addresses, codes };
}

/** What is known of the alerted addresses. */
export interface AddressClasses {
  /** One per address code: 1 for a risk level of high or critical, 0 for low or medium, −1 where there is none. */
  readonly classes: Int8Array;
  /** Addresses with rows that disagree. They are 1: one source that calls an address high is enough. */
  readonly conflicting: number;
}

/** Reads the classes of a snapshot's alerted addresses from the address labels that came with it. */
export async function readClasses(
  database: Database,
  { date, windowDays }: Snapshot,
  { codes }: SnapshotAlerts,
): Promise<AddressClasses> {
  // One row: an address with a risk level.
  const rows = await database.query<{ labelled: string; highest: number; lowest: number }>({
    sql: `SELECT
    any(address) AS labelled,
    max(lower(risk_level) IN ('high', 'critical')) AS highest,
    min(lower(risk_level) IN ('high', 'critical')) AS lowest
FROM published_address_labels
WHERE ${OF_SNAPSHOT} AND network IN ('', {network:String})
    AND lower(risk_level) IN ('low', 'medium', 'high', 'critical')
    AND ${addressKeySql('address')} IN (${ALERTED})
GROUP BY ${addressKeySql('address')}`,
    params: { date, window: windowDays, network: database.network },
    doing: `reading the address labels of ${date}`,
  });
  const classes = new Int8Array(codes.size).fill(-1);
  for (const { labelled, highest } of rows) {
    const code = codes.get(addressKey(labelled));
    if (code !== undefined) classes[code] = highest;
  }
  return { classes, conflicting: rows.filter(({ highest, lowest }) => highest !== lowest).length };
}

/** Up to how many days after T + 30 a snapshot may be that evolution is taken from. */
export const MOST_DAYS_LATE = 7;

/**
 * The snapshot that evolution is taken from: the first one with features at T + 30 days or up to {@link MOST_DAYS_LATE} days later, and not after
 * `asOf`; undefined where there is none.
 */
export async function findLaterSnapshot(
  database: Database,
  { date, windowDays }: Snapshot,
  { asOf, days }: { readonly asOf: string; readonly days: number },
): Promise<string | undefined> {
  const [row] = await database.query<{ found: number; later: string }>({
    sql: `SELECT toFloat64(count()) AS found, toString(min(processing_date)) AS later
FROM published_features
WHERE window_days = {window:UInt16}
    AND processing_date BETWEEN {date:Date} + {days:UInt16} AND {date:Date} + {last:UInt16}
    AND processing_date <= {as_of:Date}`,
    params: { date, window: windowDays, days, last: days + MOST_DAYS_LATE, as_of: asOf },
    doing: 'looking for the snapshot 30 days later',
  });
  return row !== undefined && row.found > 0 ? row.later : undefined;
}

/** What became of the alerted addresses: one class per address code, undefined for those without features at both dates. */
export async function readEvolution(
  database: Database,
  snapshot: Snapshot,
  { alerts: { codes }, later }: { readonly alerts: SnapshotAlerts; readonly later: string },
): Promise<(EvolutionClass | undefined)[]> {
  const classes = new Array<EvolutionClass | undefined>(codes.size).fill(undefined);
  const before = await readFeatures(database, snapshot, { codes, at: snapshot.date });
  const after = await readFeatures(database, snapshot, { codes, at: later });
  for (const [code, now] of after) {
    const then = before.get(code);
    if (then === undefined) continue;
    const address: AddressEvolution = {
      degree: [then.degree, now.degree],
      volume: [then.volume, now.volume],
      mixer: now.mixer === 1,
      anomaly: now.anomaly,
      velocity: now.velocity,
    };
    classes[code] = classifyEvolution(address);
  }
  return classes;
}

interface FeatureRow {
  readonly described: string;
  readonly degree: number;
  readonly volume: number;
  readonly mixer: number;
  readonly anomaly: number;
  readonly velocity: number;
}

async function readFeatures(
  database: Database,
  { date, windowDays }: Snapshot,
  { codes, at }: { readonly codes: ReadonlyMap<string, number>; readonly at: string },
): Promise<Map<number, FeatureRow>> {
  // One row: an address that is alerted at T, with its features at one of the two dates.
  const rows = await database.query<FeatureRow>({
    sql: `SELECT
    any(address) AS described,
    toFloat64(any(degree_total)) AS degree,
    toFloat64(any(total_volume_usd)) AS volume,
    toUInt8(any(is_mixer_like)) AS mixer,
    toFloat64(any(behavioral_anomaly_score)) AS anomaly,
    toFloat64(any(velocity_score)) AS velocity
FROM published_features
WHERE processing_date = {at:Date} AND window_days = {window:UInt16} AND ${addressKeySql('address')} IN (${ALERTED})
GROUP BY ${addressKeySql('address')}`,
    params: { date, window: windowDays, at },
    doing: `reading the features of ${at}`,
  });
  return new Map(rows.map((row) => [codes.get(addressKey(row.described)) ?? -1, row]));
}
