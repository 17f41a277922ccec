// What do the route files share? How a route is declared, the typed server, and parameters that several of them take.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify';
import { z } from 'zod';
import { refusal } from './contract/common.ts';

export const id = z.object({ id: z.string().min(1).max(120) });
export const numberId = z.object({ id: z.string().regex(/^\d{1,18}$/, 'is a number') });

/** Who may call: a scope, or `open` for the few routes that let people in. `self`: any person who
 * is signed in, for what is their own; `edit`: may correct documents; `approve`: may approve postings. */
export type Scope = 'open' | 'self' | 'read' | 'write' | 'edit' | 'approve' | 'admin';

interface Shapes {
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly body?: z.ZodType;
  /** What it answers; anything beside it is cut off before it leaves. */
  readonly answer: z.ZodType;
}

/** Declares a route: who may call it, what it does in a few words, what it takes and what it answers. */
export function route<const Given extends Shapes>(scope: Scope, summary: string, given: Given) {
  const { answer, ...takes } = given;
  return {
    config: { scope },
    schema: { summary, ...takes, response: { 200: answer, default: refusal } },
  } as {
    config: { scope: Scope };
    schema: Omit<Given, 'answer'> & { summary: string; response: { 200: Given['answer'] } };
  };
}

/** What comes in is typed by its schema. What goes out is checked against its schema when it is sent: rows with moments
 * and large numbers become what JSON can carry on the way. */
interface Checked extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: unknown;
}

/** The server with its schemas as types. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  Checked
>;

/** Leaves out what was not given, so that an absent filter is absent and not `undefined`. */
export const given = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Name in keyof Value]: Exclude<Value[Name], undefined>;
  };

/** A list that has no further page. */
export const whole = <Item>(items: readonly Item[]) => ({ items, next: null });
