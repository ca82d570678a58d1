import type { Parameters } from '@risk-scoring/tuning';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Settings with the parameters of a trial. Dots in a name lead into maps, numbers between them into lists.
 *
 * @example
 * withParameters({ threads: 2 }, { 'hidden_layers.0': 64, dropout: 0.1 }); // { threads: 2, hidden_layers: [64], dropout: 0.1 }
 */
export function withParameters(settings: Settings, parameters: Parameters): Settings {
  return Object.entries(parameters).reduce<Settings>(
    (all, [name, value]) => put(all, name.split('.'), value) as Settings,
    settings,
  );
}

function put(held: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  const isList = /^\d{1,4}$/.test(key) && (held === undefined || Array.isArray(held));
  if (isList) {
    const list: unknown[] = [...((held as readonly unknown[] | undefined) ?? [])];
    list[Number(key)] = rest.length === 0 ? value : put(list[Number(key)], rest, value);
    return list;
  }
  const map = isMap(held) ? held : {};
  const inner = Object.hasOwn(map, key) ? map[key] : undefined;
  return { ...map, [key]: rest.length === 0 ? value : put(inner, rest, value) };
}

function isMap(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
