import type * as z from 'zod/mini';

/**
 * The schema, whose checks are what the brand of `Branded` stands for. zod would brand by a transformation that returns what it was given;
 * saying it in types alone spares every widget the code for transformations.
 */
export function brandedSchema<Branded extends Input, Input>(
  schema: z.ZodMiniType<Input, Input>,
): z.ZodMiniType<Branded, Input> {
  // A brand exists in types only, so the schema's values are those of the branded type as soon as its checks have passed.
  return schema as z.ZodMiniType as z.ZodMiniType<Branded, Input>;
}
