// Validates by the part of JSON Schema 2020-12 that the published schema uses. An unknown keyword throws,
// so that nothing passes unread.

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that state nothing by themselves; `then` is read with its `if`. */
const ANNOTATIONS = ['$schema', '$id', 'title', 'description', 'default', 'then', '$defs'];

function typeFits(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** True where `value` is valid by `schema`. */
export function isValid(value: unknown, schema: Schema, root: Schema = schema): boolean {
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : null;
  const list = Array.isArray(value) ? (value as unknown[]) : null;
  const number = typeof value === 'number' ? value : null;
  const schemas = (part: unknown) => part as Schema[];
  const count = (part: unknown) => part as number;
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const rules: Record<string, (part: unknown) => boolean> = {
    type: (part) => typeFits(value, part),
    const: (part) => equal(value, part),
    enum: (part) => (part as unknown[]).some((entry) => equal(entry, value)),
    properties: () =>
      object === null ||
      Object.entries(properties).every(([key, part]) => object[key] === undefined || isValid(object[key], part, root)),
    required: (part) => object === null || (part as string[]).every((key) => object[key] !== undefined),
    additionalProperties: (part) => {
      if (part !== false) throw new Error('schema: additionalProperties is only known as false');
      return object === null || Object.keys(object).every((key) => Object.hasOwn(properties, key));
    },
    prefixItems: (part) => list === null || schemas(part).every((one, i) => i >= list.length || isValid(list[i], one, root)),
    items: (part) =>
      list === null ||
      list.slice(((schema.prefixItems ?? []) as unknown[]).length).every((entry) => isValid(entry, part as Schema, root)),
    minItems: (part) => list === null || list.length >= count(part),
    maxItems: (part) => list === null || list.length <= count(part),
    uniqueItems: () => list === null || new Set(list.map((entry) => JSON.stringify(entry))).size === list.length,
    minimum: (part) => number === null || number >= count(part),
    maximum: (part) => number === null || number <= count(part),
    exclusiveMinimum: (part) => number === null || number > count(part),
    exclusiveMaximum: (part) => number === null || number < count(part),
    maxLength: (part) => typeof value !== 'string' || [...value].length <= count(part),
    oneOf: (part) => schemas(part).filter((one) => isValid(value, one, root)).length === 1,
    allOf: (part) => schemas(part).every((one) => isValid(value, one, root)),
    $ref: (part) => {
      const target = ((root.$defs ?? {}) as Record<string, Schema>)[(part as string).replace('#/$defs/', '')];
      if (target === undefined) throw new Error(`schema: ${String(part)} leads nowhere`);
      return isValid(value, target, root);
    },
    if: (part) => !isValid(value, part as Schema, root) || isValid(value, (schema.then ?? {}) as Schema, root),
  };
  return Object.entries(schema).every(([keyword, part]) => {
    if (ANNOTATIONS.includes(keyword)) return true;
    const rule = rules[keyword];
    if (rule === undefined) throw new Error(`schema: keyword ${keyword} is not known`);
    return rule(part);
  });
}
