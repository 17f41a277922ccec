// Filters of a list, kept under a name.
import { z } from 'zod';
import { number, pageOf } from './common.ts';

export const view = z.object({
  id: number,
  name: z.string(),
  owner: z.string(),
  mine: z.boolean(),
  shared: z.boolean(),
  query: z.string().describe('The part of the list’s address after the question mark.'),
});
export type View = z.infer<typeof view>;
export const viewPage = pageOf(view);

export const viewOf = z.enum(['records']);
export const viewInput = z.object({
  page: viewOf,
  name: z.string().trim().min(1).max(60),
  query: z.string().max(2_000),
  shared: z.boolean().default(false),
});
export const savedView = z.object({ id: number });
