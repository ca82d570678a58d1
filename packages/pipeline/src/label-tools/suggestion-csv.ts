/** An address that is worth labelling. */
export interface SuggestedAddress {
  readonly address: string;
  /** Mean P(suspicious) of its alerts by the models. */
  readonly score: number;
  /** Entropy of the score in bits: 1 is a coin toss. */
  readonly uncertainty: number;
  /** Its alerts in the period. */
  readonly alerts: number;
  readonly typologies: readonly string[];
  /** Processing date of its newest alert. */
  readonly last_seen: string;
  /** USD of its alerts in that snapshot. */
  readonly volume: number;
}

const HEADER = 'address,label,confidence,source,score,uncertainty,alerts,typologies,last_seen,volume';

/** A list to fill in: label, confidence and source are empty, what is known of each address follows. */
export function suggestionCsv(suggestions: readonly SuggestedAddress[]): string {
  const lines = suggestions.map(({ address, score, uncertainty, alerts, typologies, last_seen, volume }) =>
    [
      address,
      '',
      '',
      '',
      score.toFixed(6),
      uncertainty.toFixed(6),
      String(alerts),
      typologies.join(' '),
      last_seen,
      volume.toFixed(2),
    ]
      .map(quote)
      .join(','),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
