import { UNLABELLED } from '@risk-scoring/contract';
import { RISK_LEVELS, type RiskLevel } from '../rows/risk-levels.ts';
import { isEmpty, LABEL_EXPECTED, RISK_LEVEL_EXPECTED, readLabel, readRiskLevel } from './cells.ts';
import { GrowingArray } from './growing.ts';
import { type Problems, show } from './problems.ts';

/** What rows become labels by. */
export interface LabelStatementsOptions {
  readonly positiveRiskLevels: readonly RiskLevel[];
  readonly negativeRiskLevels: readonly RiskLevel[];
  /** The label of every row of a file that says neither label nor risk level. */
  readonly defaultLabel?: 0 | 1 | undefined;
}

/** The place of a risk level in `RISK_LEVELS` that stands for a label alone. */
const LEVEL_OF_LABEL = [RISK_LEVELS.indexOf('low'), RISK_LEVELS.indexOf('high')] as const;

/** Rows that say neither label nor risk level: counted, and the first of them kept for the message. */
const MOST_UNSTATED_KEPT = 5;

/** Label and risk level of rows, which say the same in two ways. */
export class LabelStatements {
  readonly #problems: Problems;
  readonly #defaultLabel: 0 | 1;
  readonly #labelOfLevel: readonly number[];
  readonly #labels = new GrowingArray((length) => new Int8Array(length));
  readonly #levels = new GrowingArray((length) => new Int8Array(length));
  readonly #unstated: number[] = [];
  #unstatedCount = 0;

  constructor(problems: Problems, options: LabelStatementsOptions) {
    const { positiveRiskLevels, negativeRiskLevels, defaultLabel = 0 } = options;
    this.#problems = problems;
    this.#defaultLabel = defaultLabel;
    this.#labelOfLevel = RISK_LEVELS.map((level) =>
      positiveRiskLevels.includes(level) ? 1 : negativeRiskLevels.includes(level) ? 0 : UNLABELLED,
    );
  }

  /** Adds what a row says. */
  add(row: number, labelCell: unknown, levelCell: unknown): void {
    const [hasLabel, hasLevel] = [!isEmpty(labelCell), !isEmpty(levelCell)];
    if (!hasLabel && !hasLevel) {
      this.#unstatedCount += 1;
      if (this.#unstated.length < MOST_UNSTATED_KEPT) this.#unstated.push(row);
      const label = this.#defaultLabel;
      this.#labels.push(label);
      this.#levels.push(LEVEL_OF_LABEL[label]);
      return;
    }
    const label = hasLabel ? readLabel(labelCell) : UNLABELLED;
    const level = hasLevel ? readRiskLevel(levelCell) : -1;
    if (Number.isNaN(label))
      this.#problems.add({ row, column: 'label', expected: LABEL_EXPECTED, found: show(labelCell) });
    if (Number.isNaN(level))
      this.#problems.add({
        row,
        column: 'risk_level',
        expected: RISK_LEVEL_EXPECTED,
        found: show(levelCell),
      });
    if (Number.isNaN(label) || Number.isNaN(level)) return;
    const ofLevel = hasLevel ? (this.#labelOfLevel[level] ?? UNLABELLED) : UNLABELLED;
    if (hasLabel && hasLevel) {
      const usual = level >= LEVEL_OF_LABEL[1] ? 1 : 0;
      if (label !== (ofLevel === UNLABELLED ? usual : ofLevel)) {
        this.#problems.add({
          row,
          expected: 'a label and a risk_level that agree',
          found: `label ${show(labelCell)} with risk_level ${show(levelCell)}`,
        });
        return;
      }
    }
    this.#labels.push(hasLabel ? label : ofLevel);
    this.#levels.push(hasLevel ? level : (LEVEL_OF_LABEL[label] ?? 0));
  }

  /** Rows that say nothing are wrong where others say something. */
  refuseUnstated(): void {
    for (let index = 0; index < this.#unstatedCount; index++) {
      const row = this.#unstated[Math.min(index, this.#unstated.length - 1)] ?? 0;
      this.#problems.add({ row, expected: 'a label or a risk_level in every row', found: 'neither' });
    }
  }

  toArrays(): { readonly labels: Int8Array; readonly levels: Int8Array } {
    return { labels: this.#labels.toArray(), levels: this.#levels.toArray() };
  }
}
