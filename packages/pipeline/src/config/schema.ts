import { databaseName } from '@risk-scoring/storage';
import { z } from 'zod';

/** The specifier that stands for the groups that are used when nobody chooses. */
export const DEFAULTS_SPECIFIER = '...';

/** The group that other networks are for. */
export const CROSS_NETWORK_GROUP = 'cross-network';

const text = z.string({ error: 'must be a text' }).trim().min(1, 'must not be empty');

const network = text.refine(isNetwork, 'must be the name of a network: 1 to 63 characters of a-z, 0-9 and _');

/** A list of which nothing stands twice. */
function list<T extends z.ZodType<string>>(of: T) {
  return z.array(of, { error: 'must be a list' }).superRefine((entries, context) => {
    entries.forEach((entry, index) => {
      if (entries.indexOf(entry) === index) return;
      context.addIssue({ code: 'custom', path: [index], message: 'stands there twice' });
    });
  });
}

const features = z
  .strictObject(
    {
      groups: list(text).min(1, 'must name at least one group').default([DEFAULTS_SPECIFIER]),
      evidence_keys: list(text).default([]),
      other_networks: list(network).default([]),
    },
    { error: 'must hold keys with values' },
  )
  .superRefine(({ groups, evidence_keys, other_networks }, context) => {
    const complain = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (evidence_keys.length > 0 && !groups.includes(DEFAULTS_SPECIFIER) && !groups.includes('alert')) {
      complain('evidence_keys', "is of no use without the group 'alert' in features.groups");
    }
    if (other_networks.length > 0 && !groups.includes(CROSS_NETWORK_GROUP)) {
      complain(
        'other_networks',
        `is of no use without the group '${CROSS_NETWORK_GROUP}' in features.groups`,
      );
    }
    if (other_networks.length === 0 && groups.includes(CROSS_NETWORK_GROUP)) {
      complain('groups', `'${CROSS_NETWORK_GROUP}' needs features.other_networks`);
    }
  });

/** The sections of a configuration, by name. A further section is one more entry here, and one in `Config`. */
export const SECTIONS = { features } as const;

/** A whole configuration. A section that is empty or left away has its defaults. */
export const configSchema = z.strictObject(
  { features: orDefaults(SECTIONS.features) },
  { error: 'must hold sections, such as features:' },
);

/** What {@link configSchema} gives. */
export type ParsedConfig = z.infer<typeof configSchema>;

function orDefaults<T extends z.ZodType>(section: T) {
  return z.preprocess((value) => value ?? {}, section);
}

function isNetwork(name: string): boolean {
  try {
    databaseName(name);
    return true;
  } catch {
    return false;
  }
}
