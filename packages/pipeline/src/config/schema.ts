import { z } from 'zod';
import { list, map, networkName, orDefaults, text } from './schema-parts.ts';
import { storage } from './storage-schema.ts';
import { training } from './training-schema.ts';
import { tuning } from './tuning-schema.ts';

/** The specifier that stands for the groups that are used when nobody chooses. */
export const DEFAULTS_SPECIFIER = '...';

/** The group that other networks are for. */
export const CROSS_NETWORK_GROUP = 'cross-network';

const features = map({
  groups: list(text).min(1, 'must name at least one group').default([DEFAULTS_SPECIFIER]),
  evidence_keys: list(text).default([]),
  other_networks: list(networkName).default([]),
}).superRefine(({ groups, evidence_keys, other_networks }, context) => {
  const complain = (key: string, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (evidence_keys.length > 0 && !groups.includes(DEFAULTS_SPECIFIER) && !groups.includes('alert')) {
    complain('evidence_keys', "is of no use without the group 'alert' in features.groups");
  }
  if (other_networks.length > 0 && !groups.includes(CROSS_NETWORK_GROUP)) {
    complain('other_networks', `is of no use without the group '${CROSS_NETWORK_GROUP}' in features.groups`);
  }
  if (other_networks.length === 0 && groups.includes(CROSS_NETWORK_GROUP)) {
    complain('groups', `'${CROSS_NETWORK_GROUP}' needs features.other_networks`);
  }
});

/** A whole configuration. A section that is empty or left away has its defaults. A further section is one more entry here, and one in `Config`. */
export const configSchema = z.strictObject(
  {
    features: orDefaults(features),
    training: orDefaults(training),
    tuning: orDefaults(tuning),
    storage: orDefaults(storage),
  },
  { error: 'must hold sections, such as features:' },
);

/** What {@link configSchema} gives. */
export type ParsedConfig = z.infer<typeof configSchema>;
