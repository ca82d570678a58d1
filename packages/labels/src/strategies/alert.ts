import {
  type LabelKind,
  type LabelStrategy,
  readNumbers,
  readTextColumn,
  UNLABELLED,
} from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { z } from 'zod';
import { defineStrategy } from '../definition.ts';
import { InvalidAlertColumnError } from '../invalid-alert-column-error.ts';
import { makeStrategy } from '../make-strategy.ts';
import { zeroToOne } from '../settings.ts';

/** Who may have put a label on an alert, as raw_alerts numbers them from 1 (migration 0007). */
const LABEL_SOURCES = ['proxy', 'miner', 'community', 'validated'] as const;

const settingsSchema = z.strictObject({
  label_sources: z
    .array(z.enum(LABEL_SOURCES, { error: `must be one of ${LABEL_SOURCES.join(', ')}` }), {
      error: 'must be a list of label sources',
    })
    .min(1, 'must name at least one label source')
    .default([...LABEL_SOURCES])
    .describe('whose labels count'),
  min_confidence: zeroToOne.default(0).describe('labels of a lower label_confidence do not count'),
  use_confidence: z
    .boolean({ error: 'must be true or false' })
    .default(true)
    .describe(
      'whether label_confidence is the weight (1 where there is none); otherwise every label weighs 1',
    ),
});

/** Settings of {@link createAlertLabelStrategy}, each with a default. */
export type AlertLabelSettings = z.input<typeof settingsSchema>;

/**
 * Takes the labels that stand on the alerts themselves, in raw_alerts: `label`, `label_source` and `label_confidence`. Labels of the source
 * `proxy` are of kind proxy, all others are true. A label without a source is `unknown`, and counts whatever `label_sources` says; one of
 * confidence 0 says nothing.
 *
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * const strategy = createAlertLabelStrategy({ label_sources: ['validated'] });
 */
export function createAlertLabelStrategy(settings: AlertLabelSettings = {}): LabelStrategy {
  const settled = settingsSchema.parse(settings);
  const counts = LABEL_SOURCES.map((source) => settled.label_sources.includes(source));
  const names = [...LABEL_SOURCES, 'unknown'];
  const kinds = names.map((name): LabelKind => (name === 'proxy' ? 'proxy' : 'true'));
  return makeStrategy({
    name: 'alert',
    settings: settled,
    requires: ['alerts'],
    columns: { alerts: ['label', 'label_source', 'label_confidence'] },
    async deriveLabels(alerts) {
      const label = readNumbers(alerts, 'label');
      const confidence = readNumbers(alerts, 'label_confidence');
      const source = readSources(alerts);
      checkValues(label, confidence);
      const labels = new Int8Array(alerts.numRows).fill(UNLABELLED);
      const weights = new Float32Array(alerts.numRows);
      const codes = new Int32Array(alerts.numRows).fill(-1);
      for (let row = 0; row < labels.length; row++) {
        const held = label[row] ?? Number.NaN;
        const code = source[row] ?? LABEL_SOURCES.length;
        const sure = Number.isNaN(confidence[row]) ? 1 : (confidence[row] ?? 0);
        if (Number.isNaN(held) || counts[code] === false || sure === 0) continue;
        if (sure < Math.fround(settled.min_confidence)) continue;
        labels[row] = held;
        weights[row] = settled.use_confidence ? sure : 1;
        codes[row] = code;
      }
      return { labels, weights, sources: { names, kinds, codes } };
    },
  });
}

/** {@link createAlertLabelStrategy}, by name. */
export const alertDefinition = defineStrategy({
  name: 'alert',
  summary: 'labels that stand on the alerts themselves, such as validated ones',
  settings: settingsSchema,
  create: createAlertLabelStrategy,
});

/** Codes into the list of sources, the one after the last for none: an Enum8 comes as its number, or as text. */
function readSources(alerts: Table): Int32Array {
  const type = alerts.getChild('label_source')?.type as { readonly typeId?: number } | undefined;
  const none = LABEL_SOURCES.length;
  if (type?.typeId === ARROW_INT) {
    return Int32Array.from(readNumbers(alerts, 'label_source'), (value) =>
      Number.isNaN(value) ? none : value - 1,
    );
  }
  const { codes, values } = readTextColumn(alerts, 'label_source');
  const places = values.map((value) => {
    const at = (LABEL_SOURCES as readonly string[]).indexOf(value);
    return at < 0 ? none : at;
  });
  return codes.map((code) => places[code] ?? none);
}

/** Arrow's number of the integer types. */
const ARROW_INT = 2;

function checkValues(labels: Float64Array, confidences: Float64Array): void {
  const odd = labels.filter((label) => !Number.isNaN(label) && label !== 0 && label !== 1);
  if (odd.length > 0) {
    throw new InvalidAlertColumnError({
      column: 'label',
      expected: '1, 0 or NULL',
      found: [`${odd.length} rows with ${[...new Set(odd)].slice(0, 5).join(', ')}`],
    });
  }
  const wrong = confidences.filter((value, row) => !Number.isNaN(labels[row]) && (value < 0 || value > 1));
  if (wrong.length > 0) {
    throw new InvalidAlertColumnError({
      column: 'label_confidence',
      expected: '0 to 1, or NULL',
      found: [`${wrong.length} rows with others, such as ${wrong[0]}`],
    });
  }
}
