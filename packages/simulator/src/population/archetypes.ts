/** How an address behaves, in plain units. Shares are probabilities per transfer. */
export interface Habits {
  /** Transfers of its own doing per window. */
  readonly transfers: number;
  /** Share of them that come in. */
  readonly incoming: number;
  /** Share of senders never met before in the window. */
  readonly newSenders: number;
  /** Share of recipients never met before in the window. */
  readonly newRecipients: number;
  /** Median amount of a transfer. */
  readonly medianUsd: number;
  /** Standard deviation of the logarithm of amounts. */
  readonly amountSpread: number;
  /** Share of incoming transfers that are sent on within a day. */
  readonly passThrough: number;
  /** Share of transfers at the address's one fixed amount. */
  readonly evenAmounts: number;
  /** Share of transfers on its one busy day. */
  readonly burst: number;
  /** Share of transfers with an exchange. */
  readonly exchanges: number;
  /** Share of transfers with a mixer. */
  readonly mixers: number;
  /** Share of transfers within its circle: friends, a firm, a ring. */
  readonly circle: number;
  /** Standard deviation of the hour of day. */
  readonly hourSpread: number;
  /** Distinct assets it uses. */
  readonly assets: number;
}

/** A way of behaving that many addresses share. */
export interface Archetype {
  readonly name: string;
  /** Its share among the addresses of its kind. */
  readonly share: number;
  /** Honest archetypes that an illicit one passes for; empty for honest ones. */
  readonly covers: readonly string[];
  readonly habits: Habits;
}

/** Order of the values of one archetype below. */
export const HABITS = [
  'transfers',
  'incoming',
  'newSenders',
  'newRecipients',
  'medianUsd',
  'amountSpread',
  'passThrough',
  'evenAmounts',
  'burst',
  'exchanges',
  'mixers',
  'circle',
  'hourSpread',
  'assets',
] as const satisfies readonly (keyof Habits)[];

type NumberForEach<T extends readonly unknown[]> = { [Position in keyof T]: number };

function habits(...values: NumberForEach<typeof HABITS>): Habits {
  return Object.fromEntries(HABITS.map((name, i) => [name, values[i]])) as Record<keyof Habits, number>;
}

/** Addresses with nothing to hide. Every illicit archetype has a look-alike among them. */
export const HONEST: readonly Archetype[] = [
  // biome-ignore format: one archetype per line reads as a table
  ...[
    { name: 'retail',   share: 0.42, habits: habits(9, 0.45, 0.45, 0.5, 180, 1.1, 0.08, 0.06, 0.15, 0.25, 0.004, 0.15, 4, 1.6) },
    { name: 'trader',   share: 0.15, habits: habits(28, 0.5, 0.2, 0.2, 900, 1.2, 0.3, 0.08, 0.12, 0.45, 0.006, 0.05, 5, 3) },
    { name: 'merchant', share: 0.14, habits: habits(24, 0.78, 0.8, 0.3, 110, 0.9, 0.15, 0.15, 0.15, 0.12, 0.004, 0.1, 5, 1.6) },
    { name: 'payout',   share: 0.08, habits: habits(24, 0.25, 0.3, 0.8, 300, 0.7, 0.2, 0.3, 0.3, 0.15, 0.004, 0.08, 3.5, 1.4) },
    { name: 'desk',     share: 0.09, habits: habits(20, 0.5, 0.45, 0.45, 4000, 1.1, 0.5, 0.15, 0.2, 0.25, 0.015, 0.1, 6, 1.8) },
    { name: 'whale',    share: 0.07, habits: habits(9, 0.5, 0.4, 0.4, 60_000, 1.2, 0.15, 0.06, 0.2, 0.35, 0.006, 0.08, 5, 2) },
    { name: 'bot',      share: 0.05, habits: habits(60, 0.5, 0.2, 0.2, 250, 0.8, 0.4, 0.3, 0.12, 0.3, 0.004, 0.04, 11, 2) },
  ].map((archetype) => ({ ...archetype, covers: [] })),
];

/** Addresses that labels ought to call high risk. */
export const ILLICIT: readonly Archetype[] = [
  {
    name: 'scam',
    share: 0.38,
    covers: ['merchant', 'retail'],
    habits: habits(26, 0.74, 0.94, 0.3, 350, 0.9, 0.6, 0.15, 0.45, 0.3, 0.06, 0.14, 13, 1.5),
  },
  {
    name: 'phishing',
    share: 0.34,
    covers: ['retail', 'merchant'],
    habits: habits(28, 0.8, 0.97, 0.25, 170, 1, 0.75, 0.1, 0.6, 0.2, 0.07, 0.14, 15, 2),
  },
  {
    name: 'launderer',
    share: 0.28,
    covers: ['desk', 'trader'],
    habits: habits(26, 0.5, 0.75, 0.8, 2500, 0.6, 0.82, 0.55, 0.4, 0.2, 0.16, 0.14, 13, 1.6),
  },
];
