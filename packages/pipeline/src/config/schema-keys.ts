import { z } from 'zod';

type Path = readonly PropertyKey[];

/**
 * The keys that a schema knows at a path; none where it takes any, or no map stands there.
 *
 * @example
 * keysAt(z.strictObject({ a: z.strictObject({ b: z.string() }).default({ b: '' }) }), ['a']); // ['b']
 */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const [key, ...rest] = path;
  const known = shapesOf(schema);
  if (key === undefined) return [...new Set(known.flatMap((shape) => Object.keys(shape)))];
  if (typeof key === 'number') return elementsOf(schema).flatMap((element) => keysAt(element, rest));
  return known.flatMap((shape) => {
    const part = Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
    return part === undefined ? [] : keysAt(part, rest);
  });
}

/** The path of every key that holds no further ones, in the order of the schema. */
export function leafPaths(schema: z.core.$ZodType, path: readonly string[] = []): string[][] {
  const entries = shapesOf(schema).flatMap((shape) => Object.entries(shape));
  if (entries.length === 0) return path.length === 0 ? [] : [[...path]];
  return entries.flatMap(([key, part]) => leafPaths(part, [...path, key]));
}

function shapesOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>>[] {
  return variantsOf(schema).flatMap((each) => (each instanceof z.ZodObject ? [each.shape] : []));
}

function elementsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  return variantsOf(schema).flatMap((each) => (each instanceof z.ZodArray ? [each.element] : []));
}

/** A schema without what is wrapped around it: a default, a transformation; of a union each choice. */
function variantsOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(variantsOf);
  if (schema instanceof z.ZodPipe) {
    return variantsOf(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  }
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return variantsOf(schema.unwrap());
  }
  return [schema];
}
